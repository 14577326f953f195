"""The expression at a place of a questionnaire, by the path that the rules give: read it, replace it."""

from __future__ import annotations

import re
from typing import Any

from manyi.surveys.definition import from_dict, to_dict
from manyi.surveys.tree import Questionnaire

_CHECK = re.compile(r"checks\[(\d+)\]")
_PAIR = re.compile(r"contradictions\[(\d+)\]")
_FIELDS = frozenset({"visible_if", "required_if", "expression", "condition"})


def expression_at(questionnaire: Questionnaire, path: str) -> str | None:
    """The expression at ``q1.visible_if``, ``q1.options.a.visible_if``, ``q1.checks[2]``,
    ``quotas.k.condition`` or ``contradictions[1]``.

    Empty where none stands; None where no expression can stand.
    """
    found = _holder(to_dict(questionnaire), path)
    return str(found[0].get(found[1], "")) if found else None


def with_expression(questionnaire: Questionnaire, path: str, expression: str) -> Questionnaire:
    """The questionnaire with another expression at a place; a place that is not there changes nothing."""
    data = to_dict(questionnaire)
    found = _holder(data, path)
    if found is None:
        return questionnaire
    holder, name = found
    holder[name] = expression.strip()
    return from_dict(data)


def _holder(data: dict[str, Any], path: str) -> tuple[dict[str, Any], str] | None:
    """The table in which an expression stands, and its name there."""
    if pair := _PAIR.fullmatch(path):
        pairs, number = data.get("contradictions", []), int(pair[1]) - 1
        return (pairs[number], "expression") if 0 <= number < len(pairs) else None
    head, *rest = path.split(".")
    if head == "quotas" and len(rest) == 2:
        quota = _coded(data.get("quotas", []), rest[0])
        return (quota, rest[1]) if quota and rest[1] == "condition" else None
    section = _coded(data["sections"], head)
    if section and rest == ["visible_if"]:
        return section, "visible_if"
    questions = [question for each in data["sections"] for question in each["questions"]]
    question = _coded(questions, head)
    return _in_question(question, rest) if question and rest else None


def _in_question(question: dict[str, Any], rest: list[str]) -> tuple[dict[str, Any], str] | None:
    if found := _CHECK.fullmatch(rest[0]):
        checks, number = question.get("checks", []), int(found[1]) - 1
        return (checks[number], "expression") if 0 <= number < len(checks) else None
    if rest[0] == "config" and rest[1:] == ["expression"]:
        return question.setdefault("config", {}), "expression"
    if rest[0] in {"options", "rows", "columns"} and len(rest) == 3:
        part = _coded(question.get(rest[0], []), rest[1])
        return (part, rest[2]) if part and rest[2] in _FIELDS else None
    return (question, rest[0]) if len(rest) == 1 and rest[0] in {"visible_if", "required_if"} else None


def _coded(nodes: list[dict[str, Any]], code: str) -> dict[str, Any] | None:
    return next((node for node in nodes if node["code"] == code), None)
