"""Our tree as a SurveyJS survey."""

from __future__ import annotations

from typing import Any

from manyi.surveys.codecs.surveyjs.elements import OTHER
from manyi.surveys.codecs.surveyjs.texts import their_language, write_text
from manyi.surveys.question_types.number import NumberConfig
from manyi.surveys.tree import Option, Question, Questionnaire, Section, Text

TYPES = {
    "single": "radiogroup",
    "dropdown": "dropdown",
    "multiple": "checkbox",
    "picture": "imagepicker",
    "rating": "rating",
    "nps": "rating",
    "effort": "rating",
    "matrix": "matrix",
    "matrix_single": "matrix",
    "matrix_multiple": "matrix",
    "matrix_dual": "matrixdropdown",
    "table": "matrixdropdown",
    "fields": "multipletext",
    "sum": "multipletext",
    "ranking": "ranking",
    "slider": "slider",
    "text_long": "comment",
    "photo": "file",
    "file": "file",
    "signature": "signaturepad",
    "yes_no": "boolean",
    "consent": "boolean",
    "information": "html",
    "calculated": "expression",
}
INPUTS = {
    "number": "number",
    "date": "date",
    "datetime": "datetime-local",
    "time": "time",
    "email": "email",
    "phone": "tel",
}
_CELLS = {"single": "radiogroup", "dropdown": "dropdown", "multiple": "checkbox", "rating": "rating"}
_CELLS |= {"yes_no": "boolean", "text_long": "comment"}
_LOOKS = {"stars": "stars", "faces": "smileys", "labels": "labels"}


def write_survey(tree: Questionnaire) -> dict[str, Any]:
    """The survey without what the format cannot say."""
    return Writer(tree).survey()


class Writer:
    """Writes one tree in its first language."""

    def __init__(self, tree: Questionnaire) -> None:
        self.tree = tree
        self.language = next(iter(tree.languages), "zh")

    def survey(self) -> dict[str, Any]:
        locale = "" if self.language == "en" else their_language(self.language)
        return {
            **self.text("title", self.tree.title),
            **self.text("description", self.tree.intro),
            **self.text("completedHtml", self.tree.thanks),
            **({"locale": locale} if locale else {}),
            "pages": [self.page(section) for section in self.tree.sections],
        }

    def text(self, name: str, text: Text) -> dict[str, Any]:
        return {name: write_text(text, self.language)} if text else {}

    def page(self, section: Section) -> dict[str, Any]:
        return {
            "name": section.code,
            **self.text("title", section.title),
            **self.text("description", section.help),
            **({"visibleIf": section.visible_if} if section.visible_if else {}),
            **({"questionsOrder": "random"} if section.order == "random" else {}),
            "elements": [self.element(question) for question in section.questions],
        }

    def element(self, question: Question) -> dict[str, Any]:
        kind = TYPES.get(question.type, "text")
        element: dict[str, Any] = {
            "type": kind,
            "name": question.code,
            **self.text("html" if kind == "html" else "title", question.title),
            **self.text("description", question.help),
        }
        flags = {
            "isRequired": question.required,
            "requiredIf": question.required_if,
            "visibleIf": question.visible_if,
            "showCommentArea": question.comment,
            "choicesOrder": "random" if question.order == "random" and question.options else "",
            "rowsOrder": "random" if question.order == "random" and question.rows else "",
        }
        element |= {name: value for name, value in flags.items() if value}
        if question.default is not None:
            element["defaultValue"] = question.default
        if question.checks:
            element["validators"] = [
                {"type": "expression", "expression": check.expression, **self.text("text", check.message)}
                for check in question.checks
            ]
        return element | self.config(question) | self.parts(question)

    def config(self, question: Question) -> dict[str, Any]:
        """The settings of the element that say what our configuration says."""
        given, kind = question.config, question.type
        if kind in INPUTS:
            return {"inputType": INPUTS[kind], **self.bounds(question)}
        if kind in {"rating", "nps", "effort"}:
            low, high = {"nps": (0, 10), "effort": (1, 7)}.get(
                kind, (given.get("low", 1), given.get("high", 5))
            )
            look = {"rateType": _LOOKS[given["look"]]} if given.get("look") in _LOOKS else {}
            return {"rateMin": low, "rateMax": high, **look}
        if kind in {"multiple", "picture"}:
            limits = {"minSelectedChoices": given.get("at_least"), "maxSelectedChoices": given.get("at_most")}
            many = {"multiSelect": True} if given.get("many") else {}
            return {name: value for name, value in limits.items() if value} | many
        if kind == "slider":
            names = {"low": "min", "high": "max", "step": "step"}
            return {theirs: given[ours] for ours, theirs in names.items() if ours in given}
        if kind in {"text_short", "text_long"} and "at_most" in given:
            return {"maxLength": given["at_most"]}
        return {"expression": given["expression"]} if kind == "calculated" and "expression" in given else {}

    def bounds(self, question: Question) -> dict[str, Any]:
        """Least and most of a number or date."""
        given = question.config
        if question.type != "number":
            names = {"first": "min", "last": "max"}
            return {theirs: given[ours] for ours, theirs in names.items() if given.get(ours)}
        number = NumberConfig(**given)
        found: dict[str, Any] = {"step": 10**-number.decimals if number.decimals else 1}
        found |= {"min": number.low} if number.low is not None else {}
        found |= {"max": number.high} if number.high is not None else {}
        return found | ({"totalType": number.total} if number.total else {})

    def parts(self, question: Question) -> dict[str, Any]:
        """Choices, rows and columns."""
        kind, options = question.type, question.options
        if kind in {"rating", "nps", "effort"}:
            return self.ends(question)
        if kind in {"yes_no", "consent"}:
            names = {"yes": "labelTrue", "no": "labelFalse"}
            labels = [self.text(names[o.code], o.title) for o in options if o.code in names]
            values = {"valueTrue": "yes", "valueFalse": "no"}
            return values | {name: words for label in labels for name, words in label.items()}
        if kind in {"matrix", "matrix_single", "matrix_multiple"}:
            steps = options if kind != "matrix" else _steps(question)
            cells = {"cellType": "checkbox"} if kind == "matrix_multiple" else {}
            rows = [self.item(row.code, row.title, row.visible_if) for row in question.rows]
            return {"columns": [self.choice(option) for option in steps], "rows": rows, **cells}
        if kind in {"table", "matrix_dual"}:
            rows = [self.item(row.code, row.title, row.visible_if) for row in question.rows]
            return {"columns": [self.column(column) for column in question.columns], "rows": rows}
        if kind == "fields":
            return {"items": [self.field(column) for column in question.columns]}
        if kind == "sum":
            rows = [
                {"name": r.code, "inputType": "number", **self.text("title", r.title)} for r in question.rows
            ]
            return {"items": rows}
        other = next((option for option in options if option.free and option.code == OTHER), None)
        added = {"showOtherItem": True, **self.text("otherText", other.title)} if other else {}
        choices = [self.choice(option) for option in options if option is not other]
        return {"choices": choices, **added} if options else {}

    def ends(self, question: Question) -> dict[str, Any]:
        """The words at the ends of a scale."""
        low, high = self.config(question)["rateMin"], self.config(question)["rateMax"]
        found: dict[str, Any] = {}
        for end, name in ((low, "minRateDescription"), (high, "maxRateDescription")):
            option = question.option(str(end))
            found |= self.text(name, option.title) if option else {}
        return found

    def choice(self, option: Option) -> dict[str, Any]:
        exclusive = {"isExclusive": True} if option.exclusive else {}
        return {**self.item(option.code, option.title, option.visible_if), **exclusive}

    def item(self, code: str, title: Text, condition: str) -> dict[str, Any]:
        return {"value": code, **self.text("text", title), **({"visibleIf": condition} if condition else {})}

    def column(self, column: Question) -> dict[str, Any]:
        """A column of a table."""
        cell = {**self.element(column), "cellType": _CELLS.get(column.type, "text")}
        del cell["type"]
        return cell

    def field(self, column: Question) -> dict[str, Any]:
        """An item of a group of fields."""
        element = self.element(column)
        del element["type"]
        return element


def _steps(question: Question) -> tuple[Option, ...]:
    """The steps of a rating matrix as choices."""
    low, high = question.config.get("low", 1), question.config.get("high", 5)
    codes = (str(step) for step in range(low, high + 1))
    return tuple(question.option(code) or Option(code, Text(code, code)) for code in codes)
