"""What 问卷星 and 腾讯问卷 push: who sent it, which answer sheet, and what was answered, in our codes.

Formats: the platforms' public descriptions (问卷星 数据推送; 腾讯问卷 Webhook). Where a value can be read
as a code or as words of ours it is; a bare number counts the choices from 1.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Option, Question, Questionnaire

Platform = Literal["wjx", "tencent"]
PLATFORMS: dict[str, Label] = {
    "wjx": Label("问卷星", "wjx.cn (问卷星)"),
    "tencent": Label("腾讯问卷", "Tencent Survey (腾讯问卷)"),
}
_NUMBERED = re.compile(r"q(\d+)(?:_(\d+))?")
_WITH_WORDS = re.compile(r"(\d+)\s*[〖^](.*?)〗?", re.DOTALL)
_PARTS = re.compile(r"[,,┋;;]")


@dataclass(frozen=True, slots=True)
class Pushed:
    """One push as it was understood; ``answers`` by the platform's names."""

    answer_id: str
    action: Literal["create", "update", "delete"] = "create"
    seconds: float | None = None
    answers: dict[str, Any] = field(default_factory=dict)


class Unreadable(Exception):
    """A push that is not what the platform describes; ``message`` says what is missing."""

    def __init__(self, message: Label) -> None:
        super().__init__(message.en)
        self.message = message


def signed_by_wjx(body: Mapping[str, Any], secret: str) -> bool:
    """Whether ``sign`` is sha1(activity + index + key) in hexadecimal, compared in constant time."""
    text = f"{body.get('activity', '')}{body.get('index', '')}{secret}"
    wanted = hashlib.sha1(text.encode()).hexdigest()  # the platform's own rule
    return hmac.compare_digest(wanted, str(body.get("sign", "")).lower())


def signed_by_tencent(raw: bytes, signature: str, secret: str) -> bool:
    """Whether a header carries HMAC-SHA256 of the body in hexadecimal, compared in constant time."""
    wanted = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, signature.lower().removeprefix("sha256="))


def read_push(platform: str, body: Any) -> Pushed:
    """The sheet in a push; raises Unreadable."""
    if not isinstance(body, dict):
        raise Unreadable(Label("推送内容不是一个对象。", "The push is no object."))
    return _wjx(body) if platform == "wjx" else _tencent(body)


def _wjx(body: Mapping[str, Any]) -> Pushed:
    answer_id = str(body.get("joinid") or body.get("index") or "")
    if not answer_id:
        raise Unreadable(Label("推送缺少 joinid。", "The push has no joinid."))
    answers = {str(name): value for name, value in body.items() if _NUMBERED.fullmatch(str(name))}
    return Pushed(answer_id, "create", _seconds(body.get("timetaken")), answers)


def _tencent(body: Mapping[str, Any]) -> Pushed:
    payload, action = body.get("payload"), str(body.get("action", "")).rpartition(".")[2]
    if not isinstance(payload, dict) or not payload.get("answer_id"):
        raise Unreadable(Label("推送缺少 answer_id。", "The push has no answer_id."))
    if action not in {"create", "update", "delete"}:
        raise Unreadable(Label(f"未知的动作“{action}”。", f"The action “{action}” is not known."))
    answers = {}
    for number, question in enumerate(_questions(payload.get("answer")), 1):
        answers[f"q{number}"] = _said(question)
    return Pushed(str(payload["answer_id"]), action, _seconds(payload.get("duration")), answers)  # type: ignore[arg-type]


def _questions(node: Any) -> Iterator[Mapping[str, Any]]:
    """The questions in their pages, in order."""
    if isinstance(node, list):
        for each in node:
            yield from _questions(each)
    elif isinstance(node, dict) and "questions" in node:
        yield from _questions(node["questions"])
    elif isinstance(node, dict) and "id" in node:
        yield node


def _said(question: Mapping[str, Any]) -> Any:
    """The text of an answer, or the words of the options that are checked."""
    options = question.get("options")
    if not isinstance(options, list):
        return question.get("text", "")
    checked = (each for each in options if isinstance(each, dict) and each.get("checked"))
    return [str(each.get("text", "")) for each in checked]


def _seconds(value: Any) -> float | None:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return None


def guessed_mapping(tree: Questionnaire) -> dict[str, str]:
    """Our codes by the platform's numbers, in the order in which both ask."""
    asked = [code for code, question in tree.questions.items() if TYPES.get(question.type).asks]
    return {f"q{number}": code for number, code in enumerate(asked, 1)}


def to_answers(tree: Questionnaire, mapping: Mapping[str, str], pushed: Pushed) -> dict[str, Any]:
    """The answers in our codes, as they were typed; what the mapping does not name keeps its name."""
    found: dict[str, Any] = {}
    for name, value in pushed.answers.items():
        number = _NUMBERED.fullmatch(name)
        head, part = (f"q{number.group(1)}", number.group(2)) if number else (name, None)
        question = tree.questions.get(mapping.get(head, ""))
        if question is None:
            found[name] = value
        elif part and question.rows and int(part) <= len(question.rows):
            row = question.rows[int(part) - 1].code
            found.setdefault(question.code, {})[row] = _one(question, value)
        else:
            found |= _answer(question, value)
    return found


def _answer(question: Question, value: Any) -> dict[str, Any]:
    parts = value if isinstance(value, list) else _split(value)
    if question.rows:
        rows = zip((row.code for row in question.rows), parts, strict=False)
        return {question.code: {row: _one(question, each) for row, each in rows if str(each).strip()}}
    if question.type in {"multiple", "ranking"}:
        chosen = [_choice(question, each) for each in parts]
        said = next((words for _, words in chosen if words), "")
        words = {question.code + COMMENT: said} if said else {}
        return {question.code: [code for code, _ in chosen], **words}
    if question.options:
        code, said = _choice(question, parts[0] if parts else "")
        return {question.code: code, **({question.code + COMMENT: said} if said else {})}
    return {question.code: " ".join(map(str, value)) if isinstance(value, list) else value}


def _split(value: Any) -> list[str]:
    return [part.strip() for part in _PARTS.split(str(value)) if part.strip()]


def _one(question: Question, value: Any) -> Any:
    return _choice(question, value)[0] if question.options else value


def _choice(question: Question, value: Any) -> tuple[Any, str]:
    """The code of a choice, and the words beside it."""
    text = str(value).strip()
    worded = _WITH_WORDS.fullmatch(text)
    said = worded.group(2).strip() if worded else ""
    text = worded.group(1) if worded else text
    option = question.option(text) or _titled(question, text)
    if option is None and text.isdigit() and question.type not in {"rating", "nps", "effort", "matrix"}:
        place = int(text)
        option = question.options[place - 1] if 0 < place <= len(question.options) else None
    return (option.code if option else text), said


def _titled(question: Question, text: str) -> Option | None:
    return next((each for each in question.options if text in {each.title.zh, each.title.en}), None)
