"""The one evaluator: what an expression is worth for given answers on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from manyi.measures.answers import answer_at, is_empty
from manyi.measures.expressions.arithmetic import OPERATIONS, compute
from manyi.measures.expressions.comparison import COMPARISONS
from manyi.measures.expressions.functions import FUNCTIONS
from manyi.measures.expressions.tree import Array, Binary, Call, Literal, Node, Reference, Unary
from manyi.measures.expressions.values import amount, given, plain


def evaluate(node: Node, answers: Mapping[str, Any], today: date) -> Any:
    """The value of an expression: text, number, truth value, list, or None for undefined.

    Never raises for answers of a wrong kind: what cannot be computed is undefined, what cannot be
    compared is unequal and in no order.
    """
    match node:
        case Literal(value):
            return value
        case Reference(path):
            return given(answer_at(answers, path))
        case Array(items):
            return [evaluate(item, answers, today) for item in items]
        case Unary(operator, operand):
            return _unary(operator, evaluate(operand, answers, today))
        case Call(name, arguments):
            return FUNCTIONS[name].compute([evaluate(each, answers, today) for each in arguments], today)
        case Binary("and", left, right):
            return bool(evaluate(left, answers, today)) and bool(evaluate(right, answers, today))
        case Binary("or", left, right):
            return bool(evaluate(left, answers, today)) or bool(evaluate(right, answers, today))
        case Binary(operator, left, right):
            rule = compute if operator in OPERATIONS else _compare
            return rule(operator, evaluate(left, answers, today), evaluate(right, answers, today))


def holds(node: Node, answers: Mapping[str, Any], today: date) -> bool:
    """Whether an expression used as a condition is true."""
    return bool(evaluate(node, answers, today))


def _compare(operator: str, left: Any, right: Any) -> bool:
    return COMPARISONS[operator](left, right)


def _unary(operator: str, value: Any) -> Any:
    if operator == "not":
        return not value
    if operator == "-":
        found = amount(value)
        return None if found is None else plain(-found)
    return is_empty(value) == (operator == "empty")
