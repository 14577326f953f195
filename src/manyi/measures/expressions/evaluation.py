"""The one evaluator: what an expression is worth for given answers on a given day."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from manyi.measures.answers import answer_at, is_empty
from manyi.measures.expressions.functions import FUNCTIONS
from manyi.measures.expressions.tree import Array, Binary, Call, Literal, Node, Reference, Unary
from manyi.measures.expressions.values import contains, equal, flat, has, number, order, plain


def evaluate(node: Node, answers: Mapping[str, Any], today: date) -> Any:
    """The value of an expression: text, number, truth value, list, or None for undefined.

    Never raises for answers of a wrong kind: what cannot be computed is undefined, what cannot be
    compared is unequal and in no order.
    """
    match node:
        case Literal(value):
            return value
        case Reference(path):
            found = answer_at(answers, path)
            return None if is_empty(found) else found
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
            return _binary(operator, evaluate(left, answers, today), evaluate(right, answers, today))


def holds(node: Node, answers: Mapping[str, Any], today: date) -> bool:
    """Whether an expression used as a condition is true."""
    return bool(evaluate(node, answers, today))


def _unary(operator: str, value: Any) -> Any:
    if operator == "not":
        return not value
    if operator == "-":
        found = number(value)
        return None if found is None else plain(-found)
    return is_empty(value) == (operator == "empty")


def _binary(operator: str, left: Any, right: Any) -> Any:
    if operator in _ARITHMETIC:
        return _arithmetic(operator, left, right)
    if is_empty(left) or is_empty(right):
        return False
    return _COMPARISONS[operator](left, right)


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    ours = Fraction() if is_empty(left) else number(left)
    theirs = Fraction() if is_empty(right) else number(right)
    if ours is not None and theirs is not None:
        result = _ARITHMETIC[operator](ours, theirs)
        return None if result is None else plain(result)
    if operator == "+":
        return "".join(str(part) for part in (left, right) if not is_empty(part))
    return None


def _remainder(left: Fraction, right: Fraction) -> Fraction | None:
    """The remainder with the sign of the dividend, as in the language's origin."""
    return left - right * math.trunc(left / right) if right else None


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right if right else None,
    "%": _remainder,
}


def _any_of(left: Any, right: Any) -> bool:
    wanted = list(flat(right))
    return any(has(wanted, value) for value in flat(left))


def _all_of(left: Any, right: Any) -> bool:
    held = list(flat(left))
    return all(has(held, value) for value in flat(right))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": equal,
    "<>": lambda left, right: not equal(left, right),
    "<": lambda left, right: order(left, right) == -1,
    "<=": lambda left, right: order(left, right) in {-1, 0},
    ">": lambda left, right: order(left, right) == 1,
    ">=": lambda left, right: order(left, right) in {0, 1},
    "contains": contains,
    "notcontains": lambda left, right: not contains(left, right),
    "anyof": _any_of,
    "allof": _all_of,
    "noneof": lambda left, right: not _any_of(left, right),
}
