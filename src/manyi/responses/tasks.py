"""Long work of this room: an import that was started in the browser."""

from __future__ import annotations

from typing import Any

from manyi.organisation import attachments, jobs
from manyi.organisation.models import Job, Unit
from manyi.responses.imports import import_responses
from manyi.responses.models import ResponseImport
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
