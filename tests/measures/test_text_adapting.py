"""A model brought to an industry that it did not learn from, and models of an older form."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.text import classifier
from manyi.measures.text.adapting import adapted
from manyi.measures.text.classifier import TextClassifier

GOOD, BAD = ("很满意", "非常好", "值得推荐"), ("很失望", "非常差", "不会再来")


def spoken(judgements: tuple[str, ...], subjects: tuple[str, ...], times: int = 6) -> list[str]:
    return [f"{subject}{word},第{n}次" for n in range(times) for subject in subjects for word in judgements]


@pytest.fixture(scope="module")
def of_cars() -> TextClassifier:
    good, bad = (spoken(words, ("车子", "油耗", "师傅")) for words in (GOOD, BAD))
    return classifier.train([*good, *bad], ["好"] * len(good) + ["差"] * len(bad))


def test_words_of_the_new_industry_are_learnt_without_labels(of_cars: TextClassifier) -> None:
    """“上菜飞快” stands beside praise only and “苍蝇” beside blame: no car was ever spoken of like this."""
    own = [f"上菜飞快,{text}" for text in spoken(GOOD, ("菜", "老板"))]
    own += [f"有苍蝇,{text}" for text in spoken(BAD, ("菜", "老板"))]
    made = adapted(of_cars, own)
    assert [label for label, _ in made.said(["上菜飞快", "有苍蝇"])] == ["好", "差"]
    apart = [float(np.ptp(model.probabilities(["上菜飞快", "有苍蝇"])[:, 0])) for model in (of_cars, made)]
    assert apart[1] > apart[0] + 0.2


def test_what_cannot_be_adapted_is_refused(of_cars: TextClassifier) -> None:
    with pytest.raises(NotComputable, match="too_few"):
        adapted(of_cars, ["车子很满意"] * 9)
    tags = classifier.train_tags(spoken(GOOD, ("车子", "油耗")), [("好",), ("油",)] * 18)
    with pytest.raises(NotComputable, match="tags"):
        adapted(tags, ["车子很满意"])


def test_a_model_that_was_made_before_clauses_were_weighed_still_reads(of_cars: TextClassifier) -> None:
    with np.load(io.BytesIO(of_cars.to_bytes())) as held:
        arrays: dict[str, Any] = dict(held)
    told = json.loads(bytes(arrays["told"]))
    told["format"] = "manyi-text-model-1"
    arrays["told"] = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8)
    arrays["sigmoids"] = np.array([[2.0, 1.5, 0.25]])
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    old = TextClassifier.from_bytes(file.getvalue())
    texts = ["车子很满意", "师傅非常差,油耗很失望", "……"]
    margins, lists = old.margins(texts)[:, 0], old.evidence(texts)[0][:, 1]
    expected = 1 / (1 + np.exp(-(2.0 * margins + 1.5 * lists + 0.25)))
    np.testing.assert_allclose(old.probabilities(texts)[:, 1], expected)
