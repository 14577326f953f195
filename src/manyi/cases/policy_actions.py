"""The only writers of categories and deadlines, and the recomputing of open clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from manyi.cases import clocks, rules, task_actions
from manyi.cases.category_sets import CategorySet
from manyi.cases.defaults import CATEGORIES, POLICY_CODE, POLICY_NAME, TARGETS, Node
from manyi.cases.models import Case, Category, SideTask, SlaPolicy
from manyi.cases.warnings import problems as warning_problems
from manyi.cases.workflow import OPEN_STATES
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit

CATEGORY_CHANGED = events.kind("category.changed", "修改诉求分类", "Case category changed")
POLICY_CHANGED = events.kind("policy.changed", "修改办理时限", "Deadlines changed")
CLOCKS_RECOMPUTED = events.kind("clocks.recomputed", "重新计算时限", "Deadlines computed again")
BATCH, LEVELS = 900, 3


def root_unit() -> Unit:
    """The top of the organisation; raises Refused before there is one."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        raise Refused(Label("请先建立组织架构。", "Set up the units first."))
    return root


def install_defaults() -> SlaPolicy:
    """Give a new organisation the ready-made categories and deadlines; what is there already stays."""
    root = root_unit()
    with transaction.atomic():
        _plant(CATEGORIES, None)
        policy, made = SlaPolicy.objects.get_or_create(
            code=POLICY_CODE, number=1, defaults={"name": POLICY_NAME, "unit": root, "targets": TARGETS}
        )
        if made:
            after = {"targets": TARGETS, "number": 1}
            events.append(POLICY_CHANGED, actor=None, subject=policy, unit=root, after=after)
    return policy


def _plant(nodes: Iterable[Node], parent: Category | None) -> None:
    for node in nodes:
        row, _ = Category.objects.get_or_create(
            code=node.code, defaults={"name": node.zh, "name_en": node.en, "parent": parent}
        )
        _plant(node.below, row)


def save_category(
    *,
    actor: Person,
    code: str,
    name: str,
    name_en: str = "",
    parent: Category | None = None,
    active: bool = True,
) -> Category:
    """Add a category, or rename, move or retire the one with this code; cases keep pointing to it.

    The tree has three levels. What a category was before stands in the event, so its versions can be read.
    """
    root = root_unit()
    access.require(actor, "settings.manage", root)
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refused(Label("请填写分类的编号和名称。", "Give the category a code and a name."), field="name")
    _refuse_place(code, parent)
    with transaction.atomic():
        old = Category.objects.filter(code=code).select_related("parent").first()
        defaults = {"name": name, "name_en": name_en.strip(), "parent": parent, "active": active}
        row, _made = Category.objects.update_or_create(code=code, defaults=defaults)
        before, after = _category(old) if old else {}, _category(row)
        events.append(
            CATEGORY_CHANGED, actor=actor, subject=row, label=code, unit=root, before=before, after=after
        )
    return row


def _category(row: Category) -> dict[str, Any]:
    above = row.parent.code if row.parent else ""
    return {
        "code": row.code, "name": row.name, "name_en": row.name_en, "parent": above, "active": row.active
    }  # fmt: skip


def take_set(*, actor: Person, chosen: CategorySet, retire_others: bool) -> int:
    """Add the categories of an industry, put those of it that were retired back, and with ``retire_others``
    retire the rest. Returns how many are in use then; cases keep what they have."""
    root = root_unit()
    access.require(actor, "settings.manage", root)
    with transaction.atomic():
        _plant(chosen.nodes, None)
        ours = Category.objects.filter(code__in=chosen.codes())
        ours.update(active=True)
        if retire_others:
            Category.objects.exclude(code__in=chosen.codes()).update(active=False)
        data = {"set": chosen.id, "retire_others": retire_others}
        events.append(CATEGORY_CHANGED, actor=actor, subject=root, unit=root, data=data)
    return Category.objects.filter(active=True).count()


def _refuse_place(code: str, parent: Category | None) -> None:
    """A category stands neither below itself nor deeper than the third level."""
    above, depth = parent, 1
    while above is not None:
        depth += 1
        if above.code == code:
            words = Label("分类不能放在自己下面。", "A category cannot stand below itself.")
            raise Refused(words, field="parent")
        above = above.parent
    if depth > LEVELS:
        raise Refused(Label("分类最多三级。", "The tree has three levels."), field="parent")


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
            _plant(CATEGORIES, None)
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
    changed: list[Case] = []
    for case in clocks.with_rows(clocks.bare(rows, BATCH), BATCH):
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
