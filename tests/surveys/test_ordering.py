"""Choices in fixed, random and rotated order: the same every time, “other” and “none of these” last."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.surveys.ordering import arranged, arranged_question
from manyi.surveys.tree import Option, Question, Row, Text

OPTIONS = tuple(Option(code, Text(code, code)) for code in "abcd")
OTHER = Option("other", Text("其他", "Other"), free=True)
NONE = Option("none", Text("都不是", "None"), exclusive=True)


@given(st.sampled_from(["", "random", "rotated"]), st.integers(0, 2**31), st.text(max_size=5))
def test_the_same_seed_shows_the_same_order_and_nothing_is_lost(order: str, seed: int, code: str) -> None:
    items = (NONE, *OPTIONS, OTHER)
    first = arranged(items, order, seed, code)
    assert first == arranged(items, order, seed, code)
    assert sorted(first, key=id) == sorted(items, key=id)
    assert first == items if not order else first[-2:] == (NONE, OTHER)


def test_rotating_begins_elsewhere_and_goes_round() -> None:
    starts = Counter()  # type: Counter[str]
    for seed in range(400):
        codes = "".join(option.code for option in arranged(OPTIONS, "rotated", seed, "q"))
        assert codes in "abcdabcd"
        starts[codes[0]] += 1
    assert min(starts.values()) > 60


def test_shuffling_brings_every_choice_to_the_front_about_equally_often() -> None:
    firsts = Counter(arranged(OPTIONS, "random", seed, "q")[0].code for seed in range(400))
    assert min(firsts.values()) > 60


@pytest.mark.parametrize("order", ["random", "rotated"])
def test_two_questions_of_one_person_are_shuffled_apart(order: str) -> None:
    assert any(arranged(OPTIONS, order, s, "q1") != arranged(OPTIONS, order, s, "q2") for s in range(9))


def test_rows_are_arranged_where_there_are_rows() -> None:
    rows = tuple(Row(code, Text(code, code)) for code in "wxyz")
    question = Question("q", "matrix_single", Text("问", "Q"), order="rotated", options=OPTIONS, rows=rows)
    seen = {arranged_question(question, seed).rows[0].code for seed in range(50)}
    assert seen == set("wxyz")
    assert arranged_question(question, 7).options == OPTIONS
