"""Answers from a file, in the browser: send the file and its mapping; the work goes on in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, jobs
from manyi.organisation.errors import Refused
from manyi.responses.import_mapping import read_mapping
from manyi.responses.models import ResponseImport
from manyi.surveys.codecs.toml import read
from manyi.surveys.models import Round
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.questionnaires import text_of
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

MAX_FILE = 200 * 1024 * 1024


@require_http_methods(["GET", "POST"])
@needs("responses.import")
def new(request: StaffRequest) -> HttpResponse:
    """Send in a file of answers."""
    rounds = access.visible(request.user, Round.objects.select_related("unit"), verb="responses.import")

    def act(given: Mapping[str, str]) -> str:
        chosen = given.get("round", "")
        row = rounds.filter(pk=int(chosen)).first() if chosen.isdigit() else None
        unit = row.unit if row else chosen_unit(request, "responses.import", given.get("unit", ""))
        parameters = _parameters(request, given, row) | {"unit": unit.pk}
        job = jobs.start("responses.import", actor=request.user, unit=unit, parameters=parameters)
        return reverse("settings:job", args=[job.pk])

    return form_page(
        request,
        heading=Label("导入答卷", "Import answers"),
        fields=_fields(request, [(str(row.pk), str(row)) for row in rounds.order_by("-pk")[:200]]),
        act=act,
        done=Label("已开始导入。", "The import has begun."),
        submit=Label("开始导入", "Begin"),
        back=reverse("manage:programmes"),
    )


def _parameters(request: StaffRequest, given: Mapping[str, str], row: Round | None) -> dict[str, Any]:
    """The files, kept and read, and where the answers are to go; raises Refused for what is missing."""
    file, mapping_file = request.FILES.get("file"), request.FILES.get("mapping")
    if file is None or (file.size or 0) > MAX_FILE:
        raise Refused(
            Label("请选择答卷文件(不超过 200 MB)。", "Choose a file, at most 200 MB."), field="file"
        )
    if mapping_file is None:
        raise Refused(Label("请选择映射文件。", "Please choose the mapping."), field="mapping")
    mapping = read(text_of(mapping_file.read()))
    read_mapping(mapping)
    code = given.get("questionnaire", "").strip()
    if row is None and not code:
        words = Label("请选择轮次,或填写问卷编号。", "Choose a round, or name a questionnaire.")
        raise Refused(words, field="questionnaire")
    sha256, _size = attachments.store(file.file or b"")
    return {
        "sha256": sha256,
        "name": file.name or "file",
        "mapping": mapping,
        "questionnaire": code,
        "round": row.pk if row else None,
    }


def _fields(request: StaffRequest, rounds: list[tuple[str, str]]) -> list[Field]:
    units = unit_choices(units_for(request, "responses.import"))
    return [
        Field("file", Label("答卷文件(CSV 或 XLSX)", "File of answers (CSV or XLSX)"), "file"),
        Field(
            "mapping",
            Label("映射文件(TOML)", "Mapping (TOML)"),
            "file",
            help=Label(
                "说明哪一列是哪道题、值的含义。", "Says which column is which question, and what values mean."
            ),
        ),
        Field("round", Label("导入到轮次", "Into the round"), "select", "", rounds, required=False),
        Field(
            "questionnaire",
            Label("或:问卷编号", "Or: code of a questionnaire"),
            required=False,
            help=Label("还没有时按映射文件新建。", "Made from the mapping where there is none yet."),
        ),
        Field("unit", Label("部门", "Unit"), "select", units[0][0] if units else "", units, required=False),
    ]


@require_GET
@needs("responses.import")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """What became of a file, with the rows that could not be taken."""
    row = find(request, ResponseImport.objects.select_related("round__unit", "by"), pk=pk)
    return render(request, "manage/answer_import.html", {"record": row, "errors": row.errors[:500]})
