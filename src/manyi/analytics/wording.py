"""Figures and findings in plain words, composed by rules, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from manyi.analytics.views import HEADLINE_LABELS, Change, GroupLine, ItemLine, RoundView
from manyi.distribution.channels import CHANNELS
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure

SUPPRESSED = Label("样本不足,不显示", "too few answers, not shown")
NO_DATA = Label("无数据", "no data")
IMPORTED = Label("导入", "Imported")
#: So many items are named in a sentence.
NAMED = 3


def channel_label(code: str) -> Label:
    """The name of a channel of answers."""
    if code in CHANNELS:
        return CHANNELS.get(code).label
    return IMPORTED if code == "import" else Label(code, code)


def figure_words(figure: Figure) -> Label:
    """A figure with interval and n: 86.2 分(±1.4,n=312); 86.2%(84.1–88.0,n=312)."""
    if figure.suppressed:
        return SUPPRESSED
    if figure.value is None:
        return NO_DATA
    n = f"{figure.valid_n:,}"
    value = value_words(figure)
    if figure.low is None or figure.high is None:
        return Label(f"{value.zh}(n={n})", f"{value.en} (n = {n})")
    if figure.unit == "share":
        band = f"{figure.low * 100:.1f}–{figure.high * 100:.1f}"
    else:
        band = f"±{(figure.high - figure.low) / 2:.1f}"
    return Label(f"{value.zh}({band},n={n})", f"{value.en} ({band}, n = {n})")


def value_words(figure: Figure) -> Label:
    """The value alone: 86.2 分, 71.3%."""
    if figure.suppressed or figure.value is None:
        return SUPPRESSED if figure.suppressed else NO_DATA
    if figure.unit == "share":
        share = f"{figure.value * 100:.1f}%"
        return Label(share, share)
    return Label(f"{figure.value:.1f} 分", f"{figure.value:.1f}")


def points_words(points: Fraction) -> str:
    """A target in points as a regulation writes it: 85, 92.5."""
    return f"{float(points):g}"


def change_words(change: Change) -> Label:
    """A change against the round before, and whether it is more than chance."""
    share = change.unit == "share"
    size = f"{abs(change.difference) * (100 if share else 1):.1f}"
    zh_unit, en_unit = ("个百分点", " points of per cent") if share else ("分", " points")
    if size == "0.0":
        return Label("与上一轮持平", "the same as in the round before")
    up = change.difference > 0
    zh = f"比上一轮{'高' if up else '低'} {size} {zh_unit},"
    en = f"{size}{en_unit} {'above' if up else 'below'} the round before, "
    if change.p is None:
        return Label(f"{zh}样本太少,无法检验", f"{en}too few answers for a test")
    if change.beyond_chance:
        return Label(f"{zh}差异显著", f"{en}more than chance")
    return Label(f"{zh}差异不显著", f"{en}within chance")


def answer_sentence(view: RoundView) -> Label:
    """What a round says, in a sentence: the headline, its change, the target, where points are lost."""
    figure = view.headlines.get(view.headline)
    if figure is None or figure.value is None:
        if figure is not None and figure.suppressed and figure.n:
            return Label(
                "有效答卷太少,为保护答卷人暂不显示结果。",
                "Too few valid answers; to protect those who answered, no results are shown.",
            )
        return Label("还没有有效答卷。", "There are no valid answers yet.")
    name, words = HEADLINE_LABELS[view.headline], figure_words(figure)
    parts = [Label(f"{name.zh} {words.zh}", f"{name.en} {words.en}")]
    if view.change is not None:
        parts.append(change_words(view.change))
    parts += _target(view)
    sentence = Label(",".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    lost = losing_items(view)
    if not lost:
        return Label(f"{sentence.zh}。", f"{sentence.en}.")
    zh = "、".join(f"{item.title.zh}({value_words(item.mean).zh})" for item in lost)
    en = ", ".join(f"{item.title.en} ({value_words(item.mean).en})" for item in lost)
    return Label(f"{sentence.zh};主要失分项:{zh}。", f"{sentence.en}. Most points are lost on: {en}.")


def _target(view: RoundView) -> list[Label]:
    """Whether the target of the total was reached."""
    if view.target is None or view.headline != "total_mean":
        return []
    missed = any(miss.item == "" for miss in view.missed)
    zh, en = ("低于", "below") if missed else ("达到", "on or above")
    goal = points_words(view.target)
    return [Label(f"{zh}目标 {goal} 分", f"{en} the target of {goal}")]


def losing_items(view: RoundView) -> list[ItemLine]:
    """The items that lose most points: those under target, else the two lowest of several."""
    shown = sorted((item for item in view.items if item.exact is not None), key=_lowest_first)
    shown = [item for item in shown if not item.mean.suppressed]
    missed = [item for item in shown if item.missed]
    if missed or any(item.target is not None for item in shown):
        return missed[:NAMED]
    return shown[:2] if len(shown) > 2 else []


def _lowest_first(item: ItemLine) -> Fraction:
    return item.exact or Fraction()


def items_finding(view: RoundView) -> Label:
    """What the chart of items shows."""
    shown = [item for item in view.items if item.mean.value is not None]
    if not shown:
        return Label("各项得分", "Items")
    missed = [item for item in shown if item.missed]
    lowest = min(shown, key=_lowest_first)
    if missed:
        zh = f"{len(missed)} 个项目低于目标,最低的是{lowest.title.zh}({value_words(lowest.mean).zh})"
        count = f"{len(missed)} items are" if len(missed) > 1 else "One item is"
        return Label(
            zh, f"{count} under target; the lowest is {lowest.title.en} ({value_words(lowest.mean).en})"
        )
    if lowest.target is not None:
        return Label("所有项目都达到目标", "Every item reaches its target")
    value = value_words(lowest.mean)
    return Label(
        f"得分最低的是{lowest.title.zh}({value.zh})", f"{lowest.title.en} scores lowest ({value.en})"
    )


def returns_finding(view: RoundView) -> Label:
    """What the chart of returns shows."""
    rated = [line for line in view.returns if line.rate.value is not None]
    if not rated:
        return Label("本轮没有发出个人邀请", "No personal invitations were sent in this round")
    if len(rated) == 1:
        name, value = channel_label(rated[0].channel), value_words(rated[0].rate)
        return Label(f"{name.zh}回收率 {value.zh}", f"{value.en} of those asked by {name.en} answered")
    best = max(rated, key=lambda line: line.rate.value or 0)
    name, value = channel_label(best.channel), value_words(best.rate)
    return Label(f"{name.zh}的回收率最高({value.zh})", f"{name.en} brings most back ({value.en})")


def grades_finding(view: RoundView) -> Label:
    """What the chart of grades shows."""
    if not view.grades:
        return Label("等级分布", "Grades")
    best = view.grades[0]
    value = value_words(best.share)
    zh = f"{value.zh}的答卷达到 {best.grade} 级({best.label.zh})"
    return Label(zh, f"{value.en} of the answers reach grade {best.grade} ({best.label.en})")


def groups_finding(groups: Sequence[GroupLine], headline: str, what: Label) -> Label:
    """What a comparison shows: the lowest group, and whether its interval stands clear of the highest."""
    shown = [g for g in groups if headline in g.figures and g.figures[headline].value is not None]
    if len(shown) < 2:
        return Label(f"按{what.zh}比较", f"By {what.en}")
    low, high = (pick(shown, key=lambda g: g.figures[headline].value or 0.0) for pick in (min, max))
    below, above = low.figures[headline], high.figures[headline]
    worst = value_words(below)
    if below.high is not None and above.low is not None and below.high < above.low:
        return Label(
            f"{low.title.zh}最低({worst.zh}),明显低于{high.title.zh}",
            f"{low.title.en} is lowest ({worst.en}), clearly below {high.title.en}",
        )
    return Label(f"各{what.zh}差别不大", f"The {what.en} differ little")


def trend_finding(view: RoundView) -> Label:
    """What the trend shows."""
    if len(view.trend) < 2 or view.change is None:
        return Label("历轮趋势", "Trend over the rounds")
    words = change_words(view.change)
    return Label(
        f"{HEADLINE_LABELS[view.headline].zh}{words.zh}", f"{HEADLINE_LABELS[view.headline].en}: {words.en}"
    )
