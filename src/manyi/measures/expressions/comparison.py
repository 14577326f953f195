"""How two values compare. ``None`` is what was not answered: it equals only itself and stands in no order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from manyi.measures.answers import is_empty
from manyi.measures.expressions.values import amount, is_list, items, number, words


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same: texts in any case of letters, lists in any order."""
    if is_empty(left) or is_empty(right):
        return is_empty(left) and is_empty(right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if is_list(left) or is_list(right):
        if not (is_list(left) and is_list(right)) or len(items(left)) != len(items(right)):
            return False
        pairs = zip(sorted(items(left), key=words), sorted(items(right), key=words), strict=True)
        return all(equal(ours, theirs) for ours, theirs in pairs)
    return _same(left, right)


def _same(left: Any, right: Any) -> bool:
    """Whether two single values are the same."""
    if isinstance(left, bool) != isinstance(right, bool):
        flag, other = (left, right) if isinstance(left, bool) else (right, left)
        return words(flag) == other.lower() if isinstance(other, str) else amount(flag) == number(other)
    if isinstance(left, str) and isinstance(right, str):
        return left.strip().lower() == right.strip().lower()
    numbers = number(left), number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] == numbers[1]
    return bool(left == right)


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as ``left`` is less than, equal to or greater than ``right``; None if not comparable."""
    ours, theirs = (str(side) if isinstance(side, date) else side for side in (left, right))
    if isinstance(ours, str) and isinstance(theirs, str):
        return (ours > theirs) - (ours < theirs)
    numbers = amount(ours), amount(theirs)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    return None


def contains(left: Any, right: Any) -> bool:
    """Whether a list holds all wanted values, or a text holds a part in any case of letters."""
    return _holds(left, right, wanted=True)


def not_contains(left: Any, right: Any) -> bool:
    """The opposite; what was not answered contains nothing."""
    if (left is None or left in (0, "")) and not is_empty(right):
        return True
    return _holds(left, right, wanted=False)


def _holds(left: Any, right: Any, *, wanted: bool) -> bool:
    if left is None or left == "":
        return False
    if not is_list(left):
        if right is None or right in (0, ""):
            return False
        return (words(right).lower() in words(left).lower()) == wanted
    held = items(left)
    return all(any(equal(value, each) for value in held) for each in items(right)) == wanted


def any_of(left: Any, right: Any) -> bool:
    """Whether one of the wanted values was chosen; everything when none is wanted."""
    if is_empty(left) or is_empty(right):
        return is_empty(right)
    if not is_list(left):
        return contains(right, left)
    return any(contains(left, each) for each in items(right))


def all_of(left: Any, right: Any) -> bool:
    """Whether every wanted value was chosen."""
    if (left is None or left in (0, "")) and not is_empty(right):
        return False
    return all(contains(left, each) for each in items(right))


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": equal,
    "<>": lambda left, right: not equal(left, right),
    "<": lambda left, right: order(left, right) == -1,
    "<=": lambda left, right: equal(left, right) or order(left, right) == -1,
    ">": lambda left, right: order(left, right) == 1,
    ">=": lambda left, right: equal(left, right) or order(left, right) == 1,
    "contains": contains,
    "notcontains": not_contains,
    "anyof": any_of,
    "allof": all_of,
    "noneof": lambda left, right: not any_of(left, right),
}
