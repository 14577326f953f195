"""What texts are about: aspects by the words that name them, with the sentiment of the clauses around."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from manyi.measures.text.cleaning import clauses, clean
from manyi.measures.text.grams import words_of
from manyi.measures.text.lexicon import Taxonomy
from manyi.measures.text.polarity import clause_score, rated

POSITIVE, NEGATIVE, NEUTRAL = "positive", "negative", "neutral"
#: Between these the word lists do not decide.
UNDECIDED = 0.15


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
    by_word, parts = taxonomy.by_word, clauses(clean(text))
    named = [_named(part, by_word) for part in parts]
    found = []
    for aspect in taxonomy.aspects:
        places = [place for place, held in enumerate(named) if aspect.id in held]
        if places:
            found.append(Mention(aspect.id, _score(parts, named, places)))
    return found


def _named(clause: str, by_word: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    cut = words_of(clause)
    pairs = [one + other for one, other in itertools.pairwise(cut)]
    return frozenset(aspect for word in (*cut, *pairs) for aspect in by_word.get(word, ()))


def _score(parts: Sequence[str], named: Sequence[frozenset[str]], places: Sequence[int]) -> float:
    told: list[str] = []
    for place in places:
        told.append(parts[place])
        silent = not clause_score(parts[place])
        if silent and place + 1 < len(parts) and not named[place + 1]:
            told.append(parts[place + 1])
    return rated(",".join(told))
