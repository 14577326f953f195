"""Columns that cannot serve as groups or as numbers, refused in words that say what to do."""

from __future__ import annotations

from manyi.analytics.data.table import MOST_LEVELS, BadData
from manyi.kernel.labels import Label


def too_many(name: str, count: int) -> BadData:
    """More different values than a group can have."""
    zh = f"“{name}”有 {count} 个不同的值,不能作为分组;最多 {MOST_LEVELS} 个。"
    en = f"“{name}” has {count} different values and cannot group; at most {MOST_LEVELS}."
    return BadData(Label(zh, en), field=name)


def run_together(name: str) -> BadData:
    """Whole numbers that are one as doubles, taken for groups."""
    zh = f"“{name}”有超过 9007199254740992 的整数,作为分组会混在一起;请把这一列存为文本。"
    en = f"“{name}” holds whole numbers beyond 9007199254740992, which run together; store it as text."
    return BadData(Label(zh, en), field=name)


def without_digits(name: str) -> BadData:
    """Values whose spread doubles cannot hold."""
    zh = f"“{name}”的数值很大而彼此相差极小,计算会丢失有效数字;请先减去一个常数。"
    en = f"The values of “{name}” are large and hardly differ: digits would be lost. Take a constant off."
    return BadData(Label(zh, en), field=name)
