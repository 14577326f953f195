"""XPath as XLSForm uses it, both ways: ``${state} = 'texas' and selected(${q}, 'a')``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from manyi.measures.answers import COMMENT, TOTAL
from manyi.measures.expressions import Array, Binary, Call, Literal, Node, Reference, Unary, parse
from manyi.surveys.tree import Question

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<reference>\$\{[^{}]+\})
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<text>"[^"]*"|'[^']*'|‘[^’]*’|“[^”]*”)
    | (?P<sign><=|>=|!=|[-+*=<>(),])
    | (?P<self>\.(?![\w.]))
    | (?P<name>[^\W\d][\w:.-]*)""",
    re.VERBOSE | re.DOTALL,
)
_BINARY = {
    "or": (1, "or"),
    "and": (2, "and"),
    "=": (3, "="),
    "!=": (3, "<>"),
    "<": (3, "<"),
    "<=": (3, "<="),
    ">": (3, ">"),
    ">=": (3, ">="),
    "+": (4, "+"),
    "-": (4, "-"),
    "*": (5, "*"),
    "div": (5, "/"),
    "mod": (5, "%"),
}
_SAME = {
    "sum": "sum",
    "min": "min",
    "max": "max",
    "round": "round",
    "today": "today",
    "count": "count",
    "if": "iif",
}
MOST_NESTING = 60


class NotCarried(Exception):
    """What of an expression we have no way to say."""


def to_node(
    text: str,
    reference: Callable[[str], str],
    me: str = "",
    many: Callable[[str], bool] = lambda code: False,
    columns: Mapping[str, str] | None = None,
) -> Node:
    """The tree of an expression; raises NotCarried.

    ``reference`` gives our path of a name (KeyError: none), ``me`` is what ``.`` means, ``many`` says which
    questions take several choices, ``columns`` are the cells of a choice's row for its filter.
    """
    parser = _Parser(text, reference, me, many, columns)
    node = parser.expression(0)
    if parser.index < len(parser.tokens):
        raise NotCarried(parser.tokens[parser.index][1])
    return node


class _Parser:
    def __init__(
        self,
        text: str,
        reference: Callable[[str], str],
        me: str,
        many: Callable[[str], bool],
        columns: Mapping[str, str] | None,
    ) -> None:
        self.tokens = _tokens(text)
        self.path, self.me, self.many, self.columns = reference, me, many, columns
        self.index = self.nesting = 0

    def peek(self) -> str:
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def expression(self, least: int) -> Node:
        self.nesting += 1
        if self.nesting > MOST_NESTING:
            raise NotCarried("nested too deeply")
        left = self.operand()
        while (found := _BINARY.get(self.peek())) and found[0] > least:
            self.index += 1
            left = self.binary(found[1], left, self.expression(found[0]))
        self.nesting -= 1
        return left

    def binary(self, operator: str, left: Node, right: Node) -> Node:
        for one, other in ((left, right), (right, left)):
            if other == Literal("") and operator in {"=", "<>"}:
                return Unary("empty" if operator == "=" else "notempty", one)
        return Binary(operator, left, right)

    def operand(self) -> Node:
        if self.index >= len(self.tokens):
            raise NotCarried("a value is missing")
        kind, word = self.tokens[self.index]
        self.index += 1
        if kind == "number":
            return Literal(float(word) if "." in word else int(word))
        if kind == "text":
            return Literal(word[1:-1])
        if kind == "reference":
            return self.reference(word[2:-1].strip())
        if kind == "self" and self.me:
            return Reference(self.me)
        if word == "(":
            node = self.expression(0)
            self.closing()
            return node
        if word == "-":
            return self.negative(self.operand())
        if kind == "name":
            return self.call(word) if self.peek() == "(" else self.column(word)
        raise NotCarried(word)

    def negative(self, node: Node) -> Node:
        if isinstance(node, Literal) and isinstance(node.value, int | float):
            return Literal(-node.value)
        return Unary("-", node)

    def reference(self, name: str) -> Node:
        try:
            return Reference(self.path(name))
        except KeyError as error:
            raise NotCarried(f"${{{name}}}") from error

    def column(self, word: str) -> Node:
        """A bare name is a column of the choices, and in their filters else a text."""
        if self.columns is None:
            raise NotCarried(word)
        return Literal(self.columns.get(word, word))

    def closing(self) -> None:
        if self.peek() != ")":
            raise NotCarried("“)” is missing")
        self.index += 1

    def call(self, word: str) -> Node:
        self.index += 1
        arguments: list[Node] = []
        while self.peek() not in {")", ""}:
            arguments.append(self.expression(0))
            if self.peek() != ",":
                break
            self.index += 1
        self.closing()
        return self.function(word, tuple(arguments))

    def function(self, word: str, given: tuple[Node, ...]) -> Node:
        match word, given:
            case "selected", (Reference(path) as left, right):
                return Binary("contains" if self.many(path) else "=", left, right)
            case "not", (operand,):
                return Unary("not", operand)
            case "count-selected", (operand,):
                return Call("count", (operand,))
            case (("true" | "false"), ()):
                return Literal(word == "true")
            case (("number" | "string" | "int" | "once"), (operand,)):
                return Call("trunc", given) if word == "int" else operand
            case "coalesce", (left, right):
                return Call("iif", (Unary("notempty", left), left, right))
        if word in _SAME and (given or word == "today"):
            return Call(_SAME[word], given)
        raise NotCarried(f"{word}()")


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


_CHOOSING = frozenset({"contains", "notcontains", "anyof", "allof", "noneof"})
_WRITTEN = {"<>": "!=", "/": "div", "%": "mod"}
_CALLED = {"iif": "if", "sum": "sum", "min": "min", "max": "max", "round": "round", "today": "today"}


def to_xpath(text: str, questions: Mapping[str, Question]) -> str:
    """One of our expressions in XPath; raises NotCarried for what it has no words for."""
    return _say(parse(text), questions)


def _say(node: Node, questions: Mapping[str, Question]) -> str:
    match node:
        case Literal(value):
            return _literal(value)
        case Reference(path) if node.code not in questions or TOTAL in path:
            raise NotCarried(path)
        case Reference(path):
            return f"${{{path.replace(COMMENT, '_comment').replace('.', '_')}}}"
        case Unary(operator, operand):
            inner = _say(operand, questions)
            marks = {"not": f"not({inner})", "-": f"-({inner})", "empty": f"{inner} = ''"}
            return marks.get(operator, f"{inner} != ''")
        case Call("count", (Reference(path),)) if _many(questions, path):
            return f"count-selected({_say(node.arguments[0], questions)})"
        case Call(name, arguments) if name in _CALLED:
            return f"{_CALLED[name]}({', '.join(_say(each, questions) for each in arguments)})"
        case Binary(operator, Reference(), right) if operator in _CHOOSING:
            return _selected(operator, node, right, questions)
        case Binary(operator, left, right) if operator not in {*_CHOOSING, "^"}:
            return f"({_say(left, questions)} {_WRITTEN.get(operator, operator)} {_say(right, questions)})"
    raise NotCarried(type(node).__name__)


def _literal(value: str | float) -> str:
    if isinstance(value, bool):
        return "true()" if value else "false()"
    if not isinstance(value, str):
        return str(value)
    if "'" in value and '"' in value:
        raise NotCarried(value)
    return f'"{value}"' if "'" in value else f"'{value}'"


def _selected(operator: str, node: Binary, right: Node, questions: Mapping[str, Question]) -> str:
    items = right.items if isinstance(right, Array) else (right,)
    asked = [f"selected({_say(node.left, questions)}, {_say(item, questions)})" for item in items]
    word = " and " if operator in {"contains", "allof", "notcontains"} else " or "
    joined = f"({word.join(asked)})"
    return f"not{joined}" if operator.startswith("no") else joined


def _many(questions: Mapping[str, Question], path: str) -> bool:
    return path in questions and questions[path].type in {"multiple", "matrix_multiple"}
