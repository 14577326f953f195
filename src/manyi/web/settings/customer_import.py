"""Customers from a file, step by step: send it, name its columns, look, take in, get back the rest."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from manyi.customers import imports
from manyi.customers.import_rows import FIELDS
from manyi.customers.models import CustomerImport
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, page_of, units_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FILE = 100 * 1024 * 1024
PROBLEMS_SHOWN = 200
STATES = {
    "mapping": Label("待确认列", "columns to confirm"),
    "previewed": Label("待导入", "ready"),
    "running": Label("导入中", "running"),
    "done": Label("已完成", "done"),
    "failed": Label("失败", "failed"),
}


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def upload(request: StaffRequest) -> HttpResponse:
    """Send a file in; below, the files sent in before."""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None or (file.size or 0) > MAX_FILE:
            raise Refused(
                Label(
                    "请选择一个 CSV 或 XLSX 文件(不超过 100 MB)。",
                    "Please choose a CSV or XLSX file (at most 100 MB).",
                ),
                field="file",
            )
        unit = chosen_unit(request, "customers.edit", request.POST.get("unit", ""))
        row = imports.upload(
            actor=request.user, unit=unit, name=file.name or "file", content=file.file or b""
        )
        return redirect("settings:customer_import", pk=row.pk)
    rows = access.visible(request.user, CustomerImport.objects.select_related("unit", "by"))
    context = {
        "units": units_for(request, "customers.edit"),
        "page": (page := page_of(request, rows)),
        "rows": [(row, STATES[row.state]) for row in page],
    }
    return render(request, "settings/import_upload.html", context)


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def step(request: StaffRequest, pk: int) -> HttpResponse:
    """The columns of the file and what would happen; then the job, then its result."""
    row = find(request, CustomerImport.objects.select_related("unit", "job"), pk=pk)
    if row.state in {"running", "done"} and request.method == "GET":
        return _result(request, row)
    mapping = _mapping(request) if request.method == "POST" else row.mapping
    if request.POST.get("act") == "start":
        imports.start(actor=request.user, row=row, mapping=mapping)
        return redirect("settings:customer_import", pk=pk)
    columns = imports.columns(row)
    context = {
        "row": row,
        "columns": columns,
        "fields": [(field, mapping.get(field.id, "")) for field in FIELDS],
        "mapping": mapping,
    }
    try:
        outcome, shown = imports.preview(row=row, mapping=mapping)
    except Refused as refused:
        return render(request, "settings/import_mapping.html", context | {"fault": refused.message})
    context |= {"outcome": outcome, "problems": outcome.problems[:PROBLEMS_SHOWN], "shown": shown}
    return render(request, "settings/import_mapping.html", context)


def _mapping(request: StaffRequest) -> dict[str, str]:
    given = {field.id: request.POST.get(f"column-{field.id}", "") for field in FIELDS}
    return {name: column for name, column in given.items() if column}


def _result(request: StaffRequest, row: CustomerImport) -> HttpResponse:
    context = {
        "row": row,
        "job": row.job,
        "goal": reverse("settings:customer_import", args=[row.pk]),
        "problems": row.errors[:PROBLEMS_SHOWN],
        "rejected": len(row.rejected),
    }
    return render(request, "settings/import_result.html", context)


@require_GET
@needs("customers.edit")
def rejected(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, with the reason in each, as a workbook to correct and send in again."""
    import xlsxwriter

    row = find(request, CustomerImport.objects.all(), pk=pk)
    language = "en" if (get_language() or "").startswith("en") else "zh"
    heading, lines = imports.rejected_rows(row, language)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for number, line in enumerate([heading, *lines]):
        sheet.write_row(number, 0, line)
    book.close()
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="rejected-{row.pk}.xlsx"'
    return response
