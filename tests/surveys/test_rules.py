"""What stands against publishing is found and named with its place."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from manyi.measures.scoring import scheme_from_dict
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import from_dict
from manyi.surveys.rules import draft_problems, publish_problems, scheme_problems
from tests.survey_world import QUESTIONNAIRE, SCHEME


def places(change: Any) -> list[str]:
    """Where the rules find fault after ``change`` was applied to the dealership's questionnaire."""
    data = copy.deepcopy(tomllib.loads(QUESTIONNAIRE))
    service, overall = (section["questions"] for section in data["sections"])
    change(data, service, overall)
    return [path for path, _ in publish_problems(from_dict(data))]


def test_the_dealership_questionnaire_is_whole() -> None:
    assert places(lambda data, service, overall: None) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d, s, o: (d.pop("title"), d.pop("title_en")), "title"),
        (lambda d, s, o: s[0].pop("title_en"), "reception.title"),
        (lambda d, s, o: s[1]["options"][0].pop("title"), "channels.options.friend"),
        (lambda d, s, o: s[0]["rows"].clear(), "reception.rows"),
        (lambda d, s, o: s[1].update(options=s[1]["options"][:1]), "channels.options"),
        (lambda d, s, o: s[1]["options"].append(s[1]["options"][0]), "channels.options"),
        (lambda d, s, o: o.append(dict(o[0])), "satisfied"),
        (lambda d, s, o: o[0].update(type="hologram"), "satisfied.type"),
        (lambda d, s, o: o[0].update(config={"hihg": 7}), "satisfied.config.hihg"),
        (lambda d, s, o: o[0].update(config={"high": 4}), "satisfied.options.5"),
        (lambda d, s, o: o[2].update(visible_if="{nothing} = 1"), "why.visible_if"),
        (lambda d, s, o: o[2].update(visible_if="{reception.roof} = 1"), "why.visible_if"),
        (lambda d, s, o: o[2].update(visible_if="{recommend} <="), "why.visible_if"),
        (lambda d, s, o: o[2].update(visible_if="{why} notempty"), "why.visible_if"),
        (lambda d, s, o: s[0].update(visible_if="{recommend} > 3"), "reception.visible_if"),
        (lambda d, s, o: o[2].update(visible_if="{channels} anyof ['radio']"), "why.visible_if"),
        (lambda d, s, o: o[2].update(visible_if="{satisfied} = 6"), "why.visible_if"),
        (lambda d, s, o: o[2].update(role="overall"), "satisfied.role"),
        (lambda d, s, o: d["sections"][0].update(questions=[]), "service"),
        (lambda d, s, o: d["sections"].clear(), "sections"),
    ],
)
def test_a_fault_is_found_at_its_place(change: Any, place: str) -> None:
    assert place in places(change)


def test_a_questionnaire_in_one_language_asks_for_no_other() -> None:
    assert places(lambda data, service, overall: data.pop("title_en")) == []
    german = places(lambda data, service, overall: data.update(title_de="Zufriedenheit"))
    assert {"intro", "service.section", "channels.options.friend", "why.title"} <= set(german)


def test_a_circle_of_conditions_is_named() -> None:
    def change(data: Any, service: Any, overall: Any) -> None:
        overall[0]["visible_if"] = "{recommend} = 1"
        overall[1]["visible_if"] = "{satisfied} = 1"

    assert any(place.endswith("visible_if") for place in places(change))


def test_a_draft_may_be_incomplete_but_not_unusable() -> None:
    data = tomllib.loads(QUESTIONNAIRE)
    data["sections"][1]["questions"][0] = {"code": "satisfied", "type": "rating"}
    assert draft_problems(from_dict(data)) == []


def test_a_scheme_must_ask_for_what_the_questionnaire_has() -> None:
    tree = questionnaire_from_toml(QUESTIONNAIRE)
    good = tomllib.loads(SCHEME)
    assert scheme_problems(scheme_from_dict(good), tree) == []
    bad = {
        "items": [
            {"question": "reception.roof", "points": {"5": 100}},
            {"question": "satisfied", "points": {"7": 100}, "expectation": "hoped"},
        ],
        "case_trigger": {"nps_at_most": 6, "nps_question": "why"},
    }
    assert [path for path, _ in scheme_problems(scheme_from_dict(bad), tree)] == [
        "items[0].question",
        "items[1].expectation",
        "items[1].points.7",
        "case_trigger.nps_question",
    ]
