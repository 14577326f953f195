"""Questionnaires: the list, the record with its versions and schemes, and the file form in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.surveys import actions
from manyi.surveys.codecs.toml import questionnaire_from_toml, questionnaire_to_toml
from manyi.surveys.definition import Questionnaire as Definition
from manyi.surveys.definition import Section, Text
from manyi.surveys.models import Questionnaire, QuestionnaireVersion
from manyi.surveys.queries import draft_of, questionnaire_of
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.editing import new_question
from manyi.web.manage.other_tools import formats
from manyi.web.settings.pages import CREATE, chosen_unit, form_page, page_of, unit_choices, units_for

MOST_BYTES = 1024 * 1024
TOML = "application/toml; charset=utf-8"


@require_GET
@needs("surveys.view")
def index(request: StaffRequest) -> HttpResponse:
    """The questionnaires of the person's subtrees."""
    rows = access.visible(request.user, Questionnaire.objects.filter(archived=False).select_related("unit"))
    page = page_of(request, rows.annotate(newest=Max("versions__number")).order_by("code"))
    context = {"page": page, "may_edit": access.may(request.user, "surveys.edit"), "here": "questionnaires"}
    return render(request, "manage/questionnaires.html", context)


@require_GET
@needs("surveys.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One questionnaire with its versions and scoring schemes."""
    row = find(request, Questionnaire.objects.select_related("unit"), pk=pk)
    versions = list(row.versions.select_related("published_by").order_by("-number"))
    context = {
        "questionnaire": row,
        "versions": [(each, questionnaire_of(each)) for each in versions],
        "schemes": row.schemes.prefetch_related("versions"),
        "draft": draft_of(row),
        "formats": formats(),
        "may_edit": access.may(request.user, "surveys.edit", row),
    }
    return render(request, "manage/questionnaire.html", context)


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def new(request: StaffRequest) -> HttpResponse:
    """A new questionnaire: empty, or from a file."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "surveys.edit", given.get("unit", ""))
        definition = _given(request, given)
        version = actions.create_questionnaire(actor=request.user, unit=unit, definition=definition)
        return reverse("manage:editor", args=[version.pk])

    fields = [
        Field(
            "unit", Label("部门", "Unit"), "select", choices=unit_choices(units_for(request, "surveys.edit"))
        ),
        Field(
            "code",
            Label("编号", "Code"),
            required=False,
            help=Label("例如 after_sales。", "Such as after_sales."),
        ),
        Field("title", Label("标题", "Title"), required=False),
        Field("title_en", Label("英文标题", "English title"), required=False),
        Field("file", Label("或从 TOML 文件导入", "Or from a TOML file"), "file", required=False),
    ]
    return form_page(
        request,
        heading=Label("新建问卷", "New questionnaire"),
        fields=fields,
        act=act,
        done=Label("已新建问卷草稿。", "The draft was created."),
        submit=CREATE,
        back=reverse("manage:questionnaires"),
    )


def _given(request: StaffRequest, given: Mapping[str, str]) -> Definition:
    """The questionnaire in the file that was sent, else an empty one with the code and title of the form."""
    file = request.FILES.get("file")
    if file is not None:
        return questionnaire_from_toml(text_of(file.read(MOST_BYTES + 1)))
    title = Text(given.get("title", "").strip(), given.get("title_en", "").strip())
    code = given.get("code", "").strip()
    if not code or not title.zh:
        words = Label("请填写编号和标题,或选择文件。", "Give a code and a title, or a file.")
        raise Refused(words, field="code")
    return _empty(code, title)


def _empty(code: str, title: Text) -> Definition:
    title_of_first = Text("总体而言,您是否满意?", "Overall, are you satisfied?")
    question = replace(new_question("q1", "rating"), title=title_of_first)
    section = Section("s1", Text("第一部分", "Part one"), questions=(question,))
    return Definition(code, title, sections=(section,))


def text_of(content: bytes) -> str:
    """The text of an uploaded file; raises Refused when it is too large or no UTF-8."""
    if len(content) > MOST_BYTES:
        raise Refused(Label("文件超过 1 MB。", "The file is larger than 1 MB."), field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = Label("文件应为 UTF-8 编码的 TOML。", "The file should be TOML in UTF-8.")
        raise Refused(words, field="file") from error


@require_POST
@needs("surveys.edit")
def new_version(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin the next version, or go on with the draft that is there."""
    row = find(request, Questionnaire.objects.select_related("unit"), verb="surveys.edit", pk=pk)
    version = actions.new_version(actor=request.user, questionnaire=row)
    return redirect("manage:editor", pk=version.pk)


@require_GET
@needs("surveys.view")
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """A version as a TOML file."""
    version = find(request, QuestionnaireVersion.objects.select_related("questionnaire"), pk=pk)
    answer = HttpResponse(questionnaire_to_toml(questionnaire_of(version)), content_type=TOML)
    name = f"{version.questionnaire.code}-v{version.number}.toml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
