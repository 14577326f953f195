"""Printing many copies in the background, in parts that are joined, so that nobody waits and memory lasts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from manyi.organisation import attachments, jobs
from manyi.organisation.models import Attachment, Job, Person
from manyi.responses import paper_queries
from manyi.responses.models import PaperCopy, PaperRun
from manyi.responses.paper_pages import joined
from manyi.surveys.queries import questionnaire_of
from manyi.web.field.paper_pdf import form_pdf

KIND = "paper.print"
#: So many copies are typeset while a person waits; more of them become a job.
AT_ONCE = 200
PART = 50


def start(*, actor: Person, run: PaperRun) -> Job:
    """Begin to print a run in the background; the job that is at it already, when there is one."""
    last = job_of(run)
    if last is not None and last.state in {"waiting", "running"}:
        return last
    return jobs.start(KIND, actor=actor, unit=run.unit, parameters={"run": run.pk})


def job_of(run: PaperRun) -> Job | None:
    """The newest job that prints a run."""
    return Job.objects.filter(kind=KIND, parameters__run=run.pk).order_by("-pk").first()


def printed(run: PaperRun) -> Attachment | None:
    """The PDF of a run that a job has made, the newest one."""
    done = Job.objects.filter(kind=KIND, parameters__run=run.pk, state="done").order_by("-pk").first()
    return attachments.held_by(done).first() if done else None


@jobs.job(KIND)
def print_run(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Print all copies of a run: parameter ``run``. The PDF is kept with the job."""
    run = paper_queries.RUNS.get(pk=job.parameters["run"])
    copies = list(run.copies.order_by("number"))
    content, name = joined(_parts(run, copies, progress)), f"{run.prefix}.pdf"
    with transaction.atomic():
        attachments.keep(
            content,
            name=name,
            content_type="application/pdf",
            subject=job,
            unit=run.unit,
            actor=job.created_by,
        )
    progress.set(len(copies), len(copies))
    return {"copies": len(copies), "file": name}


def _parts(run: PaperRun, copies: list[PaperCopy], progress: jobs.Progress) -> Iterator[bytes]:
    tree = questionnaire_of(run.round.questionnaire)
    for begin in range(0, len(copies), PART):
        progress.set(begin, len(copies))
        yield form_pdf(tree, copies[begin : begin + PART], run.language)
