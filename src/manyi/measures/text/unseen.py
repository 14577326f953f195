"""What models say of texts that they did not see: every text is judged by a model of the other folds.

Of a few hundred labels a fifth is a handful, and a score of a handful says little; by folds all count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from manyi.measures.errors import NotComputable
from manyi.measures.text.classifier import LEAST_LABELLED, train
from manyi.measures.text.cleaning import fingerprint
from manyi.measures.text.scorecard import Scorecard, scorecard

Said = TypeVar("Said")
PARTS = 5
ENOUGH = 1_000


def folds_by_text(texts: Sequence[str], *, parts: int = PARTS) -> npt.NDArray[np.int64]:
    """The fold of each text, 0 to ``parts`` - 1, by the text itself: the same text is in one fold only."""
    return np.array([int(fingerprint(text)[:8], 16) % parts for text in texts], dtype=np.int64)


def split_by_text(texts: Sequence[str], *, parts: int = PARTS) -> npt.NDArray[np.bool_]:
    """True for about one in ``parts`` texts, chosen by the text itself: no text is on both sides."""
    return np.asarray(folds_by_text(texts, parts=parts) == 0, dtype=bool)


def crossed(
    texts: Sequence[str], judge: Callable[[list[int], list[int]], Sequence[Said]], *, parts: int = PARTS
) -> list[Said]:
    """What ``judge`` says of every text: fold after fold it is given the places of the texts to learn from
    and of those to judge.

    Raises NotComputable ``empty`` where all texts are in one fold.
    """
    folds, found = folds_by_text(texts, parts=parts), dict[int, Said]()
    for fold in np.unique(folds):
        seen, rest = (np.flatnonzero(side).tolist() for side in (folds != fold, folds == fold))
        if not seen:
            raise NotComputable("empty", column="text")
        found.update(zip(rest, judge(seen, rest), strict=True))
    return [found[place] for place in range(len(texts))]


def card_unseen(texts: Sequence[str], labels: Sequence[str]) -> Scorecard:
    """How a model taught by these labels would do on other texts: each is judged by a model that did not see
    it; of more than ENOUGH texts a fifth is, which says enough and takes a fraction of the time.

    A label with too few other texts is not learnt in a fold, so that its texts there are judged wrongly: the
    score is rather too low than too high. Raises NotComputable like ``crossed`` and ``train``.
    """

    def judge(seen: list[int], rest: list[int]) -> list[tuple[str, str]]:
        known = learnable([texts[n] for n in seen], [labels[n] for n in seen])
        chosen = [seen[n] for n in known]
        model = train([texts[n] for n in chosen], [labels[n] for n in chosen])
        said = model.said([texts[n] for n in rest])
        return [(labels[n], label) for n, (label, _) in zip(rest, said, strict=True)]

    if len(texts) <= ENOUGH:
        pairs = crossed(texts, judge)
    else:
        out = split_by_text(texts)
        pairs = judge(np.flatnonzero(~out).tolist(), np.flatnonzero(out).tolist())
    return scorecard([label for label, _ in pairs], [said for _, said in pairs])


def learnable(texts: Sequence[str], labels: Sequence[str], *, least: int = LEAST_LABELLED) -> list[int]:
    """The places of the texts whose label stands at ``least`` different texts or more."""
    different: dict[str, set[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        different.setdefault(label, set()).add(fingerprint(text))
    return [place for place, label in enumerate(labels) if len(different[label]) >= least]
