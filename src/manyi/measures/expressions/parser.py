"""From tokens to the tree, by operator precedence."""

from __future__ import annotations

from collections.abc import Callable

from manyi.kernel.labels import Label
from manyi.measures.expressions.errors import ExpressionError
from manyi.measures.expressions.functions import FUNCTIONS, Function
from manyi.measures.expressions.tokens import Token, tokens
from manyi.measures.expressions.tree import (
    COMPARISON,
    OPERATORS,
    Array,
    Binary,
    Call,
    Literal,
    Node,
    Reference,
    Unary,
)

#: Limits that keep the recursion of the evaluator far from Python's own.
MOST_OPERATIONS = 150
MOST_NESTING = 40

_FUNCTIONS_BY_LOWER = {name.lower(): name for name in FUNCTIONS}


def parse(text: str, names: Callable[[str], str] | None = None) -> Node:
    """The tree of an expression; raises ExpressionError with position and message.

    For expressions from elsewhere ``names`` turns each reference as it is written there into ours; a word
    without quotes is then a text, as SurveyJS takes it.
    """
    parser = _Parser(tokens(text, names), bare_words=names is not None)
    node = parser.expression(0)
    parser.expect("end")
    return node


class _Parser:
    def __init__(self, found: list[Token], *, bare_words: bool = False) -> None:
        self.tokens, self.bare_words = found, bare_words
        self.index = 0
        self.operations = 0
        self.nesting = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.now
        self.index += 1
        return token

    def sees(self, *signs: str) -> bool:
        return self.now.kind == "sign" and self.now.value in signs

    def expect(self, sign: str) -> None:
        if self.now.kind == "end" == sign or self.sees(sign):
            self.index = min(self.index + 1, len(self.tokens) - 1)
            return
        raise ExpressionError(self.now.position, _expected(sign, self.now))

    def expression(self, least: int) -> Node:
        """An operand and every operator after it that binds tighter than ``least``."""
        self.nesting += 1
        if self.nesting > MOST_NESTING:
            raise ExpressionError(
                self.now.position, Label("括号嵌套太深。", "brackets are nested too deeply.")
            )
        left = self.negation() if self.sees("not") else self.operand()
        while self.now.kind == "sign" and self.now.value in OPERATORS:
            precedence = OPERATORS[self.now.value].precedence
            if precedence <= least:
                break
            operator = self.counted()
            left = Binary(operator, left, self.expression(precedence))
        self.nesting -= 1
        return left

    def negation(self) -> Node:
        """``not`` reaches over the whole comparison after it; ``!`` only over the next operand."""
        self.counted()
        return Unary("not", self.expression(COMPARISON - 1))

    def operand(self) -> Node:
        """One value with its prefix signs and a following ``empty`` or ``notempty``."""
        if self.sees("!", "-"):
            sign = self.counted()
            return self.prefixed("not" if sign == "!" else "-")
        node = self.value()
        while self.sees("empty", "notempty"):
            node = Unary(self.counted(), node)
        return node

    def prefixed(self, operator: str) -> Node:
        self.nesting += 1
        if self.nesting > MOST_NESTING:
            raise ExpressionError(self.now.position, Label("符号嵌套太深。", "signs are nested too deeply."))
        inner = self.operand()
        self.nesting -= 1
        # A minus before a number is part of the number, so that -1 is one literal in every spelling.
        if operator == "-" and isinstance(inner, Literal) and type(inner.value) in {int, float}:
            return Literal(-float(inner.value) if isinstance(inner.value, float) else -int(inner.value))
        return Unary(operator, inner)

    def value(self) -> Node:
        token = self.take()
        match token.kind:
            case "number":
                return Literal(float(token.value) if "." in token.value else int(token.value))
            case "text":
                return Literal(token.value)
            case "reference":
                return Reference(token.value)
            case "name":
                return self.call(token)
            case "sign" if token.value in {"true", "false"}:
                return Literal(token.value == "true")
            case "sign" if token.value == "(":
                node = self.expression(0)
                self.expect(")")
                return node
            case "sign" if token.value == "[":
                return Array(self.sequence("]"))
        raise ExpressionError(token.position, _no_value(token))

    def call(self, token: Token) -> Node:
        name = _FUNCTIONS_BY_LOWER.get(token.value.lower())
        if not self.sees("(") and self.bare_words:
            return Literal(token.value)
        if not self.sees("("):
            raise ExpressionError(token.position, _bare_word(token.value))
        if name is None:
            raise ExpressionError(token.position, _unknown_function(token.value))
        self.counted()
        arguments = self.sequence(")")
        function = FUNCTIONS[name]
        if not function.least <= len(arguments) <= function.most:
            raise ExpressionError(token.position, _wrong_number(name, function, len(arguments)))
        return Call(name, arguments)

    def sequence(self, closing: str) -> tuple[Node, ...]:
        if self.sees(closing):
            self.index += 1
            return ()
        items = [self.expression(0)]
        while self.sees(","):
            self.index += 1
            items.append(self.expression(0))
        self.expect(closing)
        return tuple(items)

    def counted(self) -> str:
        """Takes an operator; raises ExpressionError when the expression has too many."""
        token = self.take()
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            raise ExpressionError(
                token.position,
                Label(
                    f"运算超过 {MOST_OPERATIONS} 个,请拆成几个条件。",
                    f"there are more than {MOST_OPERATIONS} operations; split the expression.",
                ),
            )
        return token.value


def _expected(sign: str, found: Token) -> Label:
    if found.kind == "end":
        return Label(f"表达式没有写完,缺少“{sign}”。", f"the expression ends early; “{sign}” is missing.")
    if sign == "end":
        return Label(f"“{found.value}”前面缺少运算符。", f"an operator is missing before “{found.value}”.")
    return Label(
        f"这里应为“{sign}”,而不是“{found.value}”。", f"“{sign}” is expected here, not “{found.value}”."
    )


def _no_value(token: Token) -> Label:
    if token.kind == "end":
        return Label("这里还缺少一个值。", "a value is missing here.")
    return Label(f"“{token.value}”前面缺少一个值。", f"a value is missing before “{token.value}”.")


def _bare_word(word: str) -> Label:
    return Label(
        f"“{word}”没有引号:题目写成 {{{word}}},文字写成 '{word}'。",
        f"“{word}” stands alone: write {{{word}}} for a question, '{word}' for a text.",
    )


def _unknown_function(name: str) -> Label:
    known = ", ".join(FUNCTIONS)
    return Label(f"没有函数“{name}”;可用:{known}。", f"there is no function “{name}”; known: {known}.")


def _wrong_number(name: str, function: Function, given: int) -> Label:
    most = "∞" if function.most > MOST_OPERATIONS else function.most
    wanted = f"{function.least}" if function.least == most else f"{function.least}–{most}"
    return Label(
        f"函数“{name}”需要 {wanted} 个参数,实际为 {given} 个。",
        f"the function “{name}” takes {wanted} arguments, not {given}.",
    )
