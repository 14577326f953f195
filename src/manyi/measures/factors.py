"""Which items go together: suitability (KMO, Bartlett), eigenvalues, common factors by minres and ML.

Sources: Kaiser 1970, Dziuban and Shirkey 1974 (KMO, MSA); Bartlett 1951; Harman and Jones 1966 (minres);
Jöreskog 1967, Psychometrika 32 (ML and its chi-squared); Bartlett's correction of it as in R's factanal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from manyi.measures.columns import Floats, correlation_of, names_for, require_independent, require_rows
from manyi.measures.distributions import p_of_chi2
from manyi.measures.errors import NotComputable
from manyi.measures.rotation import R_STOP, Rotation, rotate

Method = Literal["minres", "ml"]
#: A uniqueness at this bound is a Heywood case: the item would be explained wholly.
LEAST_UNIQUENESS = 0.005


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether a correlation matrix over ``n`` rows has common factors at all.

    ``kmo`` (0 to 1; below 0.5 leave it) and ``msa`` by item, Bartlett's test that nothing correlates,
    ``eigenvalues`` in falling order and how many are above 1 (Kaiser).
    """

    kmo: float
    msa: tuple[tuple[str, float], ...]
    chi2: float
    df: int
    p: float
    eigenvalues: tuple[float, ...]
    above_one: int
    n: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """Common factors: ``loadings`` (items × factors, the strongest factor first), ``communalities`` by item.

    ``correlations`` of factors (identity unless oblique); ``explained`` are sums of squared loadings, with
    oblique factors the diagonal of Λ'Λ Φ. ``residual`` is the root mean square of what correlations the
    factors leave. ``chi2`` with ``df`` and ``p`` tests that the factors suffice (ML with n only). Warnings:
    ``heywood``, ``rotation_not_converged``.
    """

    names: tuple[str, ...]
    loadings: Floats
    communalities: tuple[float, ...]
    correlations: Floats
    explained: tuple[float, ...]
    residual: float
    chi2: float | None
    df: int
    p: float | None
    method: str
    rotation: str
    warnings: tuple[str, ...]


def suitability(correlations: Floats, *, n: int, names: Sequence[str] = ()) -> Suitability:
    """KMO, Bartlett and eigenvalues of a correlation (or covariance) matrix (k × k) over ``n`` rows.

    Raises NotComputable ``collinear``, ``constant``, ``too_few``.
    """
    named, matrix = _checked(correlations, names)
    k = len(named)
    require_rows(n, k + 1, ", ".join(named))
    inverse = np.linalg.inv(matrix)
    scale = np.sqrt(np.diag(inverse))
    partial = (inverse / np.outer(scale, scale)) ** 2
    plain = matrix**2
    np.fill_diagonal(partial, 0)
    np.fill_diagonal(plain, 0)
    msa = plain.sum(axis=0) / (plain.sum(axis=0) + partial.sum(axis=0))
    kmo = float(plain.sum() / (plain.sum() + partial.sum()))
    chi2 = -(n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(matrix)[1])
    df = k * (k - 1) // 2
    values = np.linalg.eigvalsh(matrix)[::-1]
    warnings = ("low_kmo",) if kmo < 0.5 else ()
    return Suitability(
        kmo, tuple(zip(named, msa.tolist(), strict=True)), chi2, df, p_of_chi2(chi2, df),
        tuple(values.tolist()), int((values > 1).sum()), n, warnings,
    )  # fmt: skip


def extract(
    correlations: Floats,
    count: int,
    *,
    names: Sequence[str] = (),
    method: Method = "minres",
    rotation: Rotation = "none",
    n: int | None = None,
    stop: float = R_STOP,
) -> Factors:
    """``count`` factors of a correlation (or covariance) matrix (k × k); ``n`` rows for the test of ML.

    ``stop`` is where varimax ends (see ``rotate``).

    Raises NotComputable ``too_many`` when so many factors cannot be told from k items, ``collinear``,
    ``constant``, ``not_converged``.
    """
    named, matrix = _checked(correlations, names)
    k = len(named)
    df = ((k - count) ** 2 - k - count) // 2
    if count < 1 or df < 0:
        raise NotComputable("too_many", column="factors", n=count, most=_most(k))
    start = np.clip(0.5 / np.diag(np.linalg.inv(matrix)), LEAST_UNIQUENESS, 1)
    target = _ml_target if method == "ml" else _minres_target
    unique = _least(target(matrix, count), start)
    plain = _ordered((_ml_loadings if method == "ml" else _minres_loadings)(matrix, unique, count))
    turned = rotate(plain, rotation, stop=stop)
    warnings: tuple[str, ...] = ("heywood",) if (unique <= LEAST_UNIQUENESS * 1.0001).any() else ()
    if not turned.converged:
        warnings += ("rotation_not_converged",)
    chi2 = _chi2(matrix, unique, count, n) if method == "ml" and n and df else None
    left = (matrix - plain @ plain.T)[np.triu_indices(k, 1)]
    return Factors(
        named, turned.loadings, tuple((plain**2).sum(axis=1).tolist()), turned.correlations,
        tuple(np.diag(turned.correlations @ turned.loadings.T @ turned.loadings).tolist()),
        math.sqrt(float(left @ left) / len(left)), chi2, df,
        None if chi2 is None else p_of_chi2(chi2, df), method, rotation, warnings,
    )  # fmt: skip


def _checked(matrix: Floats, names: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    named = names_for(names, len(matrix))
    require_rows(len(named), 3, "items")
    checked = correlation_of(np.asarray(matrix, dtype=np.float64), named)
    require_independent(checked, named)
    return named, checked


def _most(items: int) -> int:
    """The most factors that leave the model testable."""
    return max(m for m in range(items) if (items - m) ** 2 >= items + m)


def _least(target: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """The uniquenesses at the lowest minimum that is found.

    A Heywood case often is one of several minima, by which item it explains wholly: each item is tried.
    """
    found = _minimum(target, start)
    if not (found <= LEAST_UNIQUENESS * 1.0001).any():
        return found
    for place in range(len(start)):
        other = start.copy()
        other[place] = LEAST_UNIQUENESS
        try:
            tried = _minimum(target, other)
        except NotComputable:
            continue
        if target(tried)[0] < target(found)[0] - 1e-12:
            found = tried
    return found


def _minimum(target: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """The uniquenesses at which a target is least."""
    from scipy import optimize

    found = optimize.minimize(
        target, start, jac=True, method="L-BFGS-B", bounds=[(LEAST_UNIQUENESS, 1.0)] * len(start),
        options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    slope = target(found.x)[1]
    inside = (found.x > LEAST_UNIQUENESS * 1.0001) & (found.x < 0.9999)
    if not np.isfinite(found.x).all() or np.abs(slope[inside]).max(initial=0.0) > 1e-4:
        raise NotComputable("not_converged", what=f"{found.nit} rounds")
    return np.asarray(found.x, dtype=np.float64)


def _minres_target(matrix: Floats, count: int) -> Callable[[Floats], tuple[float, Floats]]:
    """Half the squared residuals as a function of uniquenesses: the eigenvalues that are left out."""

    def target(unique: Floats) -> tuple[float, Floats]:
        values, vectors = np.linalg.eigh(matrix - np.diag(unique))
        left, away = values[: len(values) - count], vectors[:, : len(values) - count]
        kept = np.minimum(values[len(values) - count :], 0)
        more = vectors[:, len(values) - count :] ** 2 @ kept
        return float(left @ left + kept @ kept) / 2, -(away**2 @ left) - more

    return target


def _minres_loadings(matrix: Floats, unique: Floats, count: int) -> Floats:
    values, vectors = np.linalg.eigh(matrix - np.diag(unique))
    return np.asarray(vectors[:, -count:] * np.sqrt(np.maximum(values[-count:], 0)), dtype=np.float64)


def _ml_target(matrix: Floats, count: int) -> Callable[[Floats], tuple[float, Floats]]:
    """The discrepancy of maximum likelihood as a function of uniquenesses (Lawley and Maxwell)."""

    def target(unique: Floats) -> tuple[float, Floats]:
        left = np.linalg.eigvalsh(_scaled(matrix, unique))[: len(matrix) - count]
        value = float((left - np.log(np.maximum(left, 1e-12))).sum()) - len(left)
        loadings = _ml_loadings(matrix, unique, count)
        gap = np.diag(loadings @ loadings.T + np.diag(unique) - matrix)
        return value, gap / unique**2

    return target


def _ml_loadings(matrix: Floats, unique: Floats, count: int) -> Floats:
    values, vectors = np.linalg.eigh(_scaled(matrix, unique))
    kept = vectors[:, -count:] * np.sqrt(np.maximum(values[-count:] - 1, 0))
    return np.asarray(np.sqrt(unique)[:, None] * kept, dtype=np.float64)


def _scaled(matrix: Floats, unique: Floats) -> Floats:
    root = np.sqrt(unique)
    return np.asarray(matrix / np.outer(root, root), dtype=np.float64)


def _chi2(matrix: Floats, unique: Floats, count: int, n: int) -> float:
    k = len(matrix)
    return (n - 1 - (2 * k + 5) / 6 - 2 * count / 3) * _ml_target(matrix, count)(unique)[0]


def _ordered(loadings: Floats) -> Floats:
    """The strongest factor first, each so that its loadings sum to more than nought."""
    turned = loadings[:, np.argsort(-(loadings**2).sum(axis=0), kind="stable")]
    return np.asarray(turned * np.where(turned.sum(axis=0) < 0, -1.0, 1.0), dtype=np.float64)
