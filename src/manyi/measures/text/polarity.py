"""Sentiment by words and rules, clause by clause: for the first day, before anything was labelled."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from manyi.measures.text.cleaning import TURNS, clauses, clean
from manyi.measures.text.lexicon import lexicon

#: What stands behind “but” counts for so much more.
TURNED = 1.5
INTENSIFIED, SOFTENED, WISHED = 1.5, 0.6, 0.3
#: A negator turns what stands within so many words behind it.
REACH = 3
_QUESTION = ("?", "?", "吗", "呢")


def rated(text: str) -> float:
    """The sentiment of a text, -1 to 1; 0 where no known word speaks."""
    scores = [(clause_score(clause), _weight(clause)) for clause in clauses(clean(text))]
    heard = [(score, weight) for score, weight in scores if score]
    if not heard:
        return 0.0
    total = sum(score * weight for score, weight in heard)
    return math.tanh(total / math.sqrt(len(heard)) / 1.5)


def clause_score(clause: str) -> float:
    """The sum of the words of praise and blame of one clause, turned and strengthened by their neighbours."""
    tokens = _tokens(clause)
    known = lexicon()
    total = sum(
        known.polarity[word] * _factor(tokens, place)
        for place, word in enumerate(tokens)
        if word in known.polarity
    )
    if total > 0 and clause.rstrip().endswith(_QUESTION):
        return 0.0
    return total * (WISHED if any(word in known.wishes for word in tokens) and total > 0 else 1.0)


def _factor(tokens: Sequence[str], place: int) -> float:
    known, factor = lexicon(), 1.0
    for word in tokens[max(0, place - REACH) : place]:
        if word in known.negators:
            factor *= -0.8
        elif word in known.intensifiers:
            factor *= INTENSIFIED
        elif word in known.softeners:
            factor *= SOFTENED
    return factor


def _weight(clause: str) -> float:
    return TURNED if clause.startswith(TURNS) else 1.0


@cache
def _pattern() -> re.Pattern[str]:
    """The longest known word at each place; English words whole."""
    known = lexicon()
    words = {*known.polarity, *known.negators, *known.intensifiers, *known.softeners, *known.wishes}
    chinese = sorted((w for w in words if not w.isascii()), key=len, reverse=True)
    return re.compile(f"{'|'.join(map(re.escape, chinese))}|[a-z']+|[\\u4e00-\\u9fff]")


def _tokens(clause: str) -> list[str]:
    return _pattern().findall(clause)
