"""A questionnaire is the same tree in the database, in a file, and back."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.organisation.errors import Invalid, Refused
from manyi.surveys.codecs.toml import questionnaire_from_toml, questionnaire_to_toml
from manyi.surveys.definition import Option, Question, Questionnaire, Row, Section, Text, from_dict, to_dict
from manyi.surveys.question_types import TYPES
from tests.survey_world import QUESTIONNAIRE

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"]) | st.sampled_from("中文\"\\'{}[]=#"), max_size=12
)
texts = st.builds(Text, words, words)
codes = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
options = st.builds(Option, st.from_regex(r"[A-Za-z0-9_+-]{1,6}", fullmatch=True), texts, st.booleans())
questions = st.builds(
    Question,
    code=codes,
    type=st.sampled_from(TYPES.ids()),
    title=texts,
    help=texts,
    required=st.booleans(),
    visible_if=st.sampled_from(["", "{q1} <= 6", "{a} anyof ['x', 'y']"]),
    role=st.sampled_from(["", "overall", "nps", "reason"]),
    config=st.dictionaries(codes, st.integers(-9, 9) | st.booleans() | words, max_size=3),
    options=st.lists(options, max_size=4).map(tuple),
    rows=st.lists(st.builds(Row, codes, texts), max_size=3).map(tuple),
)
sections = st.builds(
    Section, codes, texts, st.sampled_from(["", "{q1} notempty"]), st.lists(questions, max_size=4).map(tuple)
)
questionnaires = st.builds(
    Questionnaire, codes, texts, texts, texts, st.lists(sections, max_size=3).map(tuple)
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
