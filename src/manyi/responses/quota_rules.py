"""Pure decisions of quotas: whom one concerns, when that is certain, the cells of a crossed table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import answer_at, is_empty
from manyi.measures.expressions import ExpressionError, Node, holds, parse, references
from manyi.surveys.columns import Column
from manyi.surveys.tree import Questionnaire

ACTIONS = {
    "stop": Label("满额后停止接收", "Take no more once it is full"),
    "note": Label("只统计,不停止", "Only count"),
}
#: What a condition may ask for besides the answers.
CONTEXT = {
    "unit": Label("部门编号", "code of the unit"),
    "segment": Label("客户分类编号", "codes of the customer's segments"),
    "product": Label("产品编号", "code of the product"),
    "channel": Label("渠道", "channel"),
}
MOST = 1_000_000
_CELLS = 400


@dataclass(frozen=True, slots=True)
class QuotaPlan:
    """A quota as it is asked for, before it counts anything."""

    code: str
    title: str
    condition: str
    limit: int
    title_en: str = ""
    action: str = "stop"


@lru_cache(maxsize=1024)
def parsed(condition: str) -> Node:
    """The tree of a condition, read once in a process."""
    return parse(condition)


def concerns(condition: str, facts: Mapping[str, Any], day: date) -> bool:
    """Whether answers with their context (``facts``) fall into a quota."""
    return holds(parsed(condition), facts, day)


def decided(condition: str, facts: Mapping[str, Any]) -> bool:
    """Whether everything that a condition asks for is known, so that later answers cannot change it."""
    return all(not is_empty(answer_at(facts, code)) for code in references(parsed(condition)))


def problems(
    plans: list[QuotaPlan], questionnaire: Questionnaire, taken: set[str]
) -> list[tuple[str, Label]]:
    """What is wrong with plans, by field; codes are unique among themselves and against those ``taken``."""
    found: list[tuple[str, Label]] = []
    for plan in plans:
        if not plan.code or plan.code in taken:
            words = Label(
                f"配额编号“{plan.code}”为空或已被使用。", f"The quota code “{plan.code}” is empty or taken."
            )
            found.append(("code", words))
        taken = taken | {plan.code}
        if not plan.title:
            found.append(("title", Label("请填写配额名称。", "Please give the quota a title.")))
        if not 0 <= plan.limit <= MOST:
            words = Label(f"名额请填写 0 到 {MOST}。", f"A limit is a number from 0 to {MOST}.")
            found.append(("limit", words))
        if plan.action not in ACTIONS:
            found.append(("action", Label("请从列表中选择。", "Please choose from the list.")))
        found += [("condition", words) for words in _condition_problems(plan.condition, questionnaire)]
    return found


def _condition_problems(condition: str, questionnaire: Questionnaire) -> list[Label]:
    try:
        asked = references(parsed(condition))
    except ExpressionError as error:
        return [error.message]
    unknown = sorted(code for code in asked if code not in questionnaire.questions and code not in CONTEXT)
    return [
        Label(f"条件中的“{code}”不是本问卷的题目。", f"“{code}” in the condition is no question here.")
        for code in unknown
    ]


def crossed(
    first: Column, second: Column | None, limits: Mapping[tuple[str, str], int], action: str = "stop"
) -> list[QuotaPlan]:
    """One quota for each pair of answers of two coded questions that has a limit.

    Without a ``second`` question one for each answer of the first; ``limits`` then pairs it with nothing.
    """
    return [
        _cell([(first, one)] + ([(second, other)] if second else []), limits[one, other], action)
        for one, other in list(product(_codes(first), _codes(second)))[:_CELLS]
        if (one, other) in limits
    ]


def _codes(column: Column | None) -> list[str]:
    return [code for code, _ in column.codes] if column else [""]


def _cell(answers: list[tuple[Column, str]], limit: int, action: str) -> QuotaPlan:
    """The quota of those who gave all of these answers."""
    titles = [dict(column.codes)[code] for column, code in answers]
    return QuotaPlan(
        code="-".join(f"{column.name}-{code}" for column, code in answers)[:60],
        title=" × ".join(words.text("zh") for words in titles)[:160],
        title_en=" × ".join(words.text("en") for words in titles)[:160],
        condition=" and ".join(_equals(column, code) for column, code in answers),
        limit=limit,
        action=action,
    )


def _equals(column: Column, code: str) -> str:
    quoted = code.replace("\\", "\\\\").replace("'", "\\'")
    return f"{{{column.path}}} = '{quoted}'"
