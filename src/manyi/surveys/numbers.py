"""Numbers as people type them, within a range and with so many decimals."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.question_types import Checked
from manyi.surveys.typed_text import as_text, said

#: The exponents between which a number is one that a survey asks for.
_FINEST, _MOST = -15, 15


def check_number(
    value: Any, low: float | None = None, high: float | None = None, decimals: int = 0
) -> Checked:
    """A number from ``low`` to ``high`` with at most ``decimals`` places, full-width digits understood."""
    number = decimal_of(value)
    if number is None:
        return Checked(
            None, Label(f"“{said(value)}”不是数字,请填写数字。", f"“{said(value)}” is not a number.")
        )
    too_low = low is not None and number < Decimal(str(low))
    if too_low or (high is not None and number > Decimal(str(high))):
        return Checked(None, _range(low, high))
    if number != round(number, decimals):
        return Checked(None, Label(f"最多 {decimals} 位小数。", f"At most {decimals} decimals."))
    return Checked(int(number) if number == number.to_integral_value() else float(number))


def decimal_of(value: Any) -> Decimal | None:
    """The number that a value says; None for anything else, and for what no survey asks for."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", as_text(value)))
    except InvalidOperation:
        return None
    return number if number.is_finite() and _FINEST <= number.adjusted() < _MOST else None


def _range(low: float | None, high: float | None) -> Label:
    if high is None:
        return Label(f"请填写不小于 {low:g} 的数字。", f"Please give a number from {low:g} up.")
    if low is None:
        return Label(f"请填写不大于 {high:g} 的数字。", f"Please give a number up to {high:g}.")
    return Label(
        f"请填写 {low:g} 到 {high:g} 之间的数字。", f"Please give a number from {low:g} to {high:g}."
    )
