"""What a benchmark must be, and what a figure beside it says: pure decisions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.intervals import wilson
from manyi.surveys.moments import day_of

KINDS = {
    "competitor": Label("竞争对手", "Competitor"),
    "industry": Label("行业平均", "Industry average"),
    "target": Label("目标", "Target"),
}
FIELDS = {
    "kind": Label("类别", "Kind"),
    "name": Label("名称", "Name"),
    "metric": Label("指标", "Figure"),
    "value": Label("数值", "Value"),
    "low": Label("区间下限", "Interval, low"),
    "high": Label("区间上限", "Interval, high"),
    "n": Label("样本量", "n"),
    "since": Label("开始日期", "From"),
    "until": Label("结束日期", "To"),
    "source": Label("来源", "Source"),
}
REQUIRED = ("kind", "name", "metric", "value", "since", "until", "source")
#: The ends of what a figure can be; items and the score are in points.
RANGES = {"nps": (-100.0, 100.0)}
LONGEST = {"name": 80, "source": 200}
MOST_ANSWERS = 1_000_000_000
Verdict = Literal["above", "below", "open", "none"]
VERDICTS: dict[Verdict, Label] = {
    "above": Label("▲ 明显高于", "▲ clearly above"),
    "below": Label("▼ 明显低于", "▼ clearly below"),
    "open": Label("◐ 尚不能断定", "◐ not certain"),
    "none": Label("–", "–"),
}
Problem = tuple[str, Label]


@dataclass(frozen=True, slots=True)
class Given:
    """A benchmark as it is stored, checked."""

    kind: str
    name: str
    metric: str
    value: float
    low: float | None
    high: float | None
    n: int | None
    since: date
    until: date
    source: str


def checked(texts: Mapping[str, str], metrics: Mapping[str, Label]) -> tuple[Given | None, list[Problem]]:
    """A benchmark from what somebody wrote, else what is wrong by field. ``metrics`` are those of the
    programme; kinds and metrics may be written by code or by name in either language."""
    text = {name: texts.get(name, "").strip() for name in FIELDS}
    problems: list[Problem] = [(name, _missing(name)) for name in REQUIRED if not text[name]]
    problems += [(name, _long(name)) for name, most in LONGEST.items() if len(text[name]) > most]
    kind = _coded("kind", text["kind"], KINDS, problems)
    metric = _coded("metric", text["metric"], metrics, problems)
    numbers = {name: _number(name, text[name], problems) for name in ("value", "low", "high", "n")}
    days = {name: _day(name, text[name], problems) for name in ("since", "until")}
    problems += _contradictions(metric, numbers, days)
    value, since, until = numbers["value"], days["since"], days["until"]
    if problems or value is None or since is None or until is None:
        return None, problems
    n = None if numbers["n"] is None else int(numbers["n"])
    low, high = numbers["low"], numbers["high"]
    return Given(kind, text["name"], metric, value, low, high, n, since, until, text["source"]), []


def _coded(name: str, text: str, known: Mapping[str, Label], problems: list[Problem]) -> str:
    for code, words in known.items():
        if text and text.casefold() in {code.casefold(), words.zh.casefold(), words.en.casefold()}:
            return code
    if text:
        zh, en = ("、".join(w.zh for w in known.values()), ", ".join(w.en for w in known.values()))
        told = Label(f"不认识“{text}”;可以是:{zh}。", f"“{text}” is not known; possible: {en}.")
        problems.append((name, told))
    return ""


def _number(name: str, text: str, problems: list[Problem]) -> float | None:
    plain = re.sub(r"[,\uff0c\s%\uff05]", "", text)
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (name == "n" and not _is_count(value)):
        what = (
            Label("1 到 10 亿的整数", "a whole number from 1 to 1,000,000,000")
            if name == "n"
            else Label("数字", "a number")
        )
        told = Label(f"“{text}”应是{what.zh}。", f"“{text}” should be {what.en}.")
        problems.append((name, told))
        return None
    return value


def _is_count(value: float) -> bool:
    return 1 <= value <= MOST_ANSWERS and value == int(value)


def _day(name: str, text: str, problems: list[Problem]) -> date | None:
    if not text:
        return None
    found = day_of(text)
    if found is None:
        told = Label(f"“{text}”请写成 2026-01-31。", f"Write “{text}” like 2026-01-31.")
        problems.append((name, told))
    return found


def _contradictions(
    metric: str, numbers: Mapping[str, float | None], days: Mapping[str, date | None]
) -> Iterator[Problem]:
    least, most = RANGES.get(metric, (0.0, 100.0))
    for name in ("value", "low", "high"):
        number = numbers[name]
        if number is not None and not least <= number <= most:
            yield (
                name,
                Label(f"应在 {least:g} 和 {most:g} 之间。", f"This lies between {least:g} and {most:g}."),
            )
    value, low, high = numbers["value"], numbers["low"], numbers["high"]
    if (low is None) != (high is None):
        yield "low" if low is None else "high", Label("区间要有两端。", "An interval has two ends.")
    elif value is not None and low is not None and high is not None and not low <= value <= high:
        yield "value", Label("数值不在区间之内。", "The value lies outside its interval.")
    since, until = days["since"], days["until"]
    if since and until and since > until:
        yield "until", Label("结束日期早于开始日期。", "It ends before it begins.")


def _missing(name: str) -> Label:
    words = FIELDS[name]
    return Label(f"请填写“{words.zh}”。", f"Please fill in “{words.en}”.")


def _long(name: str) -> Label:
    return Label(f"最多 {LONGEST[name]} 个字。", f"At most {LONGEST[name]} characters.")


def figure_of(given: Given) -> Figure:
    """A benchmark as a figure: its own interval, else of a share with known n Wilson's, else none."""
    share = given.metric == "csat"
    scale = 100.0 if share else 1.0
    low, high, method = given.low, given.high, "as told"
    if low is None and share and given.n:
        found = wilson(given.value / 100 * given.n, given.n)
        if found:
            low, high, method = 100 * found.low, 100 * found.high, "Wilson"
    return Figure(
        given.value / scale,
        given.n or 0,
        given.n or 0,
        None if low is None else low / scale,
        None if high is None else high / scale,
        method,
        "benchmark",
        unit="share" if share else "points",
    )


def verdict(own: Figure, other: Figure) -> Verdict:
    """Whether one's own figure differs from another by more than both intervals leave open.

    The halves of the intervals that face each other are added as squares; a figure without interval, such as
    a target, counts as exact. Without an interval of one's own nothing is said.
    """
    if own.value is None or other.value is None or own.low is None or own.high is None:
        return "none"
    gap = own.value - other.value
    if gap > 0:
        half = math.hypot(own.value - own.low, _half(other.high, other.value))
    else:
        half = math.hypot(own.high - own.value, _half(other.low, other.value))
    if abs(gap) <= half:
        return "open"
    return "above" if gap > 0 else "below"


def _half(end: float | None, value: float) -> float:
    return 0.0 if end is None else abs(end - value)


def newest_of(rows: Sequence[Given]) -> list[Given]:
    """Of each name and metric the one that ends last, in the order in which they stand."""
    newest: dict[tuple[str, str, str], Given] = {}
    for row in rows:
        key = row.kind, row.name, row.metric
        if key not in newest or row.until > newest[key].until:
            newest[key] = row
    return [row for row in rows if newest[row.kind, row.name, row.metric] is row]
