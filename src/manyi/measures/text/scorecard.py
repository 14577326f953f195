"""How good labels are on texts that the model did not see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.design.estimates import ratio
from manyi.measures.design.sample import simple_design
from manyi.measures.errors import NotComputable
from manyi.measures.figure import Interval
from manyi.measures.intervals import wilson

UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One label: how many texts have it, and precision, recall and F1 (0 to 1) of saying so."""

    label: str
    n: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """``accuracy`` over all texts, an unsure one counting as wrong; ``decided`` the share that got a label,
    and ``accuracy_decided`` among these; ``macro_f1`` the plain mean over labels.
    """

    n: int
    accuracy: float
    interval: Interval
    macro_f1: float
    decided: float
    accuracy_decided: float
    labels: tuple[LabelScore, ...]


def scorecard(truth: Sequence[str], said: Sequence[str]) -> Scorecard:
    """Compare labels said with the true ones. Raises NotComputable ``empty`` without texts."""
    right, given = np.array(truth, dtype=object), np.array(said, dtype=object)
    if not len(right):
        raise NotComputable("empty", column="text")
    hits, decided = right == given, given != UNSURE
    interval = wilson(int(hits.sum()), len(hits))
    assert interval is not None  # there is at least one text
    lines = tuple(_line(right, given, label) for label in sorted(set(truth)))
    return Scorecard(
        n=len(hits),
        accuracy=float(hits.mean()),
        interval=interval,
        macro_f1=float(np.mean([line.f1 for line in lines])),
        decided=float(decided.mean()),
        accuracy_decided=float(hits[decided].mean()) if decided.any() else 0.0,
        labels=lines,
    )


@dataclass(frozen=True, slots=True)
class TagScorecard:
    """Texts with any number of tags: ``micro_f1`` over all pairs of text and tag with its interval at 95 %,
    ``exact``: the share of texts with all tags right.
    """

    n: int
    micro_f1: float
    interval: Interval
    precision: float
    recall: float
    macro_f1: float
    exact: float
    labels: tuple[LabelScore, ...]


def tag_scorecard(truth: Sequence[Collection[str]], said: Sequence[Collection[str]]) -> TagScorecard:
    """Compare sets of tags. Raises NotComputable ``empty`` without texts."""
    if not truth:
        raise NotComputable("empty", column="text")
    lines = []
    for tag in sorted({tag for held in truth for tag in held}):
        wanted, given = (np.array([tag in held for held in side], dtype=bool) for side in (truth, said))
        lines.append(_scored(tag, wanted, given))
    sides = list(zip(truth, said, strict=True))
    both, right, chosen = (
        np.array([len(set(a) & set(b)) for a, b in sides]),
        np.array([len(set(a)) for a, _ in sides]),
        np.array([len(set(b)) for _, b in sides]),
    )
    f1, interval = _micro_f1(both, right + chosen)
    return TagScorecard(
        n=len(truth),
        micro_f1=f1,
        interval=interval,
        precision=float(both.sum() / max(chosen.sum(), 1)),
        recall=float(both.sum() / max(right.sum(), 1)),
        macro_f1=float(np.mean([line.f1 for line in lines])) if lines else 0.0,
        exact=float(np.mean((both == right) & (both == chosen))),
        labels=tuple(lines),
    )


def _micro_f1(both: npt.NDArray[np.int64], given: npt.NDArray[np.int64]) -> tuple[float, Interval]:
    """F1 over all pairs, a ratio of totals over texts: ``both`` the tags of each text that were said rightly,
    ``given`` the true ones and those said. Of one text, or without a tag, anything may be true of others.
    """
    if len(given) < 2 or not given.sum():
        return float(2 * both.sum() / max(given.sum(), 1)), Interval(0.0, 1.0)
    found = ratio(simple_design(len(given)), 2 * both, given)
    low, high = (found.value if end is None else end for end in (found.low, found.high))
    return found.value, Interval(low, high).clipped(0.0, 1.0)


def _line(right: npt.NDArray[np.object_], given: npt.NDArray[np.object_], label: str) -> LabelScore:
    return _scored(label, right == label, given == label)


def _scored(label: str, wanted: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_]) -> LabelScore:
    both = int((wanted & chosen).sum())
    precision = both / int(chosen.sum()) if chosen.any() else 0.0
    recall = both / int(wanted.sum())
    f1 = 2 * both / int(wanted.sum() + chosen.sum())
    return LabelScore(label, int(wanted.sum()), precision, recall, f1)
