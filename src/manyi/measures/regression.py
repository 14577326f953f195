"""Least squares: a result explained by several drivers, with classical or robust standard errors.

Sources: White 1980, Econometrica 48 (HC0); MacKinnon and White 1985, J. Econometrics 29 (HC1 to HC3);
Belsley, Kuh and Welsch 1980 (variance inflation).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

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
    weighted_products,
    weights_of,
)
from manyi.measures.distributions import p_of_f, p_of_t, t_for
from manyi.measures.errors import NotComputable

Errors = Literal["classical", "HC0", "HC1", "HC2", "HC3"]
INTERCEPT = "(intercept)"
#: Above it the warning ``high_vif``: a driver's own part can hardly be told from that of the others.
HIGH_VIF = 10.0


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One term: ``estimate`` in units of the result per unit of the driver, with t test and interval.

    ``beta`` is the standardised coefficient and ``vif`` the variance inflation; None for the intercept.
    """

    name: str
    estimate: float
    error: float
    t: float
    p: float
    low: float
    high: float
    beta: float | None
    vif: float | None


@dataclass(frozen=True, slots=True)
class Regression:
    """A linear model over ``n`` complete rows of ``rows``; F tests all drivers together (classical).

    ``sigma`` is the residual standard error on ``df`` degrees of freedom, ``method`` names the errors.
    """

    coefficients: tuple[Coefficient, ...]
    n: int
    rows: int
    df: int
    r2: float
    adjusted_r2: float
    sigma: float
    f: float
    f_p: float
    method: str
    warnings: tuple[str, ...]

    def of(self, name: str) -> Coefficient:
        """The term with this name; raises KeyError."""
        for term in self.coefficients:
            if term.name == name:
                return term
        raise KeyError(name)


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """What least squares needs of its rows: ``means`` (k + 1) and ``products`` (k + 1 × k + 1), result last.

    Products are Σw (x - mean)(x - mean)ᵀ over ``n`` complete rows of ``rows`` with weights that sum to ``w``;
    such sums of several parts can be merged, so an engine may bring them from elsewhere.
    """

    n: int
    rows: int
    w: float
    means: Floats
    products: Floats


def ols(
    result: npt.ArrayLike,
    drivers: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    weights: npt.ArrayLike | None = None,
    errors: Errors = "classical",
    confidence: float = 0.95,
) -> Regression:
    """The regression of ``result`` (n) on ``drivers`` (n × k) over complete rows, intercept included.

    Weights are those of weighted least squares; with sampling weights take robust errors (HC1 and so on),
    classical ones would not hold. Raises NotComputable ``constant``, ``collinear``, ``too_few``,
    ``all_missing``, ``bad_weight``, ``not_a_number``; of HC2 and HC3 also ``leverage`` when one row alone
    decides its own fit.
    """
    both, w, named, rows = _complete(result, drivers, names, weights)
    found = _products(both, w, rows)
    robust = None if errors == "classical" else _robust(both, w, found, errors, named)
    return from_products(found, named, covariance=robust, errors=errors, confidence=confidence)


def products_of(
    result: npt.ArrayLike,
    drivers: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str] = (),
    *,
    weights: npt.ArrayLike | None = None,
) -> Products:
    """The sums of a result (n) and its drivers (n × k), for ``from_products`` and for key drivers.

    Raises NotComputable ``constant``, ``too_few``, ``all_missing``, ``bad_weight``, ``not_a_number``.
    """
    both, w, _, rows = _complete(result, drivers, names, weights)
    return _products(both, w, rows)


def _complete(
    result: npt.ArrayLike,
    drivers: Sequence[npt.ArrayLike] | Floats,
    names: Sequence[str],
    weights: npt.ArrayLike | None,
) -> tuple[Floats, Floats, tuple[str, ...], int]:
    """Complete rows of drivers and result (last column), their weights, the names, and how many rows."""
    x = matrix_of(drivers, names)
    named = names_for(names, x.shape[1])
    y, w = column_of(result, "result"), weights_of(weights, len(x))
    if len(y) != len(x):
        raise ValueError("result and drivers of different length")
    both = np.column_stack([x, y])
    kept = complete_rows(both, w)
    if not kept.all():
        both, w = both[kept], w[kept]
    require_rows(len(both), len(named) + 2, ", ".join(named))
    require_spread(both, (*named, "result"))
    return both, w, named, len(x)


def from_products(
    sums: Products,
    names: Sequence[str],
    *,
    covariance: Floats | None = None,
    errors: Errors = "classical",
    confidence: float = 0.95,
) -> Regression:
    """The regression from merged sums; ``covariance`` of the coefficients (intercept first) if not classical.

    Raises NotComputable ``too_few``, ``constant`` and ``collinear``.
    """
    k = len(names)
    require_rows(sums.n, k + 2, ", ".join(names))
    inner = correlation_of(sums.products, (*names, "result"))[:k, :k]
    require_independent(inner, names)
    slopes = np.linalg.solve(sums.products[:k, :k], sums.products[:k, k])
    total, df = float(sums.products[k, k]), sums.n - k - 1
    left = max(total - float(slopes @ sums.products[:k, k]), 0.0)
    if left < 1e-13 * total:
        left = 0.0
    if covariance is None:
        covariance = left / df * _inverse_information(sums, k)
    estimates = np.concatenate([[sums.means[k] - slopes @ sums.means[:k]], slopes])
    spread = np.sqrt(np.diag(sums.products))
    betas = (None, *(slopes * spread[:k] / spread[k]).tolist())
    vifs = (None, *np.diag(np.linalg.inv(inner)).tolist())
    terms = tuple(
        _coefficient(name, float(b), math.sqrt(max(float(v), 0.0)), df, beta, vif, confidence)
        for name, b, v, beta, vif in zip(
            (INTERCEPT, *names), estimates, np.diag(covariance), betas, vifs, strict=True
        )
    )
    return _whole(sums, terms, left, df, f"ols_{errors}")


def _whole(sums: Products, terms: tuple[Coefficient, ...], left: float, df: int, method: str) -> Regression:
    k, total = len(terms) - 1, float(sums.products[-1, -1])
    f = (total - left) / k / (left / df) if left else math.inf
    r2 = 1 - left / total
    warnings = ["exact_fit"] if not left else []
    if any(term.vif is not None and term.vif > HIGH_VIF for term in terms):
        warnings.append("high_vif")
    if sums.n < 10 * k:
        warnings.append("few_rows_per_driver")
    return Regression(
        terms,
        sums.n,
        sums.rows,
        df,
        r2,
        1 - (1 - r2) * (sums.n - 1) / df,
        math.sqrt(left / df),
        f,
        p_of_f(f, k, df) if left else 0.0,
        method,
        tuple(warnings),
    )


def _coefficient(
    name: str, value: float, error: float, df: int, beta: float | None, vif: float | None, confidence: float
) -> Coefficient:
    t = value / error if error else math.copysign(math.inf, value) if value else 0.0
    half = t_for(confidence, df) * error
    return Coefficient(name, value, error, t, p_of_t(t, df), value - half, value + half, beta, vif)


def _products(both: Floats, w: Floats, rows: int) -> Products:
    means, products = weighted_products(both, w)
    return Products(len(both), rows, float(w.sum()), means, products)


def _inverse_information(sums: Products, k: int) -> Floats:
    """(XᵀWX)⁻¹ with the intercept first, from centred products."""
    inner = np.linalg.inv(sums.products[:k, :k])
    means = sums.means[:k]
    whole = np.empty((k + 1, k + 1))
    whole[0, 0] = 1 / sums.w + means @ inner @ means
    whole[0, 1:] = whole[1:, 0] = -inner @ means
    whole[1:, 1:] = inner
    return whole


def _robust(both: Floats, w: Floats, sums: Products, errors: Errors, names: tuple[str, ...]) -> Floats:
    """The sandwich of the coefficients' covariance; residuals as White, corrected as HC1 to HC3 say.

    Made in centred drivers, where far values (a year, a time stamp) cost no digits, and brought back.
    """
    k = both.shape[1] - 1
    require_independent(correlation_of(sums.products, (*names, "result"))[:k, :k], names)
    away = both - sums.means
    away -= w @ away / sums.w
    inner = np.linalg.inv(sums.products[:k, :k])
    residuals = away[:, k] - away[:, :k] @ np.linalg.solve(sums.products[:k, :k], sums.products[:k, k])
    design, bread = np.column_stack([np.ones(len(away)), away[:, :k]]), np.zeros((k + 1, k + 1))
    bread[0, 0], bread[1:, 1:] = 1 / sums.w, inner
    squares = (w * residuals) ** 2
    if errors == "HC1":
        squares = squares * len(away) / (len(away) - k - 1)
    if errors in ("HC2", "HC3"):
        free = 1 - w * np.einsum("ij,jk,ik->i", design, bread, design)
        alone = np.flatnonzero(free < 1e-10)
        if len(alone):
            raise NotComputable("leverage", n=len(alone))
        squares = squares / free ** (1 if errors == "HC2" else 2)
    back = np.eye(k + 1)
    back[0, 1:] = -sums.means[:k]
    sandwich = bread @ (design.T @ (design * squares[:, None])) @ bread
    return np.asarray(back @ sandwich @ back.T, dtype=np.float64)
