"""A sentence encoder that reads along, and the least squares that learn from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.text import classifier, encoder, ridge
from manyi.measures.text.classifier import TextClassifier
from manyi.measures.text.cleaning import in_mind
from manyi.measures.text.encoder import Floats
from manyi.measures.text.opinions import train_opinions

#: What an encoder knows beforehand: these mean the same, though they share no character.
PRAISE, BLAME = ("满意", "称心", "出色", "舒坦"), ("失望", "糟糕", "气愤", "敷衍")
SEEN, UNSEEN = slice(0, 3), slice(3, 4)


def knowing(texts: Sequence[str]) -> Floats:
    """Praise on one axis, blame on another, the length of a text on a third that tells nothing."""
    rows = [
        [sum(word in text for word in PRAISE), sum(word in text for word in BLAME), len(text) / 50]
        for text in texts
    ]
    return np.array(rows, dtype=float).reshape(len(texts), 3)


def labelled() -> tuple[list[str], list[str]]:
    texts, labels = [], []
    for number in range(8):
        for words, label in ((PRAISE[SEEN], "好"), (BLAME[SEEN], "差")):
            texts += [f"第{number}次来{'店' * (number % 3)},{word}" for word in words]
            labels += [label] * len(words)
    return texts, labels


@pytest.fixture(scope="module")
def model() -> TextClassifier:
    return classifier.train(*labelled(), lists=False, encode=knowing)


def test_words_that_no_label_taught_are_read_by_what_the_encoder_knows(model: TextClassifier) -> None:
    unseen = [f"又来了,{word}" for word in (*PRAISE[UNSEEN], *BLAME[UNSEEN])]
    assert [label for label, _ in model.said(unseen)] == ["好", "差"]
    alone = classifier.train(*labelled(), lists=False)
    apart = [float(np.ptp(each.probabilities(unseen)[:, 0])) for each in (alone, model)]
    assert apart[1] > apart[0] + 0.3


def test_a_model_with_an_encoder_is_a_file_that_reads_the_same(model: TextClassifier) -> None:
    again = TextClassifier.from_bytes(model.to_bytes())
    texts = ["又来了,称心", "敷衍", ""]
    assert again.encode is encoder.encoded
    assert again.by_encoder is not None
    held = replace(again, encode=knowing)
    np.testing.assert_allclose(held.probabilities(texts), model.probabilities(texts))


def test_an_encoder_that_is_not_installed_is_named(
    model: TextClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "installed", lambda: False)
    again = TextClassifier.from_bytes(model.to_bytes())
    with pytest.raises(NotComputable, match="no_encoder"):
        again.said(["称心"])
    with pytest.raises(NotComputable, match="no_encoder"):
        classifier.train(*labelled(), encode=encoder.encoded)


def test_tags_and_judgements_hear_the_encoder_too() -> None:
    heard: list[str] = []

    def listening(texts: Sequence[str]) -> Floats:
        heard.extend(texts)
        return knowing(texts)

    texts, labels = labelled()
    pairs = zip(texts, labels, strict=True)
    opinions = [{"来": label} | ({"店": label} if "店" in text else {}) for text, label in pairs]
    reader = train_opinions(texts, opinions, encode=listening)
    assert f"来:{texts[0]}" in heard  # the aspect stands before what is judged
    assert reader.judged([("店面舒坦", "店"), ("店面敷衍", "店")]) == ["好", "差"]
    assert reader.polarity.said([in_mind("店", "店面舒坦")])[0][0] == "好"


def test_the_encoder_tells_meanings_apart_in_order_and_says_how_far_it_is() -> None:
    texts = ["等了两个小时才轮到我,工作人员也不解释", "排队太久", "发动机漏油", ""]
    steps: list[tuple[int, int]] = []
    rows = encoder.encoded(texts, told=lambda done, total: steps.append((done, total)))
    assert rows.shape == (4, encoder.WIDTH)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.02
    assert steps == [(4, 4)]
    np.testing.assert_allclose(encoder.encoded(texts[1:2])[0], rows[1], atol=1e-3)
    assert encoder.encoded([]).shape == (0, encoder.WIDTH)


def test_ridges_are_those_of_stacked_least_squares() -> None:
    """The ridge as further rows of least squares (Hastie et al. 2009, exercise 3.12), by fold."""
    draw = np.random.default_rng(7)
    rows, folds = draw.normal(size=(90, 6)), np.arange(90) % 3
    targets = np.column_stack([rows[:, 0] + draw.normal(size=90) > 0, draw.random(90) > 0.8])
    found = ridge.separate(rows, targets, folds)
    sides = np.where(targets, 1.0, -1.0)

    def stacked(chosen: np.ndarray, side: Floats, penalty: float) -> Floats:
        root = np.hstack([np.sqrt(penalty) * np.eye(6), np.zeros((6, 1))])
        known = np.vstack([np.column_stack([rows[chosen], np.ones(chosen.sum())]), root])
        return np.asarray(np.linalg.lstsq(known, np.append(side[chosen], np.zeros(6)), rcond=None)[0])

    whole = np.column_stack([rows, np.ones(90)])
    for target in range(2):
        side, made = sides[:, target], {}
        for penalty in ridge.PENALTIES:
            unseen = np.zeros(90)
            for fold in range(3):
                held = folds == fold
                unseen[held] = whole[held] @ stacked(~held, side, penalty)
            made[penalty] = unseen
        best = min(made, key=lambda penalty: float(((made[penalty] - side) ** 2).mean()))
        np.testing.assert_allclose(found.unseen[:, target], made[best], rtol=1e-6, atol=1e-9)
        expected = stacked(np.ones(90, dtype=bool), side, best)
        np.testing.assert_allclose(found.weights[target], expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ridge.margins(rows, found.weights), whole @ found.weights.T)
