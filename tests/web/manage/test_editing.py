"""Edits of a questionnaire's tree: each gives a new tree that can be read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire, from_dict, to_dict
from manyi.surveys.question_types import TYPES
from manyi.surveys.rules import draft_problems
from manyi.web.manage import editing, option_lines
from tests.survey_world import QUESTIONNAIRE

TREE = questionnaire_from_toml(QUESTIONNAIRE)
EDITS = st.lists(
    st.tuples(st.sampled_from(["section", "question", "up", "down", "remove"]), st.integers(0, 50))
)


def edited(tree: Questionnaire, edit: str, number: int) -> Questionnaire:
    sections = [section.code for section in tree.sections]
    nodes = [*sections, *tree.questions]
    if edit == "section" or not nodes:
        return editing.add_section(tree)
    if edit == "question":
        kinds = TYPES.ids()
        return editing.add_question(tree, sections[number % len(sections)], kinds[number % len(kinds)])
    node = nodes[number % len(nodes)]
    return (
        editing.remove(tree, node)
        if edit == "remove"
        else editing.move(tree, node, -1 if edit == "up" else 1)
    )


@given(EDITS)
def test_any_row_of_edits_leaves_a_usable_draft(edits: list[tuple[str, int]]) -> None:
    tree = TREE
    for edit, number in edits:
        tree = edited(tree, edit, number)
    assert from_dict(to_dict(tree)) == tree
    assert draft_problems(tree) == []


@given(EDITS)
def test_moving_loses_no_question(edits: list[tuple[str, int]]) -> None:
    tree = TREE
    for edit, number in edits:
        if edit in {"up", "down"}:
            tree = edited(tree, edit, number)
    assert set(tree.questions) == set(TREE.questions)


def test_a_question_at_the_edge_moves_to_the_neighbouring_section() -> None:
    tree = editing.move(TREE, "channels", +1)
    assert tree.section_of["channels"].code == "overall"
    assert list(tree.questions)[1] == "channels"
    back = editing.move(tree, "channels", -1)
    assert to_dict(back) == to_dict(TREE)


def test_lines_of_options_are_read_back() -> None:
    options = TREE.questions["channels"].options
    assert option_lines.options_from(option_lines.lines_of(options)) == options


def test_lines_without_codes_get_free_ones() -> None:
    assert [option.code for option in option_lines.options_from("红\n蓝\n绿")] == ["o1", "o2", "o3"]
