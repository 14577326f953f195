"""Scoring schemes: written as a readable text, checked at once, shown as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.surveys import actions, rules
from manyi.surveys.codecs.toml import read, write
from manyi.surveys.models import Questionnaire, Scheme, SchemeVersion
from manyi.surveys.queries import questionnaire_of, scheme_of
from manyi.surveys.question_types import columns_of
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import CREATE, form_page


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """A new scheme of a questionnaire, begun with every scorable question at 20 to 100 points."""
    row = find(request, Questionnaire.objects.select_related("unit"), verb="surveys.edit", pk=pk)

    def act(given: Mapping[str, str]) -> str:
        version = actions.create_scheme(
            actor=request.user,
            questionnaire=row,
            code=given.get("code", "").strip(),
            title=given.get("title", "").strip(),
            title_en=given.get("title_en", "").strip(),
            definition=_begun(row),
        )
        return reverse("manage:scheme", args=[version.scheme_id])

    return form_page(
        request,
        heading=Label("新建评分方案", "New scoring scheme"),
        fields=[
            Field("code", Label("编号", "Code"), value=row.code),
            Field("title", Label("名称", "Title"), value=row.title),
            Field("title_en", Label("英文名称", "English title"), value=row.title_en, required=False),
        ],
        act=act,
        done=Label("已新建评分方案草稿。", "The draft of the scheme was created."),
        submit=CREATE,
        back=reverse("manage:questionnaire", args=[pk]),
    )


def _begun(row: Questionnaire) -> dict[str, Any]:
    """A scheme to begin with: each rated item from 20 points (lowest) to 100 (highest)."""
    tree = questionnaire_of(row.versions.order_by("-number")[0])
    items = []
    for column in columns_of(tree):
        steps = sorted((int(code) for code, _text in column.codes if code.lstrip("-").isdigit()))
        if (
            column.kind == "code"
            and len(steps) > 1
            and tree.questions[column.path.split(".")[0]].type != "nps"
        ):
            span = len(steps) - 1
            points = {str(step): f"{20 * span + 80 * place}/{span}" for place, step in enumerate(steps)}
            satisfied = [str(step) for step in steps[-2:]]
            items.append({"question": column.name, "points": points, "satisfied": satisfied})
    if not items:
        raise Refused(
            Label("问卷里还没有评分题。", "The questionnaire has no rated question yet."), field="code"
        )
    bands = (("A", "优秀", "Excellent", 93), ("B", "良好", "Good", 80), ("C", "合格", "Fair", 70))
    grades = [{"grade": g, "label": {"zh": zh, "en": en}, "at_least": edge} for g, zh, en, edge in bands]
    last = {"grade": "D", "label": {"zh": "不合格", "en": "Poor"}, "at_least": 0}
    return {"items": items, "bands": [*grades, last]}


@require_http_methods(["GET", "POST"])
@needs("surveys.view")
def scheme(request: StaffRequest, pk: int) -> HttpResponse:
    """A scheme as text to edit, beside its table and what is wrong with it."""
    row = find(request, Scheme.objects.select_related("questionnaire", "unit"), pk=pk)
    newest = row.versions.order_by("-number")[0]
    text, problems = write(newest.definition), []
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            newest = actions.save_scheme_draft(actor=request.user, scheme=row, definition=read(text))
            messages.success(request, _("Saved."))
            return redirect("manage:scheme", pk=pk)
        except NotPermitted:
            raise
        except Invalid as invalid:
            problems = invalid.problems
        except Refused as refused:
            problems = [("", refused.message)]
    return render(request, "manage/scheme.html", _context(request, row, newest, text, problems))


def _context(
    request: StaffRequest, row: Scheme, newest: SchemeVersion, text: str, problems: list[tuple[str, Label]]
) -> dict[str, Any]:
    tree = questionnaire_of(row.questionnaire.versions.order_by("-number")[0])
    read_scheme = scheme_of(newest)
    titles = tree.titles(request.LANGUAGE_CODE)
    return {
        "scheme": row,
        "newest": newest,
        "versions": row.versions.exclude(published_at=None).order_by("-number"),
        "text": text,
        "problems": problems or rules.scheme_problems(read_scheme, tree),
        "warnings": rules.scheme_warnings(read_scheme, tree),
        "definition": read_scheme,
        "items": [(titles.get(item.question, item.question), item) for item in read_scheme.items],
        "may_edit": access.may(request.user, "surveys.edit", row),
        "may_publish": newest.published_at is None and access.may(request.user, "surveys.publish", row),
    }


@require_POST
@needs("surveys.publish")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Freeze the draft of a scheme for use."""
    row = find(request, Scheme.objects.select_related("questionnaire", "unit"), verb="surveys.publish", pk=pk)
    actions.publish_scheme(actor=request.user, version=row.versions.order_by("-number")[0])
    messages.success(request, _("The version is published and will never change again."))
    return redirect("manage:scheme", pk=pk)
