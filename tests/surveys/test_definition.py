"""A questionnaire is the same tree in the database, in a file, and back."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.organisation.errors import Invalid, Refused
from manyi.surveys.codecs.toml import questionnaire_from_toml, questionnaire_to_toml
from manyi.surveys.definition import (
    Check,
    Option,
    Question,
    Questionnaire,
    Quota,
    Row,
    Section,
    Text,
    from_dict,
    to_dict,
)
from manyi.surveys.question_types import TYPES
from tests.survey_world import QUESTIONNAIRE

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"]) | st.sampled_from("中文\"\\'{}[]=#"), max_size=12
)
more = st.dictionaries(st.sampled_from(["fr", "de-informal", "ja"]), words.filter(bool), max_size=2)
texts = st.builds(Text, words, words, more.map(lambda found: tuple(sorted(found.items()))))
codes = st.from_regex(r"[A-Za-z题][A-Za-z0-9_号]{0,8}", fullmatch=True)
option_codes = st.from_regex(r"[A-Za-z0-9_+-]{1,6}", fullmatch=True)
conditions = st.sampled_from(["", "{q1} <= 6", "{a} anyof ['x', 'y']"])
orders = st.sampled_from(["", "random", "rotated"])
flags = st.booleans()
columns = st.builds(
    Question, code=codes, type=st.sampled_from(["number", "single"]), title=texts, required=flags
)
questions = st.builds(
    Question,
    code=codes,
    type=st.sampled_from(TYPES.ids()),
    title=texts,
    help=texts,
    required=flags,
    required_if=conditions,
    visible_if=conditions,
    role=st.sampled_from(["", "overall", "nps", "reason"]),
    order=orders,
    comment=flags,
    default=st.none() | st.integers(-9, 9) | words | st.lists(option_codes, max_size=2),
    config=st.dictionaries(codes, st.integers(-9, 9) | st.booleans() | words, max_size=3),
    options=st.lists(
        st.builds(Option, option_codes, texts, flags, flags, conditions, option_codes), max_size=4
    ).map(tuple),
    rows=st.lists(st.builds(Row, codes, texts, conditions), max_size=3).map(tuple),
    columns=st.lists(columns, max_size=2).map(tuple),
    checks=st.lists(st.builds(Check, conditions, texts), max_size=2).map(tuple),
)
sections = st.builds(
    Section,
    code=codes,
    title=texts,
    help=texts,
    visible_if=conditions,
    order=orders,
    questions=st.lists(questions, max_size=3).map(tuple),
)
quotas = st.builds(Quota, codes, texts, conditions, st.integers(0, 500))
questionnaires = st.builds(
    Questionnaire,
    code=codes,
    title=texts,
    intro=texts,
    thanks=texts,
    sections=st.lists(sections, max_size=2).map(tuple),
    quotas=st.lists(quotas, max_size=2).map(tuple),
    contradictions=st.lists(st.builds(Check, conditions, texts), max_size=2).map(tuple),
)


@given(questionnaires)
def test_a_file_brings_back_the_same_tree(tree: Questionnaire) -> None:
    assert questionnaire_from_toml(questionnaire_to_toml(tree)) == tree


@given(questionnaires)
def test_plain_data_brings_back_the_same_tree(tree: Questionnaire) -> None:
    assert from_dict(to_dict(tree)) == tree


def test_the_readable_file_of_a_dealership_is_read() -> None:
    tree = questionnaire_from_toml(QUESTIONNAIRE)
    assert list(tree.questions) == ["reception", "channels", "satisfied", "recommend", "why"]
    assert tree.section_of["why"].code == "overall"
    role = tree.with_role("nps")
    assert role is not None
    assert role.code == "recommend"
    assert tree.titles("zh-hans")["reception.waiting"] == "等候"


def test_options_stand_on_one_line_each_in_the_file() -> None:
    written = questionnaire_to_toml(questionnaire_from_toml(QUESTIONNAIRE))
    assert '{ code = "friend", title = "朋友", title_en = "A friend" },' in written


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"titel": "x"}, "titel"),
        ({"code": "1st"}, "code"),
        ({"sections": "s"}, "sections"),
        ({"sections": [{"code": "s", "questions": [{"code": "q", "requird": 1}]}]}, "s.questions[1].requird"),
        ({"sections": [{"code": "s", "questions": [{"code": "q", "required": 1}]}]}, "q.required"),
        ({"sections": [{"code": "s", "questions": [{"code": "q", "role": "boss"}]}]}, "q.role"),
        ({"sections": [{"code": "s", "questions": ["q"]}]}, "s.questions[1]"),
        ({"sections": [{"code": "s", "questions": [{"code": "q", "options": [{"code": "a b"}]}]}]},
         "q.options[1].code"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_named_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        from_dict({"code": "x", "title": "问卷", **change})
    assert place in [path for path, _ in caught.value.problems]


def test_a_broken_file_names_the_line() -> None:
    with pytest.raises(Refused, match="line 1"):
        questionnaire_from_toml('code = x\ntitle = "问卷"')


def test_a_text_may_be_given_as_a_pair() -> None:
    tree = from_dict({"code": "x", "title": {"zh": "问卷", "en": "Survey"}})
    assert tree.title == Text("问卷", "Survey")
    assert (tree.title["en-gb"], Text("问卷").text("en")) == ("Survey", "问卷")


def test_the_example_file_is_plain_toml() -> None:
    assert to_dict(from_dict(tomllib.loads(QUESTIONNAIRE)))["code"] == "after_sales"
