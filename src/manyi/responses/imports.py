"""Answers from elsewhere: a file, a mapping, and a round into which they come through the same judge.

Good rows go in even when others are bad; bad ones are listed with number and reason. A second run adds
nothing. Each batch of rows is one transaction, so that respondents are not kept waiting; the whole import is
one event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from manyi.organisation import access, clock, events, jobs, tables
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person, Unit
from manyi.organisation.settings import value
from manyi.organisation.tables import Row, RowProblem
from manyi.responses import intake, rules
from manyi.responses.import_mapping import FileMapping, check_mapping, read_mapping
from manyi.responses.import_rows import Reader, Sheet
from manyi.responses.import_setup import prepare
from manyi.responses.models import Response, ResponseImport
from manyi.responses.storing import store
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of

RESPONSES_IMPORTED = events.kind("response.imported", "导入答卷", "Answers imported")

BATCH = 2000
MOST_PROBLEMS_KEPT = 5000
#: SQLite may have been built to take no more values than this in one statement.
_LOOKUP = 900


@dataclass
class Counts:
    """What became of the rows so far."""

    rows: int = 0
    added: int = 0
    repeated: int = 0
    bad: int = 0
    left_out: int = 0  # by the filters of the mapping
    problems: list[RowProblem] = field(default_factory=list)

    def reject(self, problems: list[RowProblem]) -> None:
        """Note a bad row with its reasons."""
        self.bad += 1
        self.problems += problems[: max(MOST_PROBLEMS_KEPT - len(self.problems), 0)]

    def as_data(self) -> dict[str, int]:
        """The counts as an event carries them."""
        names = ("rows", "added", "repeated", "bad", "left_out")
        return {name: getattr(self, name) for name in names}


def import_responses(
    *,
    actor: Person | None,
    path: Path,
    questionnaire: str | None,
    mapping: Mapping[str, Any],
    round: Round | None,
    progress: jobs.Progress,
    unit: Unit | None = None,
    name: str = "",
) -> ResponseImport:
    """Import a CSV or XLSX file (gzipped or not) into a round; returns the record with counts and bad rows.

    Without ``round`` the last one of the programme named like the questionnaire is taken, or made; without
    such a questionnaire it is made from the mapping's own ``[questionnaire]``. Raises Refused or Invalid when
    the file or the mapping cannot be used.
    """
    read = read_mapping(mapping)
    round = round or prepare(actor=actor, code=questionnaire, mapping=mapping, unit=unit)
    access.require(actor, "responses.import", round)
    faults = check_mapping(read, tables.columns(path, name), questionnaire_of(round.questionnaire))
    if faults:
        raise Invalid(faults)
    record = ResponseImport.objects.create(
        round=round,
        file_name=(name or path.name)[:200],
        sha256=tables.sha256_of(path),
        mapping=dict(mapping),
        by=actor,
        at=clock.now(),
    )
    counts = _import_rows(record, read, path, progress)
    note(record, counts)
    progress.set(counts.rows, counts.rows)
    return record


def note(record: ResponseImport, counts: Counts) -> None:
    """Write down what became of the file, with the one event of the import."""
    with transaction.atomic():
        record.rows, record.added, record.repeated = counts.rows, counts.added, counts.repeated
        record.errors = [problem.as_json() for problem in counts.problems]
        record.save(update_fields=["rows", "added", "repeated", "errors"])
        data = {"round": record.round_id, "sha256": record.sha256, **counts.as_data()}
        events.append(RESPONSES_IMPORTED, actor=record.by, subject=record, unit=record.round.unit, data=data)


def _import_rows(record: ResponseImport, mapping: FileMapping, path: Path, progress: jobs.Progress) -> Counts:
    round, counts = record.round, Counts()
    reader = Reader(
        round_id=round.pk,
        mapping=mapping,
        questionnaire=questionnaire_of(round.questionnaire),
        scheme=scheme_of(round.scheme) if round.scheme else None,
        units=dict(Unit.objects.filter(path__startswith=round.unit.path).values_list("code", "pk")),
        default_unit=round.unit_id,
        zone=ZoneInfo(value("organisation.time_zone")),
        today=intake.today(),
    )
    rows = tables.read(path, record.file_name).rows
    while batch := list(islice(rows, BATCH)):
        sheets = list(_sheets(reader, batch, counts))
        with transaction.atomic():
            keep(record, sheets)
        counts.added += len(sheets)
        progress.set(counts.rows)
    return counts


def _sheets(reader: Reader, batch: list[Row], counts: Counts) -> Iterator[Sheet]:
    """The good rows of a batch that are not there yet; all others are counted by what became of them."""
    taken = known_keys([reader.key_of(row) for row in batch])
    for row in batch:
        counts.rows += 1
        if not reader.wanted(row):
            counts.left_out += 1
        elif reader.key_of(row) in taken:
            counts.repeated += 1
        elif isinstance(sheet := reader.read(row), Sheet):
            taken.add(sheet.import_key)
            yield sheet
        else:
            counts.reject(sheet)


def keep(record: ResponseImport, sheets: list[Sheet]) -> None:
    """Write sheets of a file with their scores."""
    store([(_response(record, sheet), sheet.outcome) for sheet in sheets])


def known_keys(keys: list[str]) -> set[str]:
    """Those of some import keys that are there already."""
    found: set[str] = set()
    walk = iter(keys)
    while part := list(islice(walk, _LOOKUP)):
        rows = Response.objects.filter(import_key__in=part)
        found |= {key for key in rows.values_list("import_key", flat=True) if key}
    return found


def _response(record: ResponseImport, sheet: Sheet) -> Response:
    at = sheet.at or record.at
    return Response(
        round=record.round,
        questionnaire_id=record.round.questionnaire_id,
        unit_id=sheet.unit_id,
        source="import",
        channel="import",
        key=sheet.import_key,
        import_key=sheet.import_key,
        state="submitted",
        answers=sheet.answers,
        set_aside=sheet.set_aside,
        segments=sheet.segments,
        product=sheet.product,
        started_at=at,
        saved_at=at,
        submitted_at=at,
        flags=list(sheet.outcome.flags),
        valid=rules.counts(sheet.outcome.flags),
    )
