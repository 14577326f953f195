"""Names of another tool and our codes: what may stand as a code stays, the rest is renamed once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from manyi.measures.answers import COMMENT, TOTAL
from manyi.measures.expressions import Array, Binary, Call, Literal, Node, Reference, Unary
from manyi.surveys.codecs.document import Document, unique
from manyi.surveys.reading import CODE, OPTION_CODE

_STRANGE = re.compile(r"\W+")
_STRANGE_IN_OPTIONS = re.compile(r"[^\w+-]+")


def as_code(name: str, prefix: str = "q") -> str:
    """A code close to a name: ``my question`` becomes ``my_question``, ``1st`` becomes ``q1st``."""
    code = _STRANGE.sub("_", name).strip("_") or prefix
    return code[:60] if CODE.fullmatch(code[:60]) else f"{prefix}{code}"[:60]


def as_option(value: Any) -> str:
    """An option code that comes close to a value of any kind."""
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    code = text.strip()
    return (
        code if OPTION_CODE.fullmatch(code) else (_STRANGE_IN_OPTIONS.sub("_", code).strip("_")[:60] or "v")
    )


class Naming:
    """Gives every name of a document its code; renamings are noted as losses and kept for the way back."""

    def __init__(self, document: Document, fold: Callable[[str], str] = str) -> None:
        self.document, self.fold = document, fold
        self.codes: dict[str, str] = {}
        self.sections: set[str] = set()
        self.options: dict[str, dict[Any, str]] = {}

    def question(self, name: str, place: str, prefix: str = "q") -> str:
        """The code of a question or section; a second one of the same name gets a number."""
        taken = set(self.codes.values())
        code = unique(as_code(name, prefix), taken)
        self.codes.setdefault(self.fold(name), code)
        if code != name:
            self.document.names[code] = name
            if name:
                self.document.lose(
                    place, f"名称“{name}”改为代码“{code}”。", f"The name “{name}” became “{code}”."
                )
        return code

    def section(self, name: str) -> str:
        """The code of a section; sections have a space of names of their own, and nothing refers to them."""
        code = unique(as_code(name, "s"), self.sections)
        self.sections.add(code)
        return code

    def option(self, question: str, value: Any, taken: set[str], place: str) -> str:
        """The code of a choice or row of a question."""
        code = unique(as_option(value), taken)
        taken.add(code)
        self.options.setdefault(question, {})[value] = code
        if code != value:
            self.document.values.setdefault(question, {})[code] = value
        if code != str(value):
            words = f"选项值“{value}”改为代码“{code}”。", f"The value “{value}” became “{code}”."
            self.document.lose(place, *words)
        return code

    def reference(self, path: str) -> str:
        """A reference of the file in our codes; raises KeyError for a name that the file does not have."""
        for suffix in (COMMENT, TOTAL):
            head, found, rest = path.partition(suffix)
            if found and self.fold(head) in self.codes:
                return self.codes[self.fold(head)] + suffix + rest
        name, _, rest = path.partition(".")
        while self.fold(name) not in self.codes and "." in rest:
            more, _, rest = rest.partition(".")
            name = f"{name}.{more}"
        code = self.codes[self.fold(name)]
        return ".".join([code, *(self._step(code, step) for step in rest.split(".") if rest)])

    def _step(self, code: str, step: str) -> str:
        known = self.options.get(code, {})
        return known.get(step, as_option(step))

    def literals(self, node: Node) -> Node:
        """The tree with values of renamed choices replaced where they are compared with their question."""
        match node:
            case Binary(operator, left, right):
                left, right = self.literals(left), self.literals(right)
                left, right = self._against(left, right), self._against(right, left)
                return Binary(operator, left, right)
            case Unary(operator, operand):
                return Unary(operator, self.literals(operand))
            case Call(name, arguments):
                return Call(name, tuple(self.literals(each) for each in arguments))
            case Array(items):
                return Array(tuple(self.literals(each) for each in items))
        return node

    def _against(self, node: Node, other: Node) -> Node:
        known = self.options.get(other.code, {}) if isinstance(other, Reference) else {}
        renamed = {value: code for value, code in known.items() if str(value) != code}
        if not renamed:
            return node
        if isinstance(node, Literal):
            return Literal(renamed.get(node.value, node.value))
        if isinstance(node, Array):
            return Array(tuple(self._against(item, other) for item in node.items))
        return node
