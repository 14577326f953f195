"""Expressions of LimeSurvey's Expression Manager, and how its variables are called with us."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from manyi.measures.expressions import Binary, Call, Literal, Node, Reference, Unary

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
MOST_NESTING = 60


class NotCarried(Exception):
    """What of an expression we have no way to say."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What a name of the file means: an answer, a choice that was ticked, or words beside an answer."""

    path: str
    choice: str = ""  # of a multiple choice: the name asks whether this was chosen
    values: dict[str, str] = field(default_factory=dict)  # our code by value of the file, where they differ


def to_node(text: str, variable: Callable[[str], Variable | None]) -> Node:
    """The tree of an expression; raises NotCarried naming what stands against it."""
    parser = _Parser(list(_tokens(text)), variable)
    node = parser.expression(0)
    if parser.index < len(parser.tokens):
        raise NotCarried(parser.tokens[parser.index][1])
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotCarried(text[position : position + 10])
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
        position = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], variable: Callable[[str], Variable | None]) -> None:
        self.tokens, self.variable = tokens, variable
        self.index = self.nesting = 0
        self.values: dict[str, dict[str, str]] = {}  # our code by value of the file, by path

    def peek(self) -> str:
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def expect(self, sign: str) -> None:
        if self.peek() != sign:
            raise NotCarried(f"“{sign}” is missing")
        self.index += 1

    def expression(self, least: int) -> Node:
        self.nesting += 1
        if self.nesting > MOST_NESTING:
            raise NotCarried("nested too deeply")
        left = self.operand()
        while (found := _BINARY.get(self.peek().lower())) and found[0] > least:
            self.index += 1
            left = self.binary(found[1], left, self.expression(found[0]))
        self.nesting -= 1
        return left

    def binary(self, operator: str, left: Node, right: Node) -> Node:
        """Comparing with a ticked choice asks whether it was chosen; renamed values are translated."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Unary | Binary) and isinstance(other, Literal) and other.value in {"Y", ""}:
                chosen = (operator == "=") == (other.value == "Y")
                if _is_choice(one) and operator in {"=", "<>"}:
                    return one if chosen else Unary("not", one)
        if operator in {"and", "or"}:
            return Binary(operator, left, right)
        left, right = self.translated(left, right), self.translated(right, left)
        for one, other in ((left, right), (right, left)):
            if other == Literal("") and operator in {"=", "<>"}:
                return Unary("empty" if operator == "=" else "notempty", one)
        return Binary(operator, left, right)

    def translated(self, node: Node, other: Node) -> Node:
        if isinstance(node, Literal) and isinstance(other, Reference):
            return Literal(self.values.get(other.path, {}).get(str(node.value), node.value))
        return node

    def operand(self) -> Node:
        if self.index >= len(self.tokens):
            raise NotCarried("a value is missing")
        kind, word = self.tokens[self.index]
        self.index += 1
        if kind == "number":
            return Literal(float(word) if "." in word else int(word))
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
        self.expect("(")
        arguments: list[Node] = []
        while self.peek() != ")":
            arguments.append(self.expression(0))
            if self.peek() not in {",", ";"}:
                break
            self.index += 1
        self.expect(")")
        if word == "is_empty" and len(arguments) == 1:
            one = arguments[0]
            return Unary("not", one) if _is_choice(one) else Unary("empty", one)
        if word not in _CALLS or not arguments:
            raise NotCarried(f"{word}()")
        return Call(_CALLS[word], tuple(arguments))

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
