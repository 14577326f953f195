"""SurveyJS files: what they hold arrives, what does not is named, and our own come back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from manyi.organisation.errors import Refused
from manyi.surveys.codecs import CODECS, Document, Source, Unreadable, read
from manyi.surveys.codecs.answers import to_ours, to_theirs
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire, Section, Text, question_from_dict
from manyi.surveys.question_types import TYPES
from tests.surveys.every_type import every_type


def survey(*elements: dict[str, Any], **more: Any) -> Document:
    text = json.dumps({"pages": [{"name": "p", "elements": list(elements)}], **more})
    return read(Source("survey.json", text.encode()))


def written(document: Document, folder: Path) -> Document:
    CODECS.get("surveyjs").write(document, folder / "out.json")
    return read(Source.of(folder / "out.json"))


def test_the_shared_files_arrive_with_every_named_element(shared_data: Path, tmp_path: Path) -> None:
    facts = json.loads((shared_data / "formats" / "facts.json").read_text())
    for path in sorted((shared_data / "formats" / "surveyjs").glob("survey-core-*.json")):
        document = read(Source.of(path))
        tree = document.questionnaire
        inner = [column for question in tree.questions.values() for column in question.columns]
        assert len(tree.questions) + len(inner) == facts[f"surveyjs/{path.name}"]["named_elements"], path.name
        assert written(document, tmp_path).questionnaire == tree
    document = read(Source.of(shared_data / "formats" / "surveyjs" / "test_survey_schema.json"))
    tree = document.questionnaire
    repeated = tree.questions["education"].columns
    assert len(tree.questions) + len(repeated) == facts["surveyjs/test_survey_schema.json"]["named_elements"]
    assert len(tree.sections) == facts["surveyjs/test_survey_schema.json"]["pages"]
    assert written(document, tmp_path).questionnaire == tree


def test_the_answers_of_the_shared_form_are_judged_in_their_own_words(shared_data: Path) -> None:
    folder = shared_data / "formats" / "surveyjs"
    document = read(Source.of(folder / "test_survey_schema.json"))
    answers = json.loads((folder / "test_survey_form.json").read_text())
    ours = to_ours(document, answers)
    assert ours["agreeTerms"] == "yes"
    assert to_theirs(document, {"agreeTerms": "yes"}) == {"agreeTerms": "agreed"}
    assert ours["employeeList"]["1"] == answers["employeeList"][0]


def test_every_type_comes_back_the_same(tmp_path: Path) -> None:
    tree = every_type()
    assert {question.type for question in tree.questions.values()} == set(TYPES.ids())
    assert written(Document(tree), tmp_path).questionnaire == tree


def test_names_that_are_no_codes_are_renamed_in_expressions_too_and_told() -> None:
    document = survey(
        {"type": "text", "name": "my question"},
        {"type": "radiogroup", "name": "Which one?", "choices": ["Very good", "bad"]},
        {"type": "text", "name": "q3", "visibleIf": "{my question} notempty and {Which one?} = 'Very good'"},
    )
    tree = document.questionnaire
    assert list(tree.questions) == ["my_question", "Which_one", "q3"]
    assert "{my_question}" in tree.questions["q3"].visible_if
    assert "'Very_good'" in tree.questions["q3"].visible_if
    assert document.names["Which_one"] == "Which one?"
    assert {loss.place for loss in document.losses} >= {"my question", "Which one?"}


def test_words_without_quotes_and_bare_truths_are_understood() -> None:
    document = survey(
        {"type": "boolean", "name": "has"},
        {"type": "text", "name": "a", "visibleIf": "{has}"},
        {"type": "text", "name": "b", "visibleIf": "{has} = true and {a} anyof [x, y]"},
    )
    questions = document.questionnaire.questions
    assert questions["a"].visible_if == "({has}) = ('yes')"
    assert questions["b"].visible_if == "(({has}) = ('yes')) and (({a}) anyof (['x', 'y']))"


def test_the_conditions_of_panels_hold_for_what_is_in_them() -> None:
    inner = {"type": "text", "name": "b", "visibleIf": "{a} = 2"}
    panel = {"type": "panel", "name": "box", "title": "Box", "visibleIf": "{a} > 1", "elements": [inner]}
    tree = survey({"type": "text", "name": "a"}, panel).questionnaire
    assert tree.questions["box"].type == "information"
    assert tree.questions["b"].visible_if == "(({a}) > (1)) and (({a}) = (2))"


def test_what_cannot_be_carried_is_named_and_the_rest_stays() -> None:
    document = survey(
        {"type": "text", "name": "a", "enableIf": "{b} = 1", "visibleIf": "{nowhere} = 1"},
        {"type": "hologram", "name": "h"},
        triggers=[{"type": "setvalue", "expression": "{a} = 1"}],
        cookieName="x",
    )
    told = {loss.place for loss in document.losses}
    assert {"a.enableIf", "a", "h", "triggers[1]", "cookieName"} <= told
    assert document.questionnaire.questions["h"].type == "text_short"


def test_texts_keep_every_language(tmp_path: Path) -> None:
    title = {"en": "Colour", "zh-cn": "颜色", "de": "Farbe"}
    document = survey({"type": "text", "name": "a", "title": title})
    assert document.questionnaire.questions["a"].title == Text("颜色", "Colour", (("de", "Farbe"),))
    assert written(document, tmp_path).questionnaire == document.questionnaire


def test_what_the_format_cannot_say_is_kept_beside_it_and_told(tmp_path: Path) -> None:
    example = TYPES.get("sum").example
    question = questionnaire_from_toml(f'code="x"\n[[sections]]\ncode="s"\n[[sections.questions]]{example}')
    losses = CODECS.get("surveyjs").write(Document(question), tmp_path / "x.json")
    assert read(Source.of(tmp_path / "x.json")).questionnaire == question
    assert isinstance(losses, list)


def test_nonsense_beside_an_element_is_refused() -> None:
    with pytest.raises(Refused):
        survey({"type": "text", "name": "a", "manyi": {"options": 5}})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "JSON"),
        (b'{"pages": [', "JSON"),
        (b'{"a": 1}', "no pages"),
        (b"[1, 2]", "no pages"),
        ('{"pages": []}'.encode("utf-16"), "UTF-8"),
        (b'{"pages":' + b"[" * 100_000, "nested"),
        (b" " * (21 << 20), "too large"),
    ],
)
def test_a_broken_file_gets_one_clear_word(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(Source("survey.json", data))
    assert words in caught.value.message.en


def test_an_empty_survey_is_an_empty_tree() -> None:
    tree = read(Source("survey.json", b'{"pages": []}')).questionnaire
    assert tree.sections == ()
    assert isinstance(tree, Questionnaire)


def test_a_question_alone_is_read_from_plain_data() -> None:
    question = question_from_dict({"code": "a", "type": "number", "title": "x"})
    assert Section("s", questions=(question,)).questions[0].title == Text("x")
