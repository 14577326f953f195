"""Lists of cases: saved filters as tabs, search and export of what is shown."""

from __future__ import annotations

import io
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from manyi.cases import queries
from manyi.cases.batch import ACTS
from manyi.cases.choices import CHANNELS, KINDS, SEVERITIES, label_of
from manyi.cases.models import Case, Category, SavedList
from manyi.cases.wording import category_choices
from manyi.cases.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.models import Person
from manyi.web.desk.agenda import midnight
from manyi.web.desk.case_lines import lines
from manyi.web.desk.case_narrowing import NARROWED, STATES, Shown, narrow, narrowings
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import open_page_of, unit_choices, units_for
from manyi.web.templatetags.manyi import label_text, named

TABS = {
    "mine": Label("我承办的", "Mine"),
    "department": Label("本部门", "My department"),
    "dispatch": Label("待受理、转办", "To accept or assign"),
    "today": Label("今日到期", "Due today"),
    "overdue": Label("已超期", "Overdue"),
    "waiting": Label("等待中", "Waiting"),
    "returned": Label("退单", "Returned"),
    "raised": Label("督办中", "Escalated"),
    "all": Label("全部", "All"),
}
EXPORT_ROWS = 20_000


def shown_by(request: StaffRequest) -> Shown:
    """What the address asks for; the first tab is one's own work for those who handle cases."""
    given = request.GET
    tab = given.get("tab", "")
    if tab not in TABS:
        tab = "mine" if access.may(request.user, "cases.handle") and not given else "all"
    return Shown(tab, given.get("q", "").strip(), **{name: given.get(name, "") for name in NARROWED})


def rows_for(request: StaffRequest, shown: Shown) -> QuerySet[Case]:
    """The cases of a list."""
    now = clock.now()
    contacts = any(access.may(request.user, verb) for verb in (*queries.CONTACT_VERBS, "cases.callback"))
    rows = queries.tab(request.user, shown.tab, now, midnight(now))
    rows = queries.find(rows, shown.text, contacts=contacts)
    return narrow(rows, shown, request.user)


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The cases that the person may see."""
    kept = list(SavedList.objects.filter(person=request.user))
    first = next((row for row in kept if row.is_default), None)
    if first is not None and not request.GET:
        return redirect(f"{reverse('desk:cases')}?{urlencode(first.filters)}")
    shown, now = shown_by(request), clock.now()
    page = open_page_of(request, queries.listed(rows_for(request, shown)))
    context = {
        "page": page,
        "rows": lines(list(page), now),
        "shown": shown,
        "tabs": _tabs(request.user, now),
        "lists": [(row, urlencode(row.filters), row.filters == shown.filters) for row in kept],
        "batch_acts": ACTS.items(),
        "kinds": KINDS,
        "states": STATES,
        "narrowings": narrowings(shown, request.user),
        "units": unit_choices(units_for(request, "cases.view")),
        "categories": category_choices(Category.objects.all(), retired=True),
    }
    return render(request, "desk/cases.html", context)


def _tabs(person: Person, now: datetime) -> list[tuple[str, Label, str]]:
    """The tabs with how many cases stand in each queue, "99+" for more than that; nothing for all."""
    sizes, many = queries.sizes(person, now, midnight(now)), f"{queries.MANY - 1}+"
    told = {name: str(size) if size < queries.MANY else many for name, size in sizes.items()}
    return [(name, label, told.get(name, "")) for name, label in TABS.items()]


@require_GET
@needs("cases.view")
def export(request: StaffRequest) -> HttpResponse:
    """What the list shows, as a workbook; no contact data."""
    import xlsxwriter

    rows = rows_for(request, shown_by(request))[:EXPORT_ROWS]
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for place, name in enumerate(_header()):
            sheet.write(0, place, name, bold)
        for number, case in enumerate(rows, 1):
            for place, value in enumerate(_cells(case)):
                sheet.write(number, place, value)
        sheet.autofit()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(held.getvalue(), content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="cases.xlsx"'
    return response


def _header() -> list[str]:
    return [
        _("Number"), _("Kind"), _("Way in"), pgettext("case", "Subject"), _("Unit"), _("Category"),
        _("Severity"), _("State"), _("Handler"), _("Received"), _("Due"), _("Answered"), _("Closed"),
    ]  # fmt: skip


def _cells(case: Case) -> list[str]:
    def when(moment: datetime | None) -> str:
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

    return [
        case.number,
        label_text(label_of(KINDS, case.kind)),
        label_text(label_of(CHANNELS, case.channel)),
        case.subject,
        named(case.unit),
        named(case.category),
        label_text(label_of(SEVERITIES, case.severity)),
        label_text(MACHINE.state(case.state).label),
        str(case.owner or ""),
        *(when(moment) for moment in (case.received_at, case.due_at, case.answered_at, case.closed_at)),
    ]
