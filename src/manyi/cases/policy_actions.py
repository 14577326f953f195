"""The only writers of deadlines, and the recomputing of open clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from manyi.cases import clocks, rules, task_actions
from manyi.cases.category_actions import install_categories, root_unit
from manyi.cases.defaults import POLICY_CODE, POLICY_NAME, TARGETS
from manyi.cases.models import Case, Category, SideTask, SlaPolicy
from manyi.cases.warnings import problems as warning_problems
from manyi.cases.workflow import OPEN_STATES
from manyi.organisation import access, events
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person, Unit

POLICY_CHANGED = events.kind("policy.changed", "修改办理时限", "Deadlines changed")
CLOCKS_RECOMPUTED = events.kind("clocks.recomputed", "重新计算时限", "Deadlines computed again")
BATCH, LEVELS = 2000, 3


def install_defaults() -> SlaPolicy:
    """Give a new organisation the ready-made categories and deadlines; what is there already stays."""
    root = root_unit()
    with transaction.atomic():
        install_categories()
        policy, made = SlaPolicy.objects.get_or_create(
            code=POLICY_CODE, number=1, defaults={"name": POLICY_NAME, "unit": root, "targets": TARGETS}
        )
        if made:
            after = {"targets": TARGETS, "number": 1}
            events.append(POLICY_CHANGED, actor=None, subject=policy, unit=root, after=after)
    return policy


def save_policy(
    *,
    actor: Person | None,
    code: str,
    name: str,
    unit: Unit,
    targets: Mapping[str, Mapping[str, Any]],
    warnings: Iterable[Mapping[str, Any]] = (),
    apply_to_open: bool = False,
) -> SlaPolicy:
    """Set the deadlines for a unit and everything below it: a new version, which new cases get.

    It takes the place of whatever held at the unit itself before. An organisation that has no categories yet
    gets the ready-made ones: without any, no case could be assigned. ``warnings``: see ``warnings.Rule``.

    Cases that are open keep the version under which they came, unless ``apply_to_open``: then those that came
    under the one that is replaced move, and the event says how many. Raises Invalid with what is wrong.
    """
    access.require(actor, "settings.manage", unit)
    rows = [dict(row) for row in warnings]
    problems = rules.target_problems(targets) + warning_problems(rows)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        if not Category.objects.exists():
            install_categories()
        replaced = list(SlaPolicy.objects.filter(unit=unit).values_list("pk", flat=True))
        policy = _new_version(code, name.strip() or code, unit, dict(targets), rows)
        after = {"targets": policy.targets, "number": policy.number, "applied": apply_to_open}
        events.append(POLICY_CHANGED, actor=actor, subject=policy, unit=unit, after=after)
        if apply_to_open:
            Case.objects.filter(policy__in=replaced, state__in=OPEN_STATES).update(policy=policy)
            recompute_clocks(actor=actor, unit=unit)
    return policy


def _new_version(
    code: str, name: str, unit: Unit, targets: dict[str, Any], warnings: list[dict[str, Any]]
) -> SlaPolicy:
    last = SlaPolicy.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0
    SlaPolicy.objects.filter(unit=unit).update(active=False)
    return SlaPolicy.objects.create(
        code=code, number=last + 1, name=name, unit=unit, targets=targets, warnings=warnings
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """One deadline that moved: of which case, which clock, from when to when (None: no deadline)."""

    number: str
    clock: str
    before: datetime | None
    after: datetime | None


#: So many of the deadlines that moved are written into the log by name; the count is always whole.
NAMED = 200


def recompute_clocks(*, actor: Person | None, unit: Unit) -> int:
    """Compute the deadlines of all open cases of a subtree anew, after its calendar or policy changed;
    returns how many moved. The log says which, from when to when. Results of stopped clocks stay as they
    were frozen; what was raised as overdue and is not any more is lowered."""
    access.require(actor, "settings.manage", unit)
    with transaction.atomic():
        seen, moved = _recomputed_cases(unit)
        tasks = _recomputed_tasks(unit)
        data = {
            "cases": seen,
            "moved": len(moved),
            "tasks_moved": tasks,
            "which": [[row.number, row.clock, _iso(row.before), _iso(row.after)] for row in moved[:NAMED]],
        }
        events.append(CLOCKS_RECOMPUTED, actor=actor, subject=unit, unit=unit, data=data)
    return len(moved)


def _recomputed_cases(unit: Unit) -> tuple[int, list[Moved]]:
    calendar_of, moved, seen = clocks.calendar_cache(), [], 0
    rows = Case.objects.filter(unit__path__startswith=unit.path, state__in=OPEN_STATES)
    changed: list[clocks.BareCase] = []
    for case in clocks.bare_cases(rows, BATCH):
        seen, before = seen + 1, case.due_at
        if clocks.refresh(case, calendar_of):
            changed.append(case)
            moved.append(Moved(case.number, case.due_clock, before, case.due_at))
    clocks.write_all(changed)
    return seen, moved


def _recomputed_tasks(unit: Unit) -> int:
    calendar_of = clocks.calendar_cache()
    rows = SideTask.objects.filter(unit__path__startswith=unit.path, state="open").select_related("unit")
    changed = [task for task in rows if task_actions.recompute(task, calendar_of)]
    SideTask.objects.bulk_update(changed, ["due_at", "provisional"], batch_size=BATCH)
    return len(changed)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
