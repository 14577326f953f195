"""Which questions of two versions measure the same, by the codes that were mapped from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import code_mapping, questionnaire_of
from manyi.surveys.question_types import columns_of

Items = tuple[str, ...]


def comparable(item: str, here: QuestionnaireVersion, there: QuestionnaireVersion) -> tuple[Items, Items]:
    """What has to be taken together here and there so that ``item`` of ``here`` can be compared.

    Mostly one name each: the item and itself, or its new name. A question that was split, or several that
    became one, bring their parts along. The second is empty for what the other version does not ask. Between
    different questionnaires a code means itself.
    """
    names_here, names_there = _names(here), _names(there)
    if here.questionnaire_id != there.questionnaire_id or here.pk == there.pk:
        return (item,), (item,) if item in names_there else ()
    old, new = sorted((here, there), key=lambda each: each.number)
    steps = _steps(code_mapping(old, new), _names(old), set(_names(new)))
    if new is here:
        steps = _turned(steps)
    mine, theirs = {item}, set(steps.get(item, ()))
    while True:  # a split on one side can be a merger on the other
        together = {name for name, codes in steps.items() if theirs.intersection(codes)} | mine
        reached = {code for name in together for code in steps.get(name, ())}
        if (together, reached) == (mine, theirs):
            break
        mine, theirs = together, reached
    return _ordered(mine, names_here), _ordered(theirs, names_there)


def _names(version: QuestionnaireVersion) -> list[str]:
    return [column.name for column in columns_of(questionnaire_of(version))]


def _steps(mapping: Mapping[str, Sequence[str]], old: Sequence[str], new: set[str]) -> dict[str, Items]:
    """The names in the new version for each name in the old: a row keeps its code under a renamed question,
    or has become the question of its name."""
    found: dict[str, Items] = {}
    for name in old:
        code, _, row = name.partition(".")
        after = [f"{each}.{row}" if f"{each}.{row}" in new else each for each in mapping.get(code, ())]
        found[name] = tuple(each for each in after if each in new and (not row or row in each.split(".")))
    return found


def _turned(steps: Mapping[str, Items]) -> dict[str, Items]:
    back: dict[str, Items] = {}
    for name, codes in steps.items():
        for code in codes:
            back[code] = (*back.get(code, ()), name)
    return back


def _ordered(names: set[str], order: Sequence[str]) -> Items:
    return tuple(name for name in order if name in names)
