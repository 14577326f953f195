"""Customers from CSV or XLSX: keep the file, map its columns, look at what would happen, then do it.

Good rows go in even when others are bad; the bad ones come back as a file with the reason in each row, to be
corrected and sent in again. Sending the same file twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.db import transaction

from manyi.customers.import_batch import Outcome, Writer
from manyi.customers.import_rows import CustomerRow, check_mapping, guess, parse
from manyi.customers.models import CustomerImport
from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, clock, events, jobs, tables
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Job, Person, Unit

CUSTOMERS_UPLOADED = events.kind("customers.uploaded", "上传客户文件", "Customer file uploaded")
CUSTOMERS_IMPORTED = events.kind("customers.imported", "导入客户", "Customers imported")
BATCH = 500
PREVIEW_ROWS = 20
MAX_KEPT = 5000


def upload(*, actor: Person | None, unit: Unit, name: str, content: IO[bytes] | bytes) -> CustomerImport:
    """Keep a file as it came and guess what its columns mean.

    Raises Refused for a file that cannot be read (it is kept all the same).
    """
    access.require(actor, "customers.edit", unit)
    with transaction.atomic():
        row = CustomerImport.objects.create(
            unit=unit, file_name=name[:200], sha256="", by=actor, at=clock.now()
        )
        kept = attachments.keep(
            content, name=name, content_type="application/octet-stream", subject=row, unit=unit, actor=actor
        )
        row.sha256 = kept.sha256
        row.save(update_fields=["sha256"])
        events.append(CUSTOMERS_UPLOADED, actor=actor, subject=row, unit=unit, data={"sha256": kept.sha256})
    try:
        row.mapping = guess(tables.columns(path_of(row), name))
    except Refused:
        row.state = "failed"
        raise
    finally:
        row.save(update_fields=["mapping", "state"])
    return row


def path_of(row: CustomerImport) -> Path:
    """Where the raw file lies."""
    return attachments.path_of(row.sha256)


def columns(row: CustomerImport) -> list[str]:
    """The column names of the raw file."""
    return tables.columns(path_of(row), row.file_name)


def preview(*, row: CustomerImport, mapping: dict[str, str]) -> tuple[Outcome, list[CustomerRow]]:
    """What an import with this mapping would do, row by row but without writing, and the first good rows."""
    _require_mapping(mapping, columns(row))
    writer = Writer(row, mapping, dry=True)
    shown: list[CustomerRow] = []
    for batch in _batches(row, mapping, writer.outcome):
        writer.write(batch)
        refused = {rejected["row"] for rejected in writer.outcome.rejected}
        good = [line for line in batch if line.number not in refused]
        shown += good[: PREVIEW_ROWS - len(shown)]
    return writer.outcome, shown


def start(*, actor: Person, row: CustomerImport, mapping: dict[str, str]) -> Job:
    """Queue the import of an uploaded file with a mapping."""
    access.require(actor, "customers.edit", row.unit)
    _require_mapping(mapping, columns(row))
    if row.state in {"running", "done"}:
        raise Refused(Label("这个文件已导入过,请重新上传更正后的文件。", "This file was imported already."))
    row.mapping, row.state = mapping, "running"
    row.save(update_fields=["mapping", "state"])
    row.job = jobs.start("customers.import", actor=actor, unit=row.unit, parameters={"import": row.pk})
    row.save(update_fields=["job"])
    return row.job


@jobs.job("customers.import")
def _work(job: Job, progress: jobs.Progress) -> dict[str, int]:
    row = CustomerImport.objects.select_related("unit", "by").get(pk=job.parameters["import"])
    try:
        return run(row=row, mapping=row.mapping, progress=progress)
    except Exception:
        # Whole batches stay; the file can be started again and adds nothing twice.
        CustomerImport.objects.filter(pk=row.pk).update(state="failed")
        raise


def run(*, row: CustomerImport, mapping: dict[str, str], progress: jobs.Progress) -> dict[str, int]:
    """Import now; each batch of rows is one transaction, the end of the import one event."""
    _require_mapping(mapping, columns(row))
    writer = Writer(row, mapping, dry=False)
    outcome = writer.outcome
    for batch in _batches(row, mapping, outcome):
        with transaction.atomic():
            writer.write(batch)
        progress.set(outcome.rows, 0)
    with transaction.atomic():
        row.state, row.mapping = "done", mapping
        row.rows, row.created, row.updated = outcome.rows, outcome.created, outcome.updated
        row.errors = [problem.as_json() for problem in outcome.problems[:MAX_KEPT]]
        row.rejected = outcome.rejected[:MAX_KEPT]
        row.save()
        counts = outcome.counts()
        events.append(CUSTOMERS_IMPORTED, actor=row.by, subject=row, unit=row.unit, data=counts)
    progress.set(outcome.rows, outcome.rows)
    return counts


def _batches(row: CustomerImport, mapping: dict[str, str], outcome: Outcome) -> Iterator[list[CustomerRow]]:
    """Good rows in batches; bad ones are noted on the way."""
    batch: list[CustomerRow] = []
    for raw in tables.read(path_of(row), row.file_name).rows:
        outcome.rows += 1
        parsed = parse(raw, mapping)
        if isinstance(parsed, list):
            outcome.reject(raw, parsed)
            continue
        outcome.raw[parsed.number] = raw
        batch.append(parsed)
        if len(batch) == BATCH:
            yield batch
            batch = []
            outcome.raw.clear()
    if batch:
        yield batch


def _require_mapping(mapping: dict[str, str], known: list[str]) -> None:
    problems = check_mapping(mapping, known)
    if problems:
        raise Invalid([("mapping", problem) for problem in problems])


def rejected_rows(row: CustomerImport, language: str = "zh") -> tuple[list[str], list[list[str]]]:
    """The rows that were not taken, as they came, with the reason first: heading and lines for a file."""
    # From the file, because a stored JSON object keeps no order of its own.
    names = columns(row) if row.rejected else []
    reasons: dict[int, list[str]] = {}
    for problem in row.errors:
        reasons.setdefault(problem["row"], []).append(f"{problem['field']}: {problem[language]}")
    lines = [
        ["; ".join(reasons.get(item["row"], [])), *(item["values"].get(name, "") for name in names)]
        for item in row.rejected
    ]
    return ["问题 Problem", *names], lines
