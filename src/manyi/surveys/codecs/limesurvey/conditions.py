"""The older table of conditions, and quotas: rows of (question, operator, value) as one expression.

Rows about the same question are alternatives, different questions hold together, scenarios are alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from manyi.measures.expressions.tree import quoted
from manyi.surveys.codecs.limesurvey.tables import Row as TableRow
from manyi.surveys.codecs.limesurvey.variables import Variables
from manyi.surveys.tree import Question

if TYPE_CHECKING:
    from manyi.surveys.codecs.limesurvey.reading import Reader

_OPERATORS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=", " ": "empty"}


def from_conditions(rows: Iterable[TableRow], reader: Reader, place: str, variables: Variables) -> str:
    """One expression for the conditions of a question; rows that cannot be carried are reported."""
    scenarios: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        text = _condition(row, reader, variables)
        if not text:
            words = f"条件“{row['cfieldname']} {row['method']} {row['value']}”未导入。"
            reader.document.lose(place, words, f"A condition on {row['cfieldname']} was not carried.")
            continue
        scenarios.setdefault(row["scenario"] or "1", {}).setdefault(row["cqid"], []).append(text)
    return _joined((_joined(map(_either, by.values()), "and") for by in scenarios.values()), "or")


def _condition(row: TableRow, reader: Reader, variables: Variables) -> str:
    name, value = row["cfieldname"].lstrip("+"), row["value"]
    operator = _OPERATORS.get(row["method"] or "==")
    found = variables(name)
    if found is None or operator is None or value.startswith(("@", "{")):
        return ""
    question = variables.questions.get(found.path)
    if found.choice or (question is not None and question.type == "multiple"):
        chosen = found.choice or reader.values.get(found.path, {}).get(value, value)
        wanted = (operator == "=") == (value != "" and (not found.choice or value == "Y"))
        return f"{{{found.path}}} {'contains' if wanted else 'notcontains'} {quoted(chosen)}"
    if value == "" or operator == "empty":
        return f"{{{found.path}}} {'notempty' if operator == '<>' else 'empty'}"
    ours = reader.values.get(found.path, {}).get(value, value)
    said = ours if ours.lstrip("-").isdigit() and operator not in {"=", "<>"} else quoted(ours)
    return f"{{{found.path}}} {operator} {said}"


def quota_condition(members: Iterable[TableRow], reader: Reader, questions: Mapping[str, Question]) -> str:
    """Who counts in a quota; "" when nothing says it."""
    by_question: dict[str, list[str]] = {}
    for row in members:
        code = reader.titles.get(row["qid"], "")
        question = questions.get(code)
        if question is None:
            continue
        value = reader.values.get(code, {}).get(row["code"], row["code"])
        operator = "contains" if question.type == "multiple" else "="
        path = code
        if question.rows and "-" in row["code"]:
            part, _, value = row["code"].partition("-")
            path = f"{code}.{reader.parts.get(code, {}).get(part, part)}"
        by_question.setdefault(code, []).append(f"{{{path}}} {operator} {quoted(value)}")
    return _joined(map(_either, by_question.values()), "and")


def _either(texts: list[str]) -> str:
    return _joined(texts, "or")


def _joined(texts: Iterable[str], word: str) -> str:
    found = [text for text in texts if text]
    return found[0] if len(found) == 1 else f" {word} ".join(f"({text})" for text in found)
