"""What the checks before publishing prove: contradictions, unreachable grades, answers piped from nowhere."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from manyi.measures.scoring import scheme_from_dict
from manyi.surveys import library
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.conditions import parsed
from manyi.surveys.definition import from_dict
from manyi.surveys.reachability import can_hold
from manyi.surveys.rules import publish_problems, publish_warnings, scheme_warnings
from tests.survey_world import QUESTIONNAIRE, SCHEME

TREE = questionnaire_from_toml(QUESTIONNAIRE)


def changed(change: Any) -> Any:
    data = copy.deepcopy(tomllib.loads(QUESTIONNAIRE))
    service, overall = (section["questions"] for section in data["sections"])
    change(data, service, overall)
    return from_dict(data)


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        ("{recommend} < 3 and {recommend} > 7", False),
        ("{satisfied} > 5", False),
        ("{satisfied} = 1 and {satisfied} empty", False),
        ("{channels} allof ['friend', 'web'] and {channels} notcontains 'web'", False),
        ("{reception.greeting} = 1 and {reception.greeting} > {reception.waiting}", False),
        ("{recommend} < 3 or {recommend} > 7", True),
        ("{channels} anyof ['friend'] and {channels} notcontains 'web'", True),
        ("{reception.greeting} < {reception.waiting}", True),
        ("{satisfied} empty", True),
        ("{why} contains 'x' and {why} notcontains 'x'", None),
        ("{satisfied} = 1 and today() < '2000-01-01'", None),
        ("1 = 2", None),
    ],
)
def test_whether_answers_can_fulfil_a_condition(condition: str, possible: bool | None) -> None:
    assert can_hold(TREE, [parsed(condition)]) is possible


def test_conditions_of_the_questions_asked_count_too() -> None:
    """Who is asked “second” said 1 to “satisfied”, so nobody who said 5 can have answered it."""

    def change(data: Any, service: Any, overall: Any) -> None:
        overall[1]["visible_if"] = "{satisfied} = 1"
        overall[2]["visible_if"] = "{satisfied} = 5 and {recommend} notempty"

    assert [path for path, _ in publish_problems(changed(change))] == ["why.visible_if"]


def test_a_question_whose_section_contradicts_it_is_never_shown() -> None:
    def change(data: Any, service: Any, overall: Any) -> None:
        data["sections"][1]["visible_if"] = "{channels} anyof ['web']"
        overall[0]["visible_if"] = "{channels} empty"

    assert [path for path, _ in publish_problems(changed(change))] == ["satisfied.visible_if"]


def test_an_option_that_nobody_is_offered_is_named() -> None:
    def change(data: Any, service: Any, overall: Any) -> None:
        service[1]["options"][0]["visible_if"] = "{reception.price} = 1 and {reception.price} = 2"

    assert [path for path, _ in publish_problems(changed(change))] == ["channels.options.friend.visible_if"]


def test_too_many_answers_are_left_undecided() -> None:
    rows = " and ".join(f"{{reception.{row}}} = 1" for row in ("greeting", "waiting", "price"))
    never = f"{rows} and {{recommend}} = 1 and {{channels}} empty and {{satisfied}} = 1 and {{satisfied}} = 2"
    assert can_hold(TREE, [parsed(never)]) is None


def test_a_text_may_only_use_answers_that_came_before() -> None:
    def change(data: Any, service: Any, overall: Any) -> None:
        overall[0]["title"] = "您给了 {recommend} 分"

    assert [path for path, _ in publish_problems(changed(change))] == ["satisfied.title"]


def test_a_text_that_uses_an_answer_which_may_be_hidden_is_worth_a_thought() -> None:
    def hidden(data: Any, service: Any, overall: Any) -> None:
        overall[1]["visible_if"] = "{satisfied} <= 3"
        overall[2]["title"] = "{recommend} 分,为什么?"
        overall[2]["visible_if"] = ""

    def safe(data: Any, service: Any, overall: Any) -> None:
        hidden(data, service, overall)
        overall[2]["visible_if"] = "{satisfied} <= 2"

    assert ("why.title" in dict(publish_warnings(changed(hidden)))) is True
    assert "why.title" not in dict(publish_warnings(changed(safe))), "who said 2 was asked"


def test_a_scale_without_words_at_its_ends_is_worth_a_thought() -> None:
    def mute(data: Any, service: Any, overall: Any) -> None:
        overall[0]["options"] = []

    def stars(data: Any, service: Any, overall: Any) -> None:
        mute(data, service, overall)
        overall[0]["config"] = {"look": "stars"}

    assert "satisfied.options" in dict(publish_warnings(changed(mute)))
    assert "satisfied.options" not in dict(publish_warnings(changed(stars)))


@pytest.mark.parametrize("entry", library.entries(), ids=lambda entry: entry.code)
def test_our_own_questionnaires_have_no_faults(entry: library.Entry) -> None:
    assert publish_problems(entry.questionnaire) == []


def test_grades_that_nobody_can_reach_are_named() -> None:
    scheme = tomllib.loads(SCHEME)
    assert scheme_warnings(scheme_from_dict(scheme), TREE) == []
    scheme["bands"] = [
        {"grade": "A+", "label": {"zh": "卓越", "en": "Superb"}, "at_least": 101},
        {"grade": "B", "label": {"zh": "良好", "en": "Good"}, "at_least": 0},
    ]
    ((place, words),) = scheme_warnings(scheme_from_dict(scheme), TREE)
    assert place == "bands.A+"
    assert "A+" in words.zh


def test_a_grade_between_two_possible_totals_is_named_too() -> None:
    scheme = {
        "items": [{"question": "satisfied", "points": {"1": 0, "5": 100}}],
        "bands": [
            {"grade": grade, "label": {"zh": grade, "en": grade}, "at_least": edge}
            for grade, edge in (("A", 80), ("B", 40), ("C", 0))
        ],
    }
    assert [place for place, _ in scheme_warnings(scheme_from_dict(scheme), TREE)] == ["bands.B"]
