"""Other codes for the same questions: the tree with codes replaced, in its expressions and texts too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from manyi.measures.answers import COMMENT, TOTAL
from manyi.measures.expressions import (
    Array,
    Binary,
    Call,
    ExpressionError,
    Literal,
    Node,
    Reference,
    Unary,
    parse,
    to_text,
)
from manyi.surveys.tree import Option, Question, Questionnaire, Text

_PIPE = re.compile(r"\{([^{}\s]+)\}")


@dataclass(frozen=True, slots=True)
class Renaming:
    """New codes by old: of questions, and of options, rows and columns inside a question, by its old code."""

    codes: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def back(self) -> Renaming:
        """The way back."""
        parts = {
            self.codes.get(code, code): {new: old for old, new in known.items()}
            for code, known in self.parts.items()
        }
        return Renaming({new: old for old, new in self.codes.items()}, parts)

    def path(self, path: str) -> str:
        """A reference in the new codes."""
        head, *steps = path.split(".")
        suffix = next((each for each in (COMMENT, TOTAL) if head.endswith(each)), "")
        code = head.removesuffix(suffix) if suffix else head
        known = self.parts.get(code, {})
        return ".".join([self.codes.get(code, code) + suffix, *(known.get(step, step) for step in steps)])

    def node(self, node: Node) -> Node:
        """An expression's tree in the new codes, values compared with a renamed choice included."""
        match node:
            case Reference(path):
                return Reference(self.path(path))
            case Binary(operator, left, right):
                new = self._value(left, right), self._value(right, left)
                return Binary(operator, self.node(new[0]), self.node(new[1]))
            case Unary(operator, operand):
                return Unary(operator, self.node(operand))
            case Call(name, arguments):
                return Call(name, tuple(self.node(each) for each in arguments))
            case Array(items):
                return Array(tuple(self.node(each) for each in items))
        return node

    def _value(self, node: Node, other: Node) -> Node:
        known = self.parts.get(other.code, {}) if isinstance(other, Reference) else {}
        if isinstance(node, Array):
            return Array(tuple(self._value(item, other) for item in node.items))
        if isinstance(node, Literal) and str(node.value) in known:
            return Literal(known[str(node.value)])
        return node

    def expression(self, text: str) -> str:
        """An expression in the new codes, as it was spelled where that is possible."""
        spelled = _PIPE.sub(lambda match: f"{{{self.path(match.group(1))}}}", text)
        try:
            found = self.node(parse(text))
            return spelled if parse(spelled) == found else to_text(found)
        except ExpressionError:
            return spelled

    def text(self, text: Text) -> Text:
        """A text whose piped codes are the new ones."""

        def swap(words: str) -> str:
            return _PIPE.sub(lambda match: f"{{{self.path(match.group(1))}}}", words)

        return Text(swap(text.zh), swap(text.en), tuple((code, swap(words)) for code, words in text.more))


def renamed(tree: Questionnaire, renaming: Renaming) -> Questionnaire:
    """The questionnaire in new codes."""
    quotas = (replace(q, condition=renaming.expression(q.condition)) for q in tree.quotas)
    sections = (
        replace(
            section,
            title=renaming.text(section.title),
            help=renaming.text(section.help),
            visible_if=renaming.expression(section.visible_if),
            questions=tuple(_question(question, renaming) for question in section.questions),
        )
        for section in tree.sections
    )
    pairs = (replace(p, expression=renaming.expression(p.expression)) for p in tree.contradictions)
    return replace(tree, sections=tuple(sections), quotas=tuple(quotas), contradictions=tuple(pairs))


def _question(question: Question, renaming: Renaming) -> Question:
    known = renaming.parts.get(question.code, {})
    new = renaming.expression
    config = dict(question.config)
    if isinstance(config.get("expression"), str):
        config["expression"] = new(config["expression"])
    return replace(
        question,
        code=renaming.codes.get(question.code, question.code),
        title=renaming.text(question.title),
        help=renaming.text(question.help),
        visible_if=new(question.visible_if),
        required_if=new(question.required_if),
        config=config,
        default=_default(question.default, lambda value: known.get(value, value)),
        options=tuple(_option(option, known, renaming) for option in question.options),
        rows=tuple(
            replace(row, code=known.get(row.code, row.code), visible_if=new(row.visible_if))
            for row in question.rows
        ),
        columns=tuple(replace(c, code=known.get(c.code, c.code)) for c in question.columns),
        checks=tuple(replace(check, expression=new(check.expression)) for check in question.checks),
    )


def _option(option: Option, known: Mapping[str, str], renaming: Renaming) -> Option:
    condition = renaming.expression(option.visible_if)
    return replace(
        option,
        code=known.get(option.code, option.code),
        title=renaming.text(option.title),
        visible_if=condition,
    )


def _default(value: object, new: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return new(value)
    return [_default(each, new) for each in value] if isinstance(value, list) else value
