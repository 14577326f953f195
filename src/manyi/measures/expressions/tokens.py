"""From characters to tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.measures.expressions.errors import ExpressionError

MOST_CHARACTERS = 4000

#: Other spellings that SurveyJS accepts, by the one used in the tree.
SPELLINGS = {
    "==": "=",
    "equal": "=",
    "!=": "<>",
    "notequal": "<>",
    "less": "<",
    "lessorequal": "<=",
    "greater": ">",
    "greaterorequal": ">=",
    "*=": "contains",
    "contain": "contains",
    "notcontain": "notcontains",
    "&&": "and",
    "||": "or",
    "negate": "!",
}
WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "empty",
        "notempty",
        "contains",
        "notcontains",
        "anyof",
        "allof",
        "noneof",
        "true",
        "false",
    ]
)

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<reference>\{[^{}]*\})
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<word>[^\W\d]\w*)
    | (?P<sign><=|>=|<>|==|!=|\*=|&&|\|\||[-+*/%^=<>!()\[\],])""",
    re.VERBOSE | re.DOTALL,
)
_PATH = re.compile(r"[\w-]+(?:\.[\w+-]+){0,2}")


@dataclass(frozen=True, slots=True)
class Token:
    """One piece: ``kind`` is reference, number, text, name, sign (operators and words too) or end."""

    kind: str
    value: str
    position: int


def tokens(text: str, names: Callable[[str], str] | None = None) -> list[Token]:
    """All tokens of an expression, an ``end`` token last; ``names`` translates its references.

    Raises ExpressionError.
    """
    if len(text) > MOST_CHARACTERS:
        what = Label(
            f"表达式超过 {MOST_CHARACTERS} 个字符,请拆成几个条件。",
            f"the expression is longer than {MOST_CHARACTERS} characters; split it.",
        )
        raise ExpressionError(MOST_CHARACTERS, what)
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(position, _unreadable(text[position]))
        if match.lastgroup != "space":
            found.append(_token(str(match.lastgroup), match.group(), position, names))
        position = match.end()
    return [*found, Token("end", "", len(text))]


def _token(kind: str, raw: str, position: int, names: Callable[[str], str] | None) -> Token:
    if kind == "reference":
        path = raw[1:-1].strip()
        return Token(kind, _path(names(path) if names else path, position), position)
    if kind == "text":
        return Token(kind, re.sub(r"\\(.)", r"\1", raw[1:-1], flags=re.DOTALL), position)
    if kind == "number" and len(raw) > 15:
        raise ExpressionError(position, Label("数字过长,最多 15 位。", "the number has more than 15 digits."))
    if kind in {"word", "sign"}:
        spelling = SPELLINGS.get(raw.lower(), raw.lower())
        known = kind == "sign" or spelling in WORDS or raw.lower() in SPELLINGS
        return Token("sign", spelling, position) if known else Token("name", raw, position)
    return Token(kind, raw, position)


def _path(path: str, position: int) -> str:
    if not _PATH.fullmatch(path):
        raise ExpressionError(
            position,
            Label(
                f"“{{{path}}}”不是题目代码;应写成 {{题目}}、{{矩阵题.行}} 或 {{表格题.行.列}}。",
                f"“{{{path}}}” is no question: write {{question}}, {{matrix.row}} or {{table.row.column}}.",
            ),
        )
    return path


def _unreadable(character: str) -> Label:
    if character in "'\"":
        return Label("引号没有配对。", "the quotation mark is not closed.")
    if character in "{}":
        return Label("花括号没有配对。", "the brace is not closed.")
    return Label(f"无法识别“{character}”。", f"“{character}” is not understood.")
