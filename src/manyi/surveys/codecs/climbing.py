"""Reading another tool's expressions by precedence climbing: what its parsers have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar

from manyi.measures.expressions import Binary, Literal, Node, Unary

MOST_NESTING = 60


class NotCarried(Exception):
    """What of an expression we have no way to say."""


class Climber(ABC):
    """A parser over the tokens of one expression; a dialect says what operators and operands it has."""

    #: The dialect's tokens as named groups; ``space`` is passed over.
    pattern: ClassVar[re.Pattern[str]]
    #: Precedence and our operator, by the dialect's.
    operators: ClassVar[dict[str, tuple[int, str]]]
    #: What stands between the arguments of a function.
    separators: ClassVar[frozenset[str]] = frozenset({","})

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(self.pattern, text)
        self.index = self.nesting = 0

    def whole(self) -> Node:
        """The tree of all of it; raises NotCarried naming what stands against it."""
        node = self.expression(0)
        if self.index < len(self.tokens):
            raise NotCarried(self.peek())
        return node

    def peek(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        """Kind and words of the next token, which is passed."""
        if self.index >= len(self.tokens):
            raise NotCarried("a value is missing")
        self.index += 1
        return self.tokens[self.index - 1]

    def expect(self, sign: str) -> None:
        """Pass a sign that must come now."""
        if self.peek() != sign:
            raise NotCarried(f"“{sign}” is missing")
        self.index += 1

    def expression(self, least: int) -> Node:
        """Operands joined by operators that bind more tightly than ``least``."""
        self.nesting += 1
        if self.nesting > MOST_NESTING:
            raise NotCarried("nested too deeply")
        left = self.operand()
        while (found := self.operators.get(self.peek().lower())) and found[0] > least:
            self.index += 1
            left = self.binary(found[1], left, self.expression(found[0]))
        self.nesting -= 1
        return left

    def binary(self, operator: str, left: Node, right: Node) -> Node:
        """Two sides joined; comparing with an empty text asks whether something was answered."""
        for one, other in ((left, right), (right, left)):
            if other == Literal("") and operator in {"=", "<>"}:
                return Unary("empty" if operator == "=" else "notempty", one)
        return Binary(operator, left, right)

    def arguments(self) -> tuple[Node, ...]:
        """What stands in the brackets of a function."""
        self.expect("(")
        found: list[Node] = []
        while self.peek() not in {")", ""}:
            found.append(self.expression(0))
            if self.peek() not in self.separators:
                break
            self.index += 1
        self.expect(")")
        return tuple(found)

    @abstractmethod
    def operand(self) -> Node:
        """One value, as the dialect writes it."""


def number(word: str) -> Literal:
    """A number as it is written."""
    return Literal(float(word) if "." in word else int(word))


def _tokens(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None:
            raise NotCarried(text[position : position + 10])
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
        position = match.end()
    return found
