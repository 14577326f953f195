"""The expression language of questionnaires, in SurveyJS's spelling: ``{q1} <= 6 and {q2} anyof ['a']``.

Parsed once into a tree of frozen nodes, evaluated against answers, printed as a plain sentence.

The rules are SurveyJS's, held by a test against survey-core (decision 0016). What was not answered equals
only itself and stands in no order: ``=``, ``<``, ``>``, ``contains``, ``anyof`` are false beside a value,
``<>``, ``notcontains``, ``noneof`` true. In arithmetic it counts as 0, an average of nothing is 0. Texts are
equal in any case of letters, lists in any order; numbers given as text are numbers, dates are ISO text.
"""

from manyi.measures.expressions.errors import CycleError, ExpressionError
from manyi.measures.expressions.evaluation import evaluate, holds
from manyi.measures.expressions.order import dependency_order
from manyi.measures.expressions.parser import parse
from manyi.measures.expressions.tree import (
    Array,
    Binary,
    Call,
    Literal,
    Node,
    Reference,
    Unary,
    references,
    to_text,
)
from manyi.measures.expressions.wording import to_sentence

__all__ = [
    "Array",
    "Binary",
    "Call",
    "CycleError",
    "ExpressionError",
    "Literal",
    "Node",
    "Reference",
    "Unary",
    "dependency_order",
    "evaluate",
    "holds",
    "parse",
    "references",
    "to_sentence",
    "to_text",
]
