"""The questionnaire as a form to print: codes beside the choices, skips in words, a number per copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from manyi.distribution.channels.qr import svg
from manyi.kernel.labels import Label
from manyi.reports.renderers.pdf import typeset
from manyi.responses.models import PaperCopy
from manyi.responses.paper_form import Blank, question_blanks
from manyi.surveys.conditions import sentence
from manyi.surveys.definition import Question, Questionnaire, Section, Text
from manyi.surveys.piping import piped
from manyi.surveys.question_types import TYPES

TEMPLATE = Path(__file__).with_name("paper.typ")
ONLY = Label("仅当{condition}时回答", "Only if {condition}")
ELSE = Label(";否则请跳到第 {number} 题。", "; otherwise go on to question {number}.")
OR_END = Label(";否则不必再填。", "; otherwise you have finished.")
WORDS = {
    "serial": Label("编号", "Serial number"),
    "specimen": Label("样张,不可录入", "Specimen, not to be entered"),
    "page": Label("第 {page} 页,共 {pages} 页", "Page {page} of {pages}"),
    "how": Label(
        "请在所选项的方框内打勾;写错请涂黑方框后另选。带 * 的题目请务必回答。",
        "Please tick the box of your choice; to correct it, fill it and tick another. * must be answered.",
    ),
    "many": Label("可多选", "Tick all that apply"),
    "rank": Label("请在横线上写名次,1 为第一", "Write 1 for the first, then 2 and so on"),
    "files": Label("随本问卷附上", "Enclosed with this form"),
}
#: What is written on one line, on several, and on a short one.
_LONG, _SHORT = {"line", "phone", "email", "place"}, {"number", "slider", "date", "time", "datetime"}


@dataclass(frozen=True, slots=True)
class Numbered:
    """One question with its number on the form (0: only read) and when it is asked, in words."""

    question: Question
    number: int
    condition: str


def form_pdf(tree: Questionnaire, copies: Iterable[PaperCopy], language: str) -> bytes:
    """All copies, one after the other; without any, one specimen that cannot be entered."""
    sheets = [{"serial": copy.serial, "code": svg(address_of(copy))} for copy in copies]
    data = {
        "language": "zh" if language.startswith("zh") else language.split("-")[0],
        "title": tree.title.text(language),
        "intro": tree.intro.text(language),
        "thanks": tree.thanks.text(language),
        "words": {name: label.text(language) for name, label in WORDS.items()},
        "sections": [_section(tree, section, language) for section in tree.sections],
        "copies": sheets or [{"serial": "", "code": ""}],
    }
    return typeset(TEMPLATE, data)


def address_of(copy: PaperCopy) -> str:
    """Where the code on a copy leads: its entry."""
    return f"{settings.BASE_URL}{reverse('field:paper_copy', args=[copy.serial])}"


def numbers_of(tree: Questionnaire) -> dict[str, int]:
    """The number of every question that is answered on the form, from 1."""
    asked = [code for code, question in tree.questions.items() if TYPES.get(question.type).asks]
    return {code: number for number, code in enumerate(asked, 1)}


def numbered(tree: Questionnaire, section: Section, language: str) -> list[Numbered]:
    """The questions of a section that stand on the form, the condition of several in a row said once."""
    numbers, found = numbers_of(tree), list[Numbered]()
    before = ""
    for question in section.questions:
        if TYPES.get(question.type).silent(question):
            continue
        condition = question.visible_if if question.visible_if != before else ""
        words = _skip(tree, condition, _after(tree, question), language)
        found.append(Numbered(question, numbers.get(question.code, 0), words))
        before = question.visible_if
    return found


def _after(tree: Questionnaire, question: Question) -> int | None:
    """The number of the first later question that waits for something else, or for nothing."""
    codes, numbers = list(tree.questions), numbers_of(tree)
    later = codes[codes.index(question.code) + 1 :]
    here = (tree.section_of[question.code], question.visible_if)
    return next(
        (
            numbers[code]
            for code in later
            if code in numbers and (tree.section_of[code], tree.questions[code].visible_if) != here
        ),
        None,
    )


def _skip(tree: Questionnaire, expression: str, target: int | None, language: str) -> str:
    """A condition as an instruction to whoever fills the form in; empty for none."""
    if not expression:
        return ""
    condition = sentence(_by_number(tree), expression, language)
    otherwise = ELSE.text(language).format(number=target) if target else OR_END.text(language)
    return ONLY.text(language).format(condition=condition) + otherwise


def _by_number(tree: Questionnaire) -> Questionnaire:
    """The questionnaire with numbers for titles: what conditions on paper refer to."""
    numbers = numbers_of(tree)

    def named(question: Question) -> Question:
        number = numbers.get(question.code)
        if number is None:
            return question
        zh, en = f"第 {number} 题", f"question {number}"
        rows = tuple(
            replace(row, title=Text(f"{zh} {row.title.text('zh')}", f"{en} {row.title.text('en')}"))
            for row in question.rows
        )
        return replace(question, title=Text(zh, en), rows=rows)

    sections = (replace(each, questions=tuple(map(named, each.questions))) for each in tree.sections)
    return replace(tree, sections=tuple(sections))


def _section(tree: Questionnaire, section: Section, language: str) -> dict[str, Any]:
    asked = [number for code, number in numbers_of(tree).items() if tree.section_of[code] is section]
    later = [number for number in numbers_of(tree).values() if asked and number > max(asked)]
    return {
        "title": section.title.text(language),
        "help": section.help.text(language),
        "condition": _skip(tree, section.visible_if, min(later, default=None), language),
        "questions": [_question(tree, each, language) for each in numbered(tree, section, language)],
    }


def _question(tree: Questionnaire, each: Numbered, language: str) -> dict[str, Any]:
    question, blanks = each.question, question_blanks(each.question)
    codes = {blank.codes for blank in blanks}
    grid = len(blanks) > 1 and len(codes) == 1 and bool(blanks[0].codes)
    return {
        "number": each.number,
        "title": piped(question.title.text(language), tree, {}, language),
        "help": piped(question.help.text(language), tree, {}, language),
        "required": question.required,
        "condition": each.condition,
        "grid": grid,
        "files": TYPES.get(question.type).takes_files(question) is not None,
        "hint": _hint(blanks, language),
        "blanks": [_blank(blank, language) for blank in blanks],
    }


def _hint(blanks: list[Blank], language: str) -> str:
    kinds = {blank.kind for blank in blanks}
    name = "rank" if "rank" in kinds else "many" if "many" in kinds else ""
    return WORDS[name].text(language) if name else ""


def _blank(blank: Blank, language: str) -> dict[str, Any]:
    lines = "short" if blank.kind in _SHORT | {"rank"} else "one" if blank.kind in _LONG else "several"
    return {
        "title": blank.title.text(language),
        "across": blank.kind == "scale",
        "choices": [
            {"code": code, "label": words if (words := title.text(language)) != code else ""}
            for code, _own, title in blank.codes
        ],
        "lines": lines,
        "rank": blank.kind == "rank",
    }
