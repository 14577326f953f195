"""Conditions made by choosing: written as expressions, and read back where they say no more than choices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.expressions import parse
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.condition_choices import (
    ALONE,
    LISTS,
    OPERATORS,
    Choices,
    Group,
    Term,
    chosen,
    fitted,
    subjects,
    written,
)
from manyi.surveys.definition import Check
from manyi.surveys.expression_places import expression_at, with_expression
from tests.survey_world import QUESTIONNAIRE

TREE = questionnaire_from_toml(QUESTIONNAIRE)
NAMES = sorted({name for operators in OPERATORS.values() for name, _ in operators})
JOINTS = st.sampled_from(["and", "or"])


@st.composite
def whole_tests(draw: st.DrawFn) -> Term:
    operator = draw(st.sampled_from(NAMES))
    size = 0 if operator in ALONE else 3 if operator in LISTS else 1
    values = draw(
        st.lists(st.sampled_from(["1", "-2.5", "a", "it's", "01"]), min_size=min(size, 1), max_size=size)
    )
    return Term(draw(st.sampled_from(["q1", "m.row", "q-Comment"])), operator, tuple(values))


GROUPS = st.builds(Group, JOINTS, st.lists(whole_tests(), min_size=1, max_size=4).map(tuple))


@given(st.builds(Choices, JOINTS, st.lists(GROUPS, min_size=1, max_size=3).map(tuple)))
def test_what_was_chosen_is_read_back_with_the_same_meaning(choices: Choices) -> None:
    text = written(choices)
    again = chosen(parse(text))
    assert again is not None
    assert chosen(parse(written(again))) == again
    assert [t for g in again.groups for t in g.tests] == [t for g in choices.groups for t in g.tests]


@pytest.mark.parametrize(
    ("expression", "groups"),
    [
        ("{a} <= 6", [("and", 1)]),
        ("{a} <= 6 and {b} anyof ['x', 'y'] and {c} empty", [("and", 3)]),
        ("{a} = 1 or {b} = 2", [("or", 2)]),
        ("({a} = 1 and {b} = 2) or {c} notempty", [("and", 2), ("and", 1)]),
        ("({a} = 1 or {b} = 2) and ({c} = 3 or {d} = 4)", [("or", 2), ("or", 2)]),
    ],
)
def test_an_expression_is_shown_as_choices(expression: str, groups: list[tuple[str, int]]) -> None:
    found = chosen(parse(expression))
    assert found is not None
    assert [(group.joint, len(group.tests)) for group in found.groups] == groups


@pytest.mark.parametrize(
    "expression", ["sum({a}, {b}) > 3", "{a} > {b}", "not ({a} = 1)", "{a} = true", "5 < {a}", "{a} + 1 = 2"]
)
def test_what_says_more_than_choices_stays_text(expression: str) -> None:
    assert chosen(parse(expression)) is None


def test_only_what_comes_before_can_decide_what_is_shown() -> None:
    assert [each.path for each in subjects(TREE, "recommend")] == [
        "reception.greeting", "reception.waiting", "reception.price", "channels", "satisfied",
    ]  # fmt: skip
    kinds = {each.path: each.kind for each in subjects(TREE)}
    assert (kinds["channels"], kinds["satisfied"], kinds["why"]) == ("many", "scale", "text")


def test_a_question_without_a_fitting_operator_gets_its_first() -> None:
    choices = Choices("and", (Group("and", (Term("channels", "<=", ("friend",)),)),))
    assert written(fitted(choices, subjects(TREE))) == "{channels} anyof ['friend']"


def test_a_test_without_a_value_is_left_out() -> None:
    tests = (Term("satisfied", "<=", ("3",)), Term("channels", "anyof"), Term("", ""))
    assert written(Choices("and", (Group("or", tests),))) == "{satisfied} <= 3"


@pytest.mark.parametrize(
    "path",
    ["service.visible_if", "why.visible_if", "why.required_if", "channels.options.web.visible_if",
     "reception.rows.price.visible_if"],
)  # fmt: skip
def test_every_place_takes_an_expression_and_gives_it_back(path: str) -> None:
    assert expression_at(with_expression(TREE, path, "{satisfied} = 1"), path) == "{satisfied} = 1"


def test_a_contradiction_is_a_place_too() -> None:
    pair = Check("{satisfied} = 5 and {recommend} = 0")
    tree = replace(TREE, contradictions=(pair,))
    assert expression_at(tree, "contradictions[1]") == pair.expression
    new = with_expression(tree, "contradictions[1]", "{recommend} = 1")
    assert new.contradictions == (Check("{recommend} = 1"),)
    assert expression_at(tree, "contradictions[2]") is None


@pytest.mark.parametrize("path", ["", "nothing.visible_if", "why.title", "why.checks[1]", "quotas.k.limit"])
def test_a_place_without_an_expression_is_left_alone(path: str) -> None:
    assert expression_at(TREE, path) is None
    assert with_expression(TREE, path, "1 = 1") == TREE
