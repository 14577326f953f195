"""Which proven causes stand behind cases: by the findings that the cases led to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from manyi.cases.models import Case
from manyi.improvement.models import Cause, Finding
from manyi.organisation import access
from manyi.organisation.models import Person


@dataclass(frozen=True, slots=True)
class Caused:
    """One case at a unit with one of its causes; a case with several has as many of these."""

    case: int
    unit: int
    cause: int
    fishbone: str


def proven(person: Person) -> QuerySet[Cause]:
    """The proven causes that a person may see, of findings that were not dismissed."""
    rows = Cause.objects.filter(proven=True).exclude(finding__state="dismissed")
    return access.visible(person, rows)


def cases_with(causes: QuerySet[Cause]) -> QuerySet[Case]:
    """The cases behind which one of the causes stands."""
    linked = Finding.cases.through.objects.filter(finding__in=causes.values("finding"))
    return Case.objects.filter(pk__in=linked.values("case"))


def caused(cases: QuerySet[Case], causes: QuerySet[Cause]) -> list[Caused]:
    """Each of the cases with each of its causes among those given."""
    by_finding: dict[int, list[tuple[int, str]]] = {}
    for pk, finding, fishbone in causes.values_list("pk", "finding_id", "fishbone"):
        by_finding.setdefault(finding, []).append((pk, fishbone))
    rows = Finding.cases.through.objects.filter(finding__in=by_finding)
    linked = rows.filter(case__in=cases.order_by().values("pk"))
    pairs: Iterable[tuple[int, int, int]] = linked.values_list("case", "case__unit", "finding").distinct()
    return [
        Caused(case, unit, cause, fishbone)
        for case, unit, finding in pairs
        for cause, fishbone in by_finding[finding]
    ]
