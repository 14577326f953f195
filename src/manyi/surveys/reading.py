"""Reading a questionnaire's tree from plain data, with a word for every place that has the wrong form."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid
from manyi.surveys.tree import (
    ORDERS,
    ROLES,
    Check,
    Option,
    Question,
    Questionnaire,
    Quota,
    Row,
    Section,
    Text,
)

#: Codes name columns in other tools' files too, so letters of any script are allowed (变量 as well as q1).
CODE = re.compile(r"[^\W\d_]\w{0,63}")
OPTION_CODE = re.compile(r"[\w+-]{1,64}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MOST_QUESTIONS = 500
MOST_LIMIT = 10_000_000

_TEXTS = ("title", "intro", "thanks", "help", "message")
_QUESTION = frozenset(item.name for item in fields(Question))


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


def read_question(data: Any) -> Question:
    """One question; raises Invalid with (path, what is wrong) for every fault."""
    reader = _Reader()
    question = reader.question(data, "question")
    if reader.problems:
        raise Invalid(reader.problems)
    return question


class _Reader:
    """Collects faults while it builds the tree, so that one reading names them all."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, Label]] = []

    def fault(self, path: str, what: Label) -> None:
        self.problems.append((path, what))

    def questionnaire(self, data: Any) -> Questionnaire:
        node = self.table(
            data, "", {"code", "title", "intro", "thanks", "sections", "quotas", "contradictions"}
        )
        sections = enumerate(self.list(node, "sections", ""), 1)
        quotas = enumerate(self.list(node, "quotas", ""), 1)
        pairs = enumerate(self.list(node, "contradictions", ""), 1)
        return Questionnaire(
            code=self.code(node, "", CODE),
            title=self.text(node, "title", ""),
            intro=self.text(node, "intro", ""),
            thanks=self.text(node, "thanks", ""),
            sections=tuple(self.section(item, f"sections[{n}]") for n, item in sections),
            quotas=tuple(self.quota(item, f"quotas[{n}]") for n, item in quotas),
            contradictions=tuple(self.check(item, f"contradictions[{n}]") for n, item in pairs),
        )

    def section(self, data: Any, path: str) -> Section:
        node = self.table(data, path, {"code", "title", "help", "visible_if", "order", "questions"})
        code = self.code(node, path, CODE)
        here = code or path
        questions = enumerate(self.list(node, "questions", here), 1)
        return Section(
            code=code,
            title=self.text(node, "title", here),
            help=self.text(node, "help", here),
            visible_if=self.string(node, "visible_if", here),
            order=self.one_of(node, "order", here, ORDERS),
            questions=tuple(self.question(item, f"{here}.questions[{n}]") for n, item in questions),
        )

    def question(self, data: Any, path: str) -> Question:
        node = self.table(data, path, set(_QUESTION))
        code = self.code(node, path, CODE)
        here = code or path
        parts = {name: enumerate(self.list(node, name, here), 1) for name in _PARTS}
        return Question(
            code=code,
            type=self.string(node, "type", here),
            title=self.text(node, "title", here),
            help=self.text(node, "help", here),
            required=self.flag(node, "required", here),
            required_if=self.string(node, "required_if", here),
            visible_if=self.string(node, "visible_if", here),
            role=self.one_of(node, "role", here, ROLES),
            order=self.one_of(node, "order", here, ORDERS),
            comment=self.flag(node, "comment", here),
            default=node.get("default"),
            config=self.table(node.get("config", {}), f"{here}.config", None),
            options=tuple(self.option(item, f"{here}.options[{n}]") for n, item in parts["options"]),
            rows=tuple(self.row(item, f"{here}.rows[{n}]") for n, item in parts["rows"]),
            columns=tuple(self.question(item, f"{here}.columns[{n}]") for n, item in parts["columns"]),
            checks=tuple(self.check(item, f"{here}.checks[{n}]") for n, item in parts["checks"]),
        )

    def option(self, data: Any, path: str) -> Option:
        node = self.table(data, path, {"code", "title", "exclusive", "free", "visible_if", "image"})
        return Option(
            self.code(node, path, OPTION_CODE),
            self.text(node, "title", path),
            exclusive=self.flag(node, "exclusive", path),
            free=self.flag(node, "free", path),
            visible_if=self.string(node, "visible_if", path),
            image=self.string(node, "image", path),
        )

    def row(self, data: Any, path: str) -> Row:
        node = self.table(data, path, {"code", "title", "visible_if"})
        code = self.code(node, path, OPTION_CODE)
        return Row(code, self.text(node, "title", path), self.string(node, "visible_if", path))

    def check(self, data: Any, path: str) -> Check:
        node = self.table(data, path, {"expression", "message"})
        return Check(self.string(node, "expression", path), self.text(node, "message", path))

    def quota(self, data: Any, path: str) -> Quota:
        node = self.table(data, path, {"code", "title", "condition", "limit"})
        limit = node.get("limit")
        if not isinstance(limit, int) or isinstance(limit, bool) or not 0 <= limit <= MOST_LIMIT:
            self.fault(f"{path}.limit", Label("配额应是不小于 0 的整数。", "A limit is a whole number ≥ 0."))
            limit = 0
        condition = self.string(node, "condition", path)
        return Quota(self.code(node, path, CODE), self.text(node, "title", path), condition, limit)

    def table(self, data: Any, path: str, known: set[str] | None) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fault(path, Label("这里应是一张表(键 = 值)。", "A table (key = value) is expected here."))
            return {}
        if known is not None:
            for key in data.keys() - known:
                name, _, language = str(key).partition("_")
                if name not in known & set(_TEXTS) or not LANGUAGE.fullmatch(language):
                    where = f"{path}.{key}".lstrip(".")
                    self.fault(where, Label(f"没有“{key}”这个字段。", f"There is no field “{key}”."))
        return data

    def code(self, node: dict[str, Any], path: str, pattern: re.Pattern[str]) -> str:
        value = node.get("code", "")
        value = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not pattern.fullmatch(value):
            what = Label(
                "请填写代码:字母、汉字、数字或下划线,最长 64 个字符,题目和分节的代码以字母开头。",
                "Give a code: letters, digits or underscores, at most 64, beginning with a letter "
                "for questions and sections.",
            )
            self.fault(f"{path}.code".lstrip("."), what)
        return value

    def text(self, node: dict[str, Any], name: str, path: str) -> Text:
        value = node.get(name, "")
        if isinstance(value, dict) and all(LANGUAGE.fullmatch(str(key)) for key in value):
            given = {str(key): self.string(value, key, path) for key in value}
        else:
            given = {"zh": self.string(node, name, path)}
            prefix = f"{name}_"
            names = [key for key in node if str(key).startswith(prefix)]
            given |= {key.removeprefix(prefix): self.string(node, key, path) for key in names}
        more = ((code, words) for code, words in given.items() if code not in {"zh", "en"} and words)
        return Text(given.get("zh", ""), given.get("en", ""), tuple(sorted(more)))

    def string(self, node: dict[str, Any], name: str, path: str) -> str:
        value = node.get(name, "")
        if isinstance(value, str):
            return value.strip()
        self.fault(f"{path}.{name}".lstrip("."), Label("这里应是文字。", "Text is expected here."))
        return ""

    def one_of(self, node: dict[str, Any], name: str, path: str, allowed: tuple[str, ...]) -> str:
        value = self.string(node, name, path)
        if value not in allowed:
            words = ", ".join(filter(None, allowed))
            self.fault(f"{path}.{name}", Label(f"这里只能是 {words}。", f"This is one of {words}."))
        return value

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


_PARTS = ("options", "rows", "columns", "checks")
