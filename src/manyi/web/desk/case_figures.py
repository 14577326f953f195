"""The figures of the register for a period and a unit, each with its definition, and as a workbook."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from manyi.cases import kpi_rows, kpis, queries
from manyi.cases.kpi_words import WORDS, Words
from manyi.measures.figure import Figure, suppress
from manyi.organisation import access, clock
from manyi.organisation.models import Unit
from manyi.organisation.settings import value
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import unit_choices, units_for
from manyi.web.templatetags.manyi import figure_text, label_text, named

#: What people said: not shown of fewer of them than the privacy minimum.
OF_PERSONS = frozenset({"resolved", "satisfied"})
USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """The days, both included, and the unit that the address asks for."""

    first: date
    last: date
    unit: Unit | None

    @property
    def period(self) -> kpis.Period:
        """The days as moments in the reader's zone."""
        return kpis.Period(_midnight(self.first), _midnight(self.last + timedelta(days=1)), clock.now())


def asked_by(request: StaffRequest) -> Asked:
    """What the address asks for; days that make no sense give the last 90."""
    today = timezone.localtime(clock.now()).date()
    last = _day(request.GET.get("last", "")) or today
    first = _day(request.GET.get("first", "")) or last - timedelta(days=USUAL_DAYS - 1)
    if first > last or last - first > timedelta(days=3660):
        last, first = today, today - timedelta(days=USUAL_DAYS - 1)
    pk = request.GET.get("unit", "")
    units = access.visible(request.user, Unit.objects.all(), verb="cases.view")
    return Asked(first, last, units.filter(pk=int(pk)).first() if pk.isdecimal() else None)


def figures(request: StaffRequest, asked: Asked) -> list[tuple[str, Words, Figure]]:
    """Each figure with its words."""
    cases = queries.cases(request.user)
    if asked.unit is not None:
        cases = cases.filter(unit__in=queries.below(asked.unit))
    rows, minimum = kpi_rows.rows_of(cases, asked.period), int(value("privacy.minimum_group"))
    found = []
    for name, compute in kpis.KPIS.items():
        figure = compute(rows, asked.period)
        found.append(
            (name, WORDS[name], suppress(figure, minimum) if name in OF_PERSONS and figure.n else figure)
        )
    return found


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The figures as cards; the definition opens below each."""
    asked = asked_by(request)
    context = {
        "asked": asked,
        "figures": figures(request, asked),
        "units": unit_choices(units_for(request, "cases.view")),
    }
    return render(request, "desk/case_figures.html", context)


@require_GET
@needs("cases.view")
def export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook, with n, interval and definition in columns of their own."""
    import xlsxwriter

    asked, held = asked_by(request), io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, [f"{asked.first} – {asked.last}", named(asked.unit) if asked.unit else ""])
        head = [_("Figure"), _("Value"), _("From"), _("To"), _("Valid n"), "n", _("As text"), _("Definition")]
        sheet.write_row(1, 0, head, bold)
        for number, (_id, words, figure) in enumerate(figures(request, asked), 2):
            numbers = [figure.value, figure.low, figure.high, figure.valid_n, figure.n]
            texts = [figure_text(figure), label_text(words.meaning)]
            sheet.write_row(number, 0, [label_text(words.name), *numbers, *texts])
        sheet.autofit()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(held.getvalue(), content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="case-figures.xlsx"'
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
