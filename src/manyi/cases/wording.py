"""What a clock and a place in the tree of categories are called for people."""

from __future__ import annotations

import math
from collections.abc import Iterable

from manyi.cases.choices import AMOUNT_UNITS, CLOCKS, label_of
from manyi.cases.models import Category
from manyi.cases.rules import Reading
from manyi.kernel.labels import Label


def clock_words(reading: Reading) -> Label:
    """A clock as staff read it: 答复:第 6/10 个工作日."""
    name, amount, used = label_of(CLOCKS, reading.name), reading.target.amount, math.floor(reading.used)
    if reading.late:
        over = amount_words(max(1, math.ceil(reading.used - amount)), reading.target.unit)
        return Label(f"{name.zh}:已超期 {over.zh}", f"{name.en}: {over.en} late")
    if reading.target.unit == "minutes":
        return Label(
            f"{name.zh}:已用 {used}/{amount} 工作分钟", f"{name.en}: {used} of {amount} working minutes"
        )
    zh, en = {"working_days": ("个工作日", "working day"), "calendar_days": ("天", "day")}[
        reading.target.unit
    ]
    return Label(f"{name.zh}:第 {used}/{amount} {zh}", f"{name.en}: {en} {used} of {amount}")


def late_words(number: str, clock: str, *, late: bool) -> Label:
    """A warning in one line: which case, which clock, near or over."""
    name = label_of(CLOCKS, clock)
    if late:
        return Label(f"{number}“{name.zh}”已超期", f"{number}: {name.en.lower()} is overdue")
    return Label(f"{number}“{name.zh}”即将到期", f"{number}: {name.en.lower()} is due soon")


def amount_words(amount: int, unit: str) -> Label:
    """So much time: 10 个工作日, 1 working day."""
    words = label_of(AMOUNT_UNITS, unit)
    return Label(
        f"{amount} {words.zh}", f"{amount} {words.en.removesuffix('s') if amount == 1 else words.en}"
    )


def category_choices(
    rows: Iterable[Category], *, chosen: int | None = None, retired: bool = False
) -> list[tuple[int, Label]]:
    """Categories as choices, each behind the one above it: 售后服务 / 等待时间.

    A retired one is left out unless it is ``chosen`` already, or ``retired`` asks for all.
    """
    by_id = {row.pk: row for row in rows}

    def path(row: Category) -> list[Category]:
        above = by_id.get(row.parent_id) if row.parent_id else None
        return [*path(above), row] if above else [row]

    return [
        (
            row.pk,
            Label(
                " / ".join(each.name for each in path(row)),
                " / ".join(each.name_en or each.name for each in path(row)),
            ),
        )
        for row in by_id.values()
        if retired or row.active or row.pk == chosen
    ]
