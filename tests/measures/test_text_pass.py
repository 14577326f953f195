"""One pass over a text says what the single readers say, and the tree of words finds the longest word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.text.lexicon import lexicon, taxonomies
from manyi.measures.text.polarity import _branches, rated
from manyi.measures.text.themes import heard, mentions

WORDS = [
    *sorted(lexicon().polarity)[:40],
    *sorted(lexicon().negators),
    "等待",
    "价格",
    "但是",
    ",",
    "?",
    " ",
    "but ",
]


@given(text=st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_one_pass_says_the_same(text: str) -> None:
    for taxonomy in taxonomies().values():
        score, found = heard(text, taxonomy)
        assert score == rated(text)
        assert found == mentions(text, taxonomy)


@given(
    words=st.sets(st.text("好坏差不", min_size=1, max_size=4), min_size=1, max_size=12),
    text=st.text("好坏差不", max_size=12),
)
def test_the_tree_finds_what_a_list_from_long_to_short_finds(words: set[str], text: str) -> None:
    listed = re.compile("|".join(sorted(words, key=len, reverse=True)))
    assert re.findall(_branches(sorted(words)), text) == listed.findall(text)


def test_a_question_is_no_praise_of_what_it_asks_about() -> None:
    taxonomy = taxonomies()["general"]
    words = {word for aspect in taxonomy.aspects for word in aspect.words if heard(word, taxonomy)[1]}
    word = min(word for word in words if not word.isascii() and not rated(word))
    (praised, *_) = mentions(f"{word}很好,", taxonomy)
    (asked, *_) = mentions(f"{word}很好吗?", taxonomy)
    assert praised.score > 0
    assert asked.score == 0
