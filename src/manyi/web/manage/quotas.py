"""Quotas of a round: how full each is, new ones by the answers of one or two questions, and changing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.responses import quota_actions
from manyi.responses.models import Quota
from manyi.responses.queries import quotas_of
from manyi.responses.quota_rules import ACTIONS, CONTEXT, QuotaPlan, crossed
from manyi.responses.weight_queries import coded_columns
from manyi.surveys.conditions import sentence
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.tree import Questionnaire
from manyi.web.guard import StaffRequest, find, needs

ROWS = Round.objects.select_related("programme", "unit", "questionnaire")


@require_GET
@needs("surveys.view")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The quotas of a round as bars, and the forms for more."""
    row = find(request, ROWS, pk=pk)
    columns = {column.name: column for column in coded_columns(row)}
    first, second = columns.get(request.GET.get("first", "")), columns.get(request.GET.get("second", ""))
    tree = questionnaire_of(row.questionnaire)
    quotas = list(quotas_of(row))
    there = {quota.code for quota in quotas}
    context = {
        "round": row,
        "may_field": access.may(request.user, "surveys.field", row.unit),
        "running": row.state in {"planned", "open"},
        "quotas": [(quota, ACTIONS[quota.action], _share(quota), _said(tree, quota)) for quota in quotas],
        "removed": Quota.objects.filter(round=row, active=False).order_by("-pk")[:20],
        "brought": sum(quota.code not in there for quota in tree.quotas),
        "actions": ACTIONS.items(),
        "context_names": CONTEXT.items(),
        "columns": columns.values(),
        "first": first,
        "second": second,
        "same": first is not None and first is second,
        "screened": row.responses.filter(state="screened_out").count(),
    }
    return render(request, "manage/quotas.html", context)


def _said(tree: Questionnaire, quota: Quota) -> str:
    """Who falls into a quota, in words."""
    language = get_language() or "zh-hans"
    names = {name: label.text(language) for name, label in CONTEXT.items()}
    return sentence(tree, quota.condition, language, names)


def _share(quota: Quota) -> dict[str, Any]:
    share = 100 * quota.filled / quota.limit if quota.limit else 100.0
    return {"percent": share, "rest": max(quota.limit - quota.filled, 0), "above": quota.filled > quota.limit}


@require_POST
@needs("surveys.field")
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """Add one quota, the cells of a crossed table, or those that the questionnaire brought."""
    row = find(request, ROWS, pk=pk)
    given = request.POST
    if given.get("from") == "questionnaire":
        made = quota_actions.take_over_quotas(actor=request.user, round=row)
    else:
        plans = _cells(row, given) if given.get("from") == "table" else [_plan(given)]
        made = quota_actions.add_quotas(actor=request.user, round=row, plans=plans)
    words = ngettext("%(n)s quota is in force.", "%(n)s quotas are in force.", len(made))
    messages.success(request, words % {"n": len(made)})
    return redirect("manage:quotas", pk=pk)


def _plan(given: QueryDict) -> QuotaPlan:
    names = ("code", "title", "title_en", "condition", "action")
    text = {name: given.get(name, "").strip() for name in names}
    return QuotaPlan(**text, limit=_whole(given.get("limit", ""), "limit"))


def _whole(text: str, field: str) -> int:
    if not text.strip().isdecimal():
        raise Refused(Label("名额请填写整数。", "A limit is a whole number."), field=field)
    return int(text)


def _cells(row: Round, given: QueryDict) -> list[QuotaPlan]:
    """The quotas of a table; ``cell:3:1`` is the limit of the fourth and the second answer."""
    columns = {column.name: column for column in coded_columns(row)}
    first, second = columns.get(given.get("first", "")), columns.get(given.get("second", ""))
    if first is None or first is second:
        raise Refused(
            Label("请选择一个或两个不同的题目。", "Please choose one or two questions."), field="first"
        )
    limits = {
        (one, other): _whole(given.get(name, ""), name)
        for line, (one, _words) in enumerate(first.codes)
        for place, other in enumerate([code for code, _more in second.codes] if second else [""])
        if given.get(name := f"cell:{line}:{place}", "").strip()
    }
    if not limits:
        words = Label("请至少填写一个格子的名额。", "Please give the limit of at least one cell.")
        raise Refused(words, field="cell:0:0")
    return crossed(first, second, limits, given.get("action", "stop"))


@require_POST
@needs("surveys.field")
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the limit of a quota, take it out of force, or put it back."""
    rows = Quota.objects.select_related("round__unit", "round__questionnaire")
    quota = find(request, rows, verb="surveys.field", pk=pk)
    act = request.POST.get("act", "")
    if act == "remove":
        quota_actions.remove_quota(actor=request.user, quota=quota)
        messages.success(request, _("The quota was removed."))
    elif act == "restore":
        quota_actions.restore_quota(actor=request.user, quota=quota)
        messages.success(request, _("The quota is in force again."))
    else:
        limit = _whole(request.POST.get("limit", ""), "limit")
        quota_actions.change_quota(actor=request.user, quota=quota, limit=limit)
        messages.success(request, _("The limit was changed."))
    return redirect("manage:quotas", pk=quota.round_id)
