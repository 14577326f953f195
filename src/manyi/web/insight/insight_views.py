"""Pages on what the answers say: rounds, one round, cross tables."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from manyi.analytics.cross import choices, cross_view
from manyi.analytics.item_view import sources_asked
from manyi.analytics.queries import open_answers, round_view, rounds_for
from manyi.analytics.round_items import TOTAL
from manyi.analytics.summaries import Summary, summaries
from manyi.analytics.views import HEADLINE_LABELS, OpenAnswer, RoundView
from manyi.analytics.wording import answer_sentence, change_words
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.organisation import access
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight import downloads
from manyi.web.insight.asking import address_of
from manyi.web.insight.cross_panel import cross_panel
from manyi.web.insight.item_panels import change_sources
from manyi.web.insight.narrowing import Narrowing, narrowing
from manyi.web.insight.panels import Panel, answers_href, panels

PER_PAGE = 20
FORMATS = {"xlsx": downloads.workbook, "csv": downloads.text_table}
OPEN_ANSWERS = 30


@needs("insight.view")
def insight(request: StaffRequest) -> HttpResponse:
    """The rounds of all programmes with their headline figures, newest first."""
    rounds = rounds_for(request.user).exclude(state__in=["planned", "cancelled"])
    rounds = rounds.select_related("programme", "unit", "questionnaire", "scheme").order_by(
        "-opens_at", "-pk"
    )
    page = Paginator(rounds, PER_PAGE).get_page(request.GET.get("page"))
    lines = [_line(each) for each in summaries(page, _roots(request))]
    return render(request, "insight/rounds.html", {"page": page, "lines": lines})


def _line(summary: Summary) -> dict[str, Any]:
    change = summary.change
    return {
        "summary": summary,
        "label": HEADLINE_LABELS[summary.headline],
        "change": change_words(change) if change else None,
        "worse": change is not None and change.beyond_chance and change.difference < 0,
    }


@needs("insight.view")
def round_page(request: StaffRequest, pk: int) -> HttpResponse:
    """What one round says."""
    round = _round(request, pk)
    chosen, view, shown = _shown(request, round)
    texts = _texts(request, round, chosen)
    context = {
        "round": round,
        "view": view,
        "narrowing": chosen,
        "panels": shown,
        "answer": answer_sentence(view),
        "sources": _sources(request, round, view),
        "cards": _cards(request, round, view),
        "texts": texts,
        "clickable": _clickable(request, round),
    }
    return render(request, "insight/round.html", context)


def _sources(request: StaffRequest, round: Round, view: RoundView) -> tuple[Label, str] | None:
    """What the change of the score mainly comes from, and where Explore shows it; nothing where narrowed."""
    moved = view.change is not None and view.change.beyond_chance and view.headline == "total_mean"
    asked = sources_asked(round, TOTAL) if moved and not view.filters.active else None
    came = change_sources(round, TOTAL, _roots(request)) if asked else None
    if asked is None or came is None:
        return None
    return Label(f"{came.zh}。", f"{came.en[0].upper()}{came.en[1:]}."), address_of(asked)


@needs("insight.view")
def round_export(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    """What the page of a round shows, as a file."""
    round = _round(request, pk)
    _, _, shown = _shown(request, round)
    return FORMATS[form](round.title, shown, _language())


@needs("insight.view")
def crosstab(request: StaffRequest, pk: int) -> HttpResponse:
    """Two questions, or a question and a group, against each other."""
    round = _round(request, pk)
    chosen = narrowing(request.GET, round, _roots(request))
    panel = _crossed(request, round, chosen)
    context = {
        "round": round,
        "narrowing": chosen,
        "choices": choices(round=round, roots=_roots(request)),
        "row": request.GET.get("row", ""),
        "column": request.GET.get("column", ""),
        "panel": panel,
    }
    return render(request, "insight/crosstab.html", context)


@needs("insight.view")
def crosstab_export(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    """A cross table as a file."""
    round = _round(request, pk)
    panel = _crossed(request, round, narrowing(request.GET, round, _roots(request)))
    return FORMATS[form](round.title, [panel] if panel else [], _language())


def _round(request: StaffRequest, pk: int) -> Round:
    """The round, or 404 for those to whom none of it belongs."""
    known = rounds_for(request.user).select_related("programme", "unit", "questionnaire", "scheme")
    return get_object_or_404(known, pk=pk)


def _roots(request: StaffRequest) -> list[str]:
    return access.paths(request.user, "insight.view")


def _language() -> str:
    return get_language() or "zh-hans"


def _shown(request: StaffRequest, round: Round) -> tuple[Narrowing, RoundView, list[Panel]]:
    chosen = narrowing(request.GET, round, _roots(request))
    view = round_view(round=round, roots=_roots(request), filters=chosen.filters)
    return chosen, view, panels(view, _language(), clickable=_clickable(request, round))


def _texts(request: StaffRequest, round: Round, chosen: Narrowing) -> list[OpenAnswer]:
    """Open answers from the units whose answers this person may read."""
    roots = access.paths(request.user, "responses.view")
    return open_answers(round=round, roots=roots, filters=chosen.filters, limit=OPEN_ANSWERS)


def _clickable(request: StaffRequest, round: Round) -> bool:
    """Whether this person may go from a figure to the answers behind it."""
    return not round.anonymous and access.may(request.user, "responses.view")


def _cards(request: StaffRequest, round: Round, view: RoundView) -> list[tuple[Label, Figure, str]]:
    href = answers_href(round.pk, view.filters) if _clickable(request, round) else ""
    cards = [(HEADLINE_LABELS[name], figure, href) for name, figure in view.headlines.items()]
    if view.return_rate.n:
        cards.append((HEADLINE_LABELS["return_rate"], view.return_rate, ""))
    return cards


def _crossed(request: StaffRequest, round: Round, chosen: Narrowing) -> Panel | None:
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    if not row or not column:
        return None
    view = cross_view(round=round, row=row, column=column, roots=_roots(request), filters=chosen.filters)
    return cross_panel(view, _language())
