"""Long work with progress: goes on when the page is closed, can be stopped, says how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from django.db import transaction
from django_tasks import task

from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events, schedule
from manyi.organisation.errors import Refused
from manyi.organisation.models import Job, Person, Unit

log = logging.getLogger(__name__)

#: A process that shows no sign of life for this long is taken for dead.
STALE = timedelta(minutes=5)

JOB_STARTED = events.kind("job.started", "开始后台任务", "Background job started")
JOB_STOPPED = events.kind("job.stopped", "停止后台任务", "Background job stopped")


class Stopped(Exception):
    """Somebody asked the work to stop."""


class Progress(Protocol):
    """What long work reports to: a job row, a terminal, or nothing."""

    def set(self, done: int, total: int = 0, message: Label | None = None) -> None:
        """So much is done of so much; may raise Stopped."""


class Silent:
    """Progress that nobody looks at."""

    def set(self, done: int, total: int = 0, message: Label | None = None) -> None:
        """Do nothing."""


class JobProgress:
    """Progress kept on the job's row, written outside the work's own transaction at most once a second."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._written = clock.now()

    def set(self, done: int, total: int = 0, message: Label | None = None) -> None:
        """Write the progress down; raises Stopped when somebody asked for it."""
        now = clock.now()
        if done < total and (now - self._written).total_seconds() < 1:
            return
        self._written = now
        fields: dict[str, Any] = {"done": done, "total": total, "beat_at": now}
        if message is not None:
            fields["message"] = {"zh": message.zh, "en": message.en}
        Job.objects.filter(pk=self.job.pk).update(**fields)
        if Job.objects.filter(pk=self.job.pk, stop_asked=True).exists():
            raise Stopped


Work = Callable[[Job, Progress], dict[str, Any]]
WORK: dict[str, Work] = {}


def job(kind: str) -> Callable[[Work], Work]:
    """Decorator: the function does the work of jobs of this kind and returns their result."""

    def register(work: Work) -> Work:
        if kind in WORK:
            raise ValueError(f"job kind {kind!r} is declared twice")
        WORK[kind] = work
        return work

    return register


def start(kind: str, *, actor: Person | None, unit: Unit | None, parameters: dict[str, Any]) -> Job:
    """Queue long work; it runs in the worker process."""
    if kind not in WORK:
        raise ValueError(f"no job kind {kind!r}")
    with transaction.atomic():
        made = Job.objects.create(
            kind=kind, parameters=parameters, unit=unit, created_by=actor, created_at=clock.now()
        )
        events.append(JOB_STARTED, actor=actor, subject=made, unit=unit, data={"kind": kind})
        run_job.enqueue(made.pk)
    return made


def ask_stop(*, actor: Person, job: Job) -> None:
    """Ask running work to stop; what it has done so far stays.

    Whoever started it may, and who changes the settings of its unit; raises Refused when it has ended.
    """
    if job.created_by_id != actor.pk:
        access.require(actor, "settings.manage", job)
    with transaction.atomic():
        if not Job.objects.filter(pk=job.pk, state__in=["waiting", "running"]).update(stop_asked=True):
            raise Refused(Label("这个任务已经结束。", "This job has ended already."))
        events.append(JOB_STOPPED, actor=actor, subject=job, unit=job.unit)


def recover(*, silent_for: timedelta = STALE) -> int:
    """Queue again the jobs whose process died: running, but without a sign of life; returns how many.

    Every kind of work is written so that running it a second time adds nothing twice.
    """
    lost = Job.objects.filter(state="running", beat_at__lt=clock.now() - silent_for)
    found = 0
    for pk in list(lost.values_list("pk", flat=True)):
        with transaction.atomic():
            if lost.filter(pk=pk).update(state="waiting"):
                run_job.enqueue(pk)
                found += 1
    return found


@schedule.recurring("jobs.recover", every=timedelta(minutes=1))
def _recover_stale() -> None:
    recover()


@task()
def run_job(job_id: int) -> None:
    """Do the work of one job; runs in the worker. A job that already ran is left alone."""
    taken = Job.objects.filter(pk=job_id, state="waiting").update(state="running", beat_at=clock.now())
    if not taken:
        return
    row = Job.objects.get(pk=job_id)
    state, message = "done", Label("已完成。", "Done.")
    result: dict[str, Any] = {}
    try:
        result = WORK[row.kind](row, JobProgress(row))
    except Stopped:
        state, message = "stopped", Label("已按要求停止。", "Stopped as asked.")
    except Refused as refused:
        state, message = "failed", refused.message
    except Exception:
        log.exception("job %s failed", row.kind)
        state = "failed"
        message = Label("处理时出错,详情见服务器日志。", "An error occurred; see the server's log.")
    Job.objects.filter(pk=job_id).update(
        state=state,
        message={"zh": message.zh, "en": message.en},
        result=result,
        ended_at=clock.now(),
    )
