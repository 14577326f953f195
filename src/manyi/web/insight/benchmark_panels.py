"""Own figures beside those of others, as panels: on their own page, the overview and the page of an item."""

from __future__ import annotations

from collections.abc import Sequence

from manyi.analytics.benchmark_rules import KINDS, VERDICTS, Given
from manyi.analytics.benchmarks import Beside, Compared
from manyi.analytics.wording import value_words
from manyi.kernel.labels import Label
from manyi.surveys.models import Round
from manyi.web.insight import charts
from manyi.web.insight.panels import Cell, Panel, plain

OWN = Label("本单位", "We")
COLUMNS = (
    Label("比较对象", "Beside"),
    Label("类别", "Kind"),
    Label("数值", "Figure"),
    Label("差距", "Difference"),
    Label("本单位", "We are"),
    Label("时间", "Period"),
    Label("来源", "Source"),
)
METHOD = Label(
    "差距是本单位减对方。本单位为 95% 区间;对方有区间就用区间,满意率只给了样本量时用 Wilson"
    " 区间,都没有时(如目标)当作确定的数。两个区间相向的半宽按平方和开方,差距超出它才说“明显”。",
    "The difference is ours less theirs. Ours has its 95% interval; theirs its own, of a share with known n "
    "Wilson's, else (a target, say) it counts as exact. “Clearly” means that the difference is larger than "
    "the root of the summed squares of the halves that face each other.",
)
CAUTION = Label(
    "别家的问法、量尺、抽样和时间往往不同,公布的数字也可能挑过:先看来源,再下结论。"
    "没有样本量的数字,区间未知,“明显”只是对本单位的误差而言。",
    "Others ask, scale, sample and time differently, and may publish what suits them: read the source first. "
    "A figure without n has an unknown interval, so “clearly” then speaks of our own error only.",
)


def compared_panels(found: Sequence[Compared], language: str, round: Round | None = None) -> list[Panel]:
    """One panel for each figure that has something beside it; ``round`` names it where there are several."""
    return [_panel(each, language, round) for each in found]


def _panel(found: Compared, language: str, round: Round | None) -> Panel:
    name = f"beside-{round.pk}" if round else "beside"
    marks = [charts.Dot(OWN.text(language), found.own, False, "")] if found.own.value is not None else []
    marks += [charts.Dot(each.given.name, each.figure, False, "", other=True) for each in found.others]
    return Panel(
        f"{name}-{found.metric}".replace(":", "-").replace(".", "-"),
        _title(found, round),
        COLUMNS,
        (
            (Cell(OWN), plain("–"), Cell(figure=found.own), *[plain("–")] * 4),
            *(_row(found, each) for each in found.others),
        ),
        charts.dots(marks, language),
        height=charts.height_of(marks),
        numeric=(2, 3),
    )


def _title(found: Compared, round: Round | None) -> Label:
    if round is None:
        return found.title
    zh, en = round.programme.title, round.programme.title_en or round.programme.title
    return Label(f"{zh}:{found.title.zh}与别人和目标相比", f"{en}: {found.title.en} beside others")


def _row(found: Compared, each: Beside) -> tuple[Cell, ...]:
    given = each.given
    return (
        Cell(Label(given.name, given.name)),
        Cell(KINDS[given.kind]),
        Cell(figure=each.figure) if given.n else Cell(value_words(each.figure)),
        plain(_gap(found, each)),
        Cell(VERDICTS[each.verdict], bad=each.verdict == "below"),
        plain(period_of(given)),
        Cell(Label(given.source, given.source)),
    )


def _gap(found: Compared, each: Beside) -> str:
    if found.own.value is None or each.figure.value is None:
        return "–"
    gap = found.own.value - each.figure.value
    return f"{gap * 100:+.1f}%" if found.own.unit == "share" else f"{gap:+.1f}"


def period_of(given: Given) -> str:
    """The period as people read it."""
    return f"{given.since.isoformat()} – {given.until.isoformat()}"


def compared_sentence(found: Sequence[Compared]) -> Label:
    """How many comparisons are clear, and the widest gap below a competitor or target."""
    pairs = [(each, other) for each in found for other in each.others]
    below = [(each, other) for each, other in pairs if other.verdict == "below"]
    above = sum(other.verdict == "above" for _, other in pairs)
    if not below:
        return Label(
            f"{len(pairs)} 项比较中 {above} 项明显高于对方,没有一项明显低于对方。",
            f"Of {len(pairs)} comparisons we are clearly above in {above} and clearly below in none.",
        )
    each, other = max(below, key=lambda pair: _distance(*pair))
    return Label(
        f"{len(pairs)} 项比较中 {above} 项明显高于对方,{len(below)} 项明显低于对方,差得最多的是"
        f"“{each.title.zh}”与“{other.given.name}”({_gap(each, other)})。",
        f"Of {len(pairs)} comparisons we are clearly above in {above} and clearly below in {len(below)}; the "
        f"widest gap is “{each.title.en}” beside “{other.given.name}” ({_gap(each, other)}).",
    )


def _distance(found: Compared, each: Beside) -> float:
    scale = 100.0 if found.own.unit == "share" else 1.0
    return scale * ((each.figure.value or 0.0) - (found.own.value or 0.0))
