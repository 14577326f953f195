"""Rising topics in words: the answer, a sentence for each, the verdict and the method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from manyi.cases.rising import Topic
from manyi.kernel.labels import Label
from manyi.measures.rates import RateChange
from manyi.web.desk.case_frame import Asked

KINDS = {
    "whole": Label("总数", "All"),
    "category": Label("分类", "Category"),
    "phrase": Label("用词", "Words"),
}
VERDICTS = {
    "rising": Label("上升", "rising"),
    "by_chance": Label("可能是偶然", "may be chance"),
    "too_few": Label("太少,看不出", "too few to tell"),
}


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks that are looked at, those before them (``span_before`` were asked for; none from before the
    first case of the register), and how many working days both have."""

    now: Asked
    before: Asked
    days: int
    days_before: int
    span_before: int

    @property
    def span(self) -> int:
        """How many weeks are looked at."""
        return ((self.now.last - self.now.first).days + 1) // 7


def answer(found: Sequence[Topic]) -> Label | None:
    """The answer to the question of the page."""
    if not found:
        return None
    risen = [topic for topic in found if topic.judged.verdict == "rising"]
    tested = sum(topic.judged.adjusted is not None for topic in found)
    few = len(found) - tested
    if not tested:
        return Label("诉求太少,还看不出什么变多了。", "There are too few cases to tell what rises.")
    if not risen:
        return Label(
            f"检验了 {tested} 个话题,没有一个的上升超出偶然。",
            f"Of {tested} topics tested, none rises by more than chance.",
        )
    names = "、".join(topic.name.zh for topic in risen[:5]), ", ".join(topic.name.en for topic in risen[:5])
    more_zh, more_en = (f";另有 {few} 个太少,看不出", f"; {few} are too few to tell") if few else ("", "")
    return Label(
        f"检验的 {tested} 个话题中有 {len(risen)} 个上升:{names[0]}{more_zh}。",
        f"{len(risen)} of {tested} topics tested rise: {names[1]}{more_en}.",
    )


def sentence(topic: Topic, weeks: Weeks) -> Label:
    """What is known of a topic, in plain words."""
    change, p = topic.judged.change, p_words(topic.judged.adjusted)
    n, n_before, much = change.now.n, change.before.n, _how_much(change)
    since, until = weeks.before.first, weeks.before.last
    return Label(
        f"近 {weeks.span} 周({weeks.days} 个工作日)收到 {n} 件,之前({since} 至 {until},"
        f"{weeks.days_before} 个工作日)收到 {n_before} 件。{much.zh}。"
        f"考虑到同时检验了多个话题,如果实际没有变化,出现这样大的上升的概率 p {p}。",
        f"{n} cases in the last {weeks.span} weeks ({weeks.days} working days), {n_before} from {since} to "
        f"{until} ({weeks.days_before} working days). {much.en}. "
        f"All topics tested together, such a rise appears with p {p} if nothing has changed.",
    )


def short(topic: Topic) -> Label:
    """The same in one line."""
    change, p = topic.judged.change, p_words(topic.judged.adjusted)
    pair, ratio = f"{change.before.n} → {change.now.n}", ratio_words(change)
    return Label(f"{pair} 件,{ratio.zh},p {p}", f"{pair} cases, {ratio.en}, p {p}")


def _how_much(change: RateChange) -> Label:
    if change.ratio is not None and math.isinf(change.ratio):
        least = f"{change.low:.1f}"
        return Label(
            f"此前一件也没有;按每个工作日算,至少是之前的 {least} 倍(95% 区间下限)",
            f"There was none before; by the working day it is at least {least} times as many (95 % interval)",
        )
    ratio = ratio_words(change)
    return Label(f"按每个工作日算是之前的 {ratio.zh}", f"By the working day that is {ratio.en}")


def ratio_words(change: RateChange) -> Label:
    """The ratio of two rates with its interval."""
    if change.ratio is None or change.low is None or change.high is None:
        return Label("–", "–")
    high = "∞" if math.isinf(change.high) else f"{change.high:.1f}"
    ends = f"{change.low:.1f}–{high}"
    if math.isinf(change.ratio):
        return Label(f"此前没有({ends})", f"none before ({ends})")
    return Label(f"{change.ratio:.1f} 倍({ends})", f"{change.ratio:.1f} times as many ({ends})")


def p_words(p: float | None) -> str:
    """A p as it stands behind the letter p."""
    return "–" if p is None else "< 0.001" if p < 0.001 else f"= {p:.3f}"


def method(weeks: Weeks) -> Label:
    """How it was found out, with the days of both times."""
    now, before = weeks.now, weeks.before
    return Label(
        f"近期 {now.first} 至 {now.last},{weeks.days} 个工作日;"
        f"之前 {before.first} 至 {before.last},{weeks.days_before} 个工作日。"
        "节假日和调休按工作日历计,有假日的一周只按工作日数算。"
        "方法:两个泊松率的精确条件二项检验(单侧),对所有检验过的话题作霍尔姆校正,合计误报概率不超过 5%;"
        "倍数为精确区间。即使全部发生在近期也不可能显著的话题不参加检验,标为“太少,看不出”。"
        "用词按分词计数;点开的列表按文字查找,可能多出几件。",
        f"Now: {now.first} to {now.last}, {weeks.days} working days; "
        f"before: {before.first} to {before.last}, {weeks.days_before} working days. "
        "A week with holidays counts by its working days. Method: exact conditional binomial test of two "
        "Poisson rates, one-sided, adjusted after Holm over all topics tested, so that the chance of any "
        "false alarm is at most 5 %; exact interval of the ratio. A topic that could not be certain even if "
        "all its cases were new is not tested: too few to tell. Words are counted as words; the list looks "
        "for the letters and may show a few more.",
    )
