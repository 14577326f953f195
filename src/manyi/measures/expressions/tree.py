"""The tree of an expression, its operators, and its normal spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT, TOTAL


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or truth value."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Reference:
    """The answer to a question: ``code``, ``matrix.row``, ``table.row.column``, ``code-Comment``."""

    path: str

    @property
    def code(self) -> str:
        """The question's own code, without row, column and suffix."""
        return self.path.partition(".")[0].removesuffix(COMMENT).removesuffix(TOTAL)


@dataclass(frozen=True, slots=True)
class Array:
    """A list of values."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``not``, ``-``, ``empty`` or ``notempty`` of one operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and one of ``OPERATORS``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function, by its normal spelling, with its arguments."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Reference | Array | Unary | Binary | Call


@dataclass(frozen=True, slots=True)
class Operator:
    """How tightly a binary operator binds (greater is tighter) and how it is said."""

    precedence: int
    label: Label


COMPARISON = 3
OPERATORS: dict[str, Operator] = {
    "or": Operator(1, Label("或", "or")),
    "and": Operator(2, Label("且", "and")),
    "=": Operator(COMPARISON, Label("等于", "is")),
    "<>": Operator(COMPARISON, Label("不等于", "is not")),
    "<": Operator(COMPARISON, Label("小于", "is less than")),
    "<=": Operator(COMPARISON, Label("不大于", "is at most")),
    ">": Operator(COMPARISON, Label("大于", "is more than")),
    ">=": Operator(COMPARISON, Label("不小于", "is at least")),
    "contains": Operator(COMPARISON, Label("包含", "contains")),
    "notcontains": Operator(COMPARISON, Label("不包含", "does not contain")),
    "anyof": Operator(COMPARISON, Label("至少选了其中之一:", "has any of")),
    "allof": Operator(COMPARISON, Label("全部选了:", "has all of")),
    "noneof": Operator(COMPARISON, Label("没有选其中任何一个:", "has none of")),
    "+": Operator(4, Label("加", "plus")),
    "-": Operator(4, Label("减", "minus")),
    "*": Operator(5, Label("乘以", "times")),
    "/": Operator(5, Label("除以", "divided by")),
    "%": Operator(5, Label("除后的余数,除数为", "modulo")),
    "^": Operator(6, Label("的乘方,次数为", "to the power of")),
}


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under a node, from left to right."""
    match node:
        case Array(items):
            return items
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def references(node: Node) -> frozenset[str]:
    """The codes of all questions that an expression asks for."""
    return frozenset(found.code for found in walk(node) if isinstance(found, Reference))


def to_text(node: Node) -> str:
    """The normal spelling: every inner operation in brackets; ``parse`` gives the same tree back."""
    match node:
        case Literal(bool() as value):
            return "true" if value else "false"
        case Literal(str() as value):
            return quoted(value)
        case Literal(value):
            return str(value)
        case Reference(path):
            return f"{{{path}}}"
        case Array(items):
            return f"[{', '.join(map(to_text, items))}]"
        case Call(name, arguments):
            return f"{name}({', '.join(map(to_text, arguments))})"
        case Unary(operator, operand):
            inner = f"({to_text(operand)})"
            mark = "!" if operator == "not" else operator
            return mark + inner if operator in {"not", "-"} else f"{inner} {operator}"
        case Binary(operator, left, right):
            return f"({to_text(left)}) {operator} ({to_text(right)})"


def quoted(text: str) -> str:
    """A text in single quotes, with quotes and backslashes escaped."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
