"""Pages on what customers wrote: themes of a round, and teaching the reader of texts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.analytics import text_actions
from manyi.analytics.models import SENTIMENTS, TextLabel, TextModel
from manyi.analytics.queries import rounds_for
from manyi.analytics.text_queries import TextView, text_view, to_label
from manyi.kernel.labels import Label
from manyi.measures.text.lexicon import taxonomies
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.responses.models import Response
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.insight.narrowing import narrowing
from manyi.web.insight.panels import Panel
from manyi.web.insight.text_panels import TONES, aspects_panel, segments_panel, sentence

SENTIMENT_LABELS = {name: tone[0] for name, tone in TONES.items()}
UNSURE = Label("不确定", "Unsure")


@require_GET
@needs("responses.view")
def round_texts(request: StaffRequest, pk: int) -> HttpResponse:
    """What the open answers of a round are about."""
    round = _round(request, pk)
    roots = access.paths(request.user, "responses.view")
    chosen = narrowing(request.GET, round, roots)
    known = taxonomies()
    field = request.GET.get("industry", "")
    field = field if field in known else "dealership"
    language = get_language() or "zh-hans"
    view = text_view(
        round=round, roots=roots, filters=chosen.filters, field=field, language=language.partition("-")[0]
    )
    context = {
        "round": round,
        "narrowing": chosen,
        "view": view,
        "answer": sentence(view),
        "panels": _panels(view, language),
        "tones": [
            (SENTIMENT_LABELS.get(name, UNSURE), view.sentiments.get(name, 0))
            for name in ("negative", "neutral", "positive", "unsure")
        ],
        "industries": [(name, each.label) for name, each in known.items()],
        "industry": field,
    }
    return render(request, "insight/texts.html", context)


@require_GET
@needs("responses.view")
def teach(request: StaffRequest, pk: int) -> HttpResponse:
    """The texts that teach most, the labels so far, and the models with their scorecards."""
    round = _round(request, pk)
    roots = access.paths(request.user, "responses.view")
    language = (get_language() or "zh").partition("-")[0]
    may_label = access.may(request.user, "responses.judge", round.unit)
    mine = access.visible(request.user, Response.objects.filter(round=round))
    done = TextLabel.objects.filter(response__in=mine).select_related("response", "by").order_by("-at")[:20]
    context = {
        "round": round,
        "texts": [
            (each, SENTIMENT_LABELS.get(each.sentiment, UNSURE))
            for each in (to_label(round=round, roots=roots, language=language) if may_label else [])
        ],
        "may_label": may_label,
        "sentiments": [(name, SENTIMENT_LABELS[name]) for name in dict(SENTIMENTS)],
        "done": [
            (row, SENTIMENT_LABELS[row.sentiment], text_actions.text_of(row.response, row.question))
            for row in done
        ],
        "count": TextLabel.objects.count(),
        "least": text_actions.LEAST_LABELS,
        "models": TextModel.objects.defer("data").select_related("by")[:10],
        "may_train": access.may(request.user, "surveys.edit"),
    }
    return render(request, "insight/teach.html", context)


@require_POST
@needs("responses.judge")
def label(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep what a person said of some texts, or take labels back.

    Fields ``label-RESPONSE-QUESTION`` hold a sentiment (empty: skipped), ``back-…`` take one back.
    """
    rows = Response.objects.filter(round=find(request, Round.objects.all(), verb="responses.judge", pk=pk))
    kept = gone = 0
    for name, value in request.POST.items():
        act, _dash, place = name.partition("-")
        number, _dash, question = place.partition("-")
        if act not in {"label", "back"} or not number.isdigit() or not value:
            continue
        row = find(request, rows, verb="responses.judge", pk=int(number))
        if act == "back":
            text_actions.take_label_back(actor=request.user, response=row, question=question)
            gone += 1
        else:
            told = str(value)
            text_actions.label_text(actor=request.user, response=row, question=question, sentiment=told)
            kept += 1
    if gone:
        messages.success(request, _("The label was taken back."))
    else:
        messages.success(request, _("%(n)d labels kept. Here are the next texts.") % {"n": kept})
    return redirect("insight:teach", pk)


@require_POST
@needs("surveys.edit")
def train(request: StaffRequest, pk: int) -> HttpResponse:
    """Train a model on all labels, or choose an earlier one (``model``; empty for the word lists)."""
    find(request, Round.objects.all(), verb="surveys.edit", pk=pk)
    try:
        if "model" in request.POST:
            wanted = request.POST["model"]
            row = get_object_or_404(TextModel, pk=wanted) if wanted else None
            text_actions.choose_model(actor=request.user, model=row)
            messages.success(request, _("From now on texts are read this way."))
        else:
            made = text_actions.train_model(actor=request.user)
            words = _("A model was trained on %(n)d labels; its scorecard stands below.")
            messages.success(request, words % {"n": made.labels})
    except Refused as refused:
        messages.error(request, refused.message.text(get_language() or "zh"))
    return redirect("insight:teach", pk)


def _panels(view: TextView, language: str) -> list[Panel]:
    """The panels of a page of texts; none without texts."""
    found = (aspects_panel(view, language), segments_panel(view)) if view.lines else ()
    return [panel for panel in found if panel is not None]


def _round(request: StaffRequest, pk: int) -> Round:
    known = rounds_for(request.user).select_related("programme", "unit", "questionnaire", "scheme")
    return get_object_or_404(known, pk=pk)
