"""The readers of reports."""

from __future__ import annotations

from django.db.models import QuerySet

from manyi.kernel.workflow import Transition
from manyi.organisation import access
from manyi.organisation.models import Person
from manyi.reports.actions import parties
from manyi.reports.models import Report
from manyi.reports.workflow import REPORT


def reports(person: Person) -> QuerySet[Report]:
    """The reports that a person may see. Who does not write or judge reports sees the published ones."""
    rows = access.visible(person, Report.objects.select_related("round__programme", "unit", "author"))
    if any(access.may(person, verb) for verb in ("reports.write", "reports.approve", "reports.publish")):
        return rows
    return rows.filter(state="published")


def possible_acts(person: Person, report: Report) -> list[Transition]:
    """The steps that a person could take now, guards included: a button that would refuse is not shown."""
    held = access.verbs(person, report.unit)
    so_far = parties(report)
    open_steps = REPORT.open_to(report.state, held)
    return [step for step in open_steps if not any(guard(so_far, person.pk, {}) for guard in step.guards)]
