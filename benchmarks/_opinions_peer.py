"""The peer of ``opinions``: scikit-learn's linear support vector machine on TF-IDF.

What an analyst would write first: characters one to three and words (jieba) one and two at a time, a machine
for each aspect, and of three ways to tell how an aspect is spoken of the best on the judged texts. Run as a
script with a file of what is learnt and what is judged; prints its scores as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

Opinions = list[tuple[str, dict[str, str]]]
Pairs = list[tuple[int, str]]


class Peer:
    """Texts as TF-IDF, aspects found, and three ways to judge pairs of text and aspect."""

    def __init__(self, learnt: Opinions, judged: Opinions) -> None:
        jieba.setLogLevel(60)
        self.learnt = learnt
        self.known = sorted({aspect for _, held in learnt for aspect in held})
        numbered = enumerate(held for _, held in learnt)
        self.lines = [(n, aspect, label) for n, held in numbered for aspect, label in held.items()]
        readers = (
            TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
            TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2), min_df=2),
        )
        self.taught = hstack([each.fit_transform([text for text, _ in learnt]) for each in readers]).tocsr()
        self.asked = hstack([each.transform([text for text, _ in judged]) for each in readers]).tocsr()

    def aspects(self) -> list[list[str]]:
        """The aspects of every judged text, one at least."""
        margins = np.column_stack([self._margins(aspect) for aspect in self.known])
        places = [np.flatnonzero(row > 0).tolist() or [int(row.argmax())] for row in margins]
        return [[self.known[place] for place in row] for row in places]

    def _margins(self, aspect: str) -> Any:
        model = LinearSVC(C=0.5, class_weight="balanced")
        model.fit(self.taught, [aspect in held for _, held in self.learnt])
        return model.decision_function(self.asked)

    def _marked(self, rows: Any, pairs: Pairs) -> Any:
        marks = csr_matrix(np.eye(len(self.known))[[self.known.index(aspect) for _, aspect in pairs]])
        return hstack([rows[[n for n, _ in pairs]], marks]).tocsr()

    def alike(self, pairs: Pairs) -> list[str]:
        """One machine, the aspect a mark beside the text."""
        held = self._marked(self.taught, [(n, aspect) for n, aspect, _ in self.lines])
        model = LinearSVC(C=0.5).fit(held, [label for *_, label in self.lines])
        return list(model.predict(self._marked(self.asked, pairs)))

    def one_by_one(self, pairs: Pairs) -> list[str]:
        """A machine for each aspect."""
        found = [""] * len(pairs)
        for aspect in self.known:
            own = [(n, label) for n, held, label in self.lines if held == aspect]
            places = [place for place, (_, held) in enumerate(pairs) if held == aspect]
            if places:
                model = LinearSVC(C=0.5).fit(self.taught[[n for n, _ in own]], [label for _, label in own])
                said = model.predict(self.asked[[pairs[place][0] for place in places]])
                for place, label in zip(places, said, strict=True):
                    found[place] = label
        return found

    def text_alone(self, pairs: Pairs) -> list[str]:
        """One machine that does not hear the aspect."""
        held = self.taught[[n for n, *_ in self.lines]]
        model = LinearSVC(C=0.5).fit(held, [label for *_, label in self.lines])
        return list(model.predict(self.asked[[n for n, _ in pairs]]))


def scores(learnt: Opinions, judged: Opinions) -> dict[str, float]:
    """Micro-F1 of aspects and of aspects with judgement, the share right of given aspects, CPU seconds."""
    begun, reader = time.process_time(), Peer(learnt, judged)
    true = [(n, aspect) for n, (_, held) in enumerate(judged) for aspect in held]
    said = [(n, aspect) for n, held in enumerate(reader.aspects()) for aspect in held]
    size, both, given = len(true) + len(said), 0.0, 0.0
    for way in (reader.alike, reader.one_by_one, reader.text_alone):
        right = sum(judged[n][1].get(aspect) == x for (n, aspect), x in zip(said, way(said), strict=True))
        hits = sum(judged[n][1][aspect] == x for (n, aspect), x in zip(true, way(true), strict=True))
        both, given = max(both, 2 * right / size), max(given, hits / len(true))
    aspects = 2 * sum(aspect in judged[n][1] for n, aspect in said) / size
    return {"aspects": aspects, "both": both, "given": given, "cpu": time.process_time() - begun}


if __name__ == "__main__":
    print(json.dumps(scores(*json.loads(Path(sys.argv[1]).read_text()))))
