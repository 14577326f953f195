"""How good labels are on texts that the model did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyi.measures.errors import NotComputable
from manyi.measures.figure import Interval
from manyi.measures.indicators import wilson
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
    """``accuracy`` over all texts, an unsure one counting as wrong; ``decided`` the share that got a label, and
    ``accuracy_decided`` among these; ``macro_f1`` the plain mean over labels.
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


def split_by_text(texts: Sequence[str], *, parts: int = 5) -> npt.NDArray[np.bool_]:
    """True for about one in ``parts`` texts, chosen by the text itself: no text is on both sides."""
    return np.array([int(fingerprint(text)[:8], 16) % parts == 0 for text in texts], dtype=bool)


def _line(right: npt.NDArray[np.object_], given: npt.NDArray[np.object_], label: str) -> LabelScore:
    wanted, chosen = right == label, given == label
    both = int((wanted & chosen).sum())
    precision = both / int(chosen.sum()) if chosen.any() else 0.0
    recall = both / int(wanted.sum())
    f1 = 2 * both / int(wanted.sum() + chosen.sum())
    return LabelScore(label, int(wanted.sum()), precision, recall, f1)
