"""The effect of a correction: the finding's own metric in two rounds, tested by ``measures.effects``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from manyi.analytics import queries as analytics
from manyi.improvement.models import Finding
from manyi.kernel.labels import Label
from manyi.measures.effects import Effect, Rule, mean_effect, nps_effect, share_effect
from manyi.measures.figure import Figure
from manyi.measures.indicators import MeanSums, NpsSums, ShareSums
from manyi.organisation import settings as organisation_settings
from manyi.organisation.settings import value
from manyi.surveys.models import Round

organisation_settings.declare(
    "improvement.minimum_answers",
    Label("效果验证的最少答卷数", "Least answers for an effect check"),
    Label(
        "整改前后任一轮少于此数时,结论为“样本不足”。", "With fewer in either round the verdict is “too few”."
    ),
    "number",
    30,
    low=5,
    high=10_000,
)


def measure(finding: Finding, before: Round, after: Round) -> Effect:
    """The effect on the finding's metric at its unit; raises Refused when a round does not measure it."""
    metric, roots = finding.metric, [finding.unit.path]
    old = analytics.sums(round=before, metric=metric, roots=roots, beside=after)
    new = analytics.sums(round=after, metric=metric, roots=roots, named_in=before)
    rule = Rule("up", value("improvement.minimum_answers"))
    definition = ":".join(part for part in (metric["id"], metric.get("item", "")) if part)
    if isinstance(old, MeanSums) and isinstance(new, MeanSums):
        return mean_effect(old, new, rule, definition=definition)
    if isinstance(old, ShareSums) and isinstance(new, ShareSums):
        return share_effect(old, new, rule, definition=definition)
    if isinstance(old, NpsSums) and isinstance(new, NpsSums):
        return nps_effect(old, new, rule, definition=definition)
    raise TypeError(f"the metric {metric['id']} has different sums in the two rounds")


def to_json(effect: Effect) -> dict[str, Any]:
    """An effect as plain JSON values; ``from_json`` reads it back."""
    return {**asdict(effect), "before": effect.before.to_json(), "after": effect.after.to_json()}


def from_json(data: dict[str, Any]) -> Effect:
    """The effect written by ``to_json``."""
    figures = {name: Figure.from_json(data[name]) for name in ("before", "after")}
    return Effect(**{**data, **figures})


def sentence(effect: Effect) -> Label:
    """What the check found, in one sentence."""
    scale, mark_zh, mark_en = (100, " 个百分点", " percentage points")
    if effect.before.unit != "share":
        scale, mark_zh, mark_en = (1, " 分", " points")
    if effect.difference is None:
        return Label("两轮中至少一轮没有有效回答。", "At least one of the two rounds has no valid answer.")
    shift = f"{effect.difference * scale:+.1f}"
    span = ""
    if effect.low is not None and effect.high is not None:
        span = f"{effect.low * scale:+.1f} … {effect.high * scale:+.1f}"
    interval = Label(f",95% 区间 {span}", f", 95% interval {span}") if span else Label("", "")
    tail = {
        "effective": Label("改善超出偶然波动。", "The gain is more than chance."),
        "not_effective": Label("没有超出偶然波动的改善。", "There is no gain beyond chance."),
        "too_few": Label("答卷太少,还不能判断。", "There are too few answers to judge."),
    }[effect.verdict]
    return Label(
        f"变化 {shift}{mark_zh}{interval.zh}。{tail.zh}",
        f"Change {shift}{mark_en}{interval.en}. {tail.en}",
    )
