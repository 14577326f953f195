"""Choices of XLSForm questions: lists with filters, “or other”, constraints as checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from manyi.surveys.codecs.document import unique
from manyi.surveys.codecs.xlsform.kinds import Kind
from manyi.surveys.codecs.xlsform.workbook import Line
from manyi.surveys.tree import Check, Option, Question, Text

if TYPE_CHECKING:
    from manyi.surveys.codecs.xlsform.reading import Reader

_COLUMNS = {"list_name", "name", "label"}


class Choices:
    """Fills in the options and checks of a question."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.lists: dict[str, list[Line]] = {}
        for line in reader.sheets["choices"]:
            if line["name"] and line["list_name"]:
                self.lists.setdefault(line["list_name"], []).append(line)
            elif line.texts:
                place = f"choices {line.number}"
                reader.document.lose(place, "此行没有列表名或代码。", "This row has no list or no name.")

    def fill(self, question: Question, kind: Kind, line: Line) -> Question:
        """The question with its options and its constraint."""
        if line["constraint"]:
            check = Check(line["constraint"], self.reader.text(line, "constraint_message"))
            question = replace(question, checks=(check,))
        if kind.type == "text_short" and "multiline" in line["appearance"]:
            question = replace(question, type="text_long")
        if not kind.choices:
            return question
        if kind.choices not in self.lists:
            words = f"没有选项列表“{kind.choices}”。", f"There is no list of choices “{kind.choices}”."
            self.reader.lose(line, *words)
        options = tuple(self._options(question.code, self.lists.get(kind.choices, []), line))
        if kind.other:
            code = unique("other", {option.code for option in options})
            options = (*options, Option(code, Text("其他", "Other"), free=True))
        random = "randomize" in line["parameters"].replace(" ", "").lower()
        dropdown = kind.type == "single" and "minimal" in line["appearance"]
        return replace(
            question,
            type="dropdown" if dropdown else question.type,
            options=options,
            order="random" if random else "",
        )

    def _options(self, code: str, lines: list[Line], row: Line) -> Iterator[Option]:
        """Each choice once; where a list has it several times, one of its filters must hold."""
        taken: set[str] = set()
        found: dict[str, tuple[Option, list[str]]] = {}
        for line in lines:
            condition = self._condition(code, line, row)
            if line["name"] in found:
                found[line["name"]][1].append(condition)
                continue
            ours = self.reader.naming.option(code, line["name"], taken, f"choices {line.number}")
            title = self.reader.text(line, "label") or Text(line["name"], line["name"])
            found[line["name"]] = (Option(ours, title), [condition])
            for lost in sorted({"image", "audio", "video"} & (line.cells.keys() | line.texts.keys())):
                words = f"选项的“{lost}”未导入。", f"“{lost}” of the choice was not carried."
                self.reader.document.lose(f"choices {line.number}", *words)
        for option, conditions in found.values():
            if all(conditions):
                joined = conditions[0] if len(conditions) == 1 else " or ".join(f"({c})" for c in conditions)
                yield replace(option, visible_if=joined)
            else:
                yield option

    def _condition(self, code: str, line: Line, row: Line) -> str:
        text = row["choice_filter"]
        cells = {name: value for name, value in line.cells.items() if name not in _COLUMNS}
        known = {name: "" for each in self.reader.sheets["choices"] for name in each.cells}
        return self.reader.expression(text, code, code, {**known, **cells}) if text else ""
