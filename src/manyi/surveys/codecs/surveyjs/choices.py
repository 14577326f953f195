"""Choices, rows and columns of SurveyJS elements: options, rows and sub-questions of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from manyi.surveys.codecs.surveyjs.elements import (
    DONT_KNOW,
    NONE,
    OTHER,
    REFUSED,
    WORDS,
    Element,
    real,
    whole,
)
from manyi.surveys.codecs.surveyjs.settings import DRESS
from manyi.surveys.codecs.surveyjs.texts import read_text
from manyi.surveys.tree import Option, Question, Row, Text

if TYPE_CHECKING:
    from manyi.surveys.codecs.surveyjs.reading import Reader

_ORDERS = {"random": "random", "asc": "", "desc": "", "none": "", "initial": ""}
_COLUMN_TYPES = {
    "text": "text",
    "comment": "text",
    "dropdown": "dropdown",
    "radiogroup": "radiogroup",
    "checkbox": "checkbox",
    "tagbox": "checkbox",
    "rating": "rating",
    "boolean": "boolean",
    "expression": "text",
}
_OF_CHOICES = {"value", "name", "text", "visibleIf", "isExclusive", "type"}
REPEATS, MOST_REPEATS = 5, 20


class ChoiceReader:
    """Fills in the parts of a question that are lists in the file."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def fill(self, question: Question, element: Element) -> Question:
        """The question with its options, rows, columns, order and default value."""
        if question.type == "yes_no":
            question = self._truth(question, element)
        elif question.type in {"rating", "nps"}:
            question = self._steps(question, element)
        elif question.type.startswith("matrix"):
            options = tuple(self._options(question.code, element.get("columns"), ""))
            question = replace(question, options=options, rows=self._rows(question.code, element))
        elif question.type == "table":
            question = replace(
                question, rows=self._rows(question.code, element), columns=self._columns(element)
            )
        elif question.type == "fields":
            question = replace(question, columns=self._columns(element))
        elif question.type in {"single", "dropdown", "multiple", "picture", "ranking"}:
            question = replace(question, options=self._choices(question.code, element))
        order = str(element.get("choicesOrder", element.get("rowsOrder", "none")))
        if order not in _ORDERS or order in {"asc", "desc"}:
            self.reader.document.lose(
                question.code, f"选项排序“{order}”未导入。", f"The order “{order}” was not carried."
            )
        return replace(question, order=_ORDERS.get(order, ""), default=self._default(question, element))

    def _default(self, question: Question, element: Element) -> Any:
        value = element.get("defaultValue")
        known = self.reader.naming.options.get(question.code, {})
        if isinstance(value, list):
            return [known.get(each, each) for each in value if isinstance(each, str | int | float)]
        return known.get(value, value) if isinstance(value, str | int | float) else None

    def _truth(self, question: Question, element: Element) -> Question:
        if element.get("valueTrue", True) is True:
            self.reader.truths.add(question.code)
        values = {"yes": element.get("valueTrue", True), "no": element.get("valueFalse", False)}
        if any(code != value for code, value in values.items()):
            self.reader.document.values[question.code] = values
        self.reader.naming.options[question.code] = {value: code for code, value in values.items()}
        labels = (("yes", "labelTrue"), ("no", "labelFalse"))
        worded = ((code, read_text(element.get(name), self.reader.language)) for code, name in labels)
        return replace(question, options=tuple(Option(code, words) for code, words in worded if words))

    def _steps(self, question: Question, element: Element) -> Question:
        """A scale, or a single choice where its steps are no row of whole numbers."""
        given, step = element.get("rateValues"), real(element.get("rateStep")) or 1
        low, high = question.config.get("low", 1), question.config.get("high", 5)
        if isinstance(given, list) and given:
            options = tuple(self._options(question.code, given, ""))
            return replace(question, type="single", config={}, options=options)
        if question.type == "nps":
            low, high, question = 0, 10, replace(question, config={})
        if step != 1 or high - low > 10 or high - low < 1:
            values = [low + step * number for number in range(int((high - low) / step) + 1)][:200]
            options = tuple(self._options(question.code, values, ""))
            return replace(question, type="single", config={}, options=options)
        ends = ((low, "minRateDescription"), (high, "maxRateDescription"))
        worded = ((str(end), read_text(element.get(name), self.reader.language)) for end, name in ends)
        return replace(question, options=tuple(Option(code, words) for code, words in worded if words))

    def _choices(self, code: str, element: Element) -> tuple[Option, ...]:
        given = element.get("choices")
        source = element.get("choicesFromQuestion")
        if not given and isinstance(source, str):
            given = self._borrowed(source)
            words = f"选项取自“{source}”,导入为固定选项。", f"Choices of “{source}” became fixed choices."
            self.reader.document.lose(code, *words)
        if not given and "choiceMax" in element:
            low, high = whole(element.get("choiceMin"), 0) or 0, whole(element.get("choiceMax"), 0) or 0
            given = list(
                range(low, min(high, low + 500) + 1, max(whole(element.get("choiceStep"), 1) or 1, 1))
            )
        options = list(self._options(code, given, str(element.get("choicesVisibleIf") or "")))
        return (*options, *self._special(code, element))

    def _borrowed(self, name: str) -> list[Any]:
        """The choices of another question of the same survey."""
        waiting: list[Any] = [self.reader.survey]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                if node.get("name") == name and isinstance(node.get("choices"), list):
                    return list(node["choices"])
                waiting.extend(
                    node.get(key) for key in ("pages", "elements", "questions", "templateElements")
                )
        return []

    def _special(self, code: str, element: Element) -> Iterator[Option]:
        """The choices that SurveyJS adds by a switch."""
        switches = (
            (REFUSED, "showRefuseItem", "refuseText"),
            (DONT_KNOW, "showDontKnowItem", "dontKnowText"),
            (NONE, "showNoneItem", "noneText"),
            (OTHER, "showOtherItem", "otherText"),
        )
        for value, switch, words in switches:
            older = {"showOtherItem": "hasOther", "showNoneItem": "hasNone"}.get(switch, switch)
            if element.get(switch, element.get(older)):
                title = read_text(element.get(words), self.reader.language) or WORDS[value]
                yield Option(value, title, exclusive=value != OTHER, free=value == OTHER)

    def _options(self, code: str, given: Any, condition: str) -> Iterator[Option]:
        taken: set[str] = set()
        for item in given if isinstance(given, list) else []:
            node = item if isinstance(item, dict) else {"value": item}
            value = node.get("value", node.get("name"))
            if value is None or isinstance(value, dict | list):
                continue
            ours = self.reader.naming.option(code, value, taken, code)
            own = str(node.get("visibleIf") or condition.replace("{item}", repr(str(value))))
            for lost in sorted(node.keys() - _OF_CHOICES - DRESS):
                words = (
                    f"选项“{value}”的“{lost}”未导入。",
                    f"“{lost}” of the choice “{value}” was not carried.",
                )
                self.reader.document.lose(code, *words)
            title = read_text(node.get("text"), self.reader.language) or Text(str(value), str(value))
            yield Option(ours, title, exclusive=bool(node.get("isExclusive")), visible_if=own)

    def _rows(self, code: str, element: Element) -> tuple[Row, ...]:
        given = element.get("rows")
        if element.get("type") in {"paneldynamic", "matrixdynamic"}:
            return tuple(Row(str(n), Text(str(n), str(n))) for n in range(1, self.repeats(element) + 1))
        condition = str(element.get("rowsVisibleIf") or "")
        found = self._options(code, given if isinstance(given, list) else [], condition)
        return tuple(Row(option.code, option.title, option.visible_if) for option in found)

    def repeats(self, element: Element) -> int:
        """How many rows a repeating group gets."""
        wanted = whole(element.get("maxRowCount", element.get("maxPanelCount")), REPEATS) or REPEATS
        least = whole(element.get("rowCount", element.get("panelCount")), 1) or 1
        return max(1, min(max(wanted, least), MOST_REPEATS))

    def _columns(self, element: Element) -> tuple[Question, ...]:
        """The columns of a table, the items of a group of fields, the elements of a repeating panel."""
        given = element.get("columns") or element.get("items") or element.get("templateElements") or []
        default = str(
            element.get("cellType", "dropdown" if element.get("type") == "matrixdropdown" else "text")
        )
        found = []
        for item in given if isinstance(given, list) else []:
            node = dict(item) if isinstance(item, dict) else {"name": str(item)}
            if "templateElements" not in element:
                cell = node.get("cellType", "text" if element.get("type") == "multipletext" else default)
                node["type"] = _COLUMN_TYPES.get(str(cell if cell != "default" else default), "text")
                node.setdefault("choices", element.get("choices") or [])
            elif node.get("type") not in _COLUMN_TYPES:
                words = "重复组中的题型改为文字。", "A type inside a repeating group became a text."
                self.reader.document.lose(str(node.get("name")), *words)
                node["type"] = "text"
            found.append(self._column(node))
        return tuple(found)

    def _column(self, node: Element) -> Question:
        """One sub-question; its name lives inside its table only."""
        from manyi.surveys.codecs.naming import Naming, as_code

        outer, name = self.reader.naming, str(node.get("name") or "")
        self.reader.naming = Naming(self.reader.document, outer.fold)
        try:
            column = self.reader.question({**node, "name": as_code(name, "c")})
        finally:
            self.reader.naming = outer
        title = read_text(node.get("title"), self.reader.language) or Text(name, name)
        return replace(column, title=title)
