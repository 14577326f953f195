"""Questionnaires of other tools: look at a file, take it as a draft or only its answers; write one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, jobs
from manyi.organisation.errors import Refused
from manyi.responses.tasks import kept_source, packed
from manyi.surveys import actions
from manyi.surveys.codecs import CODECS, Document, codec_to, read
from manyi.surveys.definition import Text
from manyi.surveys.models import Questionnaire, QuestionnaireVersion, Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.forms import Field, general_fault, given_back
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.insight.downloads import attachment
from manyi.web.refusals import UNPROCESSABLE
from manyi.web.settings.pages import chosen_unit, form_page, page_values, unit_choices, units_for

MOST_BYTES = 200 << 20
_SALT = "other_tool"


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def bring(request: StaffRequest) -> HttpResponse:
    """Send in a file of another tool; the next page shows what is in it."""
    known = ", ".join(f".{end}" for codec in CODECS if codec.reads for end in codec.extensions)
    fields = [
        Field("file", Label("文件", "File"), "file", help=Label(f"可读取:{known}", f"Readable: {known}")),
        Field(
            "beside",
            Label("一起的数据文件", "The file that belongs to it"),
            "file",
            required=False,
            help=Label("例如 Triple-S 的 .asc 或 .csv。", "Such as the .asc or .csv of Triple-S."),
        ),
    ]
    return form_page(
        request,
        heading=Label("导入其他工具的问卷", "Import from another tool"),
        fields=fields,
        act=lambda given: f"{reverse('manage:other_tool')}?file={_kept(request)}",
        done=Label("已读取文件,请查看内容。", "The file was read; please look at it."),
        submit=Label("读取", "Read it"),
        back=reverse("manage:questionnaires"),
    )


def _kept(request: StaffRequest) -> str:
    """Keep the files that were sent and name them by a signed word; raises Refused or Unreadable."""
    sent = [request.FILES.get(name) for name in ("file", "beside")]
    if sent[0] is None or any((file.size or 0) > MOST_BYTES for file in sent if file):
        words = "请选择文件(不超过 200 MB)。", "Please choose a file of at most 200 MB."
        raise Refused(Label(*words), field="file")
    files = {Path(file.name or "file").name: attachments.store(file.file or b"")[0] for file in sent if file}
    name = Path(sent[0].name or "file").name
    read(kept_source(files, name))
    return signing.dumps({"files": files, "name": name, "by": request.user.pk}, salt=_SALT)


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def look(request: StaffRequest) -> HttpResponse:
    """What is in a file that was sent in; create a draft of it, or take the report away."""
    told = request.GET.get("file", "")
    try:
        given = signing.loads(told, salt=_SALT, max_age=24 * 3600)
        if given["by"] != request.user.pk:
            raise signing.BadSignature
    except signing.BadSignature:
        return redirect("manage:other_tool_new")
    document = read(kept_source(given["files"], given["name"]))
    if request.GET.get("report"):
        return _report(document, given["name"])
    context: dict[str, Any] = _shown(document) | {"told": told, "name": given["name"]}
    fields = _fields(request, document)
    if request.method == "POST":
        try:
            goal = _create(request, request.POST.dict(), document, given)
        except Refused as refused:
            fields = given_back(fields, page_values(request.POST.dict()), refused)
            context |= {"fields": fields, "fault": general_fault(fields, refused)}
            return render(request, "manage/other_tool.html", context, status=UNPROCESSABLE)
        return redirect(goal)
    return render(request, "manage/other_tool.html", context | {"fields": fields})


def _shown(document: Document) -> dict[str, Any]:
    """What the page tells of a document."""
    tree = document.questionnaire
    answers = sum(1 for _ in document.records) if document.records is not None else None
    sections = [
        (section, [(question, TYPES.get(question.type).label) for question in section.questions])
        for section in tree.sections
    ]
    return {
        "tree": tree,
        "sections": sections,
        "answers": answers,
        "people": len(document.people),
        "losses": [(loss.place, loss.what) for loss in document.losses],
    }


def _report(document: Document, name: str) -> HttpResponse:
    lines = [{"place": loss.place, "zh": loss.what.zh, "en": loss.what.en} for loss in document.losses]
    content = json.dumps(lines, ensure_ascii=False, indent=2).encode()
    return attachment(content, f"{Path(name).stem}-report.json", "application/json")


def _fields(request: StaffRequest, document: Document) -> list[Field]:
    tree = document.questionnaire
    units = unit_choices(units_for(request, "surveys.edit"))
    fields = [
        Field("unit", Label("部门", "Unit"), "select", units[0][0] if units else "", units),
        Field("code", Label("编号", "Code"), value=tree.code),
        Field("title", Label("标题", "Title"), value=tree.title.text("zh") or tree.code),
    ]
    if document.records is not None and access.may(request.user, "responses.import"):
        rounds = access.visible(request.user, Round.objects.order_by("-pk"), verb="responses.import")
        choices = [(str(row.pk), str(row)) for row in rounds[:200]]
        words = Label("只导入答卷,到轮次", "Only take its answers, into the round")
        hint = Label(
            "题目编号须与该轮问卷相同;选择后不新建问卷。",
            "The round must ask questions of the same codes; no questionnaire is made then.",
        )
        fields.append(Field("round", words, "select", "", choices, required=False, help=hint))
    return fields


def _create(
    request: StaffRequest, given: Mapping[str, Any], document: Document, kept: Mapping[str, Any]
) -> str:
    """Make the draft, or begin the import of answers into a round; the address to go to."""
    chosen = str(given.get("round", ""))
    if chosen.isdigit():
        row = find(request, Round.objects.all(), verb="responses.import", pk=int(chosen))
        parameters = {"files": kept["files"], "name": kept["name"], "round": row.pk}
        job = jobs.start(
            "responses.import_document", actor=request.user, unit=row.unit, parameters=parameters
        )
        return reverse("settings:job", args=[job.pk])
    unit = chosen_unit(request, "surveys.edit", str(given.get("unit", "")))
    tree, title = document.questionnaire, str(given.get("title", "")).strip()
    worded = tree.title if title == tree.title.text("zh") else Text(title, tree.title.en, tree.title.more)
    definition = replace(tree, code=str(given.get("code", "")).strip(), title=worded)
    version = actions.create_questionnaire(actor=request.user, unit=unit, definition=definition)
    return reverse("manage:editor", args=[version.pk])


def formats() -> list[tuple[str, Label]]:
    """The formats in which a questionnaire can be written; a table holds answers only."""
    return [(codec.id, codec.label) for codec in CODECS if codec.writes and codec.id != "table"]


@require_GET
@needs("surveys.view")
def export(request: StaffRequest, pk: int, codec: str) -> HttpResponse:
    """A version in the terms of another tool; several files come as one ZIP."""
    version = find(request, QuestionnaireVersion.objects.select_related("questionnaire"), pk=pk)
    known = {each.id: each for each in CODECS if each.writes}
    if codec not in known:
        raise Refused(Label("没有这种格式。", "There is no such format."))
    with tempfile.TemporaryDirectory(prefix="manyi-") as folder:
        row: Questionnaire = version.questionnaire
        path = Path(folder) / f"{row.code}-v{version.number}.{known[codec].extensions[0]}"
        codec_to(path, codec).write(Document(questionnaire_of(version), records=()), path)
        whole = packed(path)
        return attachment(whole.read_bytes(), whole.name, "application/octet-stream")
