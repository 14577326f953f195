"""What the questions of a questionnaire wait for: expressions, parsed once, and the order they demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from manyi.measures.expressions import Array, Call, Node, dependency_order, parse, references, to_sentence
from manyi.measures.expressions.tree import walk
from manyi.surveys.question_types import TYPES, columns_of
from manyi.surveys.tree import Question, Questionnaire

#: Functions whose value depends on the present date.
OF_THE_DAY = frozenset({"today", "age", "currentDate", "year"})


def sentence(
    questionnaire: Questionnaire, expression: str, language: str, others: Mapping[str, str] | None = None
) -> str:
    """An expression about a questionnaire in plain words, choices in the words that respondents see.

    ``others``: the words for names that are no questions, such as the context of quotas.
    """
    if not expression:
        return ""
    choices: dict[str, dict[str, str]] = {}
    for column in columns_of(questionnaire):
        known = {column.option: column.title} if column.option else dict(column.codes)
        words = {code: title.text(language) for code, title in known.items()}
        choices.setdefault(column.path, {}).update(words)
    titles = {**(others or {}), **questionnaire.titles(language)}
    return to_sentence(parsed(expression), titles, language, choices)


@lru_cache(maxsize=4096)
def parsed(expression: str) -> Node:
    """The tree of an expression; the same text is parsed once."""
    return parse(expression)


def condition_of(questionnaire: Questionnaire, code: str) -> Node | None:
    """When a question is shown: its section's condition and its own, as one; None for always."""
    parts = [questionnaire.section_of[code].visible_if, questionnaire.questions[code].visible_if]
    return parsed(" and ".join(f"({part})" for part in parts if part)) if any(parts) else None


def order_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Question codes, each after the questions that decide what of it is shown or what it is worth.

    Raises CycleError for conditions that wait for each other.
    """
    cached: tuple[str, ...] | None = questionnaire.__dict__.get("_order")
    if cached is None:
        cached = dependency_order({code: _waits_for(questionnaire, code) for code in questionnaire.questions})
        questionnaire.__dict__["_order"] = cached
    return cached


def _waits_for(questionnaire: Questionnaire, code: str) -> Node:
    """Every expression that must be decided before a question is asked."""
    question, section = questionnaire.questions[code], questionnaire.section_of[code]
    texts = [section.visible_if, *question.expressions]
    if question.type in TYPES:
        texts.append(TYPES.get(question.type).computes(question))
    nodes = [_without(parsed(text), code, question) for text in texts if text]
    return Array(tuple(node for node in nodes if node is not None))


def _without(node: Node, code: str, question: Question) -> Node | None:
    """A cell's condition may ask for its own table; that is no circle."""
    return None if question.has_conditional_parts and references(node) == {code} else node


def asks_the_day(questionnaire: Questionnaire) -> bool:
    """Whether any expression depends on the present date."""
    cached: bool | None = questionnaire.__dict__.get("_asks_the_day")
    if cached is None:
        nodes = (node for place in places(questionnaire) for node in walk(parsed(place.expression)))
        cached = any(isinstance(node, Call) and node.name in OF_THE_DAY for node in nodes)
        questionnaire.__dict__["_asks_the_day"] = cached
    return cached


@dataclass(frozen=True, slots=True)
class Place:
    """One expression of a questionnaire: where it stands (``q1.visible_if``), and whose it is.

    ``question`` is empty for a section's or a quota's. ``early`` expressions are decided before the question
    is answered, so they can only ask for what comes before.
    """

    path: str
    expression: str
    question: str = ""
    early: bool = True


def places(questionnaire: Questionnaire) -> Iterator[Place]:
    """Every expression of a questionnaire that is not empty, with its place."""
    for section in questionnaire.sections:
        if section.visible_if:
            yield Place(f"{section.code}.visible_if", section.visible_if)
        for question in section.questions:
            yield from (place for place in _places_of(question) if place.expression)
    for quota in questionnaire.quotas:
        yield Place(f"quotas.{quota.code}.condition", quota.condition, early=False)
    for number, pair in enumerate(questionnaire.contradictions, 1):
        yield Place(f"contradictions[{number}]", pair.expression, early=False)


def _places_of(question: Question) -> Iterator[Place]:
    code = question.code
    yield Place(f"{code}.visible_if", question.visible_if, code)
    yield Place(f"{code}.required_if", question.required_if, code, early=False)
    for name in ("options", "rows", "columns"):
        for part in getattr(question, name):
            yield Place(f"{code}.{name}.{part.code}.visible_if", part.visible_if, code)
    for number, check in enumerate(question.checks, 1):
        yield Place(f"{code}.checks[{number}]", check.expression, code, early=False)
    if question.type in TYPES:
        yield Place(f"{code}.config.expression", TYPES.get(question.type).computes(question), code)
