"""Bootstrap of a path model: how far its figures would move with other respondents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats
from manyi.measures.errors import NotComputable
from manyi.measures.pls.algorithm import Scheme, Solution, plan_of, solve
from manyi.measures.pls.estimation import Scale, ends_of, index_of, moments, prepared
from manyi.measures.pls.models import PathModel

#: More failed samples than this part of all, and nothing is told.
MOST_FAILED = 0.1


@dataclass(frozen=True, slots=True)
class Resampled:
    """One figure: ``original``, mean and standard ``error`` over samples, percentile interval.

    ``kind`` is path, total, weight, loading, r2 or index; ``cause`` and ``name`` say of what.
    """

    kind: str
    cause: str
    name: str
    original: float
    mean: float
    error: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        """Whether nought lies outside the interval."""
        return not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """All figures over ``used`` of ``samples`` samples; some samples may not converge."""

    figures: tuple[Resampled, ...]
    samples: int
    used: int
    seed: int
    n: int

    def of(self, kind: str, name: str, cause: str = "") -> Resampled:
        """One figure; raises KeyError."""
        for figure in self.figures:
            if (figure.kind, figure.name, figure.cause) == (kind, name, cause):
                return figure
        raise KeyError((kind, cause, name))


def bootstrap(
    data: Mapping[str, npt.ArrayLike],
    model: PathModel,
    *,
    seed: int,
    samples: int = 1000,
    scheme: Scheme = "centroid",
    scaled: bool = True,
    scale: Scale | None = None,
    weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Bootstrap:
    """Rows drawn with replacement ``samples`` times; the same seed gives the same figures.

    Signs of latent variables follow their items in every sample. Raises what ``pls`` raises, and
    NotComputable ``not_converged`` when more than a tenth of the samples fail.
    """
    if samples < 100:
        raise NotComputable("too_few", column="samples", n=samples, least=100)
    ready = prepared(data, model, weights)
    ends = ends_of(ready, model, scale)
    plan, random = plan_of(model, scheme), np.random.default_rng(seed)
    values, n = ready.values, len(ready.values)

    def figures(mass: Floats) -> Floats:
        covariance, means = moments(values, mass)
        spread = np.sqrt(np.diag(covariance))
        if not (spread > 1e-12).all():
            raise NotComputable("constant", column="sample")
        found = solve(covariance / np.outer(spread, spread) if scaled else covariance, plan)
        indices = index_of(found.weights, means, spread if scaled else None, ends)
        return _flat(found, model, indices)

    original = figures(ready.weights)
    times = (np.bincount(random.integers(0, n, n), minlength=n) for _ in range(samples))
    drawn = _drawn(figures, [ready.weights * each for each in times])
    return Bootstrap(_summaries(original, np.array(drawn), model, confidence), samples, len(drawn), seed, n)


def _drawn(figures: Callable[[Floats], Floats], masses: Sequence[Floats]) -> list[Floats]:
    """The figures of every sample that has any; raises NotComputable when too many have none."""
    found = []
    for mass in masses:
        try:
            found.append(figures(mass))
        except NotComputable:
            continue
    failed = len(masses) - len(found)
    if failed > len(masses) * MOST_FAILED:
        raise NotComputable("not_converged", what=f"bootstrap: {failed} of {len(masses)} samples")
    return found


def _labels(model: PathModel) -> list[tuple[str, str, str]]:
    """Kind, cause and name of every figure, in the order of ``_flat``."""
    names = model.names
    told = [("path", cause, effect) for effect in names for cause in names if (cause, effect) in model.arrows]
    told += [("total", cause, effect) for at, cause in enumerate(names) for effect in names[at + 1 :]]
    told += [("weight", "", item) for item in model.items]
    told += [("loading", "", item) for item in model.items]
    told += [("r2", "", name) for name in names if model.causes(name)]
    return told + [("index", "", name) for name in names]


def _flat(found: Solution, model: PathModel, indices: list[float | None]) -> Floats:
    names, totals = model.names, found.totals()
    place = {name: number for number, name in enumerate(names)}
    owner = np.repeat(np.arange(len(names)), [len(block.items) for block in model.blocks])
    rows = np.arange(len(owner))
    told: list[float | None] = [
        found.paths[place[effect], place[cause]]
        for effect in names for cause in names if (cause, effect) in model.arrows
    ]  # fmt: skip
    told += [totals[to, at] for at in range(len(names)) for to in range(at + 1, len(names))]
    told += [*found.weights[rows, owner], *found.loadings[rows, owner]]
    told += [found.r2[place[name]] for name in names if model.causes(name)]
    told += indices
    return np.array([np.nan if value is None else value for value in told], dtype=np.float64)


def _summaries(original: Floats, drawn: Floats, model: PathModel, confidence: float) -> tuple[Resampled, ...]:
    tail = (1 - confidence) / 2
    told = []
    for place, (kind, cause, name) in enumerate(_labels(model)):
        column = drawn[:, place]
        column = column[np.isfinite(column)]
        if not np.isfinite(original[place]) or len(column) < len(drawn) * (1 - MOST_FAILED):
            continue
        low, high = np.quantile(column, [tail, 1 - tail])
        told.append(
            Resampled(
                kind, cause, name, float(original[place]), float(column.mean()), float(column.std(ddof=1)),
                float(low), float(high),
            )
        )  # fmt: skip
    return tuple(told)
