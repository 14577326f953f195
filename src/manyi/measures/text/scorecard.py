"""How good labels are on texts that the model did not see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.errors import NotComputable
from manyi.measures.figure import Interval
from manyi.measures.intervals import wilson
from manyi.measures.text.cleaning import fingerprint

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
    """Texts with any number of tags: ``micro_f1`` over all pairs of text and tag, ``exact``: all right."""

    n: int
    micro_f1: float
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
    both = sum(len(set(a) & set(b)) for a, b in zip(truth, said, strict=True))
    right, chosen = sum(map(len, truth)), sum(map(len, said))
    return TagScorecard(
        n=len(truth),
        micro_f1=2 * both / (right + chosen) if right + chosen else 0.0,
        precision=both / chosen if chosen else 0.0,
        recall=both / right if right else 0.0,
        macro_f1=float(np.mean([line.f1 for line in lines])) if lines else 0.0,
        exact=float(np.mean([set(a) == set(b) for a, b in zip(truth, said, strict=True)])),
        labels=tuple(lines),
    )


def split_by_text(texts: Sequence[str], *, parts: int = 5) -> npt.NDArray[np.bool_]:
    """True for about one in ``parts`` texts, chosen by the text itself: no text is on both sides."""
    return np.array([int(fingerprint(text)[:8], 16) % parts == 0 for text in texts], dtype=bool)


def _line(right: npt.NDArray[np.object_], given: npt.NDArray[np.object_], label: str) -> LabelScore:
    return _scored(label, right == label, given == label)


def _scored(label: str, wanted: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_]) -> LabelScore:
    both = int((wanted & chosen).sum())
    precision = both / int(chosen.sum()) if chosen.any() else 0.0
    recall = both / int(wanted.sum())
    f1 = 2 * both / int(wanted.sum() + chosen.sum())
    return LabelScore(label, int(wanted.sum()), precision, recall, f1)
