"""Where a fault stands, in words and with the way there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.surveys.definition import Question, Questionnaire

_CHECK = re.compile(r"checks\[(\d+)\]")
HEADS = {
    "title": Label("标题", "Title"),
    "intro": Label("开头语", "Introduction"),
    "thanks": Label("结束语", "Thanks"),
    "quotas": Label("配额", "Quotas"),
    "schemes": Label("评分方案", "Scoring scheme"),
    "mapping": Label("题目代码", "Question codes"),
    "contradictions": Label("矛盾检查", "Contradictions"),
    "sections": Label("题目", "Questions"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the questionnaire: what the editor shows for it, the element there, and its name."""

    at: str
    anchor: str
    words: str


def spot_of(tree: Questionnaire, path: str, language: str) -> Spot:
    """The spot of a path of the rules, such as ``q1.options.a`` or ``quotas.k1.condition``."""
    head, *rest = path.partition("[")[0].split(".") if path.startswith("contra") else path.split(".")
    question = tree.questions.get(head)
    if question is not None:
        return _in_question(tree, question, rest, language)
    section = tree.section(head)
    if section is not None:
        return Spot(head, "e-if" if "visible_if" in rest else "e-title", section.title.text(language) or head)
    anchor = f"e-{head}" if head in HEADS else ""
    return Spot("", anchor, HEADS[head].text(language) if head in HEADS else path)


def _in_question(tree: Questionnaire, question: Question, rest: list[str], language: str) -> Spot:
    number = list(tree.questions).index(question.code) + 1
    words = f"{number}. {_short(question.title.text(language)) or question.code}"
    at = question.code
    if rest[:1] == ["columns"] and len(rest) > 1:
        column = next((each for each in question.columns if each.code == rest[1]), None)
        if column is not None:
            words += f" › {_short(column.title.text(language)) or column.code}"
            at, question, rest = f"{at}.{column.code}", column, rest[2:]
    for name in ("options", "rows"):
        part = next((p for p in getattr(question, name) if rest[:2] == [name, p.code]), None)
        if part is not None:
            place = getattr(question, name).index(part)
            return Spot(
                at, f"e-{name}-{place}", f"{words} › {_short(part.title.text(language)) or part.code}"
            )
    last = rest[-1] if rest else "title"
    anchor = {"visible_if": "e-visible_if", "required_if": "e-required_if"}.get(last, f"e-{last}")
    if rest and (found := _CHECK.fullmatch(rest[0])):
        anchor = f"e-checks-{int(found[1]) - 1}"
    return Spot(at, anchor, words)


def _short(words: str) -> str:
    return words if len(words) <= 24 else f"{words[:23]}…"
