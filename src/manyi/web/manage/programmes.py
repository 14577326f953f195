"""Programmes: the standing surveys of the regulation, and the rounds that came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.organisation.settings import value
from manyi.surveys import actions
from manyi.surveys.models import Programme, QuestionnaireVersion, Round, SchemeVersion
from manyi.surveys.round_actions import FREQUENCIES
from manyi.surveys.workflow import ROUND
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import CREATE, chosen_unit, form_page, page_of, unit_choices, units_for

M = TypeVar("M", bound=Model)


@require_GET
@needs("surveys.view")
def index(request: StaffRequest) -> HttpResponse:
    """The programmes of the person's subtrees, with what runs now."""
    rows = access.visible(request.user, Programme.objects.select_related("unit"))
    rows = rows.annotate(
        rounds_count=Count("rounds"), open_count=Count("rounds", filter=Q(rounds__state="open"))
    )
    page = page_of(request, rows.order_by("-open_count", "code"))
    context = {
        "page": page,
        "rows": [(row, FREQUENCIES[row.frequency]) for row in page],
        "may_edit": access.may(request.user, "surveys.edit"),
        "here": "programmes",
    }
    return render(request, "manage/programmes.html", context)


@require_GET
@needs("surveys.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One programme and its rounds."""
    programme = find(request, Programme.objects.select_related("unit", "owner"), pk=pk)
    answered = Count("responses", filter=Q(responses__state="submitted"))
    rounds = access.visible(request.user, programme.rounds.select_related("unit")).order_by("-number")
    context = {
        "programme": programme,
        "frequency": FREQUENCIES[programme.frequency],
        "rounds": [(row, ROUND.state(row.state)) for row in rounds.annotate(answered=answered)],
        "may_edit": access.may(request.user, "surveys.edit", programme),
    }
    return render(request, "manage/programme.html", context)


def _fields(programme: Programme | None, units: Sequence[Unit]) -> list[Field]:
    """The fields of a programme; code and unit stand only on the form of a new one."""
    row = programme or Programme()
    new = [
        Field(
            "code", Label("编号", "Code"), help=Label("字母和数字,例如 after_sales。", "Such as after_sales.")
        ),
        Field("unit", Label("部门", "Unit"), "select", choices=unit_choices(units)),
    ]
    frequencies = list(FREQUENCIES.items())
    promise = Label("隐私承诺", "Privacy promise"), Label("隐私承诺(英文)", "Privacy promise (English)")
    asked_first = Label("显示在问卷首页和邀请信中。", "Stands on the first page and in the invitation.")
    return [
        *([] if programme else new),
        Field("title", Label("名称", "Title"), value=row.title),
        Field("title_en", Label("英文名称", "English title"), value=row.title_en, required=False),
        Field("purpose", Label("目的", "Purpose"), "textarea", row.purpose, required=False),
        Field("frequency", Label("频率", "Frequency"), "select", row.frequency, frequencies),
        Field("privacy_promise", promise[0], "textarea", row.privacy_promise, (), False, asked_first),
        Field("privacy_promise_en", promise[1], "textarea", row.privacy_promise_en, required=False),
        Field(
            "anonymous",
            Label(
                "匿名调查:提交后切断与客户的联系", "Anonymous: the link to the customer is cut at submission"
            ),
            "check",
            "yes" if row.anonymous else "",
            required=False,
        ),
    ]


def _details(given: Mapping[str, str]) -> dict[str, Any]:
    texts = ("title", "title_en", "purpose", "frequency", "privacy_promise", "privacy_promise_en")
    return {
        **{name: given.get(name, "").strip() for name in texts},
        "anonymous": given.get("anonymous") == "yes",
    }


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def new(request: StaffRequest) -> HttpResponse:
    """A new programme."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "surveys.edit", given.get("unit", ""))
        made = actions.create_programme(
            actor=request.user, unit=unit, code=given.get("code", ""), **_details(given)
        )
        return reverse("manage:programme", args=[made.pk])

    return form_page(
        request,
        heading=Label("新建调查项目", "New programme"),
        fields=_fields(None, units_for(request, "surveys.edit")),
        act=act,
        done=Label("已新建调查项目。", "The programme was created."),
        submit=CREATE,
        back=reverse("manage:programmes"),
    )


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a programme."""
    programme = find(request, Programme.objects.select_related("unit"), verb="surveys.edit", pk=pk)
    back = reverse("manage:programme", args=[pk])

    def act(given: Mapping[str, str]) -> str:
        actions.update_programme(actor=request.user, programme=programme, **_details(given))
        return back

    return form_page(
        request,
        heading=Label("修改调查项目", "Change the programme"),
        fields=_fields(programme, []),
        act=act,
        done=Label("已保存。", "Saved."),
        back=back,
    )


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def new_round(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan the next round of a programme."""
    programme = find(request, Programme.objects.select_related("unit"), verb="surveys.edit", pk=pk)
    versions = access.visible(request.user, QuestionnaireVersion.objects.exclude(published_at=None))
    schemes = access.visible(request.user, SchemeVersion.objects.exclude(published_at=None))
    versions = versions.select_related("questionnaire").order_by("questionnaire__code", "-number")
    schemes = schemes.select_related("scheme").order_by("scheme__code", "-number")

    def act(given: Mapping[str, str]) -> str:
        made = actions.create_round(
            actor=request.user,
            programme=programme,
            questionnaire=_one(versions, given, "questionnaire"),
            scheme=_one(schemes, given, "scheme") if given.get("scheme") else None,
            title=given.get("title", ""),
            title_en=given.get("title_en", ""),
            opens_at=day_start(given.get("opens", ""), "opens"),
            closes_at=day_end(given.get("closes", ""), "closes"),
        )
        return reverse("manage:round", args=[made.pk])

    return form_page(
        request,
        heading=Label("新建轮次", "New round"),
        fields=_round_fields(programme, list(versions), list(schemes)),
        act=act,
        done=Label("已新建轮次。", "The round was planned."),
        submit=CREATE,
        back=reverse("manage:programme", args=[pk]),
    )


def _round_fields(
    programme: Programme, versions: list[QuestionnaireVersion], schemes: list[SchemeVersion]
) -> list[Field]:
    """The fields of a new round, filled as the last round was."""
    last: Round | None = programme.rounds.order_by("-number").first()
    today = clock.today(value("organisation.time_zone"))
    version = str(last.questionnaire_id if last else versions[0].pk if versions else "")
    scheme = str(last.scheme_id or "" if last else schemes[0].pk if schemes else "")
    return [
        Field("title", Label("名称", "Title"), value=f"{programme.title} {(last.number if last else 0) + 1}"),
        Field("title_en", Label("英文名称", "English title"), required=False),
        Field(
            "questionnaire",
            Label("问卷", "Questionnaire"),
            "select",
            version,
            [(str(row.pk), str(row)) for row in versions],
            help=Label("只能选择已发布的版本。", "Only published versions can be used."),
        ),
        Field(
            "scheme",
            Label("评分方案", "Scoring scheme"),
            "select",
            scheme,
            [(str(row.pk), str(row)) for row in schemes],
            required=False,
        ),
        Field("opens", Label("开始日期", "First day"), "date", today.isoformat()),
        Field("closes", Label("结束日期", "Last day"), "date", (today + timedelta(days=30)).isoformat()),
    ]


def _one(rows: QuerySet[M], given: Mapping[str, str], name: str) -> M:
    """The chosen row among the visible ones; raises Refused for any other."""
    pk = given.get(name, "")
    found = rows.filter(pk=int(pk)).first() if pk.isdigit() else None
    if found is None:
        raise Refused(Label("请选择。", "Please choose."), field=name)
    return found


def day_start(text: str, field: str) -> datetime:
    """The first instant of a day in the organisation's zone; raises Refused for what is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refused(Label("请填写日期。", "Please give a date."), field=field) from error
    return datetime.combine(day, time(), ZoneInfo(value("organisation.time_zone")))


def day_end(text: str, field: str) -> datetime:
    """The end of a day in the organisation's zone, which is the beginning of the next."""
    return day_start(text, field) + timedelta(days=1)
