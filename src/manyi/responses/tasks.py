"""Long work of this room: imports and exports that were started in the browser."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.db import transaction

from manyi.organisation import attachments, jobs
from manyi.organisation.models import Job, Unit
from manyi.responses.document_imports import import_document
from manyi.responses.exports import export_responses
from manyi.responses.imports import import_responses
from manyi.responses.models import ResponseImport
from manyi.surveys.codecs import Source
from manyi.surveys.codecs.document import Manner
from manyi.surveys.models import Round


@jobs.job("responses.import")
def import_uploaded(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Import a kept file: parameters ``sha256``, ``name``, ``mapping``, ``questionnaire`` and ``round``."""
    given = job.parameters
    record = import_responses(
        actor=job.created_by,
        path=attachments.path_of(given["sha256"]),
        name=given["name"],
        questionnaire=given["questionnaire"],
        mapping=given["mapping"],
        round=Round.objects.get(pk=given["round"]) if given["round"] else None,
        unit=Unit.objects.get(pk=given["unit"]) if given.get("unit") else None,
        progress=progress,
    )
    ResponseImport.objects.filter(pk=record.pk).update(job=job)
    return {"import": record.pk, "added": record.added, "repeated": record.repeated}


@jobs.job("responses.import_document")
def import_of_another_tool(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Import the answers of a kept file: parameters ``files`` (name → hash), ``name`` and ``round``."""
    given = job.parameters
    record = import_document(
        actor=job.created_by,
        source=kept_source(given["files"], given["name"]),
        round=Round.objects.get(pk=given["round"]),
        progress=progress,
    )
    ResponseImport.objects.filter(pk=record.pk).update(job=job)
    return {"import": record.pk, "added": record.added, "repeated": record.repeated}


def kept_source(files: dict[str, str], name: str) -> Source:
    """A kept file with those that came beside it, by name."""

    def beside(wanted: str) -> bytes | None:
        sha256 = files.get(Path(wanted).name)
        return attachments.path_of(sha256).read_bytes() if sha256 else None

    return Source(name, attachments.path_of(files[name]).read_bytes(), beside)


@jobs.job("responses.export")
def export_round(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Export a round: parameters ``round``, ``name``, ``codec``, ``manner`` and ``valid_only``.

    The result names the file; it is kept with the job.
    """
    given = job.parameters
    with tempfile.TemporaryDirectory(prefix="manyi-") as folder:
        path = Path(folder) / given["name"]
        done = export_responses(
            actor=job.created_by,
            round=Round.objects.get(pk=given["round"]),
            path=path,
            codec=given["codec"],
            manner=Manner(**given["manner"]),
            valid_only=given["valid_only"],
            progress=progress,
        )
        whole = packed(path)
        with whole.open("rb") as content, transaction.atomic():
            attachments.keep(
                content,
                name=whole.name,
                content_type="application/octet-stream",
                subject=job,
                unit=job.unit,
                actor=job.created_by,
            )
    losses = [[loss.place, loss.what.zh, loss.what.en] for loss in done.losses]
    return {"rows": done.rows, "file": whole.name, "losses": losses}


def packed(path: Path) -> Path:
    """The file itself, or a ZIP of it with the files that belong to it; a table is whole without its tree."""
    files = [file for file in sorted(path.parent.iterdir()) if file == path or file.suffix != ".toml"]
    if len(files) == 1:
        return path
    whole = path.with_suffix(".zip")
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return whole
