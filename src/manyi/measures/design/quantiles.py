"""Quantiles under a design with Woodruff's interval (Woodruff 1952, JASA 47), as R's ``svyquantile``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats, column_of
from manyi.measures.design.estimates import Estimate, Flags, share, used_rows
from manyi.measures.design.proportions import ShareMethod
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.distributions import t_for

_ROUNDING = 1e-12


def quantile(
    design: SurveyDesign,
    values: npt.ArrayLike,
    level: float = 0.5,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    method: ShareMethod = "mean",
) -> Estimate:
    """The least value at or below which at least ``level`` (0 to 1) of the weight lies; 0.5 is the median.

    The interval of the share at or below it, read back on the same step function; the standard error is its
    width over twice Student's t. An end beyond all weight is not known, and without both there is no standard
    error: warning ``open_interval``, or ``no_interval`` where neither end is known.
    """
    if not 0 < level < 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {level}")
    x = column_of(values, column)
    used = used_rows(design, np.isnan(x), where, column)
    steps = _Steps(x[used.rows], used.weights)
    value = steps.at(level)
    below = np.where(np.isnan(x), np.nan, x <= value)
    found = share(design, below, where=where, column=column, confidence=confidence, method=method)
    plain = replace(found, value=value, deff=None, method=f"quantile_woodruff_{method}")
    low = None if found.low is None or found.low < 0 else steps.at(found.low)
    high = None if found.high is None or found.high > 1 else steps.at(found.high)
    if low is None or high is None:
        lack = "no_interval" if low is high else "open_interval"
        warnings = tuple(dict.fromkeys((*plain.warnings, lack)))
        return replace(plain, standard_error=None, low=low, high=high, warnings=warnings)
    error = (high - low) / (2 * t_for(confidence, used.df))
    return replace(plain, low=low, high=high, standard_error=error)


class _Steps:
    """The weighted distribution function of values as steps."""

    def __init__(self, values: Floats, weights: Floats) -> None:
        order = np.argsort(values, kind="stable")
        self.values, self.reached = values[order], np.cumsum(weights[order])

    def at(self, level: float) -> float:
        """The first value at which at least this share of all weight is reached."""
        wanted = level * self.reached[-1] * (1 - _ROUNDING)
        return float(self.values[min(int(np.searchsorted(self.reached, wanted)), len(self.values) - 1)])
