"""Correcting what a case is about: every field that changes stands in the event, before and after."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from django.db import transaction

from manyi.cases import category_versions, rules, word_index
from manyi.cases.choices import SEVERITIES, URGENCIES
from manyi.cases.models import Case, Category
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person

CASE_DESCRIBED = events.kind("case.described", "修改诉求信息", "Case described")

#: The fields that can be corrected, as they are called for people.
FIELDS: dict[str, Label] = {
    "subject": Label("标题", "Subject"),
    "category": Label("分类", "Category"),
    "severity": Label("严重程度", "Severity"),
    "urgency": Label("紧急程度", "Urgency"),
    "safety": Label("涉及人身安全", "Somebody may be hurt"),
    "about_person": Label("被投诉的员工", "Member of staff complained of"),
    "identity_checked": Label("身份已核实", "Identity checked"),
    "identity_note": Label("身份核实说明", "How the identity was checked"),
}


class Facts(TypedDict, total=False):
    """What is corrected; a field that is left out stays as it is."""

    subject: str
    category: Category | None
    severity: str
    urgency: str
    safety: bool
    about_person: Person | None
    identity_checked: bool
    identity_note: str


def describe(*, actor: Person, case: Case, **facts: Unpack[Facts]) -> Case:
    """Correct fields of a case; risk follows severity, urgency and safety.

    The event holds only what changed, with the value before and after; without a change there is none.
    Raises Invalid with the fields that do not fit, and Refused when the person complained of would be the one
    who handles it.
    """
    access.require(actor, "cases.dispatch", case)
    unknown = facts.keys() - FIELDS.keys()
    if unknown:
        raise TypeError(f"a case has no {', '.join(sorted(unknown))} to describe")
    with transaction.atomic():
        case = Case.objects.select_for_update().select_related("unit").get(pk=case.pk)
        before = _described(case)
        for name, value in facts.items():
            setattr(case, name, value.strip() if isinstance(value, str) else value)
        _check(case)
        case.risk = rules.risk_of(case.severity, case.urgency, safety=case.safety)
        after = _described(case)
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return case
        if "category" in changed:
            category_versions.mark(case)
        case.save(update_fields=[*facts, "risk", "category_version"])
        word_index.enter([case])
        events.append(
            CASE_DESCRIBED,
            actor=actor,
            subject=case,
            unit=case.unit,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return case


def _check(case: Case) -> None:
    if case.about_person_id is not None and case.about_person_id == case.owner_id:
        words = Label(
            "承办人就是被投诉的人,请先改派。", "The handler is the person complained of; reassign it first."
        )
        raise Refused(words, field="about_person")
    listed = Label("请从列表中选择。", "Please choose from the list.")
    problems = []
    if not case.subject:
        problems.append(("subject", Label("请填写标题。", "Please give the subject.")))
    if case.severity not in dict(SEVERITIES):
        problems.append(("severity", listed))
    if case.urgency not in dict(URGENCIES):
        problems.append(("urgency", listed))
    if case.identity_checked and not case.identity_note:
        words = Label("请写明由谁、怎样核实。", "Please say who checked it, and how.")
        problems.append(("identity_note", words))
    if problems:
        raise Invalid(problems)
    case.subject, case.identity_note = case.subject[:200], case.identity_note[:200]


def _described(case: Case) -> dict[str, Any]:
    """The fields as the event keeps them: codes and ids."""
    plain = ("subject", "severity", "urgency", "safety", "identity_checked", "identity_note", "risk")
    return {
        "category": case.category_id,
        "about_person": case.about_person_id,
        **{name: getattr(case, name) for name in plain},
    }
