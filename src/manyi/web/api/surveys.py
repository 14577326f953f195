"""Rounds, their figures, and answers: read, and handed in through the same evaluator as the web page."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any, Literal

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from manyi.analytics.queries import round_view, rounds_for
from manyi.analytics.views import Filters
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.jobs import Silent
from manyi.organisation.models import Unit
from manyi.responses.batch_actions import Sheet, take_sheets
from manyi.responses.errors import UnknownToken
from manyi.responses.exports import export_responses
from manyi.responses.models import Response
from manyi.responses.queries import visible_responses
from manyi.responses.tasks import packed
from manyi.surveys.codecs.document import Manner
from manyi.surveys.models import Round
from manyi.web.api.shapes import FigureOut, Holding, Rows, Slice, Words, asker, figure_out, sliced

router = Router(tags=["surveys"])


class RoundOut(Schema):
    """One round of a programme."""

    id: int
    programme: str
    number: int
    title: str
    title_en: str
    unit: str
    state: str
    anonymous: bool
    opens_at: dt.datetime
    closes_at: dt.datetime


class ItemOut(Schema):
    """One item: its mean in points and its satisfied share."""

    code: str
    title: Words
    mean: FigureOut
    satisfied: FigureOut
    missed: bool


class FiguresOut(Schema):
    """The figures of a round for the units of the person who asks."""

    round: int
    written_at: dt.datetime | None
    responses: int
    invalid: int
    return_rate: FigureOut
    headlines: dict[str, FigureOut]
    items: list[ItemOut]


class FigureQuery(Schema):
    """What the figures are narrowed to; ``unit`` is a unit's code."""

    unit: str = Field("", max_length=40)
    segment: str = Field("", max_length=40)
    channel: str = Field("", max_length=20)
    since: dt.date | None = None
    until: dt.date | None = None


class ResponseOut(Schema):
    """One submitted set of answers, without the name of whoever gave them."""

    id: int
    receipt: str
    round: int
    unit: str
    channel: str
    submitted_at: dt.datetime
    valid: bool
    flags: list[str]
    answers: dict[str, Any]
    scores: list[dict[str, Any]]


class ResponseQuery(Slice):
    """Which answers are asked for."""

    round: int | None = None
    since: dt.datetime | None = None


class ExportQuery(Schema):
    """How a file of answers is written."""

    labels: bool = False
    language: Literal["zh", "en"] = "zh"
    mark: bool = True
    valid_only: bool = False


class AnswersIn(Schema):
    """Answers handed in for an invitation or an open link, named by its token."""

    invitation: str = Field("", max_length=40)
    open_link: str = Field("", max_length=40)
    language: str = Field("zh-hans", max_length=20)
    seconds: float | None = Field(None, ge=0, le=1_000_000)
    answers: dict[str, Any] = Field(max_length=500)


class SheetsIn(Schema):
    """Several sheets, each as a single one is handed in."""

    sheets: list[AnswersIn] = Field(min_length=1, max_length=500)


class ResultOut(Schema):
    """What became of one sheet: its receipt, or why it was not taken."""

    receipt: str = ""
    error: dict[str, Any] | None = None


class ResultsOut(Schema):
    """The results in the order of the sheets."""

    results: list[ResultOut]


class ReceiptOut(Schema):
    """The receipt of answers that were taken in."""

    receipt: str


def _round(row: Round) -> dict[str, Any]:
    names = ("number", "title", "title_en", "state", "anonymous", "opens_at", "closes_at")
    plain = {name: getattr(row, name) for name in names}
    return {"id": row.pk, "programme": row.programme.code, "unit": row.unit.code, **plain}


def _response(row: Response) -> dict[str, Any]:
    return {
        "id": row.pk,
        "receipt": row.receipt,
        "round": row.round_id,
        "unit": row.unit.code,
        "channel": row.channel,
        "submitted_at": row.submitted_at,
        "valid": row.valid,
        "flags": row.flags,
        "answers": row.answers,
        "scores": [
            {"scheme": score.scheme_id, "total": score.total, "grade": score.grade}
            for score in row.scores.all()
        ],
    }


@router.get("rounds", auth=Holding("surveys.view"), response=Rows[RoundOut])
def rounds(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """The rounds that the person may see, newest first."""
    rows = access.visible(asker(request), Round.objects.select_related("programme", "unit"))
    return sliced(rows.order_by("-opens_at", "-pk"), part, _round)


@router.get("rounds/{int:pk}/figures", auth=Holding("insight.view"), response=FiguresOut)
def figures(request: HttpRequest, pk: int, narrowed: Query[FigureQuery]) -> dict[str, Any]:
    """What a round tells about the person's units; small groups are suppressed as on the page."""
    person = asker(request)
    row = get_object_or_404(rounds_for(person), pk=pk)
    path = ""
    if narrowed.unit:
        units = access.visible(person, Unit.objects.all(), verb="insight.view")
        path = get_object_or_404(units, code=narrowed.unit).path
    filters = Filters(
        unit=path,
        segment=narrowed.segment,
        channel=narrowed.channel,
        since=narrowed.since,
        until=narrowed.until,
    )
    view = round_view(round=row, roots=access.paths(person, "insight.view"), filters=filters)
    items = [
        {
            "code": item.code,
            "title": {"zh": item.title.zh, "en": item.title.en},
            "mean": figure_out(item.mean),
            "satisfied": figure_out(item.satisfied),
            "missed": item.missed,
        }
        for item in view.items
    ]
    return {
        "round": row.pk,
        "written_at": view.written_at,
        "responses": view.responses,
        "invalid": view.invalid,
        "return_rate": figure_out(view.return_rate),
        "headlines": {name: figure_out(figure) for name, figure in view.headlines.items()},
        "items": items,
    }


@router.get("responses", auth=Holding("responses.view"), response=Rows[ResponseOut])
def responses(request: HttpRequest, wanted: Query[ResponseQuery]) -> dict[str, Any]:
    """Submitted answers of the person's units; those of anonymous rounds are shown to nobody."""
    rows = visible_responses(asker(request))
    rows = rows.filter(state="submitted", round__anonymous=False)
    if wanted.round is not None:
        rows = rows.filter(round_id=wanted.round)
    if wanted.since is not None:
        rows = rows.filter(submitted_at__gte=wanted.since)
    rows = rows.select_related("unit").prefetch_related("scores").order_by("-submitted_at", "-pk")
    return sliced(rows, wanted, _response)


@router.get("rounds/{int:pk}/answers.{ending}", auth=Holding("responses.view"))
def answers_file(request: HttpRequest, pk: int, ending: str, wanted: Query[ExportQuery]) -> FileResponse:
    """The submitted answers of a round as a file: csv, xlsx, sav, sss or parquet; several files as a ZIP."""
    row = get_object_or_404(access.visible(asker(request), Round.objects.all(), verb="responses.view"), pk=pk)
    manner = Manner(wanted.labels, wanted.language, wanted.mark)
    with tempfile.TemporaryDirectory(prefix="manyi-") as folder:
        path = Path(folder) / f"{row.programme.code}-{row.number}.{ending}"
        export_responses(
            actor=asker(request),
            round=row,
            path=path,
            manner=manner,
            valid_only=wanted.valid_only,
            progress=Silent(),
        )
        whole = packed(path)
        return FileResponse(whole.open("rb"), as_attachment=True, filename=whole.name)


@router.post("rounds/{int:pk}/responses", auth=Holding("responses.import"), response={201: ReceiptOut})
def hand_in(request: HttpRequest, pk: int, data: AnswersIn) -> Status[dict[str, str]]:
    """Answers from another system, for an invitation or an open link of this round."""
    [result] = _taken(request, pk, [data])
    if isinstance(result, UnknownToken):
        raise Http404
    if isinstance(result, Refused):
        raise result
    return Status(201, {"receipt": result})


@router.post("rounds/{int:pk}/responses/batch", auth=Holding("responses.import"), response=ResultsOut)
def hand_in_many(request: HttpRequest, pk: int, data: SheetsIn) -> dict[str, list[dict[str, Any]]]:
    """Many sheets at once, with a receipt or a reason for each in the same order.

    A sheet that cannot be taken stops no other; they are committed together, which is what makes it fast.
    """
    return {"results": [_result(each) for each in _taken(request, pk, data.sheets)]}


def _result(taken: str | Refused) -> dict[str, Any]:
    if isinstance(taken, str):
        return {"receipt": taken}
    told = {"zh": taken.message.zh, "en": taken.message.en, "field": taken.field}
    every = getattr(taken, "problems", [])
    return {"error": {**told, "problems": [{"field": f, "zh": w.zh, "en": w.en} for f, w in every]}}


def _taken(request: HttpRequest, pk: int, sheets: list[AnswersIn]) -> list[str | Refused]:
    """The receipt of each sheet, or why it was not taken; the published definitions are not read again."""
    rounds = access.visible(asker(request), Round.objects.all(), verb="responses.import")
    around = rounds.select_related("unit", "questionnaire", "scheme")
    row = get_object_or_404(around.defer("questionnaire__definition", "scheme__definition"), pk=pk)
    handed = [Sheet(**sheet.dict()) for sheet in sheets]
    return take_sheets(actor=asker(request), round=row, sheets=handed)
