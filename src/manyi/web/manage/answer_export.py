"""The answers of a round as a file: choose a format, the work goes on in the background, take it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import attachments, jobs
from manyi.organisation.errors import Refused
from manyi.organisation.models import Job
from manyi.surveys.models import Round
from manyi.web.download import as_download
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import form_page

#: Endings in which answers leave, with their words.
ENDINGS = (
    ("csv", Label("CSV(Excel 可打开)", "CSV (opens in Excel)")),
    ("xlsx", Label("Excel 工作簿", "Excel workbook")),
    ("sav", Label("SPSS(.sav 和 .sps)", "SPSS (.sav and .sps)")),
    ("sss", Label("Triple-S", "Triple-S")),
    ("parquet", Label("Parquet", "Parquet")),
)
_SHOWN = 10


@require_http_methods(["GET", "POST"])
@needs("responses.view")
def new(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Begin an export of a round; below, the exports that were made."""
    row = find(request, Round.objects.select_related("unit", "programme"), verb="responses.view", pk=pk)
    here = reverse("manage:answers_export", args=[pk])

    def act(given: Mapping[str, str]) -> str:
        parameters = _parameters(row, given)
        jobs.start("responses.export", actor=request.user, unit=row.unit, parameters=parameters)
        return here

    made = Job.objects.filter(kind="responses.export", created_by=request.user, parameters__round=pk)
    return form_page(
        request,
        heading=Label("导出答卷", "Export answers"),
        fields=_fields(),
        act=act,
        done=Label("已开始导出,完成后在下方下载。", "The export has begun; take the file away below."),
        submit=Label("开始导出", "Begin"),
        back=reverse("manage:responses", args=[pk]),
        context={"round": row, "made": made.order_by("-pk")[:_SHOWN]},
        template="manage/answer_export.html",
    )


def _fields() -> list[Field]:
    languages = [("zh", Label("中文", "Chinese")), ("en", Label("英文", "English"))]
    values = [("", Label("代码", "Codes")), ("labels", Label("文字", "Labels"))]
    return [
        Field("format", Label("格式", "Format"), "select", "csv", ENDINGS),
        Field("values", Label("选项写成", "Choices as"), "select", "", values, required=False),
        Field("language", Label("语言", "Language"), "select", "zh", languages),
        Field("valid_only", Label("只要有效答卷", "Only answers that count"), "check", required=False),
        Field(
            "plain",
            Label("CSV 不加 BOM 标记", "CSV without a byte order mark"),
            "check",
            required=False,
            help=Label("Excel 需要这个标记才能显示中文。", "Excel needs the mark to show Chinese."),
        ),
    ]


def _parameters(row: Round, given: Mapping[str, str]) -> dict[str, Any]:
    end = given.get("format", "")
    if end not in dict(ENDINGS):
        raise Refused(Label("请选择格式。", "Please choose a format."), field="format")
    language = "en" if given.get("language") == "en" else "zh"
    manner = {"labels": given.get("values") == "labels", "language": language, "mark": "plain" not in given}
    return {
        "round": row.pk,
        "name": f"{row.programme.code}-{row.number}.{end}",
        "codec": "",
        "manner": manner,
        "valid_only": "valid_only" in given,
    }


@require_GET
@needs("responses.view")
def file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file of a finished export, for whoever may still read those answers."""
    row = find(request, Job.objects.filter(kind="responses.export"), verb="responses.view", pk=pk)
    kept = attachments.held_by(row).first()
    if kept is None:
        raise Http404
    return as_download(kept)
