"""Pareto's order of cases by category or cause: which few of them make most of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from manyi.kernel.labels import Label
from manyi.measures.pareto import Bar, pareto
from manyi.measures.rates import Counted, RateChange, rate_change
from manyi.web.desk.case_charts import pareto_chart
from manyi.web.desk.case_frame import (
    Asked,
    asked_by,
    calendar_of,
    cases_of,
    framed,
    language_of,
    received_in,
    working_days_of,
)
from manyi.web.desk.case_narrowing import NONE
from manyi.web.desk.case_splits import Counts, Split, split_by, splits_for
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.panels import Cell, Panel, plain

TITLE = Label("哪几类问题占了大多数?", "Which few matters make most of the cases?")
COLUMNS = (
    Label("件数", "Cases"),
    Label("占比", "Share"),
    Label("累计占比", "Cumulative"),
    Label("上期件数", "Period before"),
    Label("变化", "Change"),
    Label("关键少数", "Vital few"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of chart and table; ``cumulative`` is None for cases whose category or cause is not known."""

    name: Label
    n: int
    share: float
    cumulative: float | None
    vital: bool
    href: str
    change: RateChange


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The bars in falling order with their cumulative line, and the table beside."""
    asked = asked_by(request, kind="complaint")
    split = split_by(request.user, request.GET.get("by", ""))
    cases, calendar = cases_of(request, asked), calendar_of(request, asked.unit)
    earlier = asked.before.recorded()
    now, before = (split.count(received_in(cases, when)) for when in (asked, earlier))
    days = working_days_of(calendar, asked), working_days_of(calendar, earlier)
    lines = told(split, asked, now, before, days)
    panels = [panel_of(split, lines, days)] if lines else []
    return framed(
        request, asked, title=TITLE, panels=panels, template="desk/case_pareto.html", split=split,
        splits=splits_for(request.user).items(),
    )  # fmt: skip


def told(split: Split, asked: Asked, now: Counts, before: Counts, days: tuple[int, int]) -> list[Told]:
    """The lines in falling order; what is not known comes last, and takes no part in the cumulative share."""
    counts, earlier = _over_units(now), _over_units(before)
    unknown = counts.pop(NONE, 0)
    whole = sum(counts.values()) + unknown

    def line(key: str, name: Label, n: int, bar: Bar[str] | None) -> Told:
        change = rate_change(Counted(earlier[key], days[1]), Counted(n, days[0]))
        href = asked.list_of(**{split.parameter: key})
        cumulative = float(bar.cumulative) if bar else None
        return Told(name, n, n / whole, cumulative, bool(bar and bar.vital), href, change)

    lines = [line(bar.key, split.names[bar.key], bar.n, bar) for bar in pareto(counts)]
    return [*lines, line(NONE, split.unknown, unknown, None)] if unknown else lines


def _over_units(counts: Counts) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_unit, key), n in counts.items():
        found[key] += n
    return found


def panel_of(split: Split, lines: Sequence[Told], days: tuple[int, int]) -> Panel:
    """The chart with its table."""
    option, height = pareto_chart(lines, language_of())
    rows = tuple(_row(line) for line in lines)
    numeric = (1, 2, 3, 4)
    columns = (split.label, *COLUMNS)
    return Panel("pareto", finding(split, lines), columns, rows, option, _note(split, days), height, numeric)


def _row(line: Told) -> tuple[Cell, ...]:
    return (
        Cell(line.name, href=line.href),
        plain(line.n),
        _percent(line.share),
        _percent(line.cumulative),
        plain(line.change.before.n),
        Cell(change_words(line.change), bad=line.change.certain and (line.change.low or 0) > 1),
        Cell(Label("是", "yes") if line.vital else Label("–", "–")),
    )


def _percent(share: float | None) -> Cell:
    return plain("–") if share is None else replace(plain(f"{100 * share:.1f}%"), number=share)


def finding(split: Split, lines: Sequence[Told]) -> Label:
    """What the chart says, in one sentence."""
    vital = [line for line in lines if line.vital]
    known = [line for line in lines if line.cumulative is not None]
    if not vital:
        return Label(f"{split.unknown.zh}:全部 {lines[0].n} 件", f"{split.unknown.en}: all {lines[0].n}")
    if len(known) == 1:
        name, n = known[0].name, known[0].n
        return Label(f"已知的 {n} 件都是“{name.zh}”", f"All {n} of which it is known: {name.en}")
    share = f"{100 * (vital[-1].cumulative or 0):.1f}%"
    names = [line.name.zh.rstrip("。") for line in vital[:4]]
    names_en = [line.name.en.rstrip("。.") for line in vital[:4]]
    zh = f"{len(known)} 类中的 {len(vital)} 类占 {share}:{'、'.join(names)}"
    en = f"{len(vital)} of {len(known)} make {share}: {', '.join(names_en)}"
    return Label(zh + ("等" if len(vital) > 4 else ""), en + (" and others" if len(vital) > 4 else ""))


def _note(split: Split, days: tuple[int, int]) -> Label:
    zh = (
        f"本期 {days[0]} 个工作日,上期(紧接本期之前、天数相同,但不早于第一件登记){days[1]} 个工作日;"
        "变化按每个工作日的件数比较,用两个泊松率之比的精确区间(95%)判断是否超出偶然。"
    )
    en = (
        f"{days[0]} working days now, {days[1]} in as many days just before (none before the first case of "
        "the register). Rates per working day are compared by the exact 95 % interval of the ratio of two "
        "Poisson rates. "
    )
    if split.parameter == "cause":
        zh += "有多个原因的诉求在每个原因下各计一次;占比以计次之和为底。累计占比只在已查明的原因中计算。"
        en += (
            "A case with several causes counts once for each, and shares are of all these counts. The "
            "cumulative share is among known causes."
        )
    else:
        zh += "累计占比只在已分类的诉求中计算。"
        en += "The cumulative share is among classified cases."
    return Label(zh, en)


def change_words(change: RateChange) -> Label:
    """The change since the period before with its sign, and whether it is more than chance."""
    more = change.now.n - change.before.n
    if change.ratio is None:
        return Label("–", "–")
    arrow = "↑" if change.ratio > 1 else "↓" if change.ratio < 1 else "→"
    if change.certain:
        return Label(f"{arrow} {more:+d},超出偶然", f"{arrow} {more:+d}, more than chance")
    return Label(f"{arrow} {more:+d},可能是偶然", f"{arrow} {more:+d}, may be chance")
