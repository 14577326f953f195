"""Our expressions in LimeSurvey's spelling."""

from __future__ import annotations

from manyi.measures.answers import COMMENT
from manyi.measures.expressions import Array, Binary, Call, Literal, Node, Reference, Unary, parse
from manyi.surveys.codecs.climbing import NotCarried
from manyi.surveys.tree import Question, Questionnaire

_OPERATORS = {"=": "==", "<>": "!=", "and": "&&", "or": "||"}
_SAME = {"<", "<=", ">", ">=", "+", "-", "*", "/"}
_CALLS = {"sum": "sum", "min": "min", "max": "max", "count": "count", "round": "round", "iif": "if"}


class Speaker:
    """Says expressions about one questionnaire."""

    def __init__(self, tree: Questionnaire) -> None:
        self.questions = tree.questions

    def relevance(self, text: str) -> str:
        """A condition; ``1`` for none. Raises NotCarried for what LimeSurvey has no words for."""
        if not text:
            return "1"
        node = parse(text)
        return "0" if node == Literal(False) else self.say(node)

    def say(self, node: Node) -> str:
        """Any expression; raises NotCarried."""
        match node:
            case Literal(bool()):
                raise NotCarried("a truth value")
            case Literal(str() as value):
                return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
            case Literal(value):
                return str(value)
            case Reference(path):
                return f"{self.variable(path)}.NAOK"
            case Unary("not", operand):
                return f"!({self.say(operand)})"
            case Unary("-", operand):
                return f"-({self.say(operand)})"
            case Unary(operator, operand):
                mark = "" if operator == "empty" else "!"
                return f"{mark}is_empty({self.say(operand)})"
            case Call(name, arguments) if name in _CALLS:
                return f"{_CALLS[name]}({', '.join(self.say(each) for each in arguments)})"
            case Binary(operator, left, right):
                return self.binary(operator, left, right)
        raise NotCarried(type(node).__name__)

    def binary(self, operator: str, left: Node, right: Node) -> str:
        question = self.questions.get(left.code) if isinstance(left, Reference) else None
        if operator in {"contains", "notcontains", "anyof", "allof", "noneof"} and question is not None:
            return self.choices(operator, question, right)
        if operator not in _OPERATORS and operator not in _SAME:
            raise NotCarried(operator)
        return f"({self.say(left)} {_OPERATORS.get(operator, operator)} {self.say(right)})"

    def choices(self, operator: str, question: Question, right: Node) -> str:
        """Which of the choices were ticked."""
        items = right.items if isinstance(right, Array) else (right,)
        codes = [str(item.value) for item in items if isinstance(item, Literal)]
        if len(codes) < len(items) or not codes:
            raise NotCarried(operator)
        many = question.type == "multiple"
        asked = [
            f'{question.code}_{code}.NAOK == "Y"' if many else f'{question.code}.NAOK == "{code}"'
            for code in codes
        ]
        word = " && " if operator in {"allof", "contains", "notcontains"} else " || "
        mark = "!" if operator.startswith("no") else ""
        return f"{mark}({word.join(asked)})"

    def variable(self, path: str) -> str:
        """The name of an answer."""
        if path.endswith(COMMENT):
            code = path.removesuffix(COMMENT)
            question = self.questions.get(code)
            free = question is not None and any(option.free for option in question.options)
            return f"{code}_other" if free else f"{code}_comment"
        return path.replace(".", "_")
