"""A model of other industries brought to one that it did not learn from, by texts without labels.

Two readers that err in different places teach a third (co-training; Blum and Mitchell 1998): the texts on
which the old model and the word lists together are surest teach a new model, and this knows the words of the
industry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyi.measures.errors import NotComputable
from manyi.measures.text.classifier import TextClassifier, train
from manyi.measures.text.evidence import Floats

#: The surest part of the texts teaches.
SUREST = 0.6


def adapted(model: TextClassifier, texts: Sequence[str]) -> TextClassifier:
    """A model for the industry of ``texts``.

    Raises NotComputable ``tags`` for a model of tags, ``too_few`` and ``constant`` like ``train`` where the
    old model finds too few texts of a label.
    """
    if not model.exclusive:
        raise NotComputable("tags")
    if not texts:
        raise NotComputable("empty", column="text")
    scores = _heard(model, texts)
    ordered = np.sort(scores, axis=1)
    sure = ordered[:, -1] - ordered[:, -2]
    chosen = np.flatnonzero(sure >= np.quantile(sure, 1 - SUREST)).tolist()
    said = [model.labels[place] for place in scores[chosen].argmax(axis=1).tolist()]
    # The lists had their say in these labels: on them they would seem to know everything.
    encode = model.encode if model.by_encoder is not None else None
    return train([texts[place] for place in chosen], said, lists=False, encode=encode)


def _heard(model: TextClassifier, texts: Sequence[str]) -> Floats:
    """(texts × labels) of the model and the word lists with the same say, on the scale of their spread.

    The lists speak for a label, against it or not at all as far as they did where the model learnt.
    """
    rows = np.array([known[:, :2] for known in model.evidence(texts)])
    spread = rows.std(axis=1, keepdims=True)
    margins, lists = np.moveaxis(rows / np.where(spread > 0, spread, 1.0), 2, 0)
    trust = model.sigmoids[:, 1:2]
    largest = np.abs(trust).max()
    scores = (margins + lists * (trust / largest if largest else trust)).T
    return np.hstack([-scores, scores]) if scores.shape[1] == 1 else scores
