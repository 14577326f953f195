"""How a sample was drawn: weights, and for every stage its strata, clusters and population counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from manyi.measures.categories import Categories, Codes, categories_of
from manyi.measures.columns import Floats, column_of, weights_of
from manyi.measures.errors import NotComputable

#: What a stratum with a single sampling unit does: refuse; count as certain (no variance); be centred at the
#: whole instead of at itself; get the average variance of the other strata.
Lonely = Literal["fail", "certainty", "adjust", "average"]
#: Takes weighted influences (n × p), gives what calibration leaves of them.
Projection = Callable[[Floats], Floats]
#: From this relative difference on, given weights are called out against the population counts.
_WEIGHT_GAP = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage: the cluster of every row (n), and by cluster its stratum; the rest is by stratum.

    Strata lie within the clusters of the stage before (``parent``). ``sampled`` of ``population`` clusters
    were drawn (infinite: with replacement or unknown); ``carried`` is the product of the sampling fractions
    of the stages before.
    """

    cluster: Codes
    stratum: Codes
    sampled: Floats
    population: Floats
    carried: Floats
    parent: Codes
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SurveyDesign:
    """A sample of n rows: ``weights`` (n), its ``stages``, and what later calibration does to residuals."""

    weights: Floats
    stages: tuple[Stage, ...]
    lonely: Lonely = "fail"
    projections: tuple[Projection, ...] = ()
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def counted(self) -> bool:
        """Whether the population counts of the first stage are known."""
        return bool(np.isfinite(self.stages[0].population).all())

    def reweighted(self, weights: Floats, projection: Projection | None = None) -> SurveyDesign:
        """The design with other weights, and one more step from influences to residuals."""
        added = () if projection is None else (projection,)
        return replace(self, weights=weights, projections=self.projections + added)

    def degrees(self, rows: Codes | slice = slice(None)) -> int:
        """Degrees of freedom of these rows: first-stage clusters less strata, of those with a weight."""
        first = self.stages[0]
        held = first.cluster[rows][self.weights[rows] > 0]
        clusters = np.bincount(held, minlength=len(first.stratum)) > 0
        strata = np.bincount(first.stratum[clusters], minlength=len(first.sampled)) > 0
        return int(clusters.sum() - strata.sum())


def simple_design(rows: int, weights: npt.ArrayLike | None = None) -> SurveyDesign:
    """Every row drawn alone from an unlimited population, with weights or without."""
    return survey_design(rows, weights=np.ones(rows) if weights is None else weights)


def survey_design(
    rows: int,
    *,
    weights: npt.ArrayLike | None = None,
    strata: Sequence[npt.ArrayLike | None] = (),
    clusters: Sequence[npt.ArrayLike] = (),
    populations: Sequence[npt.ArrayLike | None] = (),
    lonely: Lonely = "fail",
) -> SurveyDesign:
    """The design of ``rows`` rows; each sequence has one column (n) per stage, the first stage first.

    Without ``clusters`` every row is a unit of its own. ``populations``: for every row how many clusters
    (at the last stage: units) its stratum has. Without ``weights`` they are the product over the stages of
    population over sampled; given weights are used as they are, with the warning
    ``weights_differ_from_populations`` where they contradict. Cluster names count within the cluster of the
    stage before. Raises NotComputable ``design`` and ``bad_weight``.
    """
    if lonely not in get_args(Lonely):
        raise NotComputable("design", what="lonely", detail=lonely)
    depth = max(len(clusters), 1)
    if len(strata) > depth or len(populations) > depth:
        raise NotComputable(
            "design", what="stages", detail=f"{len(strata)} / {len(clusters)} / {len(populations)}"
        )
    stages: list[Stage] = []
    for level in range(depth):
        before = stages[-1] if stages else None
        alone = Categories(np.arange(rows), ())
        cluster = _coded(clusters[level], rows, "cluster") if clusters else alone
        stratum = _coded(_at(strata, level), rows, "stratum")
        stages.append(_stage(before, cluster, stratum, _at(populations, level), rows))
    implied = _implied_weights(stages, rows)
    if weights is None:
        if implied is None:
            raise NotComputable("design", what="weights", detail="no weights and no population counts")
        return SurveyDesign(implied, tuple(stages), lonely)
    given = weights_of(weights, rows)
    differ = implied is not None and bool(np.any(np.abs(given - implied) > _WEIGHT_GAP * implied))
    return SurveyDesign(given, tuple(stages), lonely, (), ("weights_differ_from_populations",) * differ)


def _at(columns: Sequence[npt.ArrayLike | None], level: int) -> npt.ArrayLike | None:
    return columns[level] if level < len(columns) else None


def _coded(values: npt.ArrayLike | None, rows: int, what: str) -> Categories:
    if values is None:
        return Categories(np.zeros(rows, dtype=np.int64), ("all",))
    found = categories_of(values, what, most=None)
    if len(found.codes) != rows:
        raise NotComputable("design", what=what, detail=f"{len(found.codes)} ≠ {rows}")
    if rows and found.codes.min() < 0:
        raise NotComputable("design_gap", column=what, row=int(np.argmin(found.codes)))
    return found


def _stage(
    before: Stage | None,
    clusters: Categories,
    named_strata: Categories,
    population: npt.ArrayLike | None,
    rows: int,
) -> Stage:
    above = np.zeros(rows, dtype=np.int64) if before is None else before.cluster
    stratum = _nested(above, named_strata.codes)
    cluster = _nested(stratum, clusters.codes)
    count = int(cluster.max()) + 1 if rows else 0
    stratum_of = np.zeros(count, dtype=np.int64)
    stratum_of[cluster] = stratum
    strata = int(stratum.max()) + 1 if rows else 0
    parent = np.zeros(strata, dtype=np.int64)
    parent[stratum] = above
    named = np.zeros(strata, dtype=np.int64)
    named[stratum] = named_strata.codes
    sampled = np.bincount(stratum_of, minlength=strata).astype(np.float64)
    whole = _population(population, stratum, sampled, rows)
    if before is None:
        carried = np.ones(strata)
    else:
        carried = (before.carried * before.sampled / before.population)[before.stratum[parent]]
    names = tuple(str(named_strata.labels[code]) for code in named)
    return Stage(cluster, stratum_of, sampled, whole, carried, parent, names)


def _nested(outer: Codes, inner: Codes) -> Codes:
    """Codes of the pairs, from 0 on without gaps; the same inner name in two outer ones is two things."""
    if not len(inner):
        return inner
    return categories_of(outer * (int(inner.max()) + 1) + inner, most=None).codes


def _population(values: npt.ArrayLike | None, stratum: Codes, sampled: Floats, rows: int) -> Floats:
    whole = np.full(len(sampled), np.inf)
    if values is None:
        return whole
    raw = np.asarray(values, dtype=object)
    counts = np.full(rows, np.inf)
    if len(raw) != rows:
        raise NotComputable("design", what="population", detail=f"{len(raw)} ≠ {rows}")
    known = np.array([value is not None and value != np.inf for value in raw.tolist()], dtype=bool)
    counts[known] = column_of(raw[known], "population")
    if np.isnan(counts).any():
        raise NotComputable("design_gap", column="population", row=int(np.argmax(np.isnan(counts))))
    whole[stratum] = counts
    if np.any(whole[stratum] != counts):
        row = int(np.argmax(whole[stratum] != counts))
        raise NotComputable("design_counts", row=row, value=float(counts[row]))
    if np.any(whole < sampled * (1 - 1e-9)):
        place = int(np.argmax(whole < sampled * (1 - 1e-9)))
        raise NotComputable("design", what="population", detail=f"{whole[place]:g} < {sampled[place]:g}")
    return whole


def _implied_weights(stages: Sequence[Stage], rows: int) -> Floats | None:
    """Population over sampled, multiplied over the stages; None where a count is unknown."""
    weights = np.ones(rows)
    for stage in stages:
        if not np.isfinite(stage.population).all():
            return None
        weights *= (stage.population / stage.sampled)[stage.stratum][stage.cluster]
    return weights
