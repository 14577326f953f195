"""The figures of the register for a period and a unit, each with its definition, and as a workbook."""

from __future__ import annotations

import io

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from manyi.cases import kpi_rows, kpis
from manyi.cases.kpi_words import WORDS, Words
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure, suppress
from manyi.organisation.settings import value
from manyi.web.desk.case_frame import Asked, asked_by, cases_of, frame
from manyi.web.guard import StaffRequest, needs
from manyi.web.templatetags.manyi import figure_text, label_text, named

#: What people said: not shown of fewer of them than the privacy minimum.
OF_PERSONS = frozenset({"resolved", "satisfied"})
#: What counts closings in the period: of which kind of case, "" for all.
OF_CLOSINGS = {"closed_in_time": "", "reopened": "", "founded": "complaint", "cost": "complaint"}
TITLE = Label("诉求指标", "Figures of cases")


def figures(request: StaffRequest, asked: Asked) -> list[tuple[str, Words, Figure]]:
    """Each figure with its words."""
    rows = kpi_rows.rows_of(cases_of(request, asked), asked.period)
    minimum = int(value("privacy.minimum_group"))
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
    lists = {name: asked.closed_list(kind=kind) for name, kind in OF_CLOSINGS.items()}
    shown = [(*figure, lists.get(figure[0], "")) for figure in figures(request, asked)]
    context = {"title_words": TITLE, "figures": shown, **frame(request, asked)}
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
