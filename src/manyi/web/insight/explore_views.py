"""Explore: any method on the answers of a round, with its result as sentence, chart, table and file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.rounds import round_table, round_variables
from manyi.analytics.data.table import Variable
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import Specification
from manyi.analytics.views import Filters
from manyi.analytics.written import as_page, as_workbook, document
from manyi.kernel.labels import Label
from manyi.kernel.registry import UnknownPlugin
from manyi.organisation.errors import Invalid, Refused
from manyi.responses.models import WeightSet
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight import downloads
from manyi.web.insight.asking import asked_for, form_of, offered, was_asked
from manyi.web.insight.choosing import RoundChoice, roots, round_choice
from manyi.web.insight.narrowing import Narrowing, narrowing
from manyi.web.insight.result_panels import result_panels

NOTHING_ASKED = Label("请先选好轮次、方法和要看的项目。", "Choose a round, a method and its items first.")


@dataclass(frozen=True, slots=True)
class Explored:
    """What an address asks for, and its result or why there is none."""

    specification: Specification | None = None
    result: Result | None = None
    problems: tuple[Label, ...] = ()


@needs("insight.view")
def explore(request: StaffRequest) -> HttpResponse:
    """Choose a round and a method, then its items, groups and filters; the address holds all of it."""
    choice = round_choice(request)
    context: dict[str, Any] = {"choice": choice, "round": choice.round, "offered": offered()}
    analysis = _analysis(request)
    if choice.round and analysis:
        chosen = narrowing(request.GET, choice.round, roots(request))
        found = _explored(request, analysis, choice.round, chosen)
        context |= {
            "analysis": analysis,
            "fields": form_of(analysis, _variables(request, choice.round), request.GET, choice.round),
            "weighted": WeightSet.objects.filter(round=choice.round, active=True).exists(),
            "narrowing": chosen,
            "found": found,
            "panels": result_panels(found.result, _language()) if found.result else [],
            "beside": request.GET.getlist("beside"),
            "question": request.GET.urlencode(),
        }
    return render(request, "insight/explore.html", context)


def _variables(request: StaffRequest, round: Round) -> tuple[Variable, ...]:
    return round_variables(round, beside="beside" in request.GET)


def explored(request: StaffRequest) -> tuple[RoundChoice, Explored]:
    """What an address asks, with its result. Raises Refused where it asks nothing."""
    choice, analysis = round_choice(request), _analysis(request)
    if choice.round is None or analysis is None:
        raise Refused(NOTHING_ASKED)
    chosen = narrowing(request.GET, choice.round, roots(request))
    return choice, _explored(request, analysis, choice.round, chosen)


@needs("insight.view")
def explore_export(request: StaffRequest, form: str) -> HttpResponse:
    """A result as a file, or its specification to make it again."""
    _, found = explored(request)
    if found.result is None or found.specification is None:
        raise Refused(found.problems[0] if found.problems else NOTHING_ASKED)
    return result_file(found.specification, found.result, form)


def result_file(specification: Specification, result: Result, form: str) -> HttpResponse:
    """The file of a result in one of the forms that are offered; 404 for another."""
    if form not in FORMS:
        raise Http404
    language = _language()
    name = specification.title or specification.analysis.label.text(language)
    return FORMS[form](specification, result, name, language)


def _xlsx(specification: Specification, result: Result, name: str, language: str) -> HttpResponse:
    return downloads.attachment(
        as_workbook(specification, result, _short(language)), f"{name}.xlsx", downloads.XLSX
    )


def _csv(specification: Specification, result: Result, name: str, language: str) -> HttpResponse:
    return downloads.text_table(name, result_panels(result, language, curves=True), language)


def _json(specification: Specification, result: Result, name: str, language: str) -> HttpResponse:
    told = document(specification, result, {"round": specification.choice.round})
    text = json.dumps(told, ensure_ascii=False, indent=2)
    return downloads.attachment(text.encode(), f"{name}.json", "application/json")


def _html(specification: Specification, result: Result, name: str, language: str) -> HttpResponse:
    page = as_page(specification, result, _short(language))
    return downloads.attachment(page.encode(), f"{name}.html", "text/html; charset=utf-8")


def _toml(specification: Specification, result: Result, name: str, language: str) -> HttpResponse:
    return downloads.attachment(specification.to_toml().encode(), f"{name}.toml", "application/toml")


FORMS: dict[str, Callable[[Specification, Result, str, str], HttpResponse]] = {
    "xlsx": _xlsx,
    "csv": _csv,
    "json": _json,
    "html": _html,
    "toml": _toml,
}


def _explored(request: StaffRequest, analysis: Analysis, round: Round, chosen: Narrowing) -> Explored:
    if not was_asked(analysis, request.GET):
        return Explored()
    try:
        made = asked_for(analysis, request.GET, round, own_part(request, round, chosen))
        return Explored(made, run(made, round_table(made.choice, roots(request))))
    except Invalid as invalid:
        return Explored(problems=tuple(why for _, why in invalid.problems))
    except Refused as refused:
        return Explored(problems=(refused.message,))


def own_part(request: StaffRequest, round: Round, chosen: Narrowing) -> Filters:
    """The filters, with the unit named where the reader sees one part of the round only: a specification
    then says the same to whoever runs it."""
    own = roots(request)
    part = (
        own[0] if len(own) == 1 and own[0] != round.unit.path and own[0].startswith(round.unit.path) else ""
    )
    return chosen.filters if chosen.filters.unit or not part else replace(chosen.filters, unit=part)


def _analysis(request: StaffRequest) -> Analysis | None:
    """The method in the address, if pages offer it."""
    try:
        found = ANALYSES.get(request.GET.get("method", ""))
    except UnknownPlugin:
        return None
    return found if any(found in methods for _, methods in offered()) else None


def _short(language: str) -> str:
    return "en" if language.startswith("en") else "zh"


def _language() -> str:
    return get_language() or "zh-hans"
