"""The edits that the editor's page offers, by the name of their button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.definition import Questionnaire
from manyi.surveys.question_types import TYPES
from manyi.web.manage import editing, typed_in

Given = Mapping[str, str]
Edited = tuple[Questionnaire, str]

GONE = Label("这一处已经不在问卷中,请刷新页面。", "That place is gone; please reload the page.")
NO_TYPE = Label("请选择题型。", "Please choose a type.")


def edited(tree: Questionnaire, edit: str, at: str, given: Given) -> Edited:
    """The tree after one edit, and the place that the editor shows next; raises Refused when it cannot be."""
    if edit not in EDITS or (at and editing.node_at(tree, at) is None):
        raise Refused(GONE)
    return EDITS[edit](tree, at, given)


def _add_section(tree: Questionnaire, at: str, given: Given) -> Edited:
    new = editing.add_section(tree, at)
    known = {section.code for section in tree.sections}
    return new, next(section.code for section in new.sections if section.code not in known)


def _add_question(tree: Questionnaire, at: str, given: Given) -> Edited:
    new = editing.add_question(tree, at, _kind(given))
    return new, next((code for code in new.questions if code not in tree.questions), at)


def _add_column(tree: Questionnaire, at: str, given: Given) -> Edited:
    if at not in tree.questions:
        raise Refused(GONE)
    new = editing.add_column(tree, at, _kind(given))
    return new, f"{at}.{new.questions[at].columns[-1].code}"


def _kind(given: Given) -> str:
    kind = given.get("type", "")
    if kind not in TYPES:
        raise Refused(NO_TYPE, field="type")
    return kind


def _remove(tree: Questionnaire, at: str, given: Given) -> Edited:
    owner = at.rpartition(".")[0]
    section = editing.section_at(tree, at)
    return editing.remove(tree, at), owner or (section.code if section and section.code != at else "")


def _place(tree: Questionnaire, at: str, given: Given) -> Edited:
    goal, before = given.get("goal", ""), given.get("before", "")
    if tree.section(goal) is None:
        raise Refused(GONE)
    return editing.place_at(tree, at, goal, before), at


def _head(tree: Questionnaire, at: str, given: Given) -> Edited:
    return typed_in.rearranged(typed_in.change_head(tree, given), "", given), ""


def _section(tree: Questionnaire, at: str, given: Given) -> Edited:
    return typed_in.change_section(tree, at, given), given.get("code", at).strip() or at


def _question(tree: Questionnaire, at: str, given: Given) -> Edited:
    """What was typed, and what a button of one of its lists asks for."""
    owner, _, own = at.rpartition(".")
    code = given.get("code", own).strip() or own
    new_at = f"{owner}.{code}" if owner else code
    return typed_in.rearranged(typed_in.change_question(tree, at, given), new_at, given), new_at


def _lines(tree: Questionnaire, at: str, given: Given) -> Edited:
    """Options or rows pasted in bulk."""
    return typed_in.paste(tree, at, given), at


def _type(tree: Questionnaire, at: str, given: Given) -> Edited:
    """Another type for a question; settings that the new type does not know fall away."""
    return typed_in.retyped(tree, at, _kind(given)), at


def _language(tree: Questionnaire, at: str, given: Given) -> Edited:
    return typed_in.add_language(tree, given.get("language", ""), given.get("words", "")), ""


EDITS: dict[str, Callable[[Questionnaire, str, Given], Edited]] = {
    "add_section": _add_section,
    "add_question": _add_question,
    "add_column": _add_column,
    "remove": _remove,
    "copy": lambda tree, at, given: editing.copied(tree, at),
    "up": lambda tree, at, given: (editing.move(tree, at, -1), at),
    "down": lambda tree, at, given: (editing.move(tree, at, +1), at),
    "place": _place,
    "head": _head,
    "section": _section,
    "question": _question,
    "lines": _lines,
    "type": _type,
    "language": _language,
}
