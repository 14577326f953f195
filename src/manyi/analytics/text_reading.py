"""A column of texts read: sentiment, aspects, quotes without personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.intervals import wilson
from manyi.measures.text.classifier import TextClassifier
from manyi.measures.text.lexicon import Taxonomy, taxonomies
from manyi.measures.text.masking import masked
from manyi.measures.text.opinions import OpinionReader
from manyi.measures.text.scorecard import UNSURE
from manyi.measures.text.themes import NEGATIVE, NEUTRAL, POSITIVE, Mention, heard, polarity_of
from manyi.organisation.errors import Refused

#: A model that is less sure than this says “unsure”.
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Opinion:
    """One aspect that a trained reader found, in the words of the labels that taught it."""

    aspect: str
    polarity: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says. ``sure`` is the probability of a model, or the strength of the word lists."""

    text: str
    sentiment: str
    sure: float
    mentions: tuple[Mention | Opinion, ...]

    def to_row(self, language: str = "zh") -> dict[str, Any]:
        """The cells that are added to the row of a file."""
        return {
            "sentiment": self.sentiment,
            "sure": round(self.sure, 4),
            "aspects": ";".join(mention.aspect for mention in self.mentions),
            "aspect_sentiment": ";".join(f"{each.aspect}:{each.polarity}" for each in self.mentions),
            "masked": masked(self.text, language),
        }


def industry(name: str) -> Taxonomy:
    """The taxonomy of an industry; raises Refused with those that are known."""
    known = taxonomies()
    if name not in known:
        names = ", ".join(known)
        raise Refused(Label(f"行业应是:{names}。", f"The industry is one of: {names}."), field="industry")
    return known[name]


def read_texts(
    texts: Sequence[str],
    taxonomy: Taxonomy,
    model: TextClassifier | None = None,
    opinions: OpinionReader | None = None,
    *,
    least: float = SURE,
) -> list[Reading]:
    """Read texts one by one; an empty text says nothing. ``opinions`` finds the aspects in the place of the
    words of the industry."""
    told = [heard(text, taxonomy) for text in texts]
    said = model.said(texts, least) if model else [_by_lists(score) for score, _ in told]
    spoken = _opinions(texts, opinions) if opinions else [mentions for _, mentions in told]
    return [
        Reading(text, sentiment if text.strip() else UNSURE, sure, tuple(mentions))
        for text, (sentiment, sure), mentions in zip(texts, said, spoken, strict=True)
    ]


def _opinions(texts: Sequence[str], reader: OpinionReader) -> Sequence[Sequence[Mention | Opinion]]:
    said = reader.said(texts)
    return [
        [Opinion(*each) for each in held.items()] if text.strip() else []
        for text, held in zip(texts, said, strict=True)
    ]


def _by_lists(score: float) -> tuple[str, float]:
    """Sentiment of the word lists; where they are silent it is unsure, not neutral."""
    return (polarity_of(score) if score else UNSURE), abs(score)


def summary(readings: Sequence[Reading], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """For each aspect the texts that name it: n, share with its interval, and how they speak of it."""
    labels = {aspect.id: aspect.label for aspect in taxonomy.aspects}
    held = [mention for reading in readings for mention in reading.mentions]
    found = []
    for aspect in dict.fromkeys([*labels, *(mention.aspect for mention in held)]):
        counts = Counter(mention.polarity for mention in held if mention.aspect == aspect)
        n = counts.total()
        interval = wilson(n, len(readings))
        if n and interval:
            name = labels.get(aspect, Label(aspect, aspect))
            line = {"aspect": aspect, "zh": name.zh, "en": name.en, "n": n}
            line |= {"share": n / len(readings), "low": interval.low, "high": interval.high}
            found.append({**line, **dict.fromkeys((POSITIVE, NEUTRAL, NEGATIVE), 0), **counts})
    return sorted(found, key=lambda line: -line["n"])
