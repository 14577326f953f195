"""The only writers of benchmarks: by hand, from a file, taken away and brought back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import IO

from django.db import transaction

from manyi.analytics.benchmark_rules import FIELDS, Given, checked
from manyi.analytics.benchmarks import given_of, metrics_of
from manyi.analytics.models import Benchmark
from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, clock, events, tables
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person
from manyi.organisation.tables import Row, RowProblem
from manyi.surveys.models import Programme

ENTERED = events.kind("benchmark.entered", "录入对标数据", "Benchmark entered")
CHANGED = events.kind("benchmark.changed", "修改对标数据", "Benchmark changed")
REMOVED = events.kind("benchmark.removed", "删除对标数据", "Benchmark removed")
RESTORED = events.kind("benchmark.restored", "恢复对标数据", "Benchmark restored")
IMPORTED = events.kind("benchmark.imported", "导入对标数据", "Benchmarks imported")
ROWS = "application/octet-stream"
NO_ROWS = Label("文件里没有数据行。", "The file has no rows.")


def enter_benchmark(*, actor: Person, programme: Programme, texts: Mapping[str, str]) -> Benchmark:
    """Enter one from what a form holds. Raises Invalid with what is wrong by field."""
    access.require(actor, "surveys.edit", programme.unit)
    given = _valid(programme, texts)
    with transaction.atomic():
        row = _stored(actor, programme, given)
        events.append(ENTERED, actor=actor, subject=row, unit=programme.unit, data=_told(given))
    return row


def change_benchmark(*, actor: Person, row: Benchmark, texts: Mapping[str, str]) -> Benchmark:
    """Correct one; the event keeps what it said before. Raises Invalid as ``enter_benchmark`` does."""
    access.require(actor, "surveys.edit", row.programme.unit)
    given = _valid(row.programme, texts)
    with transaction.atomic():
        before = _told(given_of(row))
        for name, value in asdict(given).items():
            setattr(row, name, value)
        row.by, row.at = actor, clock.now()
        row.save()
        data = {"before": before, "after": _told(given)}
        events.append(CHANGED, actor=actor, subject=row, unit=row.programme.unit, data=data)
    return row


def remove_benchmark(*, actor: Person, row: Benchmark) -> None:
    """Take it off the pages; ``restore_benchmark`` brings it back."""
    access.require(actor, "surveys.edit", row.programme.unit)
    with transaction.atomic():
        Benchmark.objects.filter(pk=row.pk).update(removed_at=clock.now())
        events.append(REMOVED, actor=actor, subject=row, unit=row.programme.unit, data=_told(given_of(row)))


def restore_benchmark(*, actor: Person, row: Benchmark) -> None:
    """Bring back what was removed."""
    access.require(actor, "surveys.edit", row.programme.unit)
    with transaction.atomic():
        Benchmark.objects.filter(pk=row.pk).update(removed_at=None)
        events.append(RESTORED, actor=actor, subject=row, unit=row.programme.unit, data={})


def import_benchmarks(
    *, actor: Person, programme: Programme, name: str, content: IO[bytes] | bytes
) -> tuple[int, int, list[RowProblem]]:
    """Take in the rows of a file (CSV or XLSX), all of them or, where one is wrong, none; the file is kept.

    The counts of new and of changed ones, and what is wrong row by row. A row with the same kind, name,
    figure and period as one that is there replaces it, so that a file can be sent in twice. Raises Refused
    for a file that cannot be read or has no rows.
    """
    access.require(actor, "surveys.edit", programme.unit)
    with transaction.atomic():
        file = attachments.keep(
            content, name=name, content_type=ROWS, subject=programme, unit=programme.unit, actor=actor
        )
        good, problems = _read(programme, tables.read(attachments.path_of(file.sha256), name).rows)
        if problems:
            transaction.set_rollback(True)
            return 0, 0, problems
        if not good:
            raise Invalid([("file", NO_ROWS)])
        added = sum(_put(actor, programme, given) for given in good)
        data = {"rows": len(good), "new": added, "sha256": file.sha256}
        events.append(IMPORTED, actor=actor, subject=programme, unit=programme.unit, data=data)
    return added, len(good) - added, []


def _read(programme: Programme, rows: Iterable[Row]) -> tuple[list[Given], list[RowProblem]]:
    metrics = metrics_of(programme)
    good: list[Given] = []
    problems: list[RowProblem] = []
    for row in rows:
        texts = by_field(row.values)
        if not any(texts.values()):
            continue
        given, wrong = checked(texts, metrics)
        problems += [RowProblem(row.number, name, words) for name, words in wrong]
        if given:
            good.append(given)
    return good, problems


def by_field(values: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row by field, whose columns are named in either language or by the field's own name."""
    known = {
        text.casefold(): name
        for name, words in FIELDS.items()
        for text in (name, words.zh, words.en, f"{words.zh} {words.en}")
    }
    found = {known.get(column.strip().casefold(), ""): text for column, text in values.items()}
    return {name: text for name, text in found.items() if name}


def _put(actor: Person, programme: Programme, given: Given) -> bool:
    """Write one of a file; whether it is new."""
    same = {name: getattr(given, name) for name in ("kind", "name", "metric", "since", "until")}
    held = Benchmark.objects.filter(programme=programme, removed_at=None, **same)
    if held.update(**asdict(given), by=actor, at=clock.now()):
        return False
    _stored(actor, programme, given)
    return True


def _stored(actor: Person, programme: Programme, given: Given) -> Benchmark:
    return Benchmark.objects.create(programme=programme, by=actor, at=clock.now(), **asdict(given))


def _valid(programme: Programme, texts: Mapping[str, str]) -> Given:
    given, problems = checked(texts, metrics_of(programme))
    if given is None:
        raise Invalid(problems)
    return given


def _told(given: Given) -> dict[str, object]:
    """What an event keeps of it."""
    days = {"since": given.since.isoformat(), "until": given.until.isoformat()}
    return {**asdict(given), **days}
