"""Did it help? The same indicator before and after, with the difference, its interval and a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from manyi.measures.distributions import p_of_t, p_of_z, t_for, z_for
from manyi.measures.figure import Figure, Interval
from manyi.measures.indicators import MeanSums, NpsSums, ShareSums, Variance
from manyi.measures.intervals import wilson

Direction = Literal["up", "down"]
Verdict = Literal["effective", "not_effective", "too_few"]


@dataclass(frozen=True, slots=True)
class DifferenceTest:
    """A difference after - before with its interval, statistic and two-sided p; None where not computable.

    Without any spread in both windows the interval shrinks to the difference, and there is no statistic.
    """

    difference: float | None
    low: float | None
    high: float | None
    statistic: float | None
    p: float | None
    method: str


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect check: ``difference`` is after - before in the unit of the two figures.

    The verdict is ``too_few`` when either window has fewer valid answers than required, ``effective``
    when the whole interval of the difference lies on the wanted side of 0, else ``not_effective``.
    """

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    before: Figure
    after: Figure
    verdict: Verdict
    method: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as an effect: wanted ``direction``, least valid answers in each window, confidence."""

    direction: Direction = "up"
    minimum: int = 30
    confidence: float = 0.95


def share_effect(
    before: ShareSums,
    after: ShareSums,
    rule: Rule,
    *,
    definition: str,
    interval: Literal["newcombe", "wald"] = "newcombe",
) -> Effect:
    """The effect on a share: pooled z test, and Newcombe's hybrid score or the Wald interval."""
    old, new = (sums.figure(definition, rule.confidence) for sums in (before, after))
    return judged(share_test(before, after, rule.confidence, interval), old, new, rule)


def mean_effect(
    before: MeanSums, after: MeanSums, rule: Rule, *, definition: str, unit: str = "points"
) -> Effect:
    """The effect on a mean: Welch's t test and interval."""
    old, new = (sums.figure(definition, rule.confidence, unit) for sums in (before, after))
    return judged(mean_test(before, after, rule.confidence), old, new, rule)


def nps_effect(
    before: NpsSums, after: NpsSums, rule: Rule, *, definition: str, variance: Variance = "population"
) -> Effect:
    """The effect on the NPS: z test and interval from the two standard errors."""
    old, new = (sums.figure(definition, rule.confidence, variance) for sums in (before, after))
    return judged(nps_test(before, after, rule.confidence, variance), old, new, rule)


def share_test(
    before: ShareSums,
    after: ShareSums,
    confidence: float = 0.95,
    interval: Literal["newcombe", "wald"] = "newcombe",
) -> DifferenceTest:
    """Two independent shares: z with the pooled share; interval after Newcombe 1998 (method 10) or Wald.

    Statistic and p are None when both shares are 0 or both are 1.
    """
    method = f"z_pooled_{interval}"
    if not before.valid or not after.valid:
        return DifferenceTest(None, None, None, None, None, method)
    old, new = before.hits / before.valid, after.hits / after.valid
    pooled = (before.hits + after.hits) / (before.valid + after.valid)
    error = math.sqrt(pooled * (1 - pooled) * (1 / before.valid + 1 / after.valid))
    z = (new - old) / error if error else None
    found = (_newcombe if interval == "newcombe" else _wald)(before, after, confidence)
    return DifferenceTest(new - old, found.low, found.high, z, None if z is None else p_of_z(z), method)


def mean_test(before: MeanSums, after: MeanSums, confidence: float = 0.95) -> DifferenceTest:
    """Two independent means: Welch's t with Satterthwaite's degrees of freedom.

    Below two values in one window there is no interval and no p.
    """
    old, new = before.mean, after.mean
    if old is None or new is None:
        return DifferenceTest(None, None, None, None, None, "welch_t")
    difference = float(new - old)
    if before.variance is None or after.variance is None:
        return DifferenceTest(difference, None, None, None, None, "welch_t")
    if not before.variance + after.variance:
        return certain(difference, "welch_t")
    parts = float(before.variance / before.valid), float(after.variance / after.valid)
    error = math.sqrt(sum(parts))
    df = sum(parts) ** 2 / (parts[0] ** 2 / (before.valid - 1) + parts[1] ** 2 / (after.valid - 1))
    half = t_for(confidence, df) * error
    t = difference / error
    return DifferenceTest(difference, difference - half, difference + half, t, p_of_t(t, df), "welch_t")


def nps_test(
    before: NpsSums, after: NpsSums, confidence: float = 0.95, variance: Variance = "population"
) -> DifferenceTest:
    """Two independent NPS: z of the difference in points over the root of the summed variances."""
    method = f"nps_z_{variance}_variance"
    if before.nps is None or after.nps is None:
        return DifferenceTest(None, None, None, None, None, method)
    difference = float(after.nps - before.nps)
    errors = before.standard_error(variance), after.standard_error(variance)
    if errors[0] is None or errors[1] is None:
        return DifferenceTest(difference, None, None, None, None, method)
    if not errors[0] + errors[1]:
        return certain(difference, method)
    error = math.hypot(errors[0], errors[1])
    half, z = z_for(confidence) * error, difference / error
    return DifferenceTest(difference, difference - half, difference + half, z, p_of_z(z), method)


def certain(difference: float, method: str) -> DifferenceTest:
    """The limit of a test as all spread goes away."""
    return DifferenceTest(difference, difference, difference, None, 0.0 if difference else 1.0, method)


def _newcombe(before: ShareSums, after: ShareSums, confidence: float) -> Interval:
    old, new = before.hits / before.valid, after.hits / after.valid
    was, now = wilson(before.hits, before.valid, confidence), wilson(after.hits, after.valid, confidence)
    assert was is not None
    assert now is not None
    low = new - old - math.hypot(new - now.low, was.high - old)
    return Interval(low, new - old + math.hypot(now.high - new, old - was.low))


def _wald(before: ShareSums, after: ShareSums, confidence: float) -> Interval:
    old, new = before.hits / before.valid, after.hits / after.valid
    error = math.sqrt(old * (1 - old) / before.valid + new * (1 - new) / after.valid)
    half = z_for(confidence) * error
    return Interval(new - old - half, new - old + half).clipped(-1, 1)


def judged(test: DifferenceTest, before: Figure, after: Figure, rule: Rule) -> Effect:
    """The verdict on a difference under a rule."""
    verdict: Verdict = "not_effective"
    if min(before.valid_n, after.valid_n) < max(rule.minimum, 1):
        verdict = "too_few"
    elif test.low is not None and test.high is not None:
        wanted = test.low > 0 if rule.direction == "up" else test.high < 0
        verdict = "effective" if wanted else "not_effective"
    return Effect(test.difference, test.low, test.high, test.p, before, after, verdict, test.method)
