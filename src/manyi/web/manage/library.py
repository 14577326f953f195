"""The library of ready questionnaires: read one, take a copy of it as a draft of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.surveys import actions
from manyi.surveys.library import INDUSTRIES, entries, entry
from manyi.surveys.models import Questionnaire
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs
from manyi.web.manage.outline import outline
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for


@require_GET
@needs("surveys.view")
def index(request: StaffRequest) -> HttpResponse:
    """All ready questionnaires by trade."""
    grouped = groupby(entries(), key=lambda each: each.industry)
    context = {
        "trades": [(INDUSTRIES[industry], list(found)) for industry, found in grouped],
        "count": len(entries()),
        "language": get_language() or "zh-hans",
        "here": "questionnaires",
    }
    return render(request, "manage/library.html", context)


@require_http_methods(["GET", "POST"])
@needs("surveys.view")
def ready(request: StaffRequest, code: str) -> HttpResponse:
    """One ready questionnaire; posting takes a copy into a unit."""
    found = entry(code)
    if found is None:
        raise Http404
    language = get_language() or "zh-hans"

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "surveys.edit", given.get("unit", ""))
        wanted = given.get("code", "").strip() or _free_code(code)
        definition = replace(found.questionnaire, code=wanted)
        version = actions.create_questionnaire(actor=request.user, unit=unit, definition=definition)
        return reverse("manage:editor", args=[version.pk])

    units = units_for(request, "surveys.edit")
    fields = [
        Field("unit", Label("部门", "Unit"), "select", choices=unit_choices(units)),
        Field("code", Label("编号", "Code"), value=_free_code(code)),
    ]
    context = {
        "ready": found,
        "parts": outline(found.questionnaire, language),
        "language": language,
        "may_edit": access.may(request.user, "surveys.edit") and bool(units),
    }
    return form_page(
        request,
        heading=Label(found.questionnaire.title.zh, found.questionnaire.title.en),
        fields=fields,
        act=act,
        done=Label("已建立副本草稿,可以修改。", "A copy was made as a draft of yours."),
        submit=Label("使用这份问卷", "Use this questionnaire"),
        back=reverse("manage:library"),
        context=context,
        template="manage/ready.html",
    )


def _free_code(code: str) -> str:
    """A code that no questionnaire has yet."""
    taken = set(Questionnaire.objects.filter(code__startswith=code).values_list("code", flat=True))
    number, free = 2, code
    while free in taken:
        free, number = f"{code}_{number}", number + 1
    return free
