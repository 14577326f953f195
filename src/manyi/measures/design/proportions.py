"""Intervals of a share from its design-based standard error: six forms, each for a named purpose.

``logit``: t on the log odds, never outside 0 to 1, the default. ``likelihood``: profile of the scaled
binomial likelihood (Rao and Scott 1984). ``beta``: Clopper and Pearson at the effective size (Korn and
Graubard 1998), cautious with few answers. ``mean``: t on the share itself. ``asin``: t on the arc sine root.
"""

from __future__ import annotations

import math
from typing import Literal

from manyi.measures.distributions import t_for
from manyi.measures.figure import Interval
from manyi.measures.intervals import clopper_pearson

ShareMethod = Literal["logit", "likelihood", "beta", "mean", "asin"]


def share_interval(
    value: float,
    error: float,
    used: int,
    degrees: tuple[float, float],
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> Interval | None:
    """The interval of a share ``value`` with standard ``error`` from ``used`` rows.

    ``degrees`` are those of the figure and those of the whole design. None where the form has none: at 0 and
    1 (but for ``beta``, which then counts the rows used), and without degrees of freedom.
    """
    df = degrees[0]
    if df <= 0:
        return None
    at_edge = not 0 < value < 1
    if method == "beta":
        if at_edge or error == 0:
            return clopper_pearson(value * used, used, confidence)
        effective = value * (1 - value) / error**2
        effective *= (t_for(confidence, used - 1) / t_for(confidence, df)) ** 2
        return clopper_pearson(value * effective, effective, confidence)
    if at_edge:
        return None
    reach = t_for(confidence, df)
    if method == "mean":
        return Interval(value - reach * error, value + reach * error)
    if method == "asin":
        return _on_arc_sine(value, reach * error)
    if method == "likelihood":
        return _by_likelihood(value, reach * error * math.sqrt(used / max(used - 1, 1)))
    half = reach * error / (value * (1 - value))
    centre = math.log(value / (1 - value))
    return Interval(_expit(centre - half), _expit(centre + half))


def _expit(odds: float) -> float:
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))


def _on_arc_sine(value: float, reach: float) -> Interval:
    centre, half = math.asin(math.sqrt(value)), reach / (2 * math.sqrt(value * (1 - value)))
    low, high = max(centre - half, 0.0), min(centre + half, math.pi / 2)
    return Interval(math.sin(low) ** 2, math.sin(high) ** 2)


def _by_likelihood(value: float, reach: float) -> Interval:
    """The shares at which twice the log likelihood of one observation falls by reach² / (p (1 - p))."""
    from scipy.optimize import brentq

    wanted = reach**2 / (value * (1 - value))

    def beyond(share: float) -> float:
        fall = value * math.log(value / share) + (1 - value) * math.log((1 - value) / (1 - share))
        return 2 * fall - wanted

    tiny = 1e-15
    low = brentq(beyond, tiny, value, xtol=1e-15) if beyond(tiny) > 0 else 0.0
    high = brentq(beyond, value, 1 - tiny, xtol=1e-15) if beyond(1 - tiny) > 0 else 1.0
    return Interval(float(low), float(high))
