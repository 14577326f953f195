"""Tests under a design: the difference of two means or groups, and independence of two categories.

Rao and Scott 1984, Annals of Statistics 12 (second-order correction, as R's ``svychisq``); the t test is that
of the regression on a group indicator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Categories, categories_of
from manyi.measures.columns import Floats, column_of
from manyi.measures.design.estimates import Flags, Used, used_rows
from manyi.measures.design.linearisation import covariance
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.distributions import p_of_chi2, p_of_f, p_of_t, t_for
from manyi.measures.errors import NotComputable

#: Design effects that sum to less are rounding.
NO_EFFECT = 1e-12


@dataclass(frozen=True, slots=True)
class DesignTest:
    """The difference second - first with error, interval, t and two-sided p; ``n`` rows of each group."""

    difference: float
    standard_error: float
    low: float
    high: float
    t: float
    df: float
    p: float
    n: tuple[int, int]
    method: str
    warnings: tuple[str, ...] = ()


def difference(
    design: SurveyDesign,
    values: npt.ArrayLike,
    first: Flags,
    second: Flags,
    *,
    column: str = "",
    confidence: float = 0.95,
) -> DesignTest:
    """Whether the weighted means of two sets of rows differ; the sets share no row.

    Clusters that hold rows of both are taken as such, so the means may be correlated. Raises NotComputable
    ``too_few`` for a set below two rows, ``constant`` without any spread.
    """
    if np.any(first & second):
        raise ValueError("two groups that are compared share no row")
    x = column_of(values, column)
    missing = np.isnan(x)
    parts = [used_rows(design, missing, group, column) for group in (first, second)]
    for part in parts:
        if len(part.weights) < 2:
            raise NotComputable("too_few", column=column, n=len(part.weights), least=2)
    influence, means = np.zeros(len(design)), []
    for part, sign in zip(parts, (-1, 1), strict=True):
        mean = float(np.average(x[part.rows], weights=part.weights))
        influence[part.rows] = sign * part.weights * (x[part.rows] - mean) / part.weights.sum()
        means.append(mean)
    df = design.degrees(np.flatnonzero((first | second) & ~missing)) - 1
    error = math.sqrt(float(covariance(design, influence)[0, 0]))
    return _judged(means[1] - means[0], error, df, parts, column, confidence)


def _judged(
    gap: float, error: float, df: float, parts: list[Used], column: str, confidence: float
) -> DesignTest:
    if df <= 0:
        raise NotComputable("too_few", column=column, n=df + 1, least=2)
    if error == 0:
        raise NotComputable("constant", column=column)
    half, sizes = t_for(confidence, df) * error, (len(parts[0].weights), len(parts[1].weights))
    warnings = tuple(dict.fromkeys(parts[0].warnings + parts[1].warnings))
    return DesignTest(
        gap,
        error,
        gap - half,
        gap + half,
        gap / error,
        df,
        p_of_t(gap / error, df),
        sizes,
        "design_t",
        warnings,
    )


@dataclass(frozen=True, slots=True)
class Independence:
    """Rao and Scott's test of a two-way table: ``f`` on ``df1`` and ``df2``; first-order ``chi2`` on ``df``.

    ``pearson`` is Pearson's statistic of the weighted shares at ``n`` rows, ``cramers_v`` comes from it;
    ``mean_effect`` is the mean generalised design effect by which it is divided.
    """

    f: float
    df1: float
    df2: float
    p: float
    chi2: float
    df: int
    chi2_p: float
    pearson: float
    cramers_v: float
    mean_effect: float
    n: int
    warnings: tuple[str, ...] = ()


def independence(
    design: SurveyDesign,
    rows: npt.ArrayLike | Categories,
    columns: npt.ArrayLike | Categories,
    *,
    where: Flags | None = None,
    column: str = "",
) -> Independence:
    """Whether two categories are independent in the population, over rows in which both are given.

    Raises NotComputable ``constant`` when one of them has a single category, ``collinear`` when each decides
    the other: the cells that are then left empty have no error to compare with.
    """
    down, across = categories_of(rows, column), categories_of(columns, column)
    used = used_rows(design, (down.codes < 0) | (across.codes < 0), where, column)
    r, c = _dense(down.codes[used.rows]), _dense(across.codes[used.rows])
    shape = (int(r.max()) + 1, int(c.max()) + 1)
    if min(shape) < 2:
        raise NotComputable("constant", column=column)
    cells, size, whole = r * shape[1] + c, shape[0] * shape[1], float(used.weights.sum())
    shares = np.bincount(cells, used.weights, size) / whole
    members = np.zeros((len(cells), size))
    members[np.arange(len(cells)), cells] = 1
    influence = used.weights[:, None] * (members - shares) / whole
    delta = _generalised_effects(shares.reshape(shape), covariance(design, influence, used.rows), len(cells))
    if not float(np.trace(delta)) > NO_EFFECT:
        raise NotComputable("collinear", column=column)
    degrees = design.degrees(slice(None) if where is None else np.flatnonzero(where))
    return _independence(shares.reshape(shape), delta, len(cells), degrees, used.warnings)


def _independence(
    table: Floats, delta: Floats, n: int, degrees: int, warnings: tuple[str, ...]
) -> Independence:
    trace, freedom = float(np.trace(delta)), len(delta)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    df1 = trace**2 / float(np.trace(delta @ delta))
    f, chi2 = pearson / trace, pearson / (trace / freedom)
    small = ("expected_below_5",) if n * expected.min() < 5 else ()
    return Independence(
        f=f,
        df1=df1,
        df2=df1 * degrees,
        p=p_of_f(f, df1, df1 * degrees),
        chi2=chi2,
        df=freedom,
        chi2_p=p_of_chi2(chi2, freedom),
        pearson=pearson,
        cramers_v=math.sqrt(pearson / (n * (min(table.shape) - 1))),
        mean_effect=trace / freedom,
        n=n,
        warnings=warnings + small,
    )


def _dense(codes: np.ndarray) -> np.ndarray:
    return categories_of(codes, most=None).codes


def _generalised_effects(table: Floats, spread: Floats, n: int) -> Floats:
    """The matrix of generalised design effects of the interaction contrasts of a table of shares."""
    rows, columns = table.shape
    inner = [
        np.kron(_contrast(i, rows), _contrast(j, columns))
        for i in range(rows - 1)
        for j in range(columns - 1)
    ]
    contrasts = np.stack(inner, axis=1)
    inverse = np.diag(np.divide(1, table.ravel(), out=np.zeros(table.size), where=table.ravel() > 0))
    plain = contrasts.T @ (inverse / n) @ contrasts
    found = contrasts.T @ inverse @ spread @ inverse @ contrasts
    return np.asarray(np.linalg.solve(plain, found))


def _contrast(place: int, count: int) -> Floats:
    """The contrast of one category with the last; differences sum to nought, as interactions must."""
    row = np.zeros(count)
    row[place], row[-1] = 1, -1
    return row
