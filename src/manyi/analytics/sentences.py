"""Findings in a sentence, in both languages: how analyses say an estimate, a test, what stands out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from manyi.kernel.labels import Label

#: Below this probability a difference is called significant where the reader chose no other level.
LEVEL = 0.05


def plain(value: float) -> str:
    """A number with about three digits: 86.2, 4.31, 0.0123, 12,346; one beyond all bounds is ∞."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 1 else f"{value:.3g}"


def percent(value: float) -> str:
    """A share: 59.6%."""
    return f"{value:.1%}"


def p_words(p: float) -> str:
    """A probability: p = 0.034, p < 0.001."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def told(value: float, low: float | None, high: float | None, n: int | None, form: str = "number") -> Label:
    """An estimate with its interval and n: 86.2(84.9 至 87.5,n = 312)."""
    write = percent if form == "share" else plain
    parts_zh, parts_en = [], []
    if low is not None and high is not None:
        parts_zh.append(f"{write(low)} 至 {write(high)}")
        parts_en.append(f"{write(low)} to {write(high)}")
    if n is not None:
        parts_zh.append(f"n = {n:,}")
        parts_en.append(f"n = {n:,}")
    if not parts_zh:
        return Label(write(value), write(value))
    return Label(f"{write(value)}({','.join(parts_zh)})", f"{write(value)} ({', '.join(parts_en)})")


def row_told(row: Mapping[str, Any], form: str = "number") -> Label:
    """The estimate of a row of ``designs.estimate_rows``."""
    return told(row["value"], row["low"], row["high"], row["valid_n"], form)


def title_of(row: Mapping[str, Any], key: str = "title") -> Label:
    """The name of a row: a Label, or text that is the same in both languages."""
    name = row[key]
    return name if isinstance(name, Label) else Label(str(name), str(name))


def estimates_sentence(rows: Sequence[Mapping[str, Any]], what: Label, form: str = "number") -> Label:
    """The first estimate as ``what``, then the groups of the same item that stand highest and lowest."""
    first = rows[0]
    whole, groups = row_told(first, form), _valued_groups(rows)
    zh, en = f"{what.zh}为 {whole.zh}", f"{what.en} is {whole.en}"
    if len(groups) > 1:
        most, least = (end(groups, key=lambda row: row["value"]) for end in (max, min))
        high, low = row_told(most, form), row_told(least, form)
        above, below = title_of(most, "group"), title_of(least, "group")
        zh += f";“{above.zh}”最高,{high.zh};“{below.zh}”最低,{low.zh}"
        en += f"; “{above.en}” is highest, {high.en}, “{below.en}” lowest, {low.en}"
        if None not in (most["low"], least["high"]) and most["low"] <= least["high"]:
            zh, en = f"{zh};两者的区间有重叠", f"{en}; their intervals overlap"
    return Label(f"{zh}。", f"{en}.")


def _valued_groups(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The groups behind the first row, up to the next item."""
    same = [row for row in rows[1:] if row["item"] == rows[0]["item"] and row.get("value") is not None]
    return [row for row in same if row.get("group") != rows[0]["group"]]


def _clearness(row: Mapping[str, Any]) -> float:
    """|estimate| / error; of an exact fit there is no error."""
    return abs(float(row["b"])) / float(row["error"]) if row["error"] else math.inf


def effect_sentence(
    rows: Sequence[Mapping[str, Any]], outcome: Label, *, key: str = "title", ratio: str = ""
) -> Label:
    """The driver that tells most (by |estimate| / error), among those whose p is below LEVEL.

    With ``ratio``, the name of its cell, what a step does is told as a factor of the odds.
    """
    clear = [row for row in rows if row["p"] is not None and row["p"] < LEVEL]
    if not clear:
        return Label(
            f"没有一个因素对“{outcome.zh}”的影响是显著的。",
            f"No driver has a significant effect on “{outcome.en}”.",
        )
    first = max(clear, key=_clearness)
    name, size = title_of(first, key), told(first["b"], first["low"], first["high"], None)
    if ratio:
        odds = plain(first[ratio])
        zh = f"“{name.zh}”的影响最明确:每提高 1,“{outcome.zh}”更高的可能(优势)为原来的 {odds} 倍"
        en = f"“{name.en}” tells most: a step of 1 multiplies the odds of a higher “{outcome.en}” by {odds}"
    else:
        zh = f"“{name.zh}”的影响最明确:每提高 1,“{outcome.zh}”变化 {size.zh}"
        en = f"“{name.en}” tells most: with a step of 1 “{outcome.en}” changes by {size.en}"
    if len(rows) > 1:
        zh += f";{len(rows)} 个因素中 {len(clear)} 个显著"
        en += f"; {len(clear)} of {len(rows)} drivers are significant"
    return Label(f"{zh}。", f"{en}.")
