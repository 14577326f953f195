"""Our tree as the sheets of an XLSForm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from manyi.measures.answers import COMMENT
from manyi.surveys.codecs.beside import BESIDE
from manyi.surveys.codecs.climbing import NotCarried
from manyi.surveys.codecs.xlsform.xpath import to_xpath
from manyi.surveys.definition import question_to_dict
from manyi.surveys.tree import Option, Question, Questionnaire, Section, Text

_TYPES = {
    "text_short": "text",
    "text_long": "text",
    "information": "note",
    "consent": "acknowledge",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "photo": "image",
    "signature": "image",
    "file": "file",
    "location": "geopoint",
    "calculated": "calculate",
    "slider": "range",
    "hidden": "hidden",
}
_SELECTS = {"single": "select_one", "dropdown": "select_one", "picture": "select_one", "ranking": "rank"}
_SELECTS |= {
    "multiple": "select_multiple",
    "rating": "select_one",
    "nps": "select_one",
    "effort": "select_one",
}
_SELECTS |= {"yes_no": "select_one"}
_SEVERAL = ("matrix", "matrix_single", "matrix_multiple", "matrix_dual", "table", "fields", "sum")
_APPEARANCE = {"dropdown": "minimal", "text_long": "multiline", "signature": "signature", "rating": "likert"}
_PIPE = re.compile(r"\{([^\W\d_]\w*)\}")
_NAMES = {"zh": "Chinese (zh)", "en": "English (en)"}
Cells = dict[str, str]


class Writer:
    """Collects the rows of the three sheets."""

    def __init__(self, tree: Questionnaire, beside: Mapping[str, Any], frame: Mapping[str, Any]) -> None:
        self.tree, self.beside, self.frame = tree, beside, frame
        self.languages = tree.languages or ("zh",)
        self.survey: list[Cells] = []
        self.choices: list[Cells] = []

    def sheets(self) -> dict[str, list[Cells]]:
        """The rows of each sheet by column."""
        for section in self.tree.sections:
            self.section(section)
        first = self.languages[0]
        settings = {
            "form_title": self.tree.title.text(first),
            "form_id": self.tree.code,
            "default_language": _name(first),
        }
        if self.frame:
            settings[BESIDE] = json.dumps(self.frame, ensure_ascii=False)
        return {"survey": self.survey, "choices": self.choices, "settings": [settings]}

    def texts(self, column: str, text: Text) -> Cells:
        written = {"zh": text.zh, "en": text.en, **dict(text.more)}
        return {f"{column}::{_name(code)}": self.piped(words) for code, words in written.items() if words}

    def piped(self, words: str) -> str:
        """Our piped codes as XLSForm writes them."""

        def swap(match: re.Match[str]) -> str:
            return f"${{{match.group(1)}}}" if match.group(1) in self.tree.questions else match.group()

        return _PIPE.sub(swap, words)

    def expression(self, text: str) -> str:
        try:
            return to_xpath(text, self.tree.questions) if text else ""
        except NotCarried:
            return ""

    def section(self, section: Section) -> None:
        group = {"type": "begin group", "name": f"{section.code}_page"}
        texts = self.texts("label", section.title) | self.texts("hint", section.help)
        self.survey.append(group | texts | _given(relevant=self.expression(section.visible_if)))
        for question in section.questions:
            if question.type in _SEVERAL:
                self.several(question)
            else:
                self.single(question)
        self.survey.append({"type": "end group"})

    def single(self, question: Question) -> None:
        """A question in one row, with one more for the words beside its answer."""
        cells = {"type": self.type_of(question), "name": question.code}
        cells |= self.texts("label", question.title) | self.texts("hint", question.help)
        cells |= _given(
            relevant=self.expression(question.visible_if),
            required="yes" if question.required else self.expression(question.required_if),
            appearance=_APPEARANCE.get(question.type, ""),
            parameters=_parameters(question),
            default=_default(question),
        )
        if question.type == "calculated":
            cells["calculation"] = self.expression(str(question.config.get("expression", ""))) or "''"
        if question.checks:
            cells |= _given(constraint=self.expression(question.checks[0].expression))
            cells |= self.texts("constraint_message", question.checks[0].message)
        if question.code in self.beside:
            cells[BESIDE] = json.dumps(self.beside[question.code], ensure_ascii=False)
        self.survey.append(cells)
        if question.takes_comment:
            self.words(question)

    def words(self, question: Question) -> None:
        free = [option.code for option in question.options if option.free]
        condition = " or ".join(f"selected(${{{question.code}}}, '{code}')" for code in free)
        titles = {f"label::{_name(code)}": _WORDS.get(code, "…") for code in self.languages}
        name = f"{question.code}{COMMENT}".replace("-", "_").lower()
        row = {"type": "text", "name": name, **titles}
        relevant = {} if question.comment else _given(relevant=condition)
        self.survey.append(row | relevant | {BESIDE: json.dumps({"of": question.code})})

    def type_of(self, question: Question) -> str:
        if question.type in _SELECTS:
            many = question.type == "picture" and question.config.get("many")
            self.add_choices(question.code, _options(question))
            return f"{'select_multiple' if many else _SELECTS[question.type]} {question.code}"
        if question.type == "number":
            return "decimal" if question.config.get("decimals") else "integer"
        return _TYPES.get(question.type, "text")

    def add_choices(self, name: str, options: tuple[Option, ...]) -> None:
        for option in options:
            self.choices.append({"list_name": name, "name": option.code} | self.texts("label", option.title))

    def several(self, question: Question) -> None:
        """A question with rows as a group of plain questions; ours stands complete beside the group."""
        kept = json.dumps({"question": question_to_dict(question)}, ensure_ascii=False)
        group = {"type": "begin group", "name": question.code, BESIDE: kept}
        self.survey.append(
            group
            | self.texts("label", question.title)
            | self.texts("hint", question.help)
            | _given(relevant=self.expression(question.visible_if), appearance="field-list")
        )
        self.survey += list(self.cells(question))
        self.survey.append({"type": "end group"})

    def cells(self, question: Question) -> Iterator[Cells]:
        """The rows of the group, each noted as a part."""
        part = {BESIDE: json.dumps({"of": question.code})}
        required = _given(required="yes" if question.required else "")
        if question.type in {"matrix", "matrix_single", "matrix_multiple"}:
            self.add_choices(question.code, _options(question))
            select = "select_multiple" if question.type == "matrix_multiple" else "select_one"
            for row in question.rows:
                cells = {"type": f"{select} {question.code}", "name": f"{question.code}_{row.code}"}
                yield cells | self.texts("label", row.title) | required | part
            return
        if question.type == "sum":
            for row in question.rows:
                yield (
                    {"type": "decimal", "name": f"{question.code}_{row.code}"}
                    | self.texts("label", row.title)
                    | part
                )
            return
        for row in question.rows:
            for column in question.columns:
                yield self.cell(f"{question.code}_{row.code}_{column.code}", column, row.title) | part
        for column in () if question.rows else question.columns:
            yield self.cell(f"{question.code}_{column.code}", column, None) | part

    def cell(self, name: str, column: Question, row: Text | None) -> Cells:
        """A cell of a table, or a field, as a plain question."""
        if column.type in _SELECTS:
            self.add_choices(name, _options(column))
            kind = f"{_SELECTS[column.type]} {name}"
        else:
            kind = "decimal" if column.type == "number" else _TYPES.get(column.type, "text")
        title = column.title if row is None else _joined(row, column.title)
        return {"type": kind, "name": name} | self.texts("label", title)


_WORDS = {"zh": "请说明", "en": "Please specify"}


def _options(question: Question) -> tuple[Option, ...]:
    """The choices of a question; those of a scale are its steps."""
    from manyi.surveys.question_types import TYPES

    if question.type in {"rating", "nps", "effort", "matrix", "yes_no"}:
        codes = TYPES.get(question.type).columns(question)[0].codes
        return tuple(Option(code, title) for code, title in codes)
    return question.options


def _parameters(question: Question) -> str:
    if question.type == "slider":
        given = {"start": "low", "end": "high", "step": "step"}
        defaults = {"low": 0, "high": 100, "step": 1}
        return " ".join(f"{k}={question.config.get(v, defaults[v]):g}" for k, v in given.items())
    return "randomize=true" if question.order == "random" and question.options else ""


def _default(question: Question) -> str:
    value = question.default
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return "" if value is None or isinstance(value, dict) else str(value)


def _joined(row: Text, column: Text) -> Text:
    more = tuple((code, f"{words} – {column.text(code)}") for code, words in row.more)
    zh = f"{row.zh} – {column.zh}" if row.zh else ""
    return Text(zh, f"{row.en} – {column.en}" if row.en else "", more)


def _name(language: str) -> str:
    return _NAMES.get(language, f"{language} ({language})")


def _given(**cells: str) -> Cells:
    return {name: value for name, value in cells.items() if value}
