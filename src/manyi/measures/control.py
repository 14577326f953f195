"""Control charts: does a figure vary as always, or has something changed?

Sources: Shewhart 1931; Western Electric, Statistical Quality Control Handbook 1956; Nelson 1984, Journal of
Quality Technology 16; Laney 2002, Quality Engineering 14 (shares that vary more than binomially).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from manyi.measures.errors import NotComputable

Kind = Literal["p", "u", "individuals", "xbar"]
RuleSet = Literal["western_electric", "nelson"]
#: Mean moving range of two normal values in standard deviations.
_D2 = 1.128379167095513
LEAST = 4


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One period: ``value``, its band ``low`` to ``high`` (3 sigma), ``z`` in sigmas from the centre."""

    label: str
    value: float
    low: float
    high: float
    z: float


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that a point (``place`` from 0) completes; ``side`` is 1 above, -1 below, 0 none."""

    rule: str
    place: int
    label: str
    side: int


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart: ``centre`` from the baseline, points with their bands, and the signals of the rules.

    Warnings: ``few_periods`` (limits from fewer than 20 are provisional), ``overdispersed`` (shares or rates
    vary more than their counts allow: use Laney's limits), ``small_expected`` (fewer than 5 expected hits).
    """

    kind: str
    centre: float
    sigma: float | None
    points: tuple[ControlPoint, ...]
    signals: tuple[Signal, ...]
    baseline: int
    rules: RuleSet
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """How a chart is drawn: rule set, how many first periods set the limits (None all), Laney's limits."""

    rules: RuleSet = "western_electric"
    baseline: int | None = None
    laney: bool = False


def p_chart(
    hits: Sequence[int], sizes: Sequence[int], labels: Sequence[str] = (), chart: Chart | None = None
) -> ControlChart:
    """Shares of each period: ``hits`` of ``sizes``, bands as wide as the size of each demands.

    Raises NotComputable ``too_few`` (below 4 periods), ``empty`` (a period without answers), ``out_of_range``
    (more hits than answers), ``constant`` (no hits or nothing else).
    """
    _require_counts(hits, sizes)
    for place, (k, n) in enumerate(zip(hits, sizes, strict=True)):
        if k > n:
            raise NotComputable("out_of_range", column="hits", row=place, value=k)
    base = _baseline(len(sizes), chart)
    centre = sum(hits[:base]) / sum(sizes[:base])
    if not 0 < centre < 1:
        raise NotComputable("constant", column="hits")
    sigmas = [math.sqrt(centre * (1 - centre) / n) for n in sizes]
    values = [k / n for k, n in zip(hits, sizes, strict=True)]
    few = min(sizes) * min(centre, 1 - centre) < 5
    return _counted("p", values, centre, sigmas, labels, chart, few, (0.0, 1.0))


def u_chart(
    events: Sequence[int], sizes: Sequence[float], labels: Sequence[str] = (), chart: Chart | None = None
) -> ControlChart:
    """Events per unit of each period (complaints per 1,000 deliveries, say). Raises as ``p_chart`` does."""
    _require_counts(events, sizes)
    base = _baseline(len(sizes), chart)
    centre = sum(events[:base]) / sum(sizes[:base])
    if not centre > 0:
        raise NotComputable("constant", column="events")
    sigmas = [math.sqrt(centre / size) for size in sizes]
    values = [count / size for count, size in zip(events, sizes, strict=True)]
    return _counted("u", values, centre, sigmas, labels, chart, min(sizes) * centre < 5, (0.0, math.inf))


def individuals_chart(
    values: Sequence[float], labels: Sequence[str] = (), chart: Chart | None = None
) -> ControlChart:
    """One value a period; sigma is the mean moving range over 1.128.

    Raises NotComputable ``too_few``, ``missing`` with the period, ``constant``.
    """
    _require_values(values, labels)
    base = _baseline(len(values), chart)
    centre, sigma = math.fsum(values[:base]) / base, _moving_sigma(values[:base])
    if not sigma:
        raise NotComputable("constant", column="values")
    return _drawn("individuals", values, centre, [sigma] * len(values), labels, chart, [], sigma)


def xbar_chart(
    means: Sequence[float],
    deviations: Sequence[float],
    sizes: Sequence[int],
    labels: Sequence[str] = (),
    chart: Chart | None = None,
) -> ControlChart:
    """Means of each period with the pooled standard deviation within periods.

    ``deviations`` have divisor n - 1 and ``sizes`` are answers. Raises NotComputable as ``individuals_chart``
    does, and ``empty`` for a period below two answers.
    """
    _require_values(means, labels)
    for place, (n, deviation) in enumerate(zip(sizes, deviations, strict=True)):
        if n < 2 or not deviation >= 0:
            raise NotComputable("empty", column=labels[place] if labels else str(place + 1))
    base = _baseline(len(means), chart)
    inside = list(zip(means, deviations, sizes, strict=True))[:base]
    centre = math.fsum(mean * n for mean, _, n in inside) / sum(n for _, _, n in inside)
    within = math.sqrt(math.fsum((n - 1) * s * s for _, s, n in inside) / sum(n - 1 for _, _, n in inside))
    if not within:
        raise NotComputable("constant", column="deviations")
    sigmas = [within / math.sqrt(n) for n in sizes]
    return _drawn("xbar", means, centre, sigmas, labels, chart, [], within)


def _counted(
    kind: Kind, values: Sequence[float], centre: float, sigmas: list[float], labels: Sequence[str],
    chart: Chart | None, few: bool, possible: tuple[float, float],
) -> ControlChart:  # fmt: skip
    """A chart of counts: Laney's widening where asked, a warning where it would be due."""
    told = ["small_expected"] if few else []
    base = _baseline(len(values), chart)
    spread = _moving_sigma([(v - centre) / s for v, s in zip(values[:base], sigmas[:base], strict=True)])
    if chart and chart.laney:
        if not spread:
            raise NotComputable("constant", column="values")
        sigmas = [sigma * spread for sigma in sigmas]
    elif spread > 1.5:
        told.append("overdispersed")
    return _drawn(kind, values, centre, sigmas, labels, chart, told, None, possible)


def _drawn(
    kind: str, values: Sequence[float], centre: float, sigmas: Sequence[float], labels: Sequence[str],
    chart: Chart | None, told: list[str], sigma: float | None,
    possible: tuple[float, float] = (-math.inf, math.inf),
) -> ControlChart:  # fmt: skip
    how = chart or Chart()
    named = list(labels) or [str(place + 1) for place in range(len(values))]
    points = tuple(
        ControlPoint(
            label,
            value,
            max(centre - 3 * one, possible[0]),
            min(centre + 3 * one, possible[1]),
            (value - centre) / one,
        )
        for label, value, one in zip(named, values, sigmas, strict=True)
    )
    base = _baseline(len(values), chart)
    if base < 20:
        told.append("few_periods")
    found = signals([point.z for point in points], named, how.rules)
    return ControlChart(kind, centre, sigma, points, found, base, how.rules, tuple(told))


def signals(
    z: Sequence[float], labels: Sequence[str], rules: RuleSet = "western_electric"
) -> tuple[Signal, ...]:
    """Every point that completes a rule, for distances ``z`` from the centre in sigmas."""
    found = []
    for name, length, check in RULES[rules]:
        for end in range(length, len(z) + 1):
            side = check(z[end - length : end])
            if side is not None:
                found.append(Signal(name, end - 1, labels[end - 1], side))
    return tuple(sorted(found, key=lambda signal: (signal.place, signal.rule)))


Check = Callable[[Sequence[float]], int | None]


def _beyond(many: int, far: float) -> Check:
    """So many of the points beyond so many sigmas on one side, the last among them."""

    def check(z: Sequence[float]) -> int | None:
        for side in (1, -1):
            if z[-1] * side > far and sum(value * side > far for value in z) >= many:
                return side
        return None

    return check


def _steady(z: Sequence[float]) -> int | None:
    steps = [b - a for a, b in pairwise(z)]
    if all(step > 0 for step in steps):
        return 1
    return -1 if all(step < 0 for step in steps) else None


def _alternating(z: Sequence[float]) -> int | None:
    steps = [b - a for a, b in pairwise(z)]
    return 0 if all(a * b < 0 for a, b in pairwise(steps)) else None


def _close(z: Sequence[float]) -> int | None:
    return 0 if all(abs(value) < 1 for value in z) else None


def _away(z: Sequence[float]) -> int | None:
    return 0 if all(abs(value) > 1 for value in z) else None


#: Rule, length of its window, what completes it.
RULES: dict[RuleSet, tuple[tuple[str, int, Check], ...]] = {
    "western_electric": (
        ("one_beyond_3_sigma", 1, _beyond(1, 3)),
        ("two_of_three_beyond_2_sigma", 3, _beyond(2, 2)),
        ("four_of_five_beyond_1_sigma", 5, _beyond(4, 1)),
        ("eight_on_one_side", 8, _beyond(8, 0)),
    ),
    "nelson": (
        ("one_beyond_3_sigma", 1, _beyond(1, 3)),
        ("nine_on_one_side", 9, _beyond(9, 0)),
        ("six_steady", 6, _steady),
        ("fourteen_alternating", 14, _alternating),
        ("two_of_three_beyond_2_sigma", 3, _beyond(2, 2)),
        ("four_of_five_beyond_1_sigma", 5, _beyond(4, 1)),
        ("fifteen_within_1_sigma", 15, _close),
        ("eight_beyond_1_sigma", 8, _away),
    ),
}


def _moving_sigma(values: Sequence[float]) -> float:
    ranges = [abs(b - a) for a, b in pairwise(values)]
    return math.fsum(ranges) / len(ranges) / _D2


def _baseline(count: int, chart: Chart | None) -> int:
    base = count if chart is None or chart.baseline is None else min(chart.baseline, count)
    if base < LEAST:
        raise NotComputable("too_few", column="periods", n=base, least=LEAST)
    return base


def _require_counts(hits: Sequence[int], sizes: Sequence[float]) -> None:
    if len(hits) != len(sizes):
        raise ValueError("every period needs its count and its size")
    for place, (count, size) in enumerate(zip(hits, sizes, strict=True)):
        if count < 0:
            raise NotComputable("negative", column=f"hits[{place}]")
        if not size > 0:
            raise NotComputable("empty", column=str(place + 1))


def _require_values(values: Sequence[float], labels: Sequence[str]) -> None:
    for place, value in enumerate(values):
        if not math.isfinite(value):
            raise NotComputable("missing", column=labels[place] if labels else str(place + 1))
