"""Expressions of LimeSurvey's Expression Manager, and how its variables are called with us."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from manyi.measures.expressions import Binary, Call, Literal, Node, Reference, Unary
from manyi.surveys.codecs.climbing import Climber, NotCarried, number

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>\d+(?:\.\d+)?(?![\w.]))
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>[\w#]+(?:\.\w+)?)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/<>!(),;])""",
    re.VERBOSE | re.DOTALL,
)
_BINARY = {
    "||": (1, "or"),
    "or": (1, "or"),
    "&&": (2, "and"),
    "and": (2, "and"),
    "==": (3, "="),
    "eq": (3, "="),
    "!=": (3, "<>"),
    "ne": (3, "<>"),
    "<": (3, "<"),
    "lt": (3, "<"),
    "<=": (3, "<="),
    "le": (3, "<="),
    ">": (3, ">"),
    "gt": (3, ">"),
    ">=": (3, ">="),
    "ge": (3, ">="),
    "+": (4, "+"),
    "-": (4, "-"),
    "*": (5, "*"),
    "/": (5, "/"),
}
_CALLS = {
    "sum": "sum",
    "min": "min",
    "max": "max",
    "count": "count",
    "round": "round",
    "if": "iif",
    "iif": "iif",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """What a name of the file means: an answer, a choice that was ticked, or words beside an answer."""

    path: str
    choice: str = ""  # of a multiple choice: the name asks whether this was chosen
    values: dict[str, str] = field(default_factory=dict)  # our code by value of the file, where they differ


def to_node(text: str, variable: Callable[[str], Variable | None]) -> Node:
    """The tree of an expression; raises NotCarried naming what stands against it."""
    return _Parser(text, variable).whole()


class _Parser(Climber):
    pattern, operators, separators = _TOKEN, _BINARY, frozenset(",;")

    def __init__(self, text: str, variable: Callable[[str], Variable | None]) -> None:
        super().__init__(text)
        self.variable = variable
        self.values: dict[str, dict[str, str]] = {}  # our code by value of the file, by path

    def binary(self, operator: str, left: Node, right: Node) -> Node:
        """Comparing with a ticked choice asks whether it was chosen; renamed values are translated."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Unary | Binary) and isinstance(other, Literal) and other.value in {"Y", ""}:
                chosen = (operator == "=") == (other.value == "Y")
                if _is_choice(one) and operator in {"=", "<>"}:
                    return one if chosen else Unary("not", one)
        if operator in {"and", "or"}:
            return Binary(operator, left, right)
        return super().binary(operator, self.translated(left, right), self.translated(right, left))

    def translated(self, node: Node, other: Node) -> Node:
        if isinstance(node, Literal) and isinstance(other, Reference):
            return Literal(self.values.get(other.path, {}).get(str(node.value), node.value))
        return node

    def operand(self) -> Node:
        kind, word = self.take()
        if kind == "number":
            return number(word)
        if kind == "text":
            return Literal(re.sub(r"\\(.)", r"\1", word[1:-1]))
        if word == "(":
            node = self.expression(0)
            self.expect(")")
            return node
        if word in {"!", "not"}:
            return Unary("not", self.operand())
        if word == "-":
            return Unary("-", self.operand())
        if kind != "name":
            raise NotCarried(word)
        return self.call(word) if self.peek() == "(" else self.reference(word)

    def call(self, word: str) -> Node:
        arguments = self.arguments()
        if word == "is_empty" and len(arguments) == 1:
            one = arguments[0]
            return Unary("not", one) if _is_choice(one) else Unary("empty", one)
        if word not in _CALLS or not arguments:
            raise NotCarried(f"{word}()")
        return Call(_CALLS[word], arguments)

    def reference(self, word: str) -> Node:
        name, _, suffix = word.partition(".")
        found = self.variable(name) if suffix in {"", "NAOK", "value", "code"} else None
        if found is None:
            raise NotCarried(word)
        if found.choice:
            return Binary("contains", Reference(found.path), Literal(found.choice))
        if found.values:
            self.values[found.path] = found.values
        return Reference(found.path)


def _is_choice(node: Node) -> bool:
    """Whether a node asks for a ticked choice."""
    return isinstance(node, Binary) and node.operator == "contains"
