"""What another tool's format cannot say of our tree, kept beside it in the same file under one name of ours.

A file is written, read back as a stranger would read it, and what differs is put beside the element that it
belongs to. So a file that we wrote gives the same tree again, whatever the format knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from manyi.surveys.codecs.document import Document
from manyi.surveys.definition import from_dict, question_from_dict, question_to_dict, section_to_dict, to_dict
from manyi.surveys.tree import Question, Questionnaire

#: The name under which it stands.
BESIDE = "manyi"


def difference(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """What must be set (None: taken away) so that ``found`` becomes ``wanted``."""
    changed = {key: value for key, value in wanted.items() if found.get(key) != value}
    return {**changed, **dict.fromkeys(found.keys() - wanted.keys())}


def applied(found: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``found`` with a difference applied."""
    return {key: value for key, value in {**found, **change}.items() if value is not None}


def questions_beside(wanted: Questionnaire, found: Questionnaire) -> dict[str, dict[str, Any]]:
    """The difference of each question, by code; questions that are the same do not appear."""
    differences = {
        code: difference(question_to_dict(question), question_to_dict(found.questions[code]))
        for code, question in wanted.questions.items()
        if code in found.questions
    }
    return {code: change for code, change in differences.items() if change}


def survey_beside(wanted: Questionnaire, found: Questionnaire) -> dict[str, Any]:
    """The difference of everything above the questions; sections with the codes of their questions."""
    return difference(_frame(wanted), _frame(found))


def _frame(tree: Questionnaire) -> dict[str, Any]:
    sections = (section_to_dict(section) for section in tree.sections)
    outlines = [{**section, "questions": [q["code"] for q in section["questions"]]} for section in sections]
    return {**to_dict(tree), "sections": outlines}


def restored(tree: Questionnaire, kept: Mapping[str, Any], survey: Mapping[str, Any]) -> Questionnaire:
    """The tree with what stood beside its questions and the whole; raises Invalid for nonsense there."""
    questions = {code: _restored(question, kept.get(code)) for code, question in tree.questions.items()}
    sections = (replace(s, questions=tuple(questions[q.code] for q in s.questions)) for s in tree.sections)
    tree = replace(tree, sections=tuple(sections))
    change = survey.get(BESIDE)
    if not isinstance(change, dict) or not change:
        return tree
    plain = {code: question_to_dict(question) for code, question in questions.items()}
    frame = applied(_frame(tree), change)
    outlines = frame.get("sections", [])
    return from_dict({**frame, "sections": [_filled(outline, plain) for outline in outlines]})


def _filled(outline: Any, plain: Mapping[str, Any]) -> Any:
    if not isinstance(outline, dict) or not isinstance(outline.get("questions"), list):
        return outline
    return {**outline, "questions": [plain[code] for code in outline["questions"] if code in plain]}


def _restored(question: Question, change: Any) -> Question:
    if not isinstance(change, dict):
        return question
    return question_from_dict(applied(question_to_dict(question), change))


def report_beside(document: Document, changes: Mapping[str, Mapping[str, Any]], quiet: Iterable[str]) -> None:
    """Tell what other readers of the file will not see; ``quiet`` names what changes no question."""
    for code, change in changes.items():
        names = ", ".join(sorted(change.keys() - set(quiet)))
        if names:
            document.lose(
                code,
                f"此格式无法表达:{names};已另存,只有满意能读回。",
                f"The format cannot say: {names}; kept beside it, read back by Manyi only.",
            )
