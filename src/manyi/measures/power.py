"""Planning the next comparison: how likely an effect would be seen, and how many answers that takes.

Formulas: shares as Fleiss 1981 without continuity correction (R's power.prop.test); means by the noncentral
t of two groups (R's power.t.test). Tests are two-sided; the wrong side is not counted as power.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from manyi.measures.distributions import t_for, z_for
from manyi.measures.errors import NotComputable

#: Beyond so many answers in each window nobody plans.
MOST = 10_000_000


def power_of_shares(
    before: float, after: float, n_before: float, n_after: float, *, confidence: float = 0.95
) -> float:
    """The chance (0 to 1) to see the change of a share from ``before`` to ``after`` (0 to 1)."""
    _require_shares(before, after)
    _require_sizes(n_before, n_after)
    from scipy import special

    pooled = (n_before * before + n_after * after) / (n_before + n_after)
    null = math.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    error = math.sqrt(before * (1 - before) / n_before + after * (1 - after) / n_after)
    gap = abs(after - before) - z_for(confidence) * null
    return float(special.ndtr(gap / error)) if error else float(gap > 0)


def n_for_shares(before: float, after: float, *, power: float = 0.8, confidence: float = 0.95) -> int:
    """Answers needed in each window to see that change with ``power``; NotComputable ``no_difference``."""
    _require_shares(before, after)
    _require_power(power)
    return _least(lambda n: power_of_shares(before, after, n, n, confidence=confidence), power, before, after)


def power_of_means(
    difference: float, deviation: float, n_before: float, n_after: float, *, confidence: float = 0.95
) -> float:
    """The chance (0 to 1) to see a ``difference`` of means with standard ``deviation`` in both windows."""
    from scipy import special, stats

    _require_deviation(deviation)
    _require_sizes(n_before, n_after)
    df = n_before + n_after - 2
    shift = abs(difference) / (deviation * math.sqrt(1 / n_before + 1 / n_after))
    edge = float(special.stdtrit(df, (1 + confidence) / 2))
    return float(stats.nct.sf(edge, df, shift)) if shift < 30 else 1.0


def n_for_means(difference: float, deviation: float, *, power: float = 0.8, confidence: float = 0.95) -> int:
    """Answers needed in each window to see that difference; NotComputable ``no_difference``, ``negative``."""
    _require_deviation(deviation)
    _require_power(power)
    return _least(
        lambda n: power_of_means(difference, deviation, n, n, confidence=confidence), power, 0, difference
    )


def detectable_mean(
    deviation: float, n_before: float, n_after: float, *, power: float = 0.8, confidence: float = 0.95
) -> float:
    """The least difference of means that so many answers show with ``power``."""
    from scipy import optimize

    _require_deviation(deviation)
    _require_power(power)
    _require_sizes(n_before, n_after)
    unit = deviation * math.sqrt(1 / n_before + 1 / n_after)
    return float(
        optimize.brentq(
            lambda d: power_of_means(d, deviation, n_before, n_after, confidence=confidence) - power,
            0, 29 * unit, xtol=1e-10 * unit,
        )
    )  # fmt: skip


def detectable_share(
    before: float, n_before: float, n_after: float, *, power: float = 0.8, confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """The nearest shares below and above ``before`` that so many answers show with ``power``."""
    from scipy import optimize

    _require_shares(before, before)
    _require_power(power)

    def miss(after: float) -> float:
        return power_of_shares(before, after, n_before, n_after, confidence=confidence) - power

    found = []
    for end in (0.0, 1.0):
        seen = end != before and miss(end) > 0
        found.append(float(optimize.brentq(miss, before, end, xtol=1e-12)) if seen else None)
    return found[0], found[1]


def detectable_by_error(error: float, df: float, *, power: float = 0.8, confidence: float = 0.95) -> float:
    """The least difference that shows with ``power`` where the design gives differences this ``error``.

    The sum of two quantiles of Student's t, for the interval and for the power (Snedecor and Cochran 1989).
    """
    from scipy import special

    _require_power(power)
    _require_deviation(error)
    return (t_for(confidence, df) + float(special.stdtrit(df, power))) * error


def n_by_error(difference: float, detectable: float, n_before: float, n_after: float) -> int:
    """Answers in each window that would show ``difference``, drawn like those that show ``detectable``.

    The square of an error falls with the number of answers. NotComputable ``no_difference``, ``too_many``.
    """
    _require_sizes(n_before, n_after)
    if not difference:
        raise NotComputable("no_difference", column="difference")
    needed = math.ceil(2 / (1 / n_before + 1 / n_after) * (detectable / difference) ** 2)
    if needed > MOST:
        raise NotComputable("too_many", column="n", n=needed, most=MOST)
    return needed


def _least(chance: Callable[[float], float], power: float, before: float, after: float) -> int:
    if before == after:
        raise NotComputable("no_difference", column="difference")
    low, high = 1, 2
    while chance(high) < power:
        low, high = high, high * 2
        if high > MOST:
            raise NotComputable("too_many", column="n", n=high, most=MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= power else (middle, high)
    return high


def _require_shares(*shares: float) -> None:
    for share in shares:
        if not 0 <= share <= 1:
            raise NotComputable("not_allowed", column="share", value=share)


def _require_sizes(*sizes: float) -> None:
    for size in sizes:
        if not size >= 2:
            raise NotComputable("too_few", column="n", n=size, least=2)


def _require_power(power: float) -> None:
    if not 0.05 < power < 1:
        raise NotComputable("not_allowed", column="power", value=power)


def _require_deviation(deviation: float) -> None:
    if not deviation > 0:
        raise NotComputable("negative", column="deviation")
