"""XPath as XLSForm uses it, both ways: ``${state} = 'texas' and selected(${q}, 'a')``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from manyi.measures.answers import COMMENT, TOTAL
from manyi.measures.expressions import Array, Binary, Call, Literal, Node, Reference, Unary, parse
from manyi.surveys.codecs.climbing import Climber, NotCarried, number
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
    return _Parser(text, reference, me, many, columns).whole()


class _Parser(Climber):
    pattern, operators = _TOKEN, _BINARY

    def __init__(
        self,
        text: str,
        reference: Callable[[str], str],
        me: str,
        many: Callable[[str], bool],
        columns: Mapping[str, str] | None,
    ) -> None:
        super().__init__(text)
        self.path, self.me, self.many, self.columns = reference, me, many, columns

    def operand(self) -> Node:
        kind, word = self.take()
        if kind == "number":
            return number(word)
        if kind == "text":
            return Literal(word[1:-1])
        if kind == "reference":
            return self.reference(word[2:-1].strip())
        if kind == "self" and self.me:
            return Reference(self.me)
        if word == "(":
            node = self.expression(0)
            self.expect(")")
            return node
        if word == "-":
            return self.negative(self.operand())
        if kind == "name":
            return self.function(word, self.arguments()) if self.peek() == "(" else self.column(word)
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
