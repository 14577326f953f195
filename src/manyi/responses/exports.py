"""The answers of a round as a file, in any format that holds data; however many, a part of them is in memory.

Of an anonymous round nothing goes out that could lead to a person: no number and no receipt of an answer
sheet, no time finer than a day, and the sheets in no order of time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from manyi.organisation import access, events, jobs
from manyi.organisation.models import Person, Unit
from manyi.organisation.settings import value
from manyi.responses.models import Response
from manyi.responses.queries import active_weights, visible_responses
from manyi.surveys.codecs import Document, Loss, codec_to
from manyi.surveys.codecs.document import Manner, Record
from manyi.surveys.columns import Column, Kind
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.tree import Text

RESPONSES_EXPORTED = events.kind("response.exported", "导出答卷", "Answers exported")

PART = 2000
_TOLD: tuple[tuple[str, str, str, Kind], ...] = (
    ("response_id", "答卷编号", "Number", "number"),
    ("receipt", "回执", "Receipt", "code"),
    ("submitted", "提交时间", "Submitted", "datetime"),
    ("seconds", "用时(秒)", "Seconds taken", "number"),
    ("unit", "部门", "Unit", "code"),
    ("channel", "渠道", "Channel", "code"),
    ("language", "语言", "Language", "code"),
    ("product", "产品", "Product", "string"),
    ("segments", "客户分类", "Segments", "string"),
    ("valid", "有效", "Valid", "flag"),
    ("flags", "质量标记", "Quality flags", "code"),
)
#: What an anonymous round does not tell.
_IDENTIFYING = frozenset({"response_id", "receipt", "seconds"})
_FIELDS = ("pk", "receipt", "seconds", "unit_id", "channel", "language", "product", "valid")
_TEXTS = ("answers", "segments", "flags", "submitted_at")


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: how many answer sheets, and what the format could not say."""

    rows: int
    losses: list[Loss]


def export_responses(
    *,
    actor: Person | None,
    round: Round,
    path: Path,
    codec: str = "",
    manner: Manner | None = None,
    valid_only: bool = False,
    progress: jobs.Progress,
) -> Export:
    """Write the submitted answers that the actor may read to ``path``; one event says who took them.

    ``codec`` decides where several formats share an ending. Raises Unreadable for a format that is not
    written, Refused where it has no room.
    """
    access.require(actor, "responses.view", round)
    writer = codec_to(path, codec)
    rows = visible_responses(actor, round) if actor else Response.objects.filter(round=round)
    rows = rows.filter(state="submitted", **({"valid": True} if valid_only else {}))
    total = rows.count()
    losses = writer.write(_document(round, rows, manner or Manner(), progress, total), path)
    data = {"round": round.pk, "format": writer.id, "rows": total}
    with transaction.atomic():
        events.append(RESPONSES_EXPORTED, actor=actor, subject=round, unit=round.unit, data=data)
    progress.set(total, total)
    return Export(total, losses)


def _document(
    round: Round, rows: QuerySet[Response], manner: Manner, progress: jobs.Progress, total: int
) -> Document:
    """The questionnaire with its answers as a stream."""
    weights = active_weights(round)
    return Document(
        questionnaire_of(round.questionnaire),
        records=_records(round, rows, weights, lambda done: progress.set(done, total)),
        meta=tuple(_columns(round.anonymous)),
        weighted=bool(weights),
        manner=manner,
    )


def _columns(anonymous: bool) -> Iterator[Column]:
    for name, zh, en, kind in _TOLD:
        if not (anonymous and name in _IDENTIFYING):
            shown: Kind = "date" if anonymous and kind == "datetime" else kind
            yield Column(name, name, Text(zh, en), shown)


def _records(
    round: Round, rows: QuerySet[Response], weights: dict[int, float], tell: Callable[[int], None]
) -> Iterator[Record]:
    """The records. Rows come as plain values and JSON as text: objects would cost most of the time."""
    units = dict(Unit.objects.values_list("pk", "code"))
    zone, anonymous = ZoneInfo(value("organisation.time_zone")), round.anonymous
    texts = {f"{name}_text": Cast(name, TextField()) for name in _TEXTS}
    # The key of an answer sheet is random, so its order tells nothing.
    found = rows.annotate(**texts).order_by("key" if anonymous else "pk").values_list(*_FIELDS, *texts)
    loads, parse = json.loads, json.JSONDecoder().raw_decode  # databases write JSON without outer blanks
    for number, row in enumerate(found.iterator(chunk_size=PART)):
        pk, receipt, seconds, unit, channel, language, product, valid, answers, segments, flags, at = row
        if number % PART == 0:
            tell(number)
        meta = {
            "response_id": None if anonymous else pk,
            "receipt": None if anonymous else receipt,
            "seconds": None if anonymous else seconds,
            "unit": units.get(unit),
            "channel": channel,
            "language": language,
            "product": product,
            "valid": 1 if valid else 0,
            "segments": "" if segments == "[]" else "; ".join(loads(segments)),
            "flags": "" if flags == "[]" else "; ".join(loads(flags)),
            "submitted": _shown(at, zone, anonymous),
        }
        yield Record(parse(answers)[0], meta, weights.get(pk) if weights else None)


@lru_cache(maxsize=4096)
def _local(minute: str, zone: ZoneInfo) -> str:
    """A stored minute in local time; many answers come within one."""
    return datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _shown(at: str, zone: ZoneInfo, anonymous: bool) -> str:
    """A stored time (UTC, ``2026-01-31 02:03:04…``) in local time: to the second, or only the day."""
    local = _local(at[:16], zone)
    return local[:10] if anonymous else local + at[16:19]
