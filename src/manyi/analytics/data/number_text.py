"""Numbers as files write them, and those that cannot be computed with."""

from __future__ import annotations

import re

import numpy as np

from manyi.measures.columns import ROUNDING, Floats

#: Beyond it squares and their sums leave what doubles can hold.
LARGEST = 1e100
#: From here on different whole numbers are one as doubles: as names of groups they would run together.
RUN_TOGETHER = 2.0**53
#: Values that differ by less than this part of their size leave a variance less than six digits.
_DIGITS = 1e-10
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")


def as_number(text: str) -> float:
    """The number that a text is, NaN for any other and for one beyond ``LARGEST``.

    Thousands may be set apart by commas, all of them and in threes: 1,234,567.8. Nothing is guessed: "1,5",
    "12%" and "1_000" are no numbers.
    """
    if is_grouped(text):
        text = text.replace(",", "").replace("，", "")
    elif not _PLAIN.fullmatch(text):
        return float("nan")
    value = float(text)
    return value if abs(value) <= LARGEST else float("nan")


def is_grouped(text: str) -> bool:
    """Whether a text is a number with thousands set apart."""
    return _GROUPED.fullmatch(text) is not None


def digits_lost(values: Floats) -> bool:
    """Whether values differ by so little beside their size that figures of their spread would be noise.

    Values that differ by no more than rounding are constant, which is another matter.
    """
    given = values[~np.isnan(values)]
    if not len(given):
        return False
    size, spread = float(np.abs(given).max()), float(np.ptp(given))
    return ROUNDING * size < spread < _DIGITS * size
