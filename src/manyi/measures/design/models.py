"""Regression under a design: linear and logit, with linearised standard errors (Binder 1983, ISR 51)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Codes
from manyi.measures.columns import (
    Floats,
    column_of,
    correlation_of,
    matrix_of,
    names_for,
    require_independent,
)
from manyi.measures.design.estimates import Flags, used_rows
from manyi.measures.design.linearisation import covariance
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.distributions import p_of_t, t_for
from manyi.measures.errors import NotComputable

Family = Literal["linear", "logit"]
_STEPS = 50
_CLOSE = 1e-12
#: Fitted odds beyond e^±30 for all rows of one outcome: no finite estimate exists.
_FURTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient with its error, t and two-sided p, and interval (on the log odds under ``logit``)."""

    term: str
    estimate: float
    standard_error: float
    t: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DesignRegression:
    """Coefficients, the intercept (named ``1``) first, over ``used`` of ``n`` rows on ``df`` degrees."""

    coefficients: tuple[Coefficient, ...]
    n: int
    used: int
    df: float
    method: str
    warnings: tuple[str, ...] = ()


def regression(
    design: SurveyDesign,
    outcome: npt.ArrayLike,
    drivers: Sequence[npt.ArrayLike] | Floats,
    *,
    names: Sequence[str] = (),
    family: Family = "linear",
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> DesignRegression:
    """The weighted regression of an outcome (n; 0 and 1 under ``logit``) on k drivers and an intercept.

    Rows in which any of them is missing are left out (``used``). df = design degrees + 1 - coefficients.
    Raises NotComputable ``constant``, ``collinear``, ``separated``, ``too_few``, ``not_a_number``.
    """
    y, x = column_of(outcome, column), matrix_of(drivers, names)
    terms = names_for(names, x.shape[1])
    used = used_rows(design, np.isnan(y) | np.isnan(x).any(axis=1), where, column)
    if family == "logit":
        _require_binary(y, used.rows, column)
    y, x, weights = y[used.rows], x[used.rows], used.weights
    df = used.df + 1 - (x.shape[1] + 1)
    if df <= 0:
        raise NotComputable("too_few", column=column, n=len(y), least=x.shape[1] + 2)
    require_independent(correlation_of(np.atleast_2d(np.cov(x.T)), terms), terms)
    full = np.column_stack([np.ones(len(y)), x])
    if family == "linear":
        beta, bread = _solved(full, weights, y)
        residuals = y - full @ beta
    else:
        beta, bread, residuals = _logit(full, weights / weights.mean(), y, column)
        bread = bread / weights.mean()
    spread = covariance(design, (weights * residuals)[:, None] * (full @ bread), used.rows)
    errors = np.sqrt(np.diag(spread))
    rows = zip(("1", *terms), beta.tolist(), errors.tolist(), strict=True)
    found = tuple(_coefficient(term, value, error, df, confidence) for term, value, error in rows)
    return DesignRegression(found, used.n, len(y), df, f"design_{family}", used.warnings)


def _coefficient(term: str, value: float, error: float, df: float, confidence: float) -> Coefficient:
    t = value / error if error > 0 else float("inf") if value else 0.0
    half = t_for(confidence, df) * error
    return Coefficient(term, value, error, t, p_of_t(t, df), value - half, value + half)


def _solved(full: Floats, weights: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Weighted least squares by QR, which keeps the digits: coefficients and (X'WX)⁻¹."""
    root = np.sqrt(weights)
    q, r = np.linalg.qr(full * root[:, None])
    inverse = np.linalg.inv(r)
    return inverse @ (q.T @ (target * root)), inverse @ inverse.T


def _require_binary(y: Floats, rows: Codes | slice, column: str) -> None:
    wild = np.arange(len(y))[rows][~np.isin(y[rows], (0, 1))]
    if len(wild):
        value = f"{y[wild[0]]:g} ≠ 0, 1"
        raise NotComputable("out_of_range", column=column, row=int(wild[0]), value=value)


def _logit(full: Floats, weights: Floats, y: Floats, column: str) -> tuple[Floats, Floats, Floats]:
    """Iteratively reweighted least squares: coefficients, inverse information, residuals y - p."""
    if np.ptp(y) == 0:
        raise NotComputable("constant", column=column)
    share = (weights * y + weights * 0.5) / (2 * weights)
    odds = np.log(share / (1 - share))
    before = np.inf
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-odds))
        working = np.maximum(p * (1 - p), 1e-300)
        beta, bread = _solved(full, weights * working, odds + (y - p) / working)
        odds = np.clip(full @ beta, -700, 700)
        if np.abs(odds).min() > _FURTHEST:
            raise NotComputable("separated", column=column)
        deviance = 2 * float(weights @ np.logaddexp(0, np.where(y > 0, -odds, odds)))
        if abs(before - deviance) <= _CLOSE * (abs(deviance) + 0.1):
            _require_overlap(odds, y, column)
            p = 1 / (1 + np.exp(-odds))
            _, bread = _solved(full, weights * p * (1 - p), y)
            return beta, bread, y - p
        before = deviance
    raise NotComputable("separated", column=column)


def _require_overlap(odds: Floats, y: Floats, column: str) -> None:
    """A fit that is certain of every row of one outcome has no finite coefficients."""
    if min(float(np.abs(odds[y == outcome]).min()) for outcome in (0, 1)) > _FURTHEST / 2:
        raise NotComputable("separated", column=column)
