"""Two versions of a questionnaire side by side: what changed, in sentences, and codes that changed name."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from manyi.organisation.errors import Refused
from manyi.surveys import actions
from manyi.surveys.definition import from_dict
from manyi.surveys.differences import differences
from manyi.surveys.errors import Frozen
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import code_mapping, draft_warnings, vanished_codes
from manyi.surveys.version_actions import map_code
from tests.survey_world import QUESTIONNAIRE, World, build

OLD = from_dict(tomllib.loads(QUESTIONNAIRE))


def changed(change: Any) -> Any:
    data = copy.deepcopy(tomllib.loads(QUESTIONNAIRE))
    service, overall = (section["questions"] for section in data["sections"])
    change(data, service, overall)
    return from_dict(data)


def told(change: Any, mapping: Any = None, language: str = "en") -> list[str]:
    return [each.words.text(language) for each in differences(OLD, changed(change), mapping or {})]


def test_nothing_changed_says_nothing() -> None:
    assert told(lambda d, s, o: None) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d, s, o: d.update(title_en="X"), "The title was “After-sales satisfaction”, now “X”."),
        (lambda d, s, o: s[1]["options"][0].update(title_en="Friends"),
         "The option friend of channels was “A friend”, now “Friends”."),
        (lambda d, s, o: s[1]["options"].pop(0), "channels: option “A friend” was removed."),
        (lambda d, s, o: s[0]["rows"].append({"code": "tea", "title": "茶", "title_en": "Tea"}),
         "reception: new row “Tea”."),
        (lambda d, s, o: s[0].update(required=False), "reception is now optional."),
        (lambda d, s, o: o.append(s.pop(1)), "channels moved to another part."),
        (lambda d, s, o: o[0].update(type="number"), "satisfied is now Number, no longer Rating."),
        (lambda d, s, o: o.pop(2), "Question why “Please tell us why” was removed."),
        (lambda d, s, o: d.update(title_de="Umfrage"), "New language: de."),
    ],
)  # fmt: skip
def test_each_difference_is_a_sentence(change: Any, words: str) -> None:
    assert words in told(change)


def test_a_condition_is_compared_in_words() -> None:
    (line,) = told(lambda d, s, o: o[1].update(visible_if="{satisfied} <= 3"), language="zh")
    assert "由“总是”改为" in line
    assert "不大于" in line


def test_renamed_and_split_questions_are_told_apart_from_new_ones() -> None:
    def change(data: Any, service: Any, overall: Any) -> None:
        overall[2]["code"] = "reason"
        overall.append({"code": "advice", "type": "text_long", "title": "建议", "title_en": "Advice"})

    assert "why is now called reason." in told(change, {"why": ["reason"]})
    assert "why was split into reason, advice." in told(change, {"why": ["reason", "advice"]})
    assert told(change, {"why": ["reason", "advice"]})[-1] != "New question advice “Advice”."


@pytest.fixture
def world(db: None) -> World:
    return build()


def next_version(world: World, *renamed: tuple[str, str]) -> QuestionnaireVersion:
    """A draft in which questions got other codes."""
    draft = actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    text = QUESTIONNAIRE
    for old, new in renamed:
        text = text.replace(f'code = "{old}"', f'code = "{new}"').replace(f"{{{old}}}", f"{{{new}}}")
    definition = from_dict(tomllib.loads(text))
    return actions.save_draft(
        actor=world.manager, version=draft, definition=definition, revision=draft.revision
    )


def test_a_code_that_is_gone_is_asked_for_until_somebody_says_what_became_of_it(world: World) -> None:
    draft = next_version(world, ("why", "reason"))
    assert vanished_codes(draft) == ["why"]
    assert "mapping.why" in dict(draft_warnings(draft))
    map_code(actor=world.manager, version=draft, old="why", new=["reason"])
    draft.refresh_from_db()
    assert vanished_codes(draft) == []
    with pytest.raises(Refused):
        map_code(actor=world.manager, version=draft, old="why", new=["nothing"])


def test_codes_are_followed_through_all_versions_in_between(world: World) -> None:
    second = next_version(world, ("why", "reason"))
    map_code(actor=world.manager, version=second, old="why", new=["reason"])
    actions.publish_questionnaire(actor=world.manager, version=second)
    third = next_version(world, ("why", "cause"))
    map_code(actor=world.manager, version=third, old="reason", new=["cause"])
    mapping = code_mapping(world.questionnaire, third)
    assert (mapping["why"], mapping["satisfied"]) == (["cause"], ["satisfied"])
    with pytest.raises(Frozen):
        map_code(actor=world.manager, version=second, old="why", new=[])
