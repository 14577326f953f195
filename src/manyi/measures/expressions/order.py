"""In which order expressions that use each other's questions are evaluated."""

from __future__ import annotations

import graphlib
from collections.abc import Mapping

from manyi.measures.expressions.errors import CycleError
from manyi.measures.expressions.parser import parse
from manyi.measures.expressions.tree import Node, references


def dependency_order(expressions: Mapping[str, Node | str]) -> tuple[str, ...]:
    """The codes of ``expressions``, each after the codes that its expression refers to.

    Codes without an expression of their own are left out. Raises CycleError naming the circle,
    ExpressionError for a text that is no expression.
    """
    sorter: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for code, expression in expressions.items():
        node = parse(expression) if isinstance(expression, str) else expression
        sorter.add(code, *sorted(references(node)))
    try:
        ordered = tuple(sorter.static_order())
    except graphlib.CycleError as error:
        # graphlib walks from a code to those that wait for it; people read the other way round.
        raise CycleError(tuple(reversed(error.args[1]))) from error
    return tuple(code for code in ordered if code in expressions)
