"""A supervision sample as a workbook: its rule, its figures, and each case with every answer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from manyi.cases.choices import KINDS, label_of
from manyi.cases.models import SupervisionSample
from manyi.cases.supervision import rules
from manyi.cases.supervision.results import Row
from manyi.cases.supervision.rules import Criterion
from manyi.measures.figure import Figure
from manyi.organisation.models import Unit
from manyi.web.templatetags.manyi import label_text, named

METHODS = {
    "hypergeometric": "hypergeometric 95 %",
    "wilson": "Wilson 95 %",
    "wilson_weighted": "Wilson 95 %, weighted",
    "none": "",
}


def workbook(
    held: io.BytesIO,
    sample: SupervisionSample,
    criteria: Sequence[Criterion],
    lines: Sequence[dict[str, Any]],
    units: Sequence[Unit],
    table: Sequence[Row],
) -> None:
    """Write the three sheets. No contact of a customer stands in them."""
    import xlsxwriter

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        bold = book.add_format({"bold": True})
        for name, rows in (
            (_("Figures"), _figures(table, units)),
            (_("Cases"), _cases(criteria, lines)),
            (_("Rule of the draw"), _rule(sample)),
        ):
            sheet = book.add_worksheet(name[:31])
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row, None if number else bold)
            sheet.autofit()


def _figures(table: Sequence[Row], units: Sequence[Unit]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [
            _("Criterion"), _("Must"), _("Unit"), _("Value"), _("From"), _("To"), _("Valid n"), "n",
            _("Interval"),
        ]
    ]  # fmt: skip
    for row in table:
        name = label_text(row.criterion.label) if row.criterion else _("Case passes")
        must = _("yes") if row.criterion and row.criterion.must else ""
        places = [(_("all"), row.whole), *((named(unit), row.units[unit.pk]) for unit in units)]
        rows += [[name, must, place, *_numbers(found)] for place, found in places]
    return rows


def _numbers(found: Figure) -> list[Any]:
    return [found.value, found.low, found.high, found.valid_n, found.n, METHODS[found.method]]


def _cases(criteria: Sequence[Criterion], lines: Sequence[dict[str, Any]]) -> list[list[Any]]:
    answers = dict(rules.ANSWERS)
    rows: list[list[Any]] = [
        [
            _("Number"), _("Unit"), _("Handler"), _("Stands for"), _("State"), _("Assessor"), _("Assessed"),
            pgettext("assessment", "Points"), _("Passes"),
            *(label_text(each.label) for each in criteria),
            _("Remarks"), _("Comment of the handler"), _("Decision"),
        ]
    ]  # fmt: skip
    for line in lines:
        row, found = line["row"], []
        for each in criteria:
            given = row.results.get(each.code, {})
            found.append(label_text(answers[given["answer"]]) if given else "")
        remarks = [
            f"{number}. {row.results[each.code]['remark']}"
            for number, each in enumerate(criteria, 1)
            if row.results.get(each.code, {}).get("remark")
        ]
        passes = {True: _("yes"), False: _("no"), None: ""}[line["passed"]]
        rows.append(
            [
                row.case.number, named(row.unit), str(row.handler), row.weight,
                label_text(line["state"].label), str(row.assessor or ""), _when(row.assessed_at),
                line["points"], passes, *found, "\n".join([*remarks, row.remark]).strip(), row.comment,
                row.decision,
            ]
        )  # fmt: skip
    return rows


def _when(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _rule(sample: SupervisionSample) -> list[list[Any]]:
    kind = label_text(label_of(KINDS, sample.kind)) if sample.kind else _("all")
    return [
        [_("Sample"), sample.number],
        [_("Unit and all below it"), named(sample.unit)],
        [_("Kind"), kind],
        [_("Closed"), f"{sample.since} – {sample.until}"],
        [_("Method"), label_text(dict(rules.METHODS)[sample.method])],
        [_("Population"), sample.population],
        [_("Cases drawn"), sample.size],
        [_("Seed"), sample.seed],
        [_("Hash of the list"), sample.frame_hash],
        [_("Hash of the sample"), sample.sample_hash],
        [_("Checklist"), f"{named(sample.checklist)} v{sample.checklist.number}"],
        [_("Drawn by"), str(sample.drawn_by or "")],
        [pgettext("sample", "Drawn"), _when(sample.drawn_at)],
    ]
