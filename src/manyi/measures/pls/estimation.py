"""Fitting a path model to rows, and everything that is told of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import (
    Floats,
    column_of,
    complete_rows,
    correlation_of,
    require_independent,
    require_rows,
    require_spread,
    weights_of,
)
from manyi.measures.distributions import p_of_t
from manyi.measures.errors import NotComputable
from manyi.measures.pls.algorithm import TOLERANCE, Scheme, Solution, plan_of, solve
from manyi.measures.pls.models import PathModel
from manyi.measures.pls.results import Latent, OuterItem, Path, PlsFit, TotalEffect

#: The ends of the scale of all items, or of each by name.
Scale = tuple[float, float] | Mapping[str, tuple[float, float]]
#: The lower and the upper end of every item in the order of the model.
Ends = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Complete rows of a model's items (n × items), their weights, their ``places`` among all ``rows``."""

    values: Floats
    weights: Floats
    places: npt.NDArray[np.intp]
    rows: int


def pls(
    data: Mapping[str, npt.ArrayLike],
    model: PathModel,
    *,
    scheme: Scheme = "centroid",
    scaled: bool = True,
    scale: Scale | None = None,
    weights: npt.ArrayLike | None = None,
    tolerance: float = TOLERANCE,
) -> PlsFit:
    """The model on columns by item name, over rows without a gap.

    ``scaled`` gives every item variance 1 first; leave it off when all items share one scale. ``scale`` are
    the ends of the items' scale (1 and 10, say), or those of each item by name, for indices 0 to 100; without
    it there are none. Raises
    NotComputable ``constant``, ``collinear`` (mode B or causes), ``too_few``, ``all_missing``, ``missing``
    for an item without a column, ``not_converged``, ``out_of_range`` for an answer beyond ``scale``.
    """
    ready = prepared(data, model, weights)
    ends = ends_of(ready, model, scale)
    covariance, means = moments(ready.values, ready.weights)
    spread = np.sqrt(np.diag(covariance))
    used = covariance / np.outer(spread, spread) if scaled else covariance
    _require_formed(correlation_of(covariance, model.items), model)
    found = solve(used, plan_of(model, scheme, tolerance))
    indices = index_of(found.weights, means, spread if scaled else None, ends)
    kind = "_".join(("pls", scheme, "scaled" if scaled else "raw"))
    return _told(
        found, correlation_of(covariance, model.items), model, (len(ready.values), ready.rows), indices, kind
    )


def prepared(data: Mapping[str, npt.ArrayLike], model: PathModel, weights: npt.ArrayLike | None) -> Prepared:
    """The complete rows of a model's items; raises NotComputable as ``pls`` says."""
    for item in model.items:
        if item not in data:
            raise NotComputable("missing", column=item)
    values = np.column_stack([column_of(data[item], item) for item in model.items])
    w = weights_of(weights, len(values))
    kept = complete_rows(values, w)
    most = max(len(model.causes(name)) for name in model.names)
    require_rows(int(kept.sum()), most + 3, ", ".join(model.items))
    require_spread(values[kept], model.items)
    return Prepared(values[kept], w[kept], np.flatnonzero(kept), len(values))


def moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Covariances (divisor Σw) and means of (n × k) values."""
    total = float(weights.sum())
    means = weights @ values / total
    away = values - means
    return np.asarray(away.T @ (away * weights[:, None]) / total, dtype=np.float64), means


def ends_of(ready: Prepared, model: PathModel, scale: Scale | None) -> Ends | None:
    """The lower and the upper end of every item's scale; raises NotComputable ``out_of_range`` for the first
    answer beyond it, ``missing`` for an item whose scale is not told."""
    if scale is None:
        return None
    pairs = [scale.get(item) if isinstance(scale, Mapping) else scale for item in model.items]
    for item, pair in zip(model.items, pairs, strict=True):
        if pair is None:
            raise NotComputable("missing", column=f"scale of {item}")
        if not pair[0] < pair[1]:
            raise ValueError("a scale runs from its lower to its upper end")
    low, high = np.array(pairs, dtype=np.float64).T
    wrong = np.argwhere((ready.values < low) | (ready.values > high))
    for row, place in wrong[:1]:
        value = float(ready.values[row, place])
        raise NotComputable(
            "out_of_range", column=model.items[place], row=int(ready.places[row]), value=value
        )
    return low, high


def index_of(weights: Floats, means: Floats, spread: Floats | None, ends: Ends | None) -> list[float | None]:
    """Indices 0 to 100: the block's mean between the means of its items' ends, items weighted by outer
    weight / item deviation.

    After Fornell et al. 1996. None without a scale, and where a weight is negative: it would not stay in 0 to
    100.
    """
    per_unit = weights if spread is None else weights / spread[:, None]
    found: list[float | None] = []
    for column in per_unit.T:
        if ends is None or (column < 0).any():
            found.append(None)
            continue
        low, high = ends
        found.append(100 * float(column @ (means - low)) / float(column @ (high - low)))
    return found


def _require_formed(correlations: Floats, model: PathModel) -> None:
    """Items that form a latent variable must not repeat each other."""
    for block in model.blocks:
        if block.mode == "B" and len(block.items) > 1:
            at = [model.items.index(name) for name in block.items]
            require_independent(correlations[np.ix_(at, at)], block.items)


def _told(
    found: Solution, correlations: Floats, model: PathModel, counts: tuple[int, int],
    indices: Sequence[float | None], method: str,
) -> PlsFit:  # fmt: skip
    items = _items(found, model)
    latents = tuple(
        _latent(place, found, correlations, model, items, indices[place])
        for place in range(len(model.blocks))
    )
    several = [item.communality for item in items if len(_block_items(items, item.block)) > 1]
    explained = [latent.r2 for latent in latents if latent.endogenous]
    gof = (
        math.sqrt(math.fsum(several) / len(several) * math.fsum(explained) / len(explained))
        if several
        else math.nan
    )
    n, rows = counts
    return PlsFit(
        items, latents, _paths(found, model, n), _effects(found, model), found.loadings, found.correlations,
        gof, n, rows, found.rounds, method, _warnings(items, latents, model, n),
    )  # fmt: skip


def _items(found: Solution, model: PathModel) -> tuple[OuterItem, ...]:
    told, row = [], 0
    for place, block in enumerate(model.blocks):
        for name in block.items:
            loading = float(found.loadings[row, place])
            redundancy = loading**2 * float(found.r2[place])
            told.append(
                OuterItem(block.name, name, float(found.weights[row, place]), loading, loading**2, redundancy)
            )
            row += 1
    return tuple(told)


def _block_items(items: Sequence[OuterItem], block: str) -> list[OuterItem]:
    return [item for item in items if item.block == block]


def _latent(
    place: int, found: Solution, correlations: Floats, model: PathModel, items: Sequence[OuterItem],
    index: float | None,
) -> Latent:  # fmt: skip
    block = model.blocks[place]
    own = _block_items(items, block.name)
    at = [model.items.index(name) for name in block.items]
    inner = correlations[np.ix_(at, at)]
    values, vectors = np.linalg.eigh(inner)
    k, reflective = len(own), block.mode == "A"
    communality = math.fsum(item.communality for item in own) / k
    alpha = rho = None
    if k > 1 and reflective:
        average = float((inner.sum() - k) / (k * (k - 1)))
        alpha = k * average / (1 + (k - 1) * average)
        first = vectors[:, -1] * math.sqrt(values[-1])
        rho = float(first.sum() ** 2 / (first.sum() ** 2 + (1 - first**2).sum()))
    return Latent(
        block.name, block.mode, k, bool(model.causes(block.name)), float(found.r2[place]), communality,
        math.fsum(item.redundancy for item in own) / k, communality if reflective else None, alpha, rho,
        (float(values[-1]), float(values[-2]) if k > 1 else 0.0), index,
    )  # fmt: skip


def _paths(found: Solution, model: PathModel, n: int) -> tuple[Path, ...]:
    """Each equation by least squares on standardised latents: errors on n - causes - 1 degrees of freedom."""
    told = []
    for place, effect in enumerate(model.names):
        causes = [model.names.index(name) for name in model.names if name in model.causes(effect)]
        if not causes:
            continue
        df = n - len(causes) - 1
        inverse = np.linalg.inv(found.correlations[np.ix_(causes, causes)])
        errors = np.sqrt((1 - found.r2[place]) / df * np.diag(inverse))
        for cause, error in zip(causes, errors.tolist(), strict=True):
            value = float(found.paths[place, cause])
            t = value / error if error else math.copysign(math.inf, value)
            told.append(Path(model.names[cause], effect, value, error, t, p_of_t(t, df)))
    return tuple(told)


def _effects(found: Solution, model: PathModel) -> tuple[TotalEffect, ...]:
    totals = found.totals()
    return tuple(
        TotalEffect(
            cause,
            effect,
            float(found.paths[to, at]),
            float(totals[to, at] - found.paths[to, at]),
            float(totals[to, at]),
        )
        for at, cause in enumerate(model.names)
        for to, effect in enumerate(model.names)
        if at < to
    )


def _warnings(
    items: Sequence[OuterItem], latents: Sequence[Latent], model: PathModel, n: int
) -> tuple[str, ...]:
    reflective = {block.name for block in model.blocks if block.mode == "A"}
    told = {
        "negative_weight": any(item.weight < 0 for item in items),
        "low_loading": any(item.loading < 0.5 for item in items if item.block in reflective),
        "two_dimensions": any(latent.eigenvalues[1] > 1 for latent in latents if latent.name in reflective),
        "low_ave": any(latent.ave is not None and latent.ave < 0.5 for latent in latents),
        "few_rows": n < 10 * max(len(model.causes(name)) for name in model.names),
    }
    return tuple(name for name, is_so in told.items() if is_so)
