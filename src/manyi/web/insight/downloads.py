"""What a page shows as a workbook or as a text table: the same panels, the same suppression."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from manyi.analytics.wording import SUPPRESSED
from manyi.kernel.labels import Label
from manyi.web.insight.panels import Cell, Panel

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What every page of panels gives.
FILES = (
    ("xlsx", Label("工作簿(XLSX)", "Workbook (XLSX)")),
    ("csv", Label("文本表格(CSV)", "Text table (CSV)")),
)
FIGURE_COLUMNS = (
    Label("数值", "value"),
    Label("下限", "low"),
    Label("上限", "high"),
    Label("样本量", "n"),
)
Value = str | float | int | None


def workbook(title: str, panels: Sequence[Panel], language: str) -> HttpResponse:
    """One sheet for each panel; a figure takes four columns: value, low, high, n."""
    from xlsxwriter import Workbook

    held = io.BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for panel in panels:
            sheet = book.add_worksheet(_sheet_name(panel.id))
            sheet.write(0, 0, panel.title.text(language), book.add_format({"bold": True, "font_size": 13}))
            for place, name in enumerate(header(panel, language)):
                sheet.write(2, place, name, bold)
            for number, row in enumerate(panel.rows, 3):
                for place, value in enumerate(values(row, language)):
                    sheet.write(number, place, value)
            sheet.autofit()
    return attachment(held.getvalue(), f"{title}.xlsx", XLSX)


def text_table(title: str, panels: Sequence[Panel], language: str) -> HttpResponse:
    """All panels below each other as CSV."""
    lines: list[Sequence[Value]] = []
    for panel in panels:
        lines += [[panel.title.text(language)], header(panel, language)]
        lines += [list(values(row, language)) for row in panel.rows]
        lines.append([])
    return _csv(f"{title}.csv", lines)


def empty_table(name: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> HttpResponse:
    """A CSV to fill in and send back: the columns, and the beginnings of its lines."""
    return _csv(name, [columns, *lines])


def _csv(name: str, lines: Sequence[Sequence[Value]]) -> HttpResponse:
    """Lines as CSV with a byte order mark, which Excel needs for Chinese; no cell is a formula."""
    held = io.StringIO()
    csv.writer(held).writerows([[_harmless(value) for value in line] for line in lines])
    return attachment(b"\xef\xbb\xbf" + held.getvalue().encode(), name, "text/csv; charset=utf-8")


def file_addresses(request: HttpRequest, forms: Sequence[tuple[str, Label]]) -> list[tuple[str, Label]]:
    """The query of the present page for each form of file, with the words for it."""
    query = request.GET.copy()
    made = []
    for form, words in forms:
        query["file"] = form
        made.append((query.urlencode(), words))
    return made


def header(panel: Panel, language: str) -> list[str]:
    """The names of the columns, a figure's four spelt out."""
    names: list[str] = []
    for place, column in enumerate(panel.columns):
        name = column.text(language)
        if any(row[place].figure for row in panel.rows):
            names += [f"{name} {part.text(language)}" for part in FIGURE_COLUMNS]
        else:
            names.append(name)
    return names


def values(row: Sequence[Cell], language: str) -> Iterator[Value]:
    """The values of a row; of a suppressed figure only n is told."""
    for cell in row:
        figure = cell.figure
        if figure is None:
            yield cell.number if cell.number is not None else cell.text.text(language) if cell.text else ""
        elif figure.suppressed:
            yield from (SUPPRESSED.text(language), None, None, figure.valid_n)
        else:
            yield from (figure.value, figure.low, figure.high, figure.valid_n)


def _harmless(value: Value) -> Value:
    """Text that a spreadsheet would run as a formula is given as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and len(value) > 1 else value


def _sheet_name(panel_id: str) -> str:
    return panel_id[:31]


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to be saved under a name that may be Chinese."""
    disposition = content_disposition_header(as_attachment=True, filename=name.replace("/", "-"))
    headers = {"Content-Disposition": disposition} if disposition else {}
    return HttpResponse(content, content_type=kind, headers=headers)
