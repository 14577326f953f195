"""A SurveyJS survey as our tree: pages become sections, panels are laid flat, losses are noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from manyi.measures.expressions import ExpressionError, Node, parse, to_text
from manyi.surveys.codecs.beside import restored
from manyi.surveys.codecs.document import Document
from manyi.surveys.codecs.naming import Naming
from manyi.surveys.codecs.surveyjs.choices import ChoiceReader
from manyi.surveys.codecs.surveyjs.elements import Element, config_of, our_type
from manyi.surveys.codecs.surveyjs.settings import CARRIED, DRESS
from manyi.surveys.codecs.surveyjs.texts import default_language, read_text, without_markup
from manyi.surveys.codecs.truths import with_truths
from manyi.surveys.tree import Check, Question, Questionnaire, Section, Text

MOST_NESTING = 30


class Reader:
    """Builds the tree of one survey; the document collects names, values and losses on the way."""

    def __init__(self, survey: dict[str, Any], document: Document) -> None:
        self.survey, self.document = survey, document
        self.language = default_language(survey)
        self.naming = Naming(document, str.lower)
        self.choices = ChoiceReader(self)
        self.truths: set[str] = set()
        self.kept: dict[str, Any] = {}  # what our own files hold beside an element, by question code

    def questionnaire(self) -> Questionnaire:
        """The whole tree; expressions are translated once every name is known."""
        pages = self.survey.get("pages")
        if not isinstance(pages, list):
            elements = self.survey.get("elements", self.survey.get("questions", []))
            pages = [{"name": "page1", "elements": elements}]
        sections = [
            self.section(page, number) for number, page in enumerate(pages, 1) if isinstance(page, dict)
        ]
        sections = [*self._values(), *sections]
        self._report_survey()
        tree = Questionnaire(
            code="survey",
            title=self.text(self.survey, "title") or Text("问卷", "Survey"),
            intro=self.text(self.survey, "description"),
            thanks=self.text(self.survey, "completedHtml", markup=True),
            sections=tuple(section for section in sections if section.questions),
        )
        return restored(self._translated(tree), self.kept, self.survey)

    def text(self, node: Element, name: str, *, markup: bool = False) -> Text:
        """A text of a node; markup is taken off."""
        found = read_text(node.get(name), self.language)
        if not markup or "<" not in repr(node.get(name)):
            return found
        self.document.lose(
            str(node.get("name", name)),
            "HTML 标记已去掉,只保留文字。",
            "HTML markup was taken off; words stay.",
        )
        more = tuple((code, without_markup(words)) for code, words in found.more)
        return Text(without_markup(found.zh), without_markup(found.en), more)

    def section(self, page: Element, number: int) -> Section:
        name = str(page.get("name") or f"page{number}")
        code = self.naming.section(name)
        questions = list(self.flat(page, "", 0))
        self._report(page, name, {"navigationTitle", "navigationDescription", "questionsOrder", "questions"})
        order = "random" if page.get("questionsOrder") == "random" else ""
        condition = self.condition(page)
        texts = self.text(page, "title"), self.text(page, "description")
        return Section(code, *texts, condition, order, tuple(questions))

    def flat(self, parent: Element, condition: str, depth: int) -> Iterator[Question]:
        """The questions below a page or panel, each under the conditions of the panels around it."""
        if depth > MOST_NESTING:
            self.document.lose(
                str(parent.get("name")), "嵌套过深,未导入。", "Nested too deeply; not carried."
            )
            return
        children = parent.get("elements", parent.get("questions", []))
        for element in children if isinstance(children, list) else []:
            if not isinstance(element, dict):
                continue
            if element.get("type") != "panel":
                found = self.question(element)
                yield replace(found, visible_if=_both(condition, found.visible_if))
                continue
            inner = _both(condition, self.condition(element))
            name = str(element.get("name", "panel"))
            code = self.naming.question(name, name)
            title = self.text(element, "title")
            yield Question(code, "information", title or Text(name, name), visible_if=inner)
            self._report(element, name)
            yield from self.flat(element, inner, depth + 1)

    def condition(self, node: Element) -> str:
        """When a node is shown, in the file's own spelling."""
        condition = node.get("visibleIf")
        if isinstance(condition, str) and condition.strip():
            return condition.strip()
        return "false" if node.get("visible") is False else ""

    def question(self, element: Element, *, inside: bool = False) -> Question:
        """One element as a question; ``inside`` a table or group of fields its name stays its own."""
        name = str(element.get("name") or element.get("value") or "")
        kind = our_type(element)
        code = self.naming.question(name, name)
        if not kind:
            kind = self._strange(element, name)
        if element.get("sliderType") == "range":
            zh = "区间滑动条改为单值滑动条。"
            self.document.lose(name, zh, "A slider with two ends became one with a single value.")
        title = self.text(element, "html" if kind == "information" else "title", markup=kind == "information")
        question = Question(
            code=code,
            type=kind,
            title=title or Text(name, name),
            help=self.text(element, "description"),
            required=bool(element.get("isRequired") or element.get("isAllRowRequired")),
            required_if=str(element.get("requiredIf") or ""),
            visible_if=self.condition(element),
            comment=bool(element.get("showCommentArea", element.get("hasComment"))),
            config=config_of(kind, element),
            checks=self.checks(element),
        )
        question = self.choices.fill(question, element)
        self._report(element, name)
        self.kept[code] = element.get("manyi")
        return question

    def _strange(self, element: Element, name: str) -> str:
        """The nearest type of an element that we do not have."""
        theirs = element.get("type")
        if theirs in {"paneldynamic", "matrixdynamic"}:
            count = self.choices.repeats(element)
            zh = f"可增减的行改为固定 {count} 行的表格。"
            self.document.lose(name, zh, f"Rows that can be added became a table of {count} rows.")
            return "table"
        if theirs == "image":
            self.document.lose(
                name, "图片未导入,只保留说明。", "The picture was not carried, only its words."
            )
            return "information"
        words = f"题型“{theirs}”改为单行文字。", f"The type “{theirs}” became a short text."
        self.document.lose(name, *words)
        return "text_short"

    def checks(self, element: Element) -> tuple[Check, ...]:
        """The validators that are expressions; others are part of the configuration or reported."""
        found = []
        for check in element.get("validators") or ():
            if not isinstance(check, dict):
                continue
            kind = check.get("type", "")
            if kind == "expression" and check.get("expression"):
                found.append(Check(str(check["expression"]), read_text(check.get("text"), self.language)))
            elif kind not in {"numeric", "answercount", "email"}:
                name = str(element.get("name"))
                self.document.lose(name, f"校验“{kind}”未导入。", f"The check “{kind}” was not carried.")
        return tuple(found)

    def _values(self) -> list[Section]:
        """Calculated values become questions that nobody sees, in a section of their own."""
        found = []
        for value in self.survey.get("calculatedValues") or ():
            if isinstance(value, dict) and value.get("name") and value.get("expression"):
                name = str(value["name"])
                config = {"expression": str(value["expression"]), "decimals": 9}
                code = self.naming.question(name, name)
                found.append(Question(code, "calculated", Text(name, name), config=config))
        return [Section("calculated_values", questions=tuple(found))] if found else []

    def _report_survey(self) -> None:
        for number, trigger in enumerate(self.survey.get("triggers") or (), 1):
            kind = trigger.get("type", "") if isinstance(trigger, dict) else ""
            words = f"触发器“{kind}”未导入。", f"The trigger “{kind}” was not carried."
            self.document.lose(f"triggers[{number}]", *words)
        carried = {
            "title",
            "description",
            "pages",
            "elements",
            "questions",
            "locale",
            "completedHtml",
            "triggers",
        }
        carried |= {"calculatedValues", "logoPosition", "showProgressBar", "showQuestionNumbers", "widthMode"}
        for name in self.survey.keys() - carried:
            self.document.lose(name, f"设置“{name}”未导入。", f"The setting “{name}” was not carried.")

    def _report(self, node: Element, place: str, also: set[str] | None = None) -> None:
        for name in sorted(node.keys() - CARRIED - DRESS - (also or set())):
            self.document.lose(
                f"{place}.{name}", f"设置“{name}”未导入。", f"The setting “{name}” was not carried."
            )

    def _translated(self, tree: Questionnaire) -> Questionnaire:
        """All expressions in our codes; one that cannot be read is reported and left out."""
        sections = tuple(
            replace(
                section,
                visible_if=self.expression(section.visible_if, section.code),
                questions=tuple(self._question_translated(q) for q in section.questions),
            )
            for section in tree.sections
        )
        return replace(tree, sections=sections)

    def _question_translated(self, question: Question) -> Question:
        code = question.code

        def ours(text: str) -> str:
            return self.expression(text, code)

        config = dict(question.config)
        if config.get("expression"):
            config["expression"] = ours(str(config["expression"])) or "0"
        checks = (replace(check, expression=ours(check.expression)) for check in question.checks)
        return replace(
            question,
            visible_if=ours(question.visible_if),
            required_if=ours(question.required_if),
            config=config,
            checks=tuple(check for check in checks if check.expression),
            options=tuple(replace(o, visible_if=ours(o.visible_if)) for o in question.options),
            rows=tuple(replace(row, visible_if=ours(row.visible_if)) for row in question.rows),
            columns=tuple(self._column_translated(column) for column in question.columns),
        )

    def _column_translated(self, column: Question) -> Question:
        """Conditions of single cells look at their own row, which ours cannot."""
        if column.visible_if not in {"", "false"} or column.required_if:
            self.document.lose(
                column.code, "单元格条件未导入。", "The condition of single cells was not carried."
            )
        return replace(column, visible_if="", required_if="", checks=())

    def expression(self, text: str, place: str) -> str:
        """An expression in our codes and our normal spelling; "" when it cannot be carried."""
        if not text:
            return ""
        try:
            node: Node = parse(text, names=self.naming.reference)
        except (ExpressionError, KeyError) as error:
            why = error.message if isinstance(error, ExpressionError) else f"“{error.args[0]}”"
            self.document.lose(
                place, f"表达式未导入:{text}({why})", f"The expression was not carried: {text} ({why})"
            )
            return ""
        return to_text(with_truths(self.naming.literals(node), self.truths))


def _both(left: str, right: str) -> str:
    return f"({left}) and ({right})" if left and right else left or right
