"""Conditions made by choosing: groups of tests, each a question, an operator that fits it, and its values.

What can be chosen is written as an expression, and an expression that says no more than that is read back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal as Either

from manyi.kernel.labels import Label
from manyi.measures.expressions import Array, Binary, Literal, Node, Reference, Unary
from manyi.measures.expressions.tree import quoted
from manyi.surveys.question_types import columns_of
from manyi.surveys.tree import Questionnaire, Text

Joint = Either["and", "or"]
#: What a question's answer is for a test: one code, a step of a scale, several codes, a number, words, a day.
Kind = Either["choice", "scale", "many", "number", "text", "date"]

_EMPTY = (
    ("notempty", Label("已回答", "is answered")),
    ("empty", Label("未回答", "is not answered")),
)
_ORDER = (
    ("<=", Label("不大于", "is at most")),
    (">=", Label("不小于", "is at least")),
    ("<", Label("小于", "is less than")),
    (">", Label("大于", "is more than")),
    ("=", Label("等于", "is")),
    ("<>", Label("不等于", "is not")),
)
_LISTS = (
    ("anyof", Label("是以下之一", "is one of")),
    ("noneof", Label("不是以下任何一个", "is none of")),
)
OPERATORS: dict[Kind, tuple[tuple[str, Label], ...]] = {
    "choice": (*_LISTS, ("=", Label("是", "is")), ("<>", Label("不是", "is not")), *_EMPTY),
    "scale": (*_ORDER, *_LISTS, *_EMPTY),
    "many": (
        ("anyof", Label("选了以下之一", "has any of")),
        ("allof", Label("全选了", "has all of")),
        ("noneof", Label("没选以下任何一个", "has none of")),
        ("contains", Label("选了", "has")),
        ("notcontains", Label("没选", "does not have")),
        *_EMPTY,
    ),
    "number": (*_ORDER, *_EMPTY),
    "text": (
        *_EMPTY,
        ("contains", Label("包含", "contains")),
        ("notcontains", Label("不包含", "does not contain")),
        ("=", Label("等于", "is")),
        ("<>", Label("不等于", "is not")),
    ),
    "date": (*_ORDER, *_EMPTY),
}
LISTS, ALONE = frozenset({"anyof", "allof", "noneof"}), frozenset({"empty", "notempty"})
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a test can ask for: its path, its words, and the codes that it can be compared with."""

    path: str
    title: Text
    kind: Kind
    values: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One test; it is whole when it has the values that its operator needs."""

    path: str
    operator: str
    values: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it can be written."""
        return bool(self.path and (self.operator in ALONE or any(self.values)))


@dataclass(frozen=True, slots=True)
class Group:
    """Tests that must all hold (``and``), or of which one must (``or``)."""

    joint: Joint
    tests: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Groups that must all hold, or of which one must."""

    joint: Joint
    groups: tuple[Group, ...]


def subjects(questionnaire: Questionnaire, before: str = "") -> list[Subject]:
    """What can be asked for, in the order of the questionnaire; up to a question if one is named."""
    found: dict[str, Subject] = {}
    flags: dict[str, list[tuple[str, Text]]] = {}
    for column in columns_of(questionnaire):
        code = column.path.partition(".")[0]
        if code == before:
            break
        if column.kind == "flag":
            flags.setdefault(column.path, []).append((column.option, column.title))
            titles = questionnaire.questions[code].title if column.path == code else column.title
            found[column.path] = Subject(column.path, titles, "many", tuple(flags[column.path]))
        elif not column.option:
            numeric = column.kind == "code" and all(
                _NUMBER.fullmatch(c) or c == "na" for c, _ in column.codes
            )
            kind: Kind = "scale" if numeric else _KINDS.get(column.kind, "text")
            found[column.path] = Subject(column.path, column.title, kind, column.codes)
    return list(found.values())


_KINDS: dict[str, Kind] = {"code": "choice", "number": "number", "date": "date", "datetime": "date"}


def fitted(choices: Choices, known: Sequence[Subject]) -> Choices:
    """The choices with an operator for every question that has none, or one that does not fit it."""
    kinds = {subject.path: subject.kind for subject in known}

    def fit(test: Term) -> Term:
        fitting = [name for name, _ in OPERATORS[kinds[test.path]]] if test.path in kinds else []
        return test if not fitting or test.operator in fitting else replace(test, operator=fitting[0])

    groups = (replace(group, tests=tuple(fit(test) for test in group.tests)) for group in choices.groups)
    return replace(choices, groups=tuple(groups))


def written(choices: Choices) -> str:
    """The expression; tests that are not whole yet are left out."""
    groups = [[_said(test) for test in group.tests if test.whole] for group in choices.groups]
    texts = [f" {group.joint} ".join(t) for group, t in zip(choices.groups, groups, strict=True) if t]
    several = sum(bool(tests) for tests in groups) > 1
    long = [len(tests) > 1 for tests in groups if tests]
    parts = [f"({text})" if several and many else text for text, many in zip(texts, long, strict=True)]
    return f" {choices.joint} ".join(parts)


def _said(test: Term) -> str:
    if test.operator in ALONE:
        return f"{{{test.path}}} {test.operator}"
    values = [_value(value, test.operator) for value in test.values if value]
    right = f"[{', '.join(values)}]" if test.operator in LISTS else values[0]
    return f"{{{test.path}}} {test.operator} {right}"


def _value(value: str, operator: str) -> str:
    plain = operator not in {"contains", "notcontains", *LISTS} and _NUMBER.fullmatch(value)
    return value if plain else quoted(value)


def chosen(node: Node) -> Choices | None:
    """The choices that an expression says; None when it says more than can be chosen."""
    outer: Joint = "or" if isinstance(node, Binary) and node.operator == "or" else "and"
    parts = _chain(node, outer)
    alone = [_test(part) for part in parts]
    tests = [test for test in alone if test is not None]
    if len(tests) == len(parts):
        return Choices("and", (Group(outer, tuple(tests)),))
    groups = [_group(part, "and" if outer == "or" else "or") for part in parts]
    found = [group for group in groups if group is not None]
    return Choices(outer, tuple(found)) if len(found) == len(parts) else None


def _chain(node: Node, joint: Joint) -> list[Node]:
    if isinstance(node, Binary) and node.operator == joint:
        return [*_chain(node.left, joint), *_chain(node.right, joint)]
    return [node]


def _group(node: Node, joint: Joint) -> Group | None:
    tests = [_test(part) for part in _chain(node, joint)]
    whole = tuple(test for test in tests if test is not None)
    return Group(joint, whole) if len(whole) == len(tests) else None


def _test(node: Node) -> Term | None:
    match node:
        case Unary("empty" | "notempty" as operator, Reference(path)):
            return Term(path, operator)
        case Binary(operator, Reference(path), right) if operator not in {"and", "or"}:
            known = {name for operators in OPERATORS.values() for name, _ in operators}
            values = _literals(right.items if isinstance(right, Array) else (right,))
            fits = values is not None and (operator in LISTS) == isinstance(right, Array)
            return Term(path, operator, tuple(values or ())) if fits and operator in known else None
    return None


def _literals(nodes: Sequence[Node]) -> list[str] | None:
    found = [str(n.value) for n in nodes if isinstance(n, Literal) and not isinstance(n.value, bool)]
    return found if len(found) == len(nodes) else None
