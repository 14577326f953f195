"""In which order the levels of a variable stand, so that the tenth period does not come before the second."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from manyi.analytics.data.number_text import as_number
from manyi.kernel.labels import Label

Place = tuple[int, float, tuple[tuple[bool, int, str], ...]]
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: A month by its English name or the first letters of it, standing alone.
_MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_PARTS = re.compile(rf"\d+|[一二三四五六七八九十]{{1,3}}(?=[月季期周轮次波]|$)|{_MONTH}|\D", re.IGNORECASE)
#: Longer runs of digits are names, not numbers.
_LONGEST = 18
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def order_of(levels: Sequence[str], labels: Mapping[str, Label]) -> Callable[[str], Place]:
    """The key by which levels are sorted: labelled ones as their labels stand, then numbers, then words.

    Numbers within words count as such: 2月 comes before 10月, 二月 before 十月, February before October, W2
    before W10. A scale of numbers of which only some have labels (mostly its ends) stands in the order of the
    numbers.
    """
    numbers = {text: as_number(text) for text in levels}
    whole = all(text in labels for text in levels) or any(np.isnan(each) for each in numbers.values())
    known = {text: place for place, text in enumerate(labels)} if whole else {}

    def place(text: str) -> Place:
        if text in known:
            return 0, known[text], ()
        number = numbers[text]
        return (2, 0.0, _natural(text)) if np.isnan(number) else (1, number, ())

    return place


def _natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """The parts of a word, numbers by their size and before letters."""
    return tuple(_part(part) for part in _PARTS.findall(text))


def _part(part: str) -> tuple[bool, int, str]:
    if part[0].isdecimal() and len(part) <= _LONGEST:
        return False, int(part), part
    name = part[:3].lower()
    number = _MONTHS.index(name) + 1 if name in _MONTHS else _chinese(part)
    return (True, 0, part) if number is None else (False, number, part)


def _chinese(part: str) -> int | None:
    """The number that 一 to 九十九 are; None for other words."""
    tens, ten, ones = part.partition("十")
    if not all(sign in _DIGITS for sign in (*tens, *ones)) or len(tens) > 1 or len(ones) > 1:
        return None
    if not ten:
        return _DIGITS.get(part)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
