"""A page that is ready: a question asked of a round, its result in a sentence, charts, tables and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from manyi.analytics.data.rounds import round_table
from manyi.analytics.running import run
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.web.guard import StaffRequest
from manyi.web.insight.asking import address_of, fits_an_address
from manyi.web.insight.choosing import RoundChoice, roots
from manyi.web.insight.downloads import FILES, file_addresses
from manyi.web.insight.explore_views import result_file
from manyi.web.insight.panels import Panel
from manyi.web.insight.result_panels import result_panels


def language_of() -> str:
    """The language of the page."""
    return get_language() or "zh-hans"


def answered(
    request: StaffRequest,
    choice: RoundChoice,
    made: Specification | None,
    lacking: Label,
    *,
    template: str = "insight/ready.html",
    title: Label | None = None,
    first: Sequence[Panel] = (),
    **more: Any,
) -> HttpResponse:
    """A question with its result, which Explore can change, keep and give away; as a file with ``?file=``.

    ``lacking`` says what the round needs where nothing can be asked; ``title`` heads the page until there is
    a method that asks; ``first`` are panels before those of the result.
    """
    context: dict[str, Any] = {
        "choice": choice,
        "round": choice.round,
        "question": title or lacking,
        "lacking": lacking,
        **more,
    }
    if made is None:
        return render(request, template, context)
    context |= _asking(made)
    try:
        result = run(made, round_table(made.choice, roots(request)))
    except Refused as refused:
        return render(request, template, {**context, "problems": [refused.message]})
    if request.GET.get("file"):
        return result_file(made, result, request.GET["file"])
    shown = [*first, *result_panels(result, language_of())]
    context |= {
        "result": result,
        "panels": shown,
        "sentence": result.sentence,
        "files": file_addresses(request, FORMS),
    }
    return render(request, template, context)


def _asking(made: Specification) -> dict[str, Any]:
    """The question with its method, and where Explore asks it."""
    analysis = made.analysis
    return {
        "question": analysis.question,
        "specification": made,
        "method": analysis.method,
        "caution": analysis.caution,
        "address": address_of(made) if fits_an_address(analysis) else "",
    }


FORMS = (
    *FILES,
    ("json", Label("数据(JSON)", "Data (JSON)")),
    ("toml", Label("分析说明(TOML)", "Specification (TOML)")),
)
