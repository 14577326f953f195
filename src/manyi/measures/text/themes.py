"""What texts are about: aspects by the words that name them, with the sentiment of the clauses around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import rjieba

from manyi.measures.text.cleaning import clauses
from manyi.measures.text.lexicon import Taxonomy
from manyi.measures.text.polarity import clause_score, combined

POSITIVE, NEGATIVE, NEUTRAL = "positive", "negative", "neutral"
#: Between these the word lists do not decide.
UNDECIDED = 0.15
#: Parts clauses that are cut into words together; no text holds it once it is cleaned.
_BETWEEN = "\x00"


@dataclass(frozen=True, slots=True)
class Mention:
    """One aspect named by a text, with the sentiment of the clauses that name it (-1 to 1)."""

    aspect: str
    score: float

    @property
    def polarity(self) -> str:
        """positive, negative or neutral."""
        return polarity_of(self.score)


def polarity_of(score: float) -> str:
    """The word for a score of the word lists."""
    if abs(score) < UNDECIDED:
        return NEUTRAL
    return POSITIVE if score > 0 else NEGATIVE


def mentions(text: str, taxonomy: Taxonomy) -> list[Mention]:
    """The aspects that a text names, in the order of the taxonomy.

    The sentiment of an aspect is that of its clauses; a clause that names one without judging it borrows from
    the clause behind it, because people name a thing and then say how it was.
    """
    return heard(text, taxonomy)[1]


def heard(text: str, taxonomy: Taxonomy) -> tuple[float, list[Mention]]:
    """The sentiment of a text (as ``rated``) and its mentions, in one pass over its clauses."""
    parts = clauses(text)
    scores = [clause_score(part) for part in parts]
    named = _named(parts, taxonomy.by_word)
    found = []
    if any(named):
        for aspect in taxonomy.aspects:
            places = [place for place, held in enumerate(named) if aspect.id in held]
            if places:
                found.append(Mention(aspect.id, _score(parts, scores, named, places)))
    return combined(parts, scores), found


def _named(parts: Sequence[str], by_word: Mapping[str, tuple[str, ...]]) -> list[set[str]]:
    """The aspects that each clause names, by its words and by pairs of neighbouring words."""
    named: list[set[str]] = [set() for _ in parts]
    place, before = 0, ""
    for word in rjieba.cut(_BETWEEN.join(parts), True):
        if word == _BETWEEN:
            place, before = place + 1, ""
            continue
        if word in by_word:
            named[place].update(by_word[word])
        if before + word in by_word:
            named[place].update(by_word[before + word])
        if not word.isspace():
            before = word
    return named


def _score(
    parts: Sequence[str], scores: Sequence[float], named: Sequence[set[str]], places: Sequence[int]
) -> float:
    told: list[int] = []
    for place in places:
        told.append(place)
        if not scores[place] and place + 1 < len(parts) and not named[place + 1]:
            told.append(place + 1)
    return combined([parts[place] for place in told], [scores[place] for place in told])
