"""The only writers of snapshots. A snapshot is derived from acts that are in the log, so it adds no event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import FilteredRelation, Q, QuerySet

from manyi.analytics import engine
from manyi.analytics import snapshot as files
from manyi.analytics.codebook import Codebook, codebook
from manyi.analytics.condition import Condition
from manyi.analytics.data.engines import DuckEngine
from manyi.analytics.encoding import Batch, Row, encode
from manyi.analytics.models import Snapshot
from manyi.organisation import clock
from manyi.organisation.settings import value
from manyi.responses.models import Response, WeightSet
from manyi.responses.queries import active_weights
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of

BATCH = 20_000
#: So many ids fit into one statement on every database.
FEW = 500
_COLUMNS = (
    *("pk", "unit_id", "channel", "source", "segments", "product"),
    *("submitted_at", "valid", "flags", "answers", "score__total", "score__grade"),
)


def refresh(*, round: Round) -> Snapshot:
    """Bring the snapshot of a round up to date; returns its row.

    Adds a part when there are only new responses; writes everything anew when one was judged, changed or
    taken away, or other weights are in use. Two refreshes at the same time both write, and the first to
    finish counts.
    """
    row, _ = Snapshot.objects.get_or_create(round=round)
    wanted = set(submitted(round).values_list("pk", flat=True))
    anew = row.rebuild or not row.parts or row.weight_set != weight_set_of(round)
    held = set() if anew else _held(row, book_of(row))
    new = wanted - held
    whole = anew or bool(held - wanted)
    if not whole and not new:
        Snapshot.objects.filter(pk=row.pk).update(stale=False)
    elif whole:
        _write(row, [], round)
    else:
        _write(row, row.parts, round, new)
    row.refresh_from_db()
    return row


def mark(*, round_id: int, rebuild: bool) -> None:
    """Note that the snapshot of a round lags behind; ``rebuild`` when a response in it was changed."""
    Snapshot.objects.get_or_create(round_id=round_id)
    changes = {"stale": True, "rebuild": True} if rebuild else {"stale": True}
    Snapshot.objects.filter(round_id=round_id).update(**changes)


def sweep(*, older_than: datetime) -> None:
    """Delete the parts that no longer count of snapshots written before an instant.

    They stay that long for readers who had them open. What was erased is gone from the disk with them.
    """
    for row in Snapshot.objects.filter(written_at__lt=older_than).select_related("round"):
        files.remove_parts(folder_of(row.round), keep=row.parts, upto=row.generation)


def folder_of(round: Round) -> Path:
    """Where the parts of a round lie."""
    return Path(settings.SNAPSHOTS) / str(round.programme_id) / str(round.pk)


def book_of(row: Snapshot) -> Codebook:
    """The code book of a snapshot."""
    round = row.round
    scheme = scheme_of(round.scheme) if round.scheme else None
    return codebook(questionnaire_of(round.questionnaire), scheme, row.codebook)


def weight_set_of(round: Round) -> int | None:
    """The key of the set of weights that is in use."""
    return WeightSet.objects.filter(round=round, active=True).values_list("pk", flat=True).first()


def submitted(round: Round) -> QuerySet[Response]:
    """The responses that belong into the snapshot."""
    return Response.objects.filter(round=round, state="submitted")


def _held(row: Snapshot, book: Codebook) -> set[int]:
    """The responses that are in the parts."""
    with files.opened(folder_of(row.round), row.parts, book) as connection:
        everyone = Condition(valid=None)
        total = engine.count(DuckEngine(connection), everyone)
        return set(engine.responses(connection, everyone, offset=0, limit=total))


def _write(row: Snapshot, before: list[str], round: Round, only: set[int] | None = None) -> None:
    """Write a part behind the ones before it and make them all count, unless another refresh was faster."""
    # The key is read before the weights: when another set comes in between, the next refresh sees it.
    weight_set = weight_set_of(round)
    rows = _rows(round, only)
    book, generation = book_of(row), row.generation + 1
    folder = folder_of(row.round)
    name, count = files.write_part(folder, generation, _batches(rows, book))
    parts = files.tidied(folder, generation, [*before, name] if count else before)
    done = Snapshot.objects.filter(pk=row.pk, generation=row.generation).update(
        generation=generation,
        parts=parts,
        rows=count + (row.rows if before else 0),
        stale=False,
        rebuild=False,
        codebook=book.to_json(),
        weight_set=weight_set,
        written_at=clock.now(),
    )
    if done:
        files.remove_parts(folder, keep=[*row.parts, *parts], upto=generation)


def _batches(rows: Iterable[Row], book: Codebook) -> Iterator[Batch]:
    walk = iter(rows)
    while batch := list(islice(walk, BATCH)):
        yield encode(batch, book)


def _rows(round: Round, only: set[int] | None = None) -> Iterator[Row]:
    """The submitted responses with their score under the round's scheme, as the encoder takes them."""
    own = FilteredRelation("scores", condition=Q(scores__scheme=round.scheme_id))
    found = (
        _among(submitted(round), only).annotate(score=own).order_by("pk").values_list(*_COLUMNS, named=True)
    )
    weights = active_weights(round)
    zone = ZoneInfo(value("organisation.time_zone"))
    for each in found.iterator(chunk_size=2000):
        if only is None or each.pk in only:
            yield Row(
                response=each.pk,
                unit=each.unit_id,
                channel=each.channel,
                source=each.source,
                segments=each.segments,
                product=each.product,
                day=each.submitted_at.astimezone(zone).date(),
                valid=each.valid,
                flags=each.flags,
                answers=each.answers,
                total=each.score__total,
                grade=each.score__grade or "",
                weight=weights.get(each.pk),
            )


def _among(rows: QuerySet[Response], only: set[int] | None) -> QuerySet[Response]:
    """Not to read every answer again for a few new ones; what is read too much is left out by the caller."""
    if only is None:
        return rows
    return rows.filter(pk__in=only) if len(only) <= FEW else rows.filter(pk__gte=min(only))
