"""Variances by replicate weights: jackknife, bootstrap and balanced half-samples, for any statistic.

Sources: Wolter, Introduction to Variance Estimation (2007), chapters 3 to 5; Rao and Wu 1988, JASA 83
(rescaled bootstrap: n - 1 of n clusters drawn). Only the first stage is replicated, as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Codes
from manyi.measures.columns import Floats, column_of, effective_n, matrix_of, weights_of
from manyi.measures.design.estimates import Estimate, Flags
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.distributions import t_for
from manyi.measures.errors import NotComputable
from manyi.measures.indicators import FEW

#: Takes weights (n), gives one number or several.
Statistic = Callable[[Floats], float]


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """R replicates of ``weights`` (n): ``factors`` (units × R) multiply them, ``unit`` (n) is the row's unit.

    The variance of a statistic is Σ scales · (replicate - centre)²; the centre is the mean of the replicates,
    or the full-sample value when ``about_value``.
    """

    weights: Floats
    factors: Floats
    unit: Codes
    scales: Floats
    df: float
    method: str
    about_value: bool = False

    def __len__(self) -> int:
        return int(self.factors.shape[1])

    def of(self, replicate: int) -> Floats:
        """The weights (n) of one replicate."""
        return np.asarray(self.weights * self.factors[self.unit, replicate])


def jackknife(design: SurveyDesign, kind: Literal["jk1", "jkn"] = "jkn") -> Replicates:
    """Leave one first-stage cluster out: ``jkn`` within strata, ``jk1`` without strata.

    Finite populations of the first stage are corrected for. Raises NotComputable ``lonely_psu`` for a stratum
    with one cluster that is no census, ``design`` for ``jk1`` on strata.
    """
    stage = design.stages[0]
    if kind == "jk1" and len(stage.sampled) > 1:
        raise NotComputable("design", what="jk1", detail="strata")
    left_out = 1 - stage.sampled / stage.population
    alone = (stage.sampled == 1) & (left_out >= 1e-7)
    if alone.any():
        raise NotComputable("lonely_psu", stage=1, stratum=stage.names[int(np.argmax(alone))])
    clusters = np.flatnonzero(left_out[stage.stratum] >= 1e-7)
    if not len(clusters):
        raise NotComputable("design", what=kind, detail="census")
    size = stage.sampled[stage.stratum]
    factors = np.ones((len(size), len(clusters)))
    for place, cluster in enumerate(clusters):
        mates = stage.stratum == stage.stratum[cluster]
        factors[mates, place] = size[cluster] / (size[cluster] - 1)
        factors[cluster, place] = 0
    scales = ((size - 1) / size * left_out[stage.stratum])[clusters]
    return Replicates(design.weights, factors, stage.cluster, scales, design.degrees(), kind)


def bootstrapped(design: SurveyDesign, replicates: int = 500, *, seed: int) -> Replicates:
    """Rao and Wu's bootstrap: n - 1 of the n clusters of every stratum, with replacement, rescaled.

    It takes the first stage as drawn with replacement: finite populations are not corrected for.
    """
    stage, dice = design.stages[0], np.random.default_rng(seed)
    _require_pairs(design)
    factors = np.zeros((len(stage.stratum), replicates))
    for stratum in range(len(stage.sampled)):
        members = np.flatnonzero(stage.stratum == stratum)
        size = len(members)
        drawn = dice.multinomial(size - 1, np.full(size, 1 / size), size=replicates)
        factors[members] = drawn.T * size / (size - 1)
    scales = np.full(replicates, 1 / (replicates - 1))
    return Replicates(design.weights, factors, stage.cluster, scales, design.degrees(), "bootstrap")


def balanced(design: SurveyDesign, fay: float = 0.0) -> Replicates:
    """Balanced half-samples of a design with two clusters in every stratum (McCarthy 1969, ISR 37).

    ``fay`` (from 0 to below 1) is the part of its weight that the other cluster keeps (Fay; Judkins 1990,
    Journal of Official Statistics 6): no group then vanishes from a replicate.
    """
    from scipy.linalg import hadamard

    stage = design.stages[0]
    if np.any(stage.sampled != 2):
        place = int(np.argmax(stage.sampled != 2))
        raise NotComputable(
            "design", what="balanced", detail=f"{stage.names[place]}: {stage.sampled[place]:g} ≠ 2"
        )
    order = 1 << max(len(stage.sampled), 1).bit_length()
    signs = hadamard(order)[1 : len(stage.sampled) + 1]
    first = np.zeros(len(stage.stratum), dtype=bool)
    first[np.unique(stage.stratum, return_index=True)[1]] = True
    chosen = np.where(first[:, None], signs[stage.stratum] > 0, signs[stage.stratum] < 0)
    factors = np.where(chosen, 2.0 - fay, fay)
    scales = np.full(order, 1 / (order * (1 - fay) ** 2))
    return Replicates(design.weights, factors, stage.cluster, scales, design.degrees(), "balanced")


def given_replicates(
    weights: npt.ArrayLike,
    replicate_weights: Sequence[npt.ArrayLike] | Floats,
    *,
    scales: npt.ArrayLike,
    df: float | None = None,
    about_value: bool = False,
) -> Replicates:
    """Replicates that came with the data: whole weights (n × R), and the scale of each (or one for all).

    ``df`` is the rank of the weights less one where it is not given. Raises NotComputable ``bad_weight`` with
    the row that lacks a weight, or has one in a replicate and none in the sample.
    """
    table = matrix_of(replicate_weights)
    base = weights_of(weights, len(table))
    bad = np.isnan(table).any(axis=1) | ((base == 0) & (table != 0).any(axis=1))
    if bad.any():
        raise NotComputable("bad_weight", row=int(np.argmax(bad)), value=float(base[bad][0]))
    spread = np.broadcast_to(np.asarray(scales, dtype=np.float64), (table.shape[1],)).copy()
    freedom = (
        float(np.linalg.matrix_rank(table, tol=1e-5 * np.linalg.norm(table, 2)) - 1) if df is None else df
    )
    factors = np.divide(table, base[:, None], out=np.zeros_like(table), where=base[:, None] > 0)
    unit = np.arange(len(base))
    return Replicates(base, factors, unit, spread, freedom, "given_replicates", about_value)


def replicate_estimate(
    replicates: Replicates,
    statistic: Statistic,
    *,
    used: Flags | None = None,
    n: int | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Any statistic of the weights with its replicate error and t interval.

    ``used`` marks the rows that the statistic reads, for n. Raises NotComputable ``not_converged`` where a
    replicate leaves it undefined.
    """
    value = float(statistic(replicates.weights))
    found = np.array([statistic(replicates.of(place)) for place in range(len(replicates))], dtype=np.float64)
    if not (np.isfinite(found).all() and math.isfinite(value)):
        raise NotComputable("not_converged", what=replicates.method)
    centre = value if replicates.about_value else found[replicates.scales > 0].mean()
    error = math.sqrt(float(replicates.scales @ (found - centre) ** 2))
    rows = np.ones(len(replicates.weights), dtype=bool) if used is None else used
    kept = replicates.weights[rows & (replicates.weights > 0)]
    half = t_for(confidence, replicates.df) * error if replicates.df > 0 else None
    return Estimate(
        value=value,
        standard_error=error,
        low=None if half is None else value - half,
        high=None if half is None else value + half,
        df=replicates.df,
        n=len(rows) if n is None else n,
        used=len(kept),
        weighted=float(kept.sum()),
        effective=effective_n(kept),
        deff=None,
        method=f"replicates_{replicates.method}",
        warnings=("few_answers",) if len(kept) < FEW else (),
    )


def replicate_mean(
    replicates: Replicates,
    values: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Estimate:
    """The weighted mean of a column, of all rows or a domain; missing rows are dropped."""
    ones = np.ones(len(replicates.weights))
    return replicate_ratio(replicates, values, ones, where=where, column=column, confidence=confidence)


def replicate_ratio(
    replicates: Replicates,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Estimate:
    """The ratio of two weighted totals over rows in which both are given.

    Raises NotComputable ``all_missing``, ``no_denominator``, and ``not_converged`` where a replicate has no
    denominator.
    """
    top, bottom = column_of(numerator, column), column_of(denominator, column)
    rows, asked = _asked(replicates, np.isnan(top) | np.isnan(bottom), where, column)
    top, bottom = top[rows], bottom[rows]
    if not float(replicates.weights[rows] @ bottom):
        raise NotComputable("no_denominator", column=column)

    def divided(weights: Floats) -> float:
        mine = weights[rows]
        below = float(mine @ bottom)
        return float(mine @ top) / below if below else math.nan

    return replicate_estimate(replicates, divided, used=rows, n=asked, confidence=confidence)


def replicate_total(
    replicates: Replicates,
    values: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Estimate:
    """The weighted total of a column; missing rows count as nought, with the warning ``missing_in_total``."""
    x = column_of(values, column)
    rows, asked = _asked(replicates, np.isnan(x), where, column)
    kept = x[rows]
    found = replicate_estimate(
        replicates, lambda weights: float(weights[rows] @ kept), used=rows, n=asked, confidence=confidence
    )
    more = ("missing_in_total",) if found.used < found.n else ()
    return replace(found, warnings=found.warnings + more)


def _asked(replicates: Replicates, missing: Flags, where: Flags | None, column: str) -> tuple[Flags, int]:
    """The rows of a figure that have a value, and how many with a weight were asked."""
    asked = replicates.weights > 0 if where is None else where & (replicates.weights > 0)
    rows = asked & ~missing
    if not rows.any():
        raise NotComputable("all_missing", column=column)
    return rows, int(asked.sum())


def _require_pairs(design: SurveyDesign) -> None:
    stage = design.stages[0]
    if np.any(stage.sampled < 2):
        raise NotComputable("lonely_psu", stage=1, stratum=stage.names[int(np.argmax(stage.sampled < 2))])
