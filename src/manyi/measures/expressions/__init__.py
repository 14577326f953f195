"""The expression language of questionnaires, in SurveyJS's spelling: ``{q1} <= 6 and {q2} anyof ['a']``.

Parsed once into a tree of frozen nodes, evaluated against answers, printed as a plain sentence.

What an unanswered question does: every comparison with an undefined value is false, ``<>``,
``notcontains`` and ``noneof`` included; only ``empty`` asks for absence, and ``not`` turns any result
round. In arithmetic an undefined value counts as 0. ``and``, ``or`` and ``not`` take it for false.
Numbers given as text compare as numbers, dates are ISO text, lists are equal in any order.
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
