"""The only writers of routing rules and absences, and the assigning that follows from a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from manyi.cases import router
from manyi.cases.choices import KINDS, SEVERITIES
from manyi.cases.models import Absence, Case, Category, RoutingRule
from manyi.cases.step_actions import advance
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Person, RoleGrant, Unit

RULE_SAVED = events.kind("routing.saved", "保存派单规则", "Routing rule saved")
RULE_MOVED = events.kind("routing.moved", "调整派单规则顺序", "Routing rule moved")
RULE_DELETED = events.kind("routing.deleted", "删除派单规则", "Routing rule deleted")
ABSENCE_NOTED = events.kind("absence.noted", "登记外出", "Absence noted")
ABSENCE_ENDED = events.kind("absence.ended", "取消外出", "Absence taken back")
#: The longest absence, in days; more is a role to be taken away.
LONGEST = 366


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a rule says: which cases, to whom, and whether by itself."""

    name: str
    unit: Unit
    category: Category | None = None
    kind: str = ""
    severity: str = ""
    pool_unit: Unit | None = None
    people: tuple[Person, ...] = ()
    assigns: bool = False
    active: bool = True


def save_rule(*, actor: Person | None, facts: RuleFacts, rule: RoutingRule | None = None) -> RoutingRule:
    """Add a rule behind the others of its unit, or change one; Invalid names the fields that are wrong."""
    access.require(actor, "cases.approve", facts.unit)
    if rule is not None:
        access.require(actor, "cases.approve", rule)
    problems = list(_problems(facts))
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        moved = rule is None or rule.unit_id != facts.unit.pk
        row = rule or RoutingRule()
        row.order = _last(facts.unit) + 1 if moved else row.order
        for name in ("unit", "category", "kind", "severity", "pool_unit", "assigns", "active"):
            setattr(row, name, getattr(facts, name))
        row.name = facts.name.strip()[:80]
        row.save()
        row.people.set(facts.people if facts.pool_unit is None else ())
        events.append(
            RULE_SAVED,
            actor=actor,
            subject=row,
            unit=row.unit,
            after=_told(row, [p.pk for p in facts.people]),
        )
    return row


def _problems(facts: RuleFacts) -> Iterable[tuple[str, Label]]:
    if not facts.name.strip():
        yield "name", Label("请填写规则名称。", "Please name the rule.")
    if facts.kind not in {"", *dict(KINDS)}:
        yield "kind", Label("请选择诉求类型。", "Choose the kind of case.")
    if facts.severity not in {"", *dict(SEVERITIES)}:
        yield "severity", Label("请选择严重程度。", "Choose the severity.")
    if facts.pool_unit is None and not facts.people:
        yield (
            "pool_unit",
            Label("请选择承办部门,或勾选承办人。", "Choose the unit, or tick the people."),
        )


def _told(row: RoutingRule, people: list[int]) -> dict[str, object]:
    return {
        "name": row.name, "order": row.order, "category": row.category_id, "kind": row.kind,
        "severity": row.severity, "pool_unit": row.pool_unit_id, "people": people,
        "assigns": row.assigns, "active": row.active,
    }  # fmt: skip


def _last(unit: Unit) -> int:
    return RoutingRule.objects.filter(unit=unit).aggregate(last=Max("order"))["last"] or 0


def move_rule(*, actor: Person, rule: RoutingRule, up: bool) -> RoutingRule:
    """Change places with the rule before it, or behind it, at the same unit; at the end nothing moves."""
    access.require(actor, "cases.approve", rule)
    with transaction.atomic():
        rows = list(RoutingRule.objects.select_for_update().filter(unit=rule.unit).order_by("order", "id"))
        here = rows.index(rule)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows, 1):
            row.order = place
        RoutingRule.objects.bulk_update(rows, ["order"])
        after = {"order": [row.pk for row in rows]}
        events.append(RULE_MOVED, actor=actor, subject=rule, unit=rule.unit, after=after)
    return rule


def delete_rule(*, actor: Person, rule: RoutingRule) -> None:
    """Take a rule away; what it assigned stays as it is."""
    access.require(actor, "cases.approve", rule)
    with transaction.atomic():
        before = _told(rule, list(rule.people.values_list("pk", flat=True)))
        events.append(RULE_DELETED, actor=actor, subject=rule, unit=rule.unit, before=before)
        rule.delete()


def assign_by_rule(*, case: Case) -> Case | None:
    """Assign an accepted case if its rule does so by itself; None when it stays with the dispatcher.

    The category must be known, and a case that had a handler before (returned) is a person's to decide.
    """
    if case.state != "acknowledged" or case.kind == "praise":
        return None
    if case.category is None or case.assignments.exists():
        return None
    choice = router.choose(case)
    if choice is None or choice.person is None or not choice.rule.assigns:
        return None
    words = f"按规则“{choice.rule.name}”自动派单:{choice.why.zh}"
    facts = {
        "owner": choice.person.pk,
        "category": case.category_id,
        "severity": case.severity,
        "note": words,
        "rule": choice.rule.pk,
    }
    return advance(case=case, name="assign", actor=None, facts=facts)


def in_charge_of(actor: Person, person: Person) -> bool:
    """Whether somebody may say of another that they are away: themselves, and who leads where they work."""
    unit = works_at(person)
    return actor == person or (unit is not None and access.may(actor, "cases.approve", unit))


def works_at(person: Person) -> Unit | None:
    """The unit of a person's nearest role: the deepest one."""
    grants = RoleGrant.objects.filter(person=person).select_related("unit")
    return max((grant.unit for grant in grants), key=lambda unit: unit.depth, default=None)


def note_absence(*, actor: Person, person: Person, from_on: date, until_on: date, note: str = "") -> Absence:
    """From one day to another (both included) somebody gets no new cases; what they have stays theirs."""
    if not in_charge_of(actor, person):
        raise NotPermitted("cases.approve")
    if until_on < from_on:
        raise Refused(
            Label("结束日期不能早于开始日期。", "The last day lies before the first."), field="until_on"
        )
    if until_on - from_on > timedelta(days=LONGEST):
        words = Label("外出不能超过一年,请调整日期。", "An absence lasts at most a year; change the days.")
        raise Refused(words, field="until_on")
    unit = works_at(person)
    with transaction.atomic():
        row = Absence.objects.create(
            person=person, unit=unit, from_on=from_on, until_on=until_on, note=note.strip()[:120], by=actor,
            at=clock.now(),
        )  # fmt: skip
        after = {"person": person.pk, "from": from_on.isoformat(), "until": until_on.isoformat()}
        events.append(ABSENCE_NOTED, actor=actor, subject=row, unit=unit, after=after)
    return row


def end_absence(*, actor: Person, absence: Absence) -> None:
    """Take an absence back: the person gets cases again."""
    if not in_charge_of(actor, absence.person):
        raise NotPermitted("cases.approve")
    with transaction.atomic():
        before = {
            "person": absence.person_id,
            "from": absence.from_on.isoformat(),
            "until": absence.until_on.isoformat(),
        }
        events.append(ABSENCE_ENDED, actor=actor, subject=absence, unit=absence.unit, before=before)
        absence.delete()
