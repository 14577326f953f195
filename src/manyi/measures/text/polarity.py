"""Sentiment by words and rules, clause by clause: for the first day, before anything was labelled."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from functools import cache

from manyi.measures.text.cleaning import TURNS, clauses
from manyi.measures.text.lexicon import lexicon

#: What stands behind “but” counts for so much more.
TURNED = 1.5
INTENSIFIED, SOFTENED, WISHED = 1.5, 0.6, 0.3
#: A negator turns what stands within so many words behind it.
REACH = 3
_QUESTION = ("?", "?", "吗", "呢")


def rated(text: str) -> float:
    """The sentiment of a text, -1 to 1; 0 where no known word speaks."""
    parts = clauses(text)
    return combined(parts, [clause_score(part) for part in parts])


def combined(parts: Sequence[str], scores: Sequence[float]) -> float:
    """The sentiment of some clauses together, given the score of each; -1 to 1."""
    total, heard = 0.0, 0
    for part, score in zip(parts, scores, strict=True):
        if score:
            heard += 1
            total += score * TURNED if part.startswith(TURNS) else score
    return math.tanh(total / math.sqrt(heard) / 1.5) if heard else 0.0


def clause_score(clause: str) -> float:
    """The sum of the words of praise and blame of one clause, turned and strengthened by their neighbours."""
    tokens = _pattern().findall(clause)
    polarity, total = lexicon().polarity, 0.0
    for place, word in enumerate(tokens):
        if word in polarity:
            total += polarity[word] * _factor(tokens, place)
    if total > 0:
        if clause.rstrip().endswith(_QUESTION):
            return 0.0
        if not lexicon().wishes.isdisjoint(tokens):
            return total * WISHED
    return total


def _factor(tokens: Sequence[str], place: int) -> float:
    turning, factor = _turning(), 1.0
    for word in tokens[max(0, place - REACH) : place]:
        if word in turning:
            factor *= turning[word]
    return factor


@cache
def _turning() -> dict[str, float]:
    """What the words before a judgement make of it."""
    known = lexicon()
    kinds = (known.softeners, SOFTENED), (known.intensifiers, INTENSIFIED), (known.negators, -0.8)
    return {word: factor for words, factor in kinds for word in words}


@cache
def _pattern() -> re.Pattern[str]:
    """The longest known word at each place; English words whole."""
    known = lexicon()
    words = {*known.polarity, *known.negators, *known.intensifiers, *known.softeners, *known.wishes}
    chinese = _branches(sorted(word for word in words if not word.isascii()))
    firsts = "".join(sorted({word[0] for word in words if not word.isascii()}))
    return re.compile(f"(?=[{re.escape(firsts)}])(?:{chinese})|[a-z']+|[\\u4e00-\\u9fff]")


def _branches(words: Sequence[str]) -> str:
    """A pattern of words as a tree of characters, longest first: a list of a thousand is tried one by one."""
    made = []
    for first, group in itertools.groupby((word for word in words if word), key=lambda word: word[0]):
        rests = [word[1:] for word in group]
        longer = _branches(rests)
        behind = f"(?:{longer}){'?' if '' in rests else ''}" if longer else ""
        made.append(re.escape(first) + behind)
    return "|".join(made)
