"""Acts of a workflow on a page: which buttons there are, and what a posted form means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, Transition
from manyi.organisation.errors import Invalid


def possible(
    machine: Machine, thing: object, state: str, verbs: Collection[str], actor: int
) -> list[Transition]:
    """The acts that this person could take now: a guard that refuses whatever is filled in hides its act."""
    return [
        act
        for act in machine.open_to(state, verbs)
        if not any(guard(thing, actor, {}) for guard in act.guards)
    ]


def facts_of(act: Transition, given: Mapping[str, str]) -> dict[str, Any]:
    """The facts that a form gives for an act, each in the type of its need; empty ones are None.

    Raises Invalid with every field that cannot be read.
    """
    facts: dict[str, Any] = {}
    problems: list[tuple[str, Label]] = []
    for need in act.needs:
        text = given.get(need.name, "").strip()
        try:
            facts[need.name] = _read(need, text) if text else None
        except (ValueError, InvalidOperation):
            words = need.label
            problem = Label(f"“{words.zh}”填写有误。", f"“{words.en}” cannot be read.")
            problems.append((need.name, problem))
    if problems:
        raise Invalid(problems)
    return facts


def _read(need: Need, text: str) -> object:
    if need.kind == "date":
        return date.fromisoformat(text)
    if need.kind == "moment":
        return _on_the_clock(datetime.fromisoformat(text))
    if need.kind == "number":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(text)
        return number
    if need.kind in {"person", "pick"}:
        return int(text)
    if need.kind == "yes_no":
        return ("no", "yes").index(text) == 1  # index raises ValueError for anything else
    return text


def _on_the_clock(moment: datetime) -> datetime:
    """A moment that names no zone is one of the person's own clock."""
    return moment if moment.tzinfo else timezone.make_aware(moment)
