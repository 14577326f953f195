"""What an analysis sees of its data: variables as arrays, and sums that merge.

An analysis asks for one of three things: the joint histogram of some variables, the cross-products of some
numbers, or the values themselves. Whoever holds the data answers the first two by a statement where it can,
so that the same analysis runs on a file of a hundred rows and on a cluster.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from manyi.kernel.labels import Label
from manyi.measures.columns import weighted_products
from manyi.organisation.errors import Refused

if TYPE_CHECKING:
    from manyi.analytics.data.narrowing import Where

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
#: More different values than this are no groups.
MOST_LEVELS = 2_000


class BadData(Refused):
    """The data do not fit what the analysis wants of them; ``field`` names the variable."""


@dataclass(frozen=True, slots=True)
class Level:
    """One value of a variable: as it stands in the data, and as people call it."""

    code: str
    title: Label


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable by name, with what people call it."""

    name: str
    title: Label


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A variable as groups: for every row the place of its level, -1 where it is missing."""

    places: Places
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Joint sums over some variables: ``n``, ``w`` and ``w2`` have one axis for each, in order.

    ``n`` counts rows, ``w`` sums their weights and ``w2`` the squares of these; without weights all three are
    the same. Rows in which one of the variables is missing are not in it; ``rows`` counts them too.
    """

    levels: tuple[tuple[Level, ...], ...]
    n: Places
    w: Floats
    w2: Floats
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Bases:
    """How many rows stand behind each level: ``counts`` (1 + items × levels), all rows in the first line."""

    levels: tuple[Level, ...]
    counts: Places


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Weighted sums of k numbers over the rows in which all are given.

    ``n`` rows, ``w`` Σw, ``w2`` Σw², ``means`` (k), ``products`` (k × k) Σw (x - mean)(x - mean)ᵀ, ``rows``
    with those that lack a value.
    """

    n: int
    w: float
    w2: float
    means: Floats
    products: Floats
    rows: int

    @property
    def covariance(self) -> Floats:
        """Products over Σw - 1, which without weights is n - 1."""
        return self.products / (self.w - 1)


class Table(ABC):
    """Rows to analyse, already narrowed to those that the specification wants."""

    #: Whether rows count by a weight.
    weighted: bool
    #: The least group of people that may be shown; nought where the rows are nobody's secret.
    minimum: int = 0

    @cached_property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.weights())

    @property
    @abstractmethod
    def variables(self) -> tuple[Variable, ...]:
        """Every variable in the order of the source."""

    @abstractmethod
    def numbers(self, name: str) -> Floats:
        """The values of a variable, NaN where missing. Raises BadData for text and unknown names."""

    @abstractmethod
    def groups(self, name: str) -> Groups:
        """A variable as groups. Raises BadData for unknown names and beyond MOST_LEVELS values."""

    @abstractmethod
    def texts(self, name: str) -> list[str]:
        """The values as they are written, empty where missing. Raises BadData for unknown names."""

    @abstractmethod
    def weights(self) -> Floats:
        """The weight of every row; ones without weights."""

    @property
    @abstractmethod
    def warnings(self) -> tuple[Label, ...]:
        """What was noticed while reading the variables that were asked for."""

    @abstractmethod
    def answered(self, name: str) -> int:
        """How many rows have a value of a variable, one that means no answer not counted."""

    @abstractmethod
    def different(self, names: Sequence[str]) -> list[int]:
        """How many different values each variable has: 0, 1, or 2 for more; no answer is no value."""

    @abstractmethod
    def bases(self, name: str, items: Sequence[str]) -> Bases:
        """The rows of every group of a variable, and how many of them have a value of each item."""

    @abstractmethod
    def without(self, name: str, codes: Collection[str], why: Label) -> Table:
        """The table in which a variable is missing for these levels; ``why`` goes to its warnings."""

    @abstractmethod
    def where(self, conditions: Sequence[Where]) -> Table:
        """The rows in which every condition holds. Raises BadData for unknown names."""

    def data_row(self, row: int) -> int:
        """Which row of the source, without its head, a row is; both from 0."""
        return row

    def title(self, name: str) -> Label:
        """What people call a variable. Raises BadData for an unknown name."""
        for variable in self.variables:
            if variable.name == name:
                return variable.title
        raise unknown(name, self.variables)

    def matrix(self, names: Sequence[str]) -> Floats:
        """Several variables as the columns of one array (rows × k), NaN where missing.

        A variable lies in one piece: measures go through it column by column.
        """
        return np.array([self.numbers(name) for name in names], dtype=np.float64).T

    def histograms(self, sets: Sequence[Sequence[str]]) -> list[Histogram]:
        """The joint histogram of each set of variables."""
        weights = self.weights() if self.weighted else None
        return [histogram([self.groups(name) for name in names], weights, self.rows) for names in sets]

    def moments(self, names: Sequence[str]) -> Moments:
        """The weighted sums and cross-products of numbers over complete rows."""
        return moments(self.matrix(names), self.weights())


def histogram(groups: Sequence[Groups], weights: Floats | None, rows: int) -> Histogram:
    """The joint histogram of arrays of places."""
    shape = tuple(len(each.levels) for each in groups)
    index, given = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=bool)
    for each, size in zip(groups, shape, strict=True):
        index = index * size + each.places
        given &= each.places >= 0
    index, size = index[given], int(np.prod(shape))
    n = np.bincount(index, minlength=size).reshape(shape)
    levels = tuple(each.levels for each in groups)
    if weights is None:
        return Histogram(levels, n, n.astype(np.float64), n.astype(np.float64), rows)
    kept = weights[given].astype(np.float64)
    w, w2 = (np.bincount(index, each, minlength=size).astype(np.float64) for each in (kept, kept**2))
    return Histogram(levels, n, w.reshape(shape), w2.reshape(shape), rows)


def moments(values: Floats, weights: Floats) -> Moments:
    """The sums of the complete rows of (rows × k) values; a row without weight counts for nothing."""
    complete = ~np.isnan(values).any(axis=1) & (weights > 0)
    kept, w = values[complete], weights[complete]
    total = float(w.sum())
    if not total > 0:
        size = values.shape[1]
        return Moments(len(kept), total, 0.0, np.full(size, np.nan), np.zeros((size, size)), len(values))
    means, products = weighted_products(kept, w)
    return Moments(len(kept), total, float(w @ w), means, products, len(values))


def unknown(name: str, variables: Sequence[Variable]) -> BadData:
    """The refusal of a name that the data do not have, with those that they have."""
    known = ", ".join(variable.name for variable in variables[:40])
    zh, en = (
        f"数据中没有“{name}”这一列;现有:{known}。",
        f"There is no column “{name}” in the data; known: {known}.",
    )
    return BadData(Label(zh, en), field=name)


def plain(value: Any) -> str:
    """A value as people write it: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
