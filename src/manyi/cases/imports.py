"""Cases from elsewhere with their true times: good rows go in, bad ones are listed, a repeat adds nothing.

Each batch of rows is one transaction; the whole import is one event. What was answered elsewhere is closed,
with the use of its time measured over the calendar of the years concerned.
"""

from __future__ import annotations

import secrets
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from manyi.cases import category_versions, clocks, rules, word_index
from manyi.cases.category_actions import root_unit
from manyi.cases.import_rows import CaseMapping, CaseRow, missing_columns, read_mapping, read_row
from manyi.cases.models import Case, CaseImport, CaseMessage, Category, ClockResult
from manyi.cases.policy_actions import install_defaults
from manyi.cases.queries import policy_for
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import WorkCalendar as Calendar
from manyi.organisation import access, calendar_actions, clock, events, jobs, numbers, tables
from manyi.organisation.calendars import calendar_for, stored_for
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person, Unit
from manyi.organisation.settings import value
from manyi.responses.imports import Counts

CASES_IMPORTED = events.kind("case.imported", "导入诉求", "Cases imported")
BATCH = 500
ELSEWHERE = Label("导入的历史诉求,已在别处办结。", "Imported; it was closed elsewhere.")


def import_cases(
    *,
    actor: Person | None,
    path: Path,
    mapping: Mapping[str, Any],
    unit: Unit,
    progress: jobs.Progress,
    name: str = "",
) -> CaseImport:
    """Import a CSV or XLSX file (gzipped or not) of cases; returns the record with counts and bad rows.

    Raises Refused or Invalid before anything is written when the file or the mapping cannot be used.
    """
    access.require(actor, "cases.register", unit)
    read = read_mapping(mapping)
    faults = missing_columns(read, tables.columns(path, name))
    if faults:
        raise Invalid(faults)
    record = CaseImport.objects.create(
        unit=unit,
        file_name=(name or path.name)[:200],
        sha256=tables.sha256_of(path),
        mapping=dict(mapping),
        by=actor,
        at=clock.now(),
    )
    counts = _import_rows(_Writer(record, read), path, progress)
    with transaction.atomic():
        record.rows, record.added, record.repeated = counts.rows, counts.added, counts.repeated
        record.errors = [problem.as_json() for problem in counts.problems]
        record.save(update_fields=["rows", "added", "repeated", "errors"])
        data = {"sha256": record.sha256, "source": read.name, **counts.as_data()}
        events.append(CASES_IMPORTED, actor=actor, subject=record, unit=unit, data=data)
    progress.set(counts.rows, counts.rows)
    return record


def _import_rows(writer: _Writer, path: Path, progress: jobs.Progress) -> Counts:
    counts, zone = Counts(), ZoneInfo(value("organisation.time_zone"))
    rows = tables.read(path, writer.record.file_name).rows
    while batch := list(islice(rows, BATCH)):
        good: list[CaseRow] = []
        for row in batch:
            counts.rows += 1
            found = read_row(row, writer.mapping, zone)
            if isinstance(found, CaseRow):
                good.append(found)
            else:
                counts.reject(found)
        with transaction.atomic():
            writer.store(good, counts)
        progress.set(counts.rows)
    return counts


class _Writer:
    """Stores batches of rows of one import."""

    def __init__(self, record: CaseImport, mapping: CaseMapping) -> None:
        self.record, self.mapping = record, mapping
        self.policy = policy_for(record.unit) or install_defaults()
        self.target = rules.target_of(self.policy.targets, "resolve")
        self.categories = {row.code: row for row in Category.objects.all()}
        self.version = category_versions.current()
        below = Unit.objects.filter(path__startswith=record.unit.path)
        self.units = {unit.code: unit for unit in below}

    def store(self, rows: Iterable[CaseRow], counts: Counts) -> None:
        """Write the rows that are not there yet, with their messages and the time that they took."""
        fresh: dict[str, CaseRow] = {}
        for row in rows:
            key = f"{self.mapping.name}:{row.key}"[:80]
            if key in fresh:
                counts.repeated += 1
            else:
                fresh[key] = row
        known = set(Case.objects.filter(import_key__in=fresh).values_list("import_key", flat=True))
        counts.repeated += len(known)
        new = {key: row for key, row in fresh.items() if key not in known}
        calendar = _calendar_of_years(self.record.unit, new.values())
        cases = [self._case(key, row) for key, row in new.items()]
        _give_numbers(cases, calendar)
        Case.objects.bulk_create(cases)
        word_index.enter(cases)
        pairs = list(zip(cases, new.values(), strict=True))
        CaseMessage.objects.bulk_create(message for pair in pairs for message in _messages(*pair))
        ClockResult.objects.bulk_create(result for pair in pairs for result in self._results(*pair, calendar))
        counts.added += len(cases)

    def _case(self, key: str, row: CaseRow) -> Case:
        closed, category = row.answered_at, self.categories.get(row.text("category"))
        return Case(
            import_key=key,
            kind=row.kind,
            channel=self.mapping.channel,
            state="closed" if closed else "registered",
            unit=self.units.get(row.unit, self.record.unit),
            category=category,
            category_version=self.version if category else None,
            subject=(row.text("subject") or row.text("body"))[:200],
            demand=row.words,
            contact_name=row.text("contact_name")[:80],
            contact_phone=row.text("contact_phone")[:40],
            contact_email=row.text("contact_email")[:200],
            policy=self.policy,
            received_at=row.received_at,
            registered_at=row.received_at,
            cycle_from=row.received_at,
            responded_at=closed,
            answered_at=closed,
            closed_at=closed,
            waiver=ELSEWHERE.zh if closed else "",
            tracking_code=rules.tracking_code(secrets.SystemRandom()),
        )

    def _results(self, case: Case, row: CaseRow, calendar: Calendar) -> list[ClockResult]:
        if row.answered_at is None or self.target is None:
            return []
        times = rules.Times(
            state="executed",
            kind=case.kind,
            cycle=0,
            received_at=row.received_at,
            cycle_from=row.received_at,
            answered_at=None,
            stopped=frozenset(),
        )
        reading = rules.read("resolve", times, self.target, calendar, row.answered_at)
        return [clocks.result_of(case, "resolve", self.target, reading, row.answered_at)]


def _calendar_of_years(unit: Unit, rows: Iterable[CaseRow]) -> Calendar:
    """The unit's calendar with China's official data for every year that the rows reach."""
    years = {moment.year for row in rows for moment in (row.received_at, row.answered_at) if moment}
    missing = sorted(years - set(calendar_for(unit).years))
    if missing:
        stored = stored_for(unit)
        if stored is None:
            root = root_unit()
            stored = calendar_actions.create_calendar(actor=None, unit=root, name=root.name)
        for year in missing:
            calendar_actions.load_china_year(actor=None, calendar=stored, year=year)
    return calendar_for(unit)


def _give_numbers(cases: list[Case], calendar: Calendar) -> None:
    """Numbers of the years in which the cases were received."""
    per_year = Counter(calendar.local_date(case.received_at).year for case in cases)
    following = {year: numbers.following(f"case:{year}", count) for year, count in per_year.items()}
    for case in cases:
        year = calendar.local_date(case.received_at).year
        case.number = f"{year}-{following[year]:06d}"
        following[year] += 1


def _messages(case: Case, row: CaseRow) -> list[CaseMessage]:
    def message(direction: str, body: str, at: datetime) -> CaseMessage:
        return CaseMessage(case=case, direction=direction, channel=case.channel, body=body, by=None, at=at)

    messages = [message("in", row.words, row.received_at)]
    if row.answered_at and row.text("answer"):
        messages.append(message("out", row.text("answer"), row.answered_at))
    return messages


@dataclass(frozen=True, slots=True)
class TimeUsed:
    """How long answers took, in the unit of their target: the median, and how many within 5, 10 and 15."""

    cases: int
    median: float
    within: Mapping[int, int]


def time_used(record: CaseImport) -> TimeUsed:
    """The time that the answered cases of the same source took, those of earlier runs included."""
    results = ClockResult.objects.filter(
        name="resolve", cycle=0, case__import_key__startswith=f"{record.mapping['name']}:"
    )
    used = [float(amount) for amount in results.values_list("used", flat=True)]
    within = {limit: sum(amount <= limit for amount in used) for limit in (5, 10, 15)}
    return TimeUsed(len(used), statistics.median(used) if used else 0.0, within)
