"""Reading a questionnaire's tree from plain data, with a word for every place that has the wrong form."""

from __future__ import annotations

import re
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid
from manyi.surveys.tree import ROLES, Option, Question, Questionnaire, Row, Section, Text

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
OPTION_CODE = re.compile(r"[A-Za-z0-9_+-]{1,40}")
MOST_QUESTIONS = 500

_TEXTS = ("title", "intro", "thanks", "help")


def read_questionnaire(data: Any) -> Questionnaire:
    """The tree; raises Invalid with (path, what is wrong) for every fault."""
    reader = _Reader()
    questionnaire = reader.questionnaire(data)
    if len(questionnaire.questions) > MOST_QUESTIONS:
        reader.fault(
            "sections", Label(f"题目超过 {MOST_QUESTIONS} 道。", f"More than {MOST_QUESTIONS} questions.")
        )
    if reader.problems:
        raise Invalid(reader.problems)
    return questionnaire


class _Reader:
    """Collects faults while it builds the tree, so that one reading names them all."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, Label]] = []

    def fault(self, path: str, what: Label) -> None:
        self.problems.append((path, what))

    def questionnaire(self, data: Any) -> Questionnaire:
        node = self.table(data, "", {"code", "title", "intro", "thanks", "sections"})
        return Questionnaire(
            code=self.code(node, "", CODE),
            title=self.text(node, "title", ""),
            intro=self.text(node, "intro", ""),
            thanks=self.text(node, "thanks", ""),
            sections=tuple(
                self.section(item, f"sections[{n}]")
                for n, item in enumerate(self.list(node, "sections", ""), 1)
            ),
        )

    def section(self, data: Any, path: str) -> Section:
        node = self.table(data, path, {"code", "title", "visible_if", "questions"})
        code = self.code(node, path, CODE)
        here = code or path
        questions = self.list(node, "questions", here)
        return Section(
            code=code,
            title=self.text(node, "title", here),
            visible_if=self.string(node, "visible_if", here),
            questions=tuple(
                self.question(item, f"{here}.questions[{n}]") for n, item in enumerate(questions, 1)
            ),
        )

    def question(self, data: Any, path: str) -> Question:
        known = {
            "code",
            "type",
            "title",
            "help",
            "required",
            "visible_if",
            "role",
            "config",
            "options",
            "rows",
        }
        node = self.table(data, path, known)
        code = self.code(node, path, CODE)
        here = code or path
        role = self.string(node, "role", here)
        if role not in ROLES:
            allowed = ", ".join(filter(None, ROLES))
            self.fault(f"{here}.role", Label(f"角色只能是 {allowed}。", f"A role is one of {allowed}."))
        options = enumerate(self.list(node, "options", here), 1)
        rows = enumerate(self.list(node, "rows", here), 1)
        return Question(
            code=code,
            type=self.string(node, "type", here),
            title=self.text(node, "title", here),
            help=self.text(node, "help", here),
            required=self.flag(node, "required", here),
            visible_if=self.string(node, "visible_if", here),
            role=role,
            config=self.table(node.get("config", {}), f"{here}.config", None),
            options=tuple(self.option(item, f"{here}.options[{n}]") for n, item in options),
            rows=tuple(self.row(item, f"{here}.rows[{n}]") for n, item in rows),
        )

    def option(self, data: Any, path: str) -> Option:
        node = self.table(data, path, {"code", "title", "exclusive"})
        return Option(
            self.code(node, path, OPTION_CODE),
            self.text(node, "title", path),
            self.flag(node, "exclusive", path),
        )

    def row(self, data: Any, path: str) -> Row:
        node = self.table(data, path, {"code", "title"})
        return Row(self.code(node, path, CODE), self.text(node, "title", path))

    def table(self, data: Any, path: str, known: set[str] | None) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fault(path, Label("这里应是一张表(键 = 值)。", "A table (key = value) is expected here."))
            return {}
        if known is not None:
            allowed = known | {f"{name}_en" for name in known if name in _TEXTS}
            for key in data.keys() - allowed:
                where = f"{path}.{key}".lstrip(".")
                self.fault(where, Label(f"没有“{key}”这个字段。", f"There is no field “{key}”."))
        return data

    def code(self, node: dict[str, Any], path: str, pattern: re.Pattern[str]) -> str:
        value = node.get("code", "")
        value = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not pattern.fullmatch(value):
            what = Label(
                "请填写代码:字母、数字或下划线,最长 40 个字符,题目和分节的代码以字母开头。",
                "Give a code: letters, digits or underscores, at most 40, beginning with a letter "
                "for questions and sections.",
            )
            self.fault(f"{path}.code".lstrip("."), what)
        return value

    def text(self, node: dict[str, Any], name: str, path: str) -> Text:
        value = node.get(name, "")
        if isinstance(value, dict) and value.keys() <= {"zh", "en"}:
            return Text(self.string(value, "zh", path), self.string(value, "en", path))
        return Text(self.string(node, name, path), self.string(node, f"{name}_en", path))

    def string(self, node: dict[str, Any], name: str, path: str) -> str:
        value = node.get(name, "")
        if isinstance(value, str):
            return value.strip()
        self.fault(f"{path}.{name}".lstrip("."), Label("这里应是文字。", "Text is expected here."))
        return ""

    def flag(self, node: dict[str, Any], name: str, path: str) -> bool:
        value = node.get(name, False)
        if isinstance(value, bool):
            return value
        self.fault(f"{path}.{name}", Label("这里应是 true 或 false。", "true or false is expected here."))
        return False

    def list(self, node: dict[str, Any], name: str, path: str) -> list[Any]:
        value = node.get(name, [])
        if isinstance(value, list):
            return value
        self.fault(f"{path}.{name}".lstrip("."), Label("这里应是一个列表。", "A list is expected here."))
        return []
