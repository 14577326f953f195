"""The iterations of partial least squares, on a covariance matrix alone: rows are never needed twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyi.measures.columns import Floats
from manyi.measures.errors import NotComputable
from manyi.measures.pls.models import PathModel

Scheme = Literal["centroid", "factorial", "path"]
TOLERANCE, ROUNDS = 1e-6, 300


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A model as arrays: ``member`` (items × latents) 0/1, ``arrows`` (effect × cause), places of items."""

    member: Floats
    arrows: Floats
    places: tuple[NDArray[np.intp], ...]
    formed: tuple[int, ...]
    scheme: Scheme
    tolerance: float


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """``weights`` (items × latents) that give latents of variance 1, their ``correlations``, ``loadings``
    (items × latents: correlations of every item with every latent), ``paths`` (effect × cause), ``r2``.
    """

    weights: Floats
    correlations: Floats
    loadings: Floats
    paths: Floats
    r2: Floats
    rounds: int

    def totals(self) -> Floats:
        """Total effects (effect × cause): direct and through others."""
        k = len(self.paths)
        return np.asarray(np.linalg.inv(np.eye(k) - self.paths) - np.eye(k), dtype=np.float64)


def plan_of(model: PathModel, scheme: Scheme, tolerance: float = TOLERANCE) -> Plan:
    """The arrays of a model whose items stand in the order of ``model.items``."""
    sizes = [len(block.items) for block in model.blocks]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    member = np.zeros((len(owner), len(sizes)))
    member[np.arange(len(owner)), owner] = 1
    place = {name: number for number, name in enumerate(model.names)}
    arrows = np.zeros((len(sizes), len(sizes)))
    for cause, effect in model.arrows:
        arrows[place[effect], place[cause]] = 1
    formed = tuple(n for n, block in enumerate(model.blocks) if block.mode == "B")
    places = tuple(np.flatnonzero(member[:, n]) for n in range(len(sizes)))
    return Plan(member, arrows, places, formed, scheme, tolerance)


def solve(covariance: Floats, plan: Plan) -> Solution:
    """The model on a covariance matrix (items × items, divisor n).

    Iterates as Tenenhaus et al. 2005, 2.3: outer estimate, inner estimate by scheme, new weights by mode,
    until Σ(|w| - |w before|)² is below the tolerance. Raises NotComputable ``not_converged``, ``collinear``.
    """
    weights = _scaled(plan.member, covariance)
    before = weights
    for rounds in range(1, ROUNDS + 1):
        fresh = _renewed(covariance, weights, plan)
        gap = float(((np.abs(before).sum(axis=1) - np.abs(fresh).sum(axis=1)) ** 2).sum())
        weights, before = _scaled(fresh, covariance), fresh
        if gap < plan.tolerance:
            return _finished(covariance, weights, plan, rounds)
    raise NotComputable("not_converged", what=f"PLS, {ROUNDS} rounds")


def _renewed(covariance: Floats, weights: Floats, plan: Plan) -> Floats:
    """New outer weights (items × latents) from standardised latents: one inner and one outer estimate."""
    correlations = weights.T @ covariance @ weights
    inner = _inner(correlations, plan)
    spread = np.sqrt(((correlations @ inner) * inner).sum(axis=0))
    if not (spread > 0).all():
        raise NotComputable("not_converged", what="PLS: inner estimate of no spread")
    with_inner = covariance @ (weights @ (inner / spread))
    fresh = with_inner * plan.member
    for block in plan.formed:
        at = plan.places[block]
        fresh[at, block] = _solved(covariance[np.ix_(at, at)], with_inner[at, block])
    return np.asarray(fresh, dtype=np.float64)


def _scaled(weights: Floats, covariance: Floats) -> Floats:
    """Weights whose latents have variance 1."""
    variances = ((covariance @ weights) * weights).sum(axis=0)
    if not (variances > 0).all():
        raise NotComputable("not_converged", what="PLS: latent variable of no spread")
    return np.asarray(weights / np.sqrt(variances), dtype=np.float64)


def _inner(correlations: Floats, plan: Plan) -> Floats:
    """How much each latent (row) counts in the inner estimate of another (column)."""
    joined = plan.arrows + plan.arrows.T
    if plan.scheme == "centroid":
        return np.asarray(np.sign(correlations * joined), dtype=np.float64)
    if plan.scheme == "factorial":
        return np.asarray(correlations * joined, dtype=np.float64)
    inner = correlations * plan.arrows  # what a latent points at counts by correlation
    for effect in range(len(correlations)):
        causes = np.flatnonzero(plan.arrows[effect])
        if len(causes):
            slopes = _solved(correlations[np.ix_(causes, causes)], correlations[causes, effect])
            inner[causes, effect] = slopes
    return np.asarray(inner, dtype=np.float64)


def _finished(covariance: Floats, weights: Floats, plan: Plan, rounds: int) -> Solution:
    """Signs so that most items of a block point upwards, then loadings and the inner regressions."""
    spread = np.sqrt(np.diag(covariance))
    loadings = covariance @ weights / spread[:, None]
    own = loadings * plan.member
    lean = np.sign(own).sum(axis=0) + 1e-6 * own.sum(axis=0)
    signs = np.where(lean < 0, -1.0, 1.0)
    weights, loadings = weights * signs, loadings * signs
    correlations = weights.T @ covariance @ weights
    paths, r2 = np.zeros_like(correlations), np.zeros(len(correlations))
    for effect in range(len(correlations)):
        causes = np.flatnonzero(plan.arrows[effect])
        if len(causes):
            slopes = _solved(correlations[np.ix_(causes, causes)], correlations[causes, effect])
            paths[effect, causes] = slopes
            r2[effect] = slopes @ correlations[causes, effect]
    return Solution(weights, correlations, loadings, paths, r2, rounds)


def _solved(left: Floats, right: Floats) -> Floats:
    try:
        found = np.linalg.solve(left, right)
    except np.linalg.LinAlgError:
        raise NotComputable("collinear", column="PLS")
    if not np.isfinite(found).all():
        raise NotComputable("collinear", column="PLS")
    return np.asarray(found, dtype=np.float64)
