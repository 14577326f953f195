"""Weights that meet known totals, and designs whose variances know of it (residuals instead of values).

Post-stratification and raking of ``weighting``; linear calibration after Deville and Särndal 1992, JASA 87,
with limits as their truncated method. Variances as R's survey package gives them: influences lose what the
calibration variables explain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Codes, categories_of
from manyi.measures.columns import Floats, correlation_of, matrix_of, names_for, require_independent
from manyi.measures.design.sample import Projection, SurveyDesign
from manyi.measures.errors import NotComputable
from manyi.measures.weighting import ImpossibleMargin, Margin, rake

_STEPS = 200
_TOLERANCE = 1e-11
#: Rounds in which residuals are taken from one margin after the other.
_RESIDUAL_ROUNDS = 10


def post_stratified(design: SurveyDesign, margin: Margin) -> SurveyDesign:
    """The design with weights that sum to the target in every category. Raises ImpossibleMargin."""
    found = rake(design.weights, [margin])
    codes = categories_of(list(map(str, margin.categories)), margin.variable, most=None).codes
    return design.reweighted(found.weights, _within_groups(codes, design.weights, found.weights))


def raked(
    design: SurveyDesign, margins: Sequence[Margin], *, limits: tuple[float, float] | None = None
) -> SurveyDesign:
    """The design with weights that meet several margins at once, to 1e-10 of their total.

    One margin alone is ``post_stratified``: the residuals of that are weighted, those of raking are not.
    ``limits``: the least and largest ratio of a weight to its base. Raises ImpossibleMargin, and
    NotComputable ``unreachable`` where the margins cannot be met together.
    """
    found = rake(design.weights, margins, limits=limits)
    if not found.converged:
        raise NotComputable("unreachable", what=", ".join(margin.variable for margin in margins))
    codes = [
        categories_of(list(map(str, each.categories)), each.variable, most=None).codes for each in margins
    ]
    weights = found.weights

    counted = (weights > 0).astype(np.float64)

    def project(influence: Floats) -> Floats:
        left = _unweighted(influence, weights)
        for _ in range(_RESIDUAL_ROUNDS):
            for each in codes:
                left = left - _group_means(each, left, counted)
        return left * weights[:, None]

    return design.reweighted(weights, project)


def linear_calibrated(
    design: SurveyDesign,
    columns: Sequence[npt.ArrayLike] | Floats,
    totals: Sequence[float],
    *,
    names: Sequence[str] = (),
    bounds: tuple[float, float] | None = None,
) -> SurveyDesign:
    """The design whose weighted sums of k ``columns`` equal k ``totals``, with the least change of weights.

    For the size of the population give a column of ones. ``bounds``: the least and largest ratio of a weight
    to its base; without them weights can turn negative, which is refused. Raises NotComputable
    ``not_a_number`` for a missing value, ``collinear``, and ``unreachable``.
    """
    x, terms = matrix_of(columns, names), names_for(names, len(totals))
    _require_whole(x, terms)
    wanted, base = np.asarray(totals, dtype=np.float64), design.weights
    low, high = bounds or (-np.inf, np.inf)
    gram = (x * base[:, None]).T @ x
    require_independent(correlation_of(gram, terms), terms)
    slope, ratios = np.zeros(x.shape[1]), np.clip(np.ones(len(x)), low, high)
    for _ in range(_STEPS):
        miss = wanted - x.T @ (base * ratios)
        if np.all(np.abs(miss) <= _TOLERANCE * (1 + np.abs(wanted))):
            break
        free = (ratios > low) & (ratios < high)
        bend = (x[free] * base[free][:, None]).T @ x[free]
        slope = slope + np.linalg.pinv(bend, rcond=1e-13) @ miss
        ratios = np.clip(1 + x @ slope, low, high)
    else:
        raise NotComputable("unreachable", what=", ".join(terms))
    if np.any(base * ratios < 0):
        raise NotComputable("unreachable", what="weights < 0")
    return design.reweighted(base * ratios, _regression_residuals(x, base, ratios))


def trimmed(
    design: SurveyDesign, *, lower: float = 0.0, upper: float = np.inf, strict: bool = True
) -> SurveyDesign:
    """The design with weights cut to [lower, upper]; what is cut goes in equal parts to the others.

    The sum of weights stays. ``strict`` repeats until none is outside; without it the parts given to others
    may lift some above. Raises NotComputable ``unreachable`` where no weights in the limits have this sum.
    """
    weights = design.weights
    if not lower * len(weights) <= weights.sum() <= upper * len(weights):
        raise NotComputable("unreachable", what=f"{lower:g} – {upper:g}")
    for _ in range(len(weights)):
        outside = (weights < lower) | (weights > upper)
        if not outside.any():
            break
        held = np.clip(weights, lower, upper)
        if outside.all():
            raise NotComputable("unreachable", what=f"{lower:g} – {upper:g}")
        held[~outside] += (weights - held).sum() / (~outside).sum()
        weights = held
        if not strict:
            break
    return design.reweighted(weights)


def _require_whole(x: Floats, terms: Sequence[str]) -> None:
    gaps = np.argwhere(np.isnan(x))
    if len(gaps):
        row, place = gaps[0]
        raise NotComputable("not_a_number", column=terms[place], row=int(row), value="")


def _group_means(codes: Codes, values: Floats, weights: Floats) -> Floats:
    """For every row the weighted mean (by column) of its group."""
    whole = np.bincount(codes, weights)
    sums = [np.bincount(codes, column * weights) / whole for column in values.T]
    return np.stack(sums, axis=1)[codes]


def _unweighted(influence: Floats, weights: Floats) -> Floats:
    """Influences (n × p) of one unit of weight; rows of weight nought have none."""
    whole = weights[:, None]
    return np.divide(influence, whole, out=np.zeros_like(influence), where=whole > 0)


def _within_groups(codes: Codes, before: Floats, after: Floats) -> Projection:
    def project(influence: Floats) -> Floats:
        return influence - _group_means(codes, _unweighted(influence, after), before) * after[:, None]

    return project


def _regression_residuals(x: Floats, base: Floats, ratios: Floats) -> Projection:
    root = np.sqrt(base)
    q, _ = np.linalg.qr(x * root[:, None])
    scale = ratios * root
    usable = np.where(scale == 0, 1.0, scale)

    def project(influence: Floats) -> Floats:
        left = np.where(scale[:, None] == 0, 0.0, influence / usable[:, None])
        return np.asarray((left - q @ (q.T @ left)) * scale[:, None])

    return project


__all__ = ["ImpossibleMargin", "linear_calibrated", "post_stratified", "raked", "trimmed"]
