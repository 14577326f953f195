"""Means, totals, ratios, shares and variances under a design, for all rows or for a domain of them.

Linearisation after Särndal, Swensson and Wretman (1992), 5.6 to 5.8; the design effect is that of R's
survey package: against a simple random sample without replacement of the same size (or with: ``replace``).
Weights that sum to hardly more than the rows, as those that were put to mean 1, say nothing of the
population: without counts of it the comparison then is with replacement too.
Rows without a value are dropped for this variable only, and the figure says how many were used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Categories, Codes, categories_of
from manyi.measures.columns import Floats, column_of, effective_n
from manyi.measures.design.linearisation import covariance
from manyi.measures.design.proportions import ShareMethod, share_interval
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.distributions import t_for
from manyi.measures.errors import NotComputable
from manyi.measures.figure import Figure, Interval
from manyi.measures.indicators import FEW

#: From so many times as much weight as rows on, the sum of weights is taken for the size of the population.
_TELLING = 2.0
Flags = npt.NDArray[np.bool_]
DeffAgainst = Literal["population", "replace"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure under a design: ``value`` with its standard error and interval on ``df`` degrees of freedom.

    ``n`` rows were asked, ``used`` have a value and a weight; ``weighted`` is their sum of weights,
    ``effective`` Kish's effective number. Error and interval are None where one answer, or no degree of
    freedom, allows none. ``deff`` is the design effect, None where it has no meaning.
    """

    value: float
    standard_error: float | None
    low: float | None
    high: float | None
    df: float
    n: int
    used: int
    weighted: float
    effective: float
    deff: float | None
    method: str
    warnings: tuple[str, ...] = ()

    def figure(self, definition: str, unit: str = "") -> Figure:
        """The estimate as a published figure."""
        return Figure(
            value=self.value,
            n=self.n,
            valid_n=self.used,
            low=self.low,
            high=self.high,
            method=self.method,
            definition=definition,
            unit=unit,
            warnings=self.warnings,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """The rows that a figure rests on: their places, weights, and what every figure says of them."""

    design: SurveyDesign
    rows: Codes | slice
    weights: Floats
    n: int
    df: float

    @property
    def warnings(self) -> tuple[str, ...]:
        """Few answers, and what the design itself warns of."""
        return (*(("few_answers",) if len(self.weights) < FEW else ()), *self.design.warnings)


def used_rows(
    design: SurveyDesign, missing: Flags, where: Flags | None, column: str, df: float | None = None
) -> Used:
    """The rows inside ``where`` that are not ``missing`` and have a weight; NotComputable without any."""
    asked = design.weights > 0 if where is None else where & (design.weights > 0)
    for length in (len(missing), len(asked)):
        if length != len(design):
            raise NotComputable("design", what=column, detail=f"{length} ≠ {len(design)}")
    keep = asked & ~missing
    rows: Codes | slice = slice(None) if keep.all() else np.flatnonzero(keep)
    weights = design.weights[rows]
    if not len(weights):
        raise NotComputable("all_missing", column=column)
    return Used(design, rows, weights, int(asked.sum()), design.degrees(rows) if df is None else df)


def mean(
    design: SurveyDesign,
    values: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    df: float | None = None,
    deff: DeffAgainst = "population",
) -> Estimate:
    """The weighted mean with Student's t interval; ``df`` other than the design's may be given (inf: z)."""
    x = column_of(values, column)
    used = used_rows(design, np.isnan(x), where, column, df)
    x, whole = x[used.rows], float(used.weights.sum())
    value = float(used.weights @ x) / whole
    influence = used.weights * (x - value) / whole
    return _estimate(used, value, influence, "mean_t", confidence, _deff_scale(used, x, deff))


def total(
    design: SurveyDesign,
    values: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    df: float | None = None,
    deff: DeffAgainst = "population",
) -> Estimate:
    """The weighted total; rows without a value count as nought, with the warning ``missing_in_total``."""
    x = column_of(values, column)
    used = used_rows(design, np.isnan(x), where, column, df)
    x = x[used.rows]
    scale = _deff_scale(used, x, deff)
    scale = None if scale is None else scale * float(used.weights.sum()) ** 2
    more = ("missing_in_total",) if len(x) < used.n else ()
    return _estimate(used, float(used.weights @ x), used.weights * x, "total_t", confidence, scale, more)


def ratio(
    design: SurveyDesign,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    df: float | None = None,
) -> Estimate:
    """The ratio of two totals, over rows in which both are given."""
    top, bottom = column_of(numerator, column), column_of(denominator, column)
    used = used_rows(design, np.isnan(top) | np.isnan(bottom), where, column, df)
    top, bottom = top[used.rows], bottom[used.rows]
    below = float(used.weights @ bottom)
    if below == 0:
        raise NotComputable("no_denominator", column=column)
    value = float(used.weights @ top) / below
    influence = used.weights * (top - value * bottom) / below
    return _estimate(used, value, influence, "ratio_t", confidence, None)


def variance(
    design: SurveyDesign,
    values: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Estimate:
    """The population variance, estimated with n/(n - 1), and the error of that estimate."""
    x = column_of(values, column)
    used = used_rows(design, np.isnan(x), where, column)
    x, whole, n = x[used.rows], float(used.weights.sum()), len(used.weights)
    if n < 2:
        raise NotComputable("too_few", column=column, n=n, least=2)
    squares = (x - float(used.weights @ x) / whole) ** 2 * n / (n - 1)
    value = float(used.weights @ squares) / whole
    influence = used.weights * (squares - value) / whole
    return _estimate(used, value, influence, "variance_t", confidence, None)


def share(
    design: SurveyDesign,
    hits: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    method: ShareMethod = "logit",
    df: float | None = None,
) -> Estimate:
    """The weighted share (0 to 1) of rows whose value is 1 rather than 0; ``method`` names the interval."""
    x = column_of(hits, column)
    wild = np.flatnonzero(~np.isnan(x) & (x != 0) & (x != 1))
    if len(wild):
        raise NotComputable("not_a_number", column=column, row=int(wild[0]), value=f"{x[wild[0]]:g} ≠ 0, 1")
    plain = mean(design, x, where=where, column=column, confidence=confidence, df=df)
    if plain.standard_error is None:
        return _with_interval(plain, None, f"share_{method}")
    degrees = (plain.df, design.degrees())
    found = share_interval(plain.value, plain.standard_error, plain.used, degrees, confidence, method)
    return _with_interval(plain, found, f"share_{method}")


def shares(
    design: SurveyDesign,
    values: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> dict[Any, Estimate]:
    """The share of every category of a column, in the order of its labels."""
    found = categories_of(values, column)
    missing = found.codes < 0
    return {
        label: share(
            design,
            np.where(missing, np.nan, found.codes == code),
            where=where,
            column=column,
            confidence=confidence,
            method=method,
        )
        for code, label in enumerate(found.labels)
    }


def by(
    groups: npt.ArrayLike | Categories,
    estimate: Callable[[Flags], Estimate],
    *,
    column: str = "",
    where: Flags | None = None,
) -> dict[Any, Estimate | NotComputable]:
    """An estimate for every group as a domain: ``estimate`` gets the rows of the group.

    A group that allows none keeps its place with the reason, so that the others are not lost with it.
    """
    found = categories_of(groups, column)
    results: dict[Any, Estimate | NotComputable] = {}
    for code, label in enumerate(found.labels):
        members = found.codes == code
        try:
            results[label] = estimate(members if where is None else members & where)
        except NotComputable as reason:
            results[label] = reason
    return results


def _deff_scale(used: Used, x: Floats, against: DeffAgainst) -> float | None:
    """The variance of the mean in a simple random sample of as many rows; None where it is nought."""
    n, whole = len(x), float(used.weights.sum())
    if against == "population" and whole < _TELLING * n and not used.design.counted:
        against = "replace"
    if n < 2 or (against == "population" and whole < n):
        return None
    centred = x - float(used.weights @ x) / whole
    spread = float(used.weights @ centred**2) / whole * n / (n - 1)
    scale = spread / n if against == "replace" else spread * (whole - n) / (whole * n)
    return scale if scale > 0 else None


def _estimate(
    used: Used,
    value: float,
    influence: Floats,
    method: str,
    confidence: float,
    deff_scale: float | None,
    more: tuple[str, ...] = (),
) -> Estimate:
    spread = float(covariance(used.design, influence, used.rows)[0, 0])
    alone = len(used.weights) < 2
    error = None if alone else math.sqrt(max(spread, 0.0))
    half = None if error is None or used.df <= 0 else t_for(confidence, used.df) * error
    warnings = (*used.warnings, *(("one_answer",) if alone else ()), *more)
    return Estimate(
        value=value,
        standard_error=error,
        low=None if half is None else value - half,
        high=None if half is None else value + half,
        df=used.df,
        n=used.n,
        used=len(used.weights),
        weighted=float(used.weights.sum()),
        effective=effective_n(used.weights),
        deff=None if deff_scale is None or alone else spread / deff_scale,
        method=method,
        warnings=warnings if half is not None or alone else (*warnings, "no_degrees_of_freedom"),
    )


def _with_interval(plain: Estimate, interval: Interval | None, method: str) -> Estimate:
    warnings = plain.warnings if interval is not None else (*plain.warnings, "no_interval")
    low, high = (None, None) if interval is None else (interval.low, interval.high)
    return replace(plain, low=low, high=high, method=method, warnings=warnings)
