"""What the editor's forms say becomes the tree: parts in bulk and singly, codes that conditions follow."""

from __future__ import annotations

import pytest

from manyi.organisation.errors import Refused
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Option, Question, Text, from_dict, to_dict
from manyi.surveys.question_types import TYPES
from manyi.surveys.rules import draft_problems
from manyi.web.manage import editing, typed_in
from manyi.web.manage.config_fields import CHOICES, NAMES, config_from, settings_for
from manyi.web.manage.option_lines import options_from
from tests.survey_world import QUESTIONNAIRE

TREE = questionnaire_from_toml(QUESTIONNAIRE)


def test_pasted_words_that_are_there_keep_their_code_and_the_rest_gets_free_ones() -> None:
    known = (Option("red", Text("红", "Red"), exclusive=True), Option("blue", Text("蓝", "Blue")))
    made = options_from("Blue\n红\n绿", known)
    assert [(o.code, o.title.zh, o.exclusive) for o in made] == [
        ("blue", "蓝", False), ("red", "红", True), ("o1", "绿", False),
    ]  # fmt: skip


def test_the_same_words_twice_are_two_options() -> None:
    assert [o.code for o in options_from("红\n红", (Option("red", Text("红")),))] == ["red", "o1"]


def test_lines_of_a_questionnaire_in_three_languages() -> None:
    (option,) = options_from("a | 好 | Good | Gut", (), ("zh", "en", "de"))
    assert (option.title.zh, option.title.en, option.title.within("de")) == ("好", "Good", "Gut")


def test_conditions_and_piped_texts_follow_a_new_code() -> None:
    tree = editing.with_node(
        TREE,
        "why",
        Question("why", "text_long", Text("{recommend} 分,为什么?"), visible_if="{recommend} <= 6"),
    )
    new = typed_in.change_question(tree, "recommend", {"code": "nps"})
    assert new.questions["why"].visible_if == "{nps} <= 6"
    assert new.questions["why"].title.zh.startswith("{nps}")
    assert "recommend" not in new.questions


def test_an_option_gets_another_code_and_a_condition_on_it_too() -> None:
    given = {
        "options.given": "1",
        "options.0.code": "mate",
        "options.0.title": "朋友",
        "options.1.code": "web",
    }
    tree = editing.with_node(
        TREE, "why", Question("why", "text_long", Text("为什么?"), visible_if="{channels} anyof ['friend']")
    )
    new = typed_in.change_question(tree, "channels", given)
    assert new.questions["channels"].options[0].code == "mate"
    assert "'mate'" in new.questions["why"].visible_if


@pytest.mark.parametrize("kind", TYPES.ids())
def test_every_setting_of_every_type_has_words_and_comes_back_as_it_was(kind: str) -> None:
    settings = settings_for(kind, {})
    for setting in settings:
        assert setting.name in NAMES
        assert {value for value, _label, _chosen in setting.choices} <= CHOICES.keys()
    given = {f"config.{setting.name}": setting.value for setting in settings}
    for setting in settings:
        given |= {f"config.{setting.name}.{value}": "yes" for value, _l, chosen in setting.choices if chosen}
    assert settings_for(kind, config_from(given, kind, {})) == settings


@pytest.mark.parametrize("kind", TYPES.ids())
def test_a_new_question_of_every_type_can_be_edited_and_changed_into_any_other(kind: str) -> None:
    tree = editing.add_question(TREE, "overall", kind)
    code = next(code for code in tree.questions if code not in TREE.questions)
    assert draft_problems(tree) == []
    for other in TYPES.ids():
        changed = typed_in.retyped(tree, code, other)
        assert draft_problems(changed) == []
        assert from_dict(to_dict(changed)) == changed


def test_a_default_is_kept_as_an_answer_is_stored_and_refused_where_it_cannot_be_one() -> None:
    several = typed_in.change_question(TREE, "channels", {"default": "web, friend"})
    assert several.questions["channels"].default == ["friend", "web"]
    assert typed_in.change_question(TREE, "satisfied", {"default": "4"}).questions["satisfied"].default == 4
    with pytest.raises(Refused) as refused:
        typed_in.change_question(TREE, "satisfied", {"default": "9"})
    assert refused.value.field == "default"


def test_buttons_of_a_list_add_move_and_take_away() -> None:
    tree = typed_in.rearranged(TREE, "channels", {"shift": "options:1:-1"})
    assert [o.code for o in tree.questions["channels"].options][:2] == ["web", "friend"]
    tree = typed_in.rearranged(tree, "channels", {"drop": "options:0"})
    assert tree.questions["channels"].options[0].code == "friend"
    tree = typed_in.rearranged(tree, "channels", {"add": "options"})
    assert tree.questions["channels"].options[-1].code == "o1"
    tree = typed_in.rearranged(tree, "", {"add": "quotas"})
    assert [(quota.code, quota.limit) for quota in tree.quotas] == [("k1", 100)]


def test_a_language_is_added_by_its_title() -> None:
    assert typed_in.add_language(TREE, "de", "Umfrage").languages == ("zh", "en", "de")
    for language, words, field in (("Deutsch!", "x", "language"), ("de", " ", "words")):
        with pytest.raises(Refused) as refused:
            typed_in.add_language(TREE, language, words)
        assert refused.value.field == field


def test_a_copy_stands_behind_its_model_with_codes_of_its_own() -> None:
    tree, code = editing.copied(TREE, "recommend")
    order = list(tree.questions)
    assert order[order.index("recommend") + 1] == code
    assert tree.questions[code].role == "", "a role is held by one question"
    twice, section = editing.copied(TREE, "service")
    assert [each.code for each in twice.sections][:2] == ["service", section]
    assert draft_problems(twice) == []


def test_a_question_is_put_into_another_section_before_another_one() -> None:
    tree = editing.place_at(TREE, "why", "service", "channels")
    assert [q.code for q in tree.sections[0].questions] == ["reception", "why", "channels"]
    assert editing.place_at(tree, "overall", "service").sections[0].code == "overall"


def test_a_column_of_a_table_is_edited_in_its_place() -> None:
    tree = editing.add_question(TREE, "overall", "table")
    code = next(code for code in tree.questions if code not in TREE.questions)
    tree = editing.add_column(tree, code, "number")
    column = f"{code}.{tree.questions[code].columns[-1].code}"
    tree = typed_in.change_question(tree, column, {"title": "数量", "code": "amount", "config.low": "1"})
    node = editing.node_at(tree, f"{code}.amount")
    assert isinstance(node, Question)
    assert (node.title.zh, node.config) == ("数量", {"low": 1})
    first = editing.move(tree, f"{code}.amount", -1).questions[code].columns
    assert first[-2].code == "amount"
    assert editing.node_at(editing.remove(tree, f"{code}.amount"), f"{code}.amount") is None
