"""Plus, minus and the rest, exact; what was not answered counts as nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from manyi.measures.expressions.values import amount, is_list, items, plain, words


def compute(operator: str, left: Any, right: Any) -> Any:
    """The result of an arithmetic operator; None where there is none (a text times two, over zero)."""
    ours, theirs = _instead(left, right), _instead(right, left)
    if operator == "+" and (isinstance(ours, str) or isinstance(theirs, str)):
        return words(ours) + words(theirs)
    if operator == "+" and is_list(ours) and is_list(theirs):
        return items(ours) + items(theirs)
    numbers = _amount(ours), _amount(theirs)
    if numbers[0] is None or numbers[1] is None:
        return None
    result = OPERATIONS[operator](numbers[0], numbers[1])
    return None if result is None else plain(result)


def _instead(value: Any, other: Any) -> Any:
    """What an empty operand counts as beside the other one."""
    if value is not None:
        return value
    if isinstance(other, str):
        return ""
    return [] if is_list(other) else 0


def _amount(value: Any) -> Fraction | None:
    return Fraction() if value == "" else amount(value)


def _remainder(left: Fraction, right: Fraction) -> Fraction | None:
    """The remainder with the sign of the dividend, as in the language's origin."""
    return left - right * math.trunc(left / right) if right else None


def _power(left: Fraction, right: Fraction) -> Fraction | None:
    """A power by floats; None where it is no real number or out of range."""
    try:
        return Fraction(repr(float(left) ** float(right)))
    except (ArithmeticError, TypeError, ValueError):
        return None


OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right if right else None,
    "%": _remainder,
    "^": _power,
}
