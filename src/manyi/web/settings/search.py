"""One box finds cases, customers, surveys, reports and people; each person finds what they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from manyi.cases.models import Case
from manyi.customers import queries as customers
from manyi.kernel.labels import Label
from manyi.organisation import access, queries
from manyi.organisation.models import Person
from manyi.reports.models import Report
from manyi.surveys.models import Questionnaire, Round
from manyi.web.guard import StaffRequest, needs

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, a line about it, and its address."""

    name: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of thing that can be found: its name, and how to find and show it."""

    label: Label
    find: Callable[[Person, str], list[Hit]]


def _cases(person: Person, text: str) -> list[Hit]:
    rows: QuerySet[Case] = access.visible(person, Case.objects.select_related("unit"))
    rows = rows.filter(Q(number__icontains=text) | Q(subject__icontains=text))
    return [Hit(f"{row.number} {row.subject}", row.unit.name, f"/cases/{row.pk}/") for row in rows[:SHOWN]]


def _customers(person: Person, text: str) -> list[Hit]:
    rows = customers.files(person, text=text)[:SHOWN]
    return [
        Hit(str(row), f"{row.code} · {row.unit.name}", reverse("settings:customer", args=[row.pk]))
        for row in rows
    ]


def _rounds(person: Person, text: str) -> list[Hit]:
    rows: QuerySet[Round] = access.visible(person, Round.objects.select_related("unit"))
    rows = rows.filter(Q(title__icontains=text) | Q(programme__title__icontains=text))
    return [Hit(row.title, row.unit.name, f"/surveys/rounds/{row.pk}/") for row in rows[:SHOWN]]


def _questionnaires(person: Person, text: str) -> list[Hit]:
    rows: QuerySet[Questionnaire] = access.visible(person, Questionnaire.objects.select_related("unit"))
    rows = rows.filter(Q(title__icontains=text) | Q(code__icontains=text))
    return [Hit(row.title, row.unit.name, f"/surveys/questionnaires/{row.pk}/") for row in rows[:SHOWN]]


def _reports(person: Person, text: str) -> list[Hit]:
    rows: QuerySet[Report] = access.visible(person, Report.objects.select_related("unit"))
    return [
        Hit(row.title, row.unit.name, f"/reports/{row.pk}/")
        for row in rows.filter(title__icontains=text)[:SHOWN]
    ]


def _people(person: Person, text: str) -> list[Hit]:
    rows = queries.staff(person, text=text)[:SHOWN]
    return [Hit(str(row), row.username, reverse("settings:person", args=[row.pk])) for row in rows]


SHELVES = (
    Shelf(Label("诉求", "Cases"), _cases),
    Shelf(Label("客户", "Customers"), _customers),
    Shelf(Label("调查轮次", "Survey rounds"), _rounds),
    Shelf(Label("问卷", "Questionnaires"), _questionnaires),
    Shelf(Label("报告", "Reports"), _reports),
    Shelf(Label("员工", "People"), _people),
)


@require_GET
@needs()
def search(request: StaffRequest) -> HttpResponse:
    """What was found, by kind."""
    text = request.GET.get("q", "").strip()
    found = [(shelf.label, shelf.find(request.user, text)) for shelf in SHELVES] if text else []
    found = [(label, hits) for label, hits in found if hits]
    return render(request, "settings/search.html", {"text": text, "found": found})
