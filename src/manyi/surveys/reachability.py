"""Conditions that no answers can fulfil, found by trying all answers where there are few enough of them.

Exact where it decides: every question that a condition asks for must have a finite list of codes, and the
combinations must be few. What depends on numbers, words or the day is left undecided, never called wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, combinations, product
from math import prod
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.expressions import Call, Node, Reference, holds
from manyi.measures.expressions.tree import walk
from manyi.surveys.conditions import OF_THE_DAY, condition_of, parsed, places
from manyi.surveys.question_types import TYPES, Fault
from manyi.surveys.tree import Questionnaire

#: So many combinations of answers are tried, and so many options of a multiple choice combined.
MOST_CASES, MOST_OPTIONS = 4000, 8
_NO_DAY = date(2000, 1, 1)  # nothing that is tried asks for the day
Domains = dict[str, tuple[Any, ...]]

NEVER = Label(
    "条件自相矛盾:没有任何一种答案能使它成立,这里永远不会显示。",
    "The conditions contradict each other: no answers fulfil them, so this is never shown.",
)


def never_shown(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Sections, questions, options and rows whose conditions contradict each other, with their place."""
    hopeless: set[str] = set()
    for place in places(questionnaire):
        owner, _, field = place.path.partition(".")
        if not (place.early and place.path.endswith("visible_if")):
            continue
        if owner in hopeless or (
            owner in questionnaire.section_of and _section(questionnaire, owner) in hopeless
        ):
            continue
        whole = condition_of(questionnaire, owner) if owner in questionnaire.questions else None
        conditions = [node for node in (parsed(place.expression), whole) if node is not None]
        if can_hold(questionnaire, conditions) is False:
            yield place.path, NEVER
            if field == "visible_if":
                hopeless.add(owner)


def _section(questionnaire: Questionnaire, question: str) -> str:
    return questionnaire.section_of[question].code


def can_hold(questionnaire: Questionnaire, conditions: Sequence[Node]) -> bool | None:
    """Whether some answers fulfil all conditions at once; None where that cannot be decided by trying."""
    asked = _paths(conditions)
    if not asked or any(isinstance(n, Call) and n.name in OF_THE_DAY for c in conditions for n in walk(c)):
        return None
    domains = _domains(questionnaire, asked)
    if domains is None or _cases(domains) > MOST_CASES:
        return None
    domains, guards = _guarded(questionnaire, domains)
    return any(
        all(holds(condition, answers, _NO_DAY) for condition in conditions)
        for answers in _answer_sets(domains)
        if all(path not in answers or holds(guard, answers, _NO_DAY) for path, guard in guards.items())
    )


def _paths(conditions: Sequence[Node]) -> set[str]:
    return {node.path for c in conditions for node in walk(c) if isinstance(node, Reference)}


def _guarded(questionnaire: Questionnaire, domains: Domains) -> tuple[Domains, dict[str, Node]]:
    """The conditions under which the asked questions are themselves shown, as far as they can be tried."""
    guards: dict[str, Node] = {}
    waiting = list(domains)
    while waiting:
        path = waiting.pop()
        guard = condition_of(questionnaire, Reference(path).code)
        if guard is None or any(isinstance(n, Call) and n.name in OF_THE_DAY for n in walk(guard)):
            continue
        more = _domains(questionnaire, _paths([guard]) - domains.keys())
        if more is None or _cases({**domains, **more}) > MOST_CASES:
            continue
        guards[path] = guard
        domains = {**domains, **more}
        waiting += more
    return domains, guards


def _cases(domains: Domains) -> int:
    return prod(len(values) for values in domains.values())


def _answer_sets(domains: Domains) -> Iterator[dict[str, Any]]:
    """Every combination of answers; a question that is not answered has no entry."""
    for values in product(*domains.values()):
        yield {path: value for path, value in zip(domains, values, strict=True) if value is not None}


def _domains(questionnaire: Questionnaire, paths: set[str]) -> Domains | None:
    found = {path: _values(questionnaire, path) for path in sorted(paths)}
    known = {path: values for path, values in found.items() if values is not None}
    return known if len(known) == len(found) else None


def _values(questionnaire: Questionnaire, path: str) -> tuple[Any, ...] | None:
    """What can be answered at a path, None for nothing included; None where the answers are no short list."""
    question = questionnaire.questions.get(Reference(path).code)
    if question is None or question.type not in TYPES:
        return None
    columns = TYPES.get(question.type).columns(question)
    one = next((column for column in columns if column.kind == "code" and column.path == path), None)
    if one is not None:
        return (None, *(code for code, _ in one.codes))
    flags = [column.option for column in columns if column.kind == "flag" and column.path == path]
    if not flags or len(flags) > MOST_OPTIONS:
        return None
    sets = chain.from_iterable(combinations(flags, size) for size in range(1, len(flags) + 1))
    return (None, *(list(chosen) for chosen in sets))
