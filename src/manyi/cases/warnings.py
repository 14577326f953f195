"""When somebody is warned of a deadline and when a late case is raised to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.worktime import UNITS, Target, WorkCalendar, ahead_of, due

TO = (
    ("owner", Label("承办人", "Handler")),
    ("department_head", Label("部门负责人", "Department head")),
    ("quality_director", Label("质量总监", "Quality director")),
)
#: Raising a case to one of these sets its level.
LEVEL_OF = {"owner": 0, "department_head": 1, "quality_director": 2}


@dataclass(frozen=True, slots=True)
class Rule:
    """So much before (negative) or after a deadline somebody is told; ``to`` is one of ``TO``."""

    amount: int
    unit: str
    to: str

    @property
    def key(self) -> str:
        """What names the rule in the record of warnings given."""
        return f"{self.amount}:{self.unit}:{self.to}"

    @property
    def level(self) -> int:
        """The level to which the case is raised; 0 is a mere reminder."""
        return LEVEL_OF[self.to] if self.amount >= 0 else 0

    def moment(self, due_at: datetime, calendar: WorkCalendar) -> datetime:
        """When it is given for a deadline: in working time on both sides of it."""
        if self.amount < 0:
            return ahead_of(calendar, due_at, -self.amount, self.unit)  # type: ignore[arg-type]  # checked
        if self.amount == 0:
            return due_at
        later = due(calendar, due_at, Target(self.amount, self.unit))  # type: ignore[arg-type]  # checked
        return later.at or due_at


USUAL = (
    Rule(-1, "working_days", "owner"),
    Rule(0, "working_days", "department_head"),
    Rule(3, "working_days", "quality_director"),
)


def rules_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules of a policy; the usual ones when it has none of its own."""
    found = tuple(Rule(int(row["amount"]), str(row["unit"]), str(row["to"])) for row in stored)
    return found or USUAL


def problems(stored: Iterable[Mapping[str, Any]]) -> list[tuple[str, Label]]:
    """What is wrong with rules as a form gives them."""
    wrong = Label("提醒请填写 -1000 到 1000 的整数、单位和对象。", "Give -1000 to 1000, a unit, and whom.")
    return [
        ("warnings", wrong)
        for row in stored
        if str(row.get("unit")) not in UNITS
        or str(row.get("to")) not in LEVEL_OF
        or not str(row.get("amount", "")).removeprefix("-").isdecimal()
        or abs(int(row["amount"])) > 1000
    ][:1]
