"""Ordered answers explained by drivers: the proportional-odds logit (McCullagh 1980, JRSS B 42).

The form is that of R's MASS::polr: P(Y <= k) = logit⁻¹(threshold_k - x b), so a positive b pushes upwards.
Fitted by Newton's method on the observed information; the log-likelihood is concave (Pratt 1981).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from manyi.measures.columns import (
    Floats,
    column_of,
    complete_rows,
    correlation_of,
    matrix_of,
    names_for,
    require_independent,
    require_rows,
    require_spread,
    weights_of,
)
from manyi.measures.distributions import p_of_chi2, p_of_z, z_for
from manyi.measures.errors import NotComputable
from manyi.measures.indicators import FEW

Errors = Literal["model", "robust", "polr"]
Weighting = Literal["frequency", "sampling"]
#: More different answers than this are no ordered scale.
MOST_LEVELS = 50
#: Fewer choices of an answer leave its threshold unsteady.
RARE = 5
_ROUNDS, _HALVINGS = 100, 40
#: The logarithm of the largest double.
_LARGEST_LOG = 709.0
_PORTION = 50_000
#: A coefficient per standard deviation beyond it, or an error beyond it, means that it runs to infinity.
_BEYOND = 25.0


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient or threshold on the logit scale with z test and interval."""

    name: str
    estimate: float
    error: float
    z: float
    p: float
    low: float
    high: float

    @property
    def odds_ratio(self) -> float:
        """How the odds of a higher answer multiply per unit of the driver; infinite beyond doubles."""
        return math.exp(self.estimate) if self.estimate < _LARGEST_LOG else math.inf


@dataclass(frozen=True, slots=True)
class OrdinalLogit:
    """A fitted model over ``n`` complete rows of ``rows``, weights summing to ``weight``.

    ``thresholds`` are named like "1|2". ``chi2`` with ``df`` and ``p`` is the likelihood-ratio test against
    no drivers (None under sampling weights, where it does not hold); ``mcfadden`` is 1 - loglik / null.
    Warnings: ``small_n``, ``rare_answer`` (an answer chosen fewer than 5 times).
    """

    coefficients: tuple[Term, ...]
    thresholds: tuple[Term, ...]
    loglik: float
    null_loglik: float
    mcfadden: float
    chi2: float | None
    df: int
    p: float | None
    n: int
    rows: int
    weight: float
    method: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    """Rows ready for the fit: answers as places of levels, drivers standardised, weights."""

    place: NDArray[np.int64]
    x: Floats
    w: Floats
    levels: int
    names: tuple[str, ...]

    def parts(self) -> Iterator[_Data]:
        """The rows in portions, so that millions need no more memory than thousands."""
        for start in range(0, len(self.place), _PORTION):
            at = slice(start, start + _PORTION)
            yield _Data(self.place[at], self.x[at], self.w[at], self.levels, self.names)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    point: Floats
    loglik: float
    slope: Floats
    information: Floats


def ordinal_logit(
    answer: npt.ArrayLike,
    drivers: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    weights: npt.ArrayLike | None = None,
    weighting: Weighting = "frequency",
    errors: Errors = "model",
    confidence: float = 0.95,
) -> OrdinalLogit:
    """The model of ``answer`` (n numbers in their order, 3 to 50 different; 2 is a plain logit).

    ``frequency`` weights are counts: a row stands for so many equal ones. ``sampling`` weights always give
    robust errors (a sandwich of the scores), others on wish. ``polr`` errors are those that R prints: it
    takes its information matrix by differences of 0.001 in unscaled drivers, which moves the fourth digit.
    Raises NotComputable ``separated``, ``not_converged``, ``constant``, ``collinear``, ``too_few``,
    ``too_many``, ``all_missing``, ``bad_weight``.
    """
    x = matrix_of(drivers, names)
    named = names_for(names, x.shape[1])
    y, w = column_of(answer, "answer"), weights_of(weights, len(x))
    kept = complete_rows(np.column_stack([x, y]), w)
    x, y, w = x[kept], y[kept], w[kept]
    levels = _check(x, y, w, named, weighting)
    centre, scale = np.average(x, axis=0, weights=w), x.std(axis=0)
    data = _Data(np.searchsorted(levels, y), (x - centre) / scale, w, len(levels), named)
    fit = _fitted(data)
    if weighting == "sampling":
        errors = "robust"
    spread = _covariance(fit, data, errors == "robust", weighting)
    _require_finite(fit, spread, data.levels - 1, named)
    point, spread = _in_units(fit.point, spread, data.levels - 1, centre, scale)
    if errors == "polr":
        spread = _differences(_Data(data.place, x, w, len(levels), named), point)
    return _told(point, spread, fit, data, named, levels, (len(kept), errors, weighting, confidence))


def _check(x: Floats, y: Floats, w: Floats, names: tuple[str, ...], weighting: Weighting) -> Floats:
    require_rows(len(y), x.shape[1] + 3, ", ".join(names))
    require_spread(np.column_stack([x, y]), (*names, "answer"))
    levels = np.unique(y)
    if len(levels) > MOST_LEVELS:
        raise NotComputable("too_many", column="answer", n=len(levels), most=MOST_LEVELS)
    total = float(w.sum()) if weighting == "frequency" else float(len(y))
    require_rows(math.floor(total), x.shape[1] + len(levels) + 1, ", ".join(names))
    require_independent(correlation_of(np.atleast_2d(np.cov(x.T)), names), names)
    return levels


def _start(data: _Data) -> Floats:
    """Thresholds of the answers alone, no drivers."""
    share = np.cumsum(np.bincount(data.place, data.w, minlength=data.levels))[:-1] / data.w.sum()
    return np.concatenate([np.log(share / (1 - share)), np.zeros(data.x.shape[1])])


def _fitted(data: _Data) -> _Fit:
    """Newton's steps, halved while they do not lead upwards."""
    here = _at(data, _start(data))
    for _ in range(_ROUNDS):
        try:
            step: Floats = np.asarray(np.linalg.solve(here.information, here.slope), dtype=np.float64)
        except np.linalg.LinAlgError:
            raise NotComputable("separated", column=", ".join(data.names))
        if not np.isfinite(step).all() or np.abs(here.point[data.levels - 1 :]).max() > _BEYOND:
            raise NotComputable("separated", column=", ".join(data.names))
        if np.abs(step).max() < 1e-9 * (1 + np.abs(here.point).max()):
            return here
        here = _climbed(data, here, step)
    raise NotComputable("not_converged", what=f"{_ROUNDS} rounds")


def _climbed(data: _Data, here: _Fit, step: Floats) -> _Fit:
    size = 1.0
    for _ in range(_HALVINGS):
        point = here.point + size * step
        if (np.diff(point[: data.levels - 1]) > 0).all():
            there = _at(data, point)
            if there.loglik >= here.loglik - 1e-12 * abs(here.loglik):
                return there
        size /= 2
    raise NotComputable("not_converged", what="no step leads upwards")


def _at(data: _Data, point: Floats) -> _Fit:
    """Log-likelihood, its slope and the observed information at a point (thresholds, then coefficients)."""
    size = len(point)
    loglik, slope, information = 0.0, np.zeros(size), np.zeros((size, size))
    for part in data.parts():
        chance, scores, curve = _rows_at(part, point)
        loglik += float(part.w @ np.log(chance))
        slope += part.w @ scores
        information += scores.T @ (part.w[:, None] * scores) - curve
    return _Fit(point, loglik, slope, information)


def _rows_at(data: _Data, point: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each row the chance of its answer and the score; of all the sum of second derivatives of P over P.

    With a and b the upper and lower bound of a row: P = F(a) F(-b) (1 - exp(b - a)), which keeps its digits
    far out in both tails.
    """
    cuts = data.levels - 1
    eta = data.x @ point[cuts:]
    edges = np.concatenate([[-np.inf], point[:cuts], [np.inf]])
    a, b = edges[data.place + 1] - eta, edges[data.place] - eta
    up_a, up_b = _logistic(a), _logistic(b)
    chance = np.maximum(up_a * (1 - up_b) * -np.expm1(b - a), 1e-300)
    ga, gb = up_a * (1 - up_a) / chance, up_b * (1 - up_b) / chance
    upper, lower = _directions(data)
    scores = ga[:, None] * upper - gb[:, None] * lower
    haa, hbb = ga * (1 - 2 * up_a), -gb * (1 - 2 * up_b)
    curve = upper.T @ ((data.w * haa)[:, None] * upper) + lower.T @ ((data.w * hbb)[:, None] * lower)
    return chance, scores, curve


def _directions(data: _Data) -> tuple[Floats, Floats]:
    """How the upper and the lower bound of each row move with thresholds and coefficients."""
    marks = np.eye(data.levels + 1)[:, 1:-1]
    return (
        np.column_stack([marks[data.place + 1], -data.x]),
        np.column_stack([marks[data.place], -data.x]),
    )


def _logistic(values: Floats) -> Floats:
    from scipy import special

    return np.asarray(special.expit(values), dtype=np.float64)


def _covariance(fit: _Fit, data: _Data, robust: bool, weighting: Weighting) -> Floats:
    bread: Floats = np.asarray(np.linalg.inv(fit.information), dtype=np.float64)
    if not robust:
        return bread
    meat = np.zeros_like(bread)
    for part in data.parts():
        scores, mass = _rows_at(part, fit.point)[1], part.w if weighting == "frequency" else part.w**2
        meat += scores.T @ (mass[:, None] * scores)
    if weighting == "sampling":  # with replacement, as survey designs have it
        meat *= len(data.place) / (len(data.place) - 1)
    return np.asarray(bread @ meat @ bread, dtype=np.float64)


def _require_finite(fit: _Fit, spread: Floats, cuts: int, names: tuple[str, ...]) -> None:
    """Refuse a fit whose coefficients only seem to stand still on their way to infinity."""
    model = np.sqrt(np.abs(np.diag(np.linalg.inv(fit.information))))[cuts:]
    for place, name in enumerate(names):
        if model[place] > _BEYOND or abs(fit.point[cuts + place]) > _BEYOND or not spread[cuts + place].any():
            raise NotComputable("separated", column=name)


def _in_units(
    point: Floats, spread: Floats, cuts: int, centre: Floats, scale: Floats
) -> tuple[Floats, Floats]:
    """From standardised drivers back to theirs: b / scale, thresholds + b · centre / scale."""
    back = np.eye(len(point))
    back[cuts:, cuts:] = np.diag(1 / scale)
    back[:cuts, cuts:] = centre / scale
    return back @ point, back @ spread @ back.T


def _differences(data: _Data, point: Floats, step: float = 1e-3) -> Floats:
    """The covariance from a numeric Hessian in polr's parameters: first threshold, logs of steps, drivers."""
    cuts = data.levels - 1
    inner = np.concatenate([point[:1], np.log(np.diff(point[:cuts])), point[cuts:]])

    def moves(at: Floats) -> Floats:
        """How thresholds and coefficients move with polr's parameters."""
        jacobian = np.eye(len(at))
        jacobian[:cuts, :cuts] = np.tril(np.concatenate([[1.0], np.exp(at[1:cuts])])[None, :].repeat(cuts, 0))
        return jacobian

    def slope(at: Floats) -> Floats:
        cut = np.cumsum(np.concatenate([at[:1], np.exp(at[1:cuts])]))
        return _at(data, np.concatenate([cut, at[cuts:]])).slope @ moves(at)

    shifts = np.eye(len(inner)) * step
    hessian = np.array([(slope(inner - shift) - slope(inner + shift)) / (2 * step) for shift in shifts])
    back = moves(inner)
    return np.asarray(back @ np.linalg.inv((hessian + hessian.T) / 2) @ back.T, dtype=np.float64)


def _told(
    point: Floats, spread: Floats, fit: _Fit, data: _Data, names: tuple[str, ...], levels: Floats,
    how: tuple[int, Errors, Weighting, float],
) -> OrdinalLogit:  # fmt: skip
    rows, errors, weighting, confidence = how
    cuts, z = data.levels - 1, z_for(confidence)
    steps = [f"{low:g}|{high:g}" for low, high in pairwise(levels)]
    sizes = np.sqrt(np.diag(spread)).tolist()
    terms = [_term(*each, z) for each in zip([*steps, *names], point.tolist(), sizes, strict=True)]
    share = np.bincount(data.place, data.w) / data.w.sum()
    null = float(data.w.sum() * (share @ np.log(share)))
    chi2 = 2 * (fit.loglik - null) if weighting == "frequency" else None
    return OrdinalLogit(
        tuple(terms[cuts:]), tuple(terms[:cuts]), fit.loglik, null, 1 - fit.loglik / null,
        chi2, len(names), None if chi2 is None else p_of_chi2(max(chi2, 0.0), len(names)),
        len(data.place), rows, float(data.w.sum()),
        f"proportional_odds_{weighting}_{errors}",
        _warnings(data, weighting),
    )  # fmt: skip


def _warnings(data: _Data, weighting: Weighting) -> tuple[str, ...]:
    """By what counts as an answer: the rows, or what their frequencies sum to."""
    chosen = np.bincount(data.place, data.w if weighting == "frequency" else None)
    told = {"small_n": chosen.sum() < FEW, "rare_answer": chosen.min() < RARE}
    return tuple(name for name, is_so in told.items() if is_so)


def _term(name: str, value: float, error: float, z: float) -> Term:
    statistic = value / error
    return Term(name, value, error, statistic, p_of_z(statistic), value - z * error, value + z * error)
