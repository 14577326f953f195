"""An expression as a plain sentence, for people who do not write expressions."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.kernel.labels import Label
from manyi.measures.expressions.functions import FUNCTIONS
from manyi.measures.expressions.tree import (
    OPERATORS,
    Array,
    Binary,
    Call,
    Literal,
    Node,
    Reference,
    Unary,
)

_EMPTY = {"empty": Label("未填写", "is not answered"), "notempty": Label("已填写", "is answered")}
_TRUTH = {True: Label("是", "yes"), False: Label("否", "no")}
_ATOM = 9


Choices = Mapping[str, Mapping[str, str]]


def to_sentence(node: Node, titles: Mapping[str, str], language: str, choices: Choices | None = None) -> str:
    """The expression in words; ``titles`` gives question titles by code or ``matrix.row``.

    ``choices`` gives the words of an answer's codes by the same paths, so that values are said in words too.
    """
    return _Speaker(titles, language, choices or {}).say(node, 0)


class _Speaker:
    def __init__(self, titles: Mapping[str, str], language: str, choices: Choices) -> None:
        self.titles, self.language, self.choices = titles, language, choices
        self.english = Label("", "en").text(language) == "en"
        self.space = " " if self.english else ""

    def say(self, node: Node, outer: int) -> str:
        """The words for a node, in brackets when its operator binds no tighter than ``outer``."""
        match node:
            case Literal(value):
                return self.literal(value)
            case Reference(path):
                return self.quote(self.title(path))
            case Array(items):
                return (", " if self.english else "、").join(self.say(item, 0) for item in items)
            case Call(name, arguments):
                return self.call(name, arguments)
            case Unary(operator, operand):
                return self.unary(operator, operand)
            case Binary(operator, left, right):
                return self.binary(operator, left, right, outer)

    def binary(self, operator: str, left: Node, right: Node, outer: int) -> str:
        own = OPERATORS[operator]
        left, right = self.chosen(left, right), self.chosen(right, left)
        # Only a chain of one and the same and/or reads well without brackets on the right.
        inner = own.precedence if operator not in {"and", "or"} else own.precedence - 1
        words = [
            self.say(left, own.precedence - 1),
            own.label.text(self.language),
            self.say(right, inner),
        ]
        if operator in {"and", "or"} and not self.english:
            return self.bracketed(f"{words[0]},{words[1]}{words[2]}", own.precedence <= outer)
        return self.bracketed(self.space.join(words), own.precedence <= outer)

    def chosen(self, node: Node, other: Node) -> Node:
        """A value, or values, that are codes of the other side's question: in the words of its choices."""
        known = self.choices.get(other.path, {}) if isinstance(other, Reference) else {}
        if isinstance(node, Array):
            return Array(tuple(self.chosen(item, other) for item in node.items))
        if isinstance(node, Literal) and isinstance(node.value, str) and node.value in known:
            return Literal(known[node.value])
        return node

    def unary(self, operator: str, operand: Node) -> str:
        if operator in _EMPTY:
            return self.say(operand, _ATOM) + self.space + _EMPTY[operator].text(self.language)
        if operator == "-":
            return f"-{self.say(operand, _ATOM)}"
        inner = self.say(operand, 0)
        return f"not ({inner})" if self.english else f"并非({inner})"

    def call(self, name: str, arguments: tuple[Node, ...]) -> str:
        words = FUNCTIONS[name].label.text(self.language)
        if not arguments:
            return words
        inside = (", " if self.english else "、").join(self.say(each, 0) for each in arguments)
        return f"{words} ({inside})" if self.english else f"{words}({inside})"

    def literal(self, value: str | float) -> str:
        if isinstance(value, bool):
            return _TRUTH[value].text(self.language)
        return self.quote(value) if isinstance(value, str) else str(value)

    def title(self, path: str) -> str:
        if path in self.titles:
            return self.titles[path]
        code, _, row = path.partition(".")
        title = self.titles.get(code, code)
        return f"{title} – {row}" if row else title

    def quote(self, text: str) -> str:
        return f"“{text}”"

    def bracketed(self, words: str, needed: bool) -> str:
        return f"({words})" if needed else words
