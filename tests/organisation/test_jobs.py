"""Long work: goes on without the page, can be stopped, survives its process, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from manyi.kernel.labels import Label
from manyi.organisation import clock, jobs
from manyi.organisation.errors import Refused
from manyi.organisation.jobs import JobProgress, Progress, Stopped
from manyi.organisation.models import Event, Job
from tests.personas import House

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
Body = Callable[[Job, Progress], dict[str, Any]]


@pytest.fixture
def queued(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[Body], Job]:
    """Queues a job whose work is the given function."""
    monkeypatch.setattr(jobs, "WORK", {})

    def queue(body: Body) -> Job:
        jobs.job("test.count")(body)
        return jobs.start("test.count", actor=house.li, unit=house.tree.east, parameters={"to": 3})

    return queue


def run(job: Job) -> Job:
    """What the worker does with it."""
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_waits_for_the_worker_and_then_tells_its_result(queued: Callable[[Body], Job]) -> None:
    job = queued(lambda row, progress: {"counted": row.parameters["to"]})
    assert (job.state, job.result) == ("waiting", {})
    assert Event.objects.latest("seq").kind == "job.started"
    done = run(job)
    assert (done.state, done.result, done.message["zh"]) == ("done", {"counted": 3}, "已完成。")
    assert done.ended_at is not None


def test_a_job_runs_once_even_when_two_workers_take_it(queued: Callable[[Body], Job]) -> None:
    runs: list[int] = []

    def notes(row: Job, progress: Progress) -> dict[str, Any]:
        runs.append(row.pk)
        return {}

    job = queued(notes)
    run(job)
    run(job)
    assert runs == [job.pk]


def test_a_refusal_is_told_in_its_own_words(queued: Callable[[Body], Job]) -> None:
    def refuses(row: Job, progress: Progress) -> dict[str, Any]:
        raise Refused(Label("文件缺列。", "A column is missing."))

    job = run(queued(refuses))
    assert (job.state, job.message) == ("failed", {"zh": "文件缺列。", "en": "A column is missing."})


def test_a_fault_is_told_without_its_innards(queued: Callable[[Body], Job]) -> None:
    def breaks(row: Job, progress: Progress) -> dict[str, Any]:
        raise KeyError("secret_column")

    job = run(queued(breaks))
    assert job.state == "failed"
    assert "secret_column" not in job.message["en"]
    assert "服务器日志" in job.message["zh"]


def test_work_stops_when_somebody_asks(queued: Callable[[Body], Job], house: House) -> None:
    done: list[int] = []

    def counts(row: Job, progress: Progress) -> dict[str, Any]:
        for number in range(1, 4):
            done.append(number)
            progress.set(3, 3)
        return {}

    job = queued(counts)
    jobs.ask_stop(actor=house.li, job=job)
    assert run(job).state == "stopped"
    assert done == [1]
    assert Event.objects.filter(kind="job.stopped", actor=house.li).count() == 1


def test_work_that_has_ended_cannot_be_stopped(queued: Callable[[Body], Job], house: House) -> None:
    job = run(queued(lambda row, progress: {}))
    with pytest.raises(Refused, match="ended"):
        jobs.ask_stop(actor=house.li, job=job)


def test_progress_is_written_at_most_once_a_second_and_always_at_the_end(db: None) -> None:
    with clock.at(NOON):
        job = Job.objects.create(kind="test", created_at=NOON)
        progress = JobProgress(job)
        progress.set(1, 10)
    job.refresh_from_db()
    assert job.done == 0
    with clock.at(NOON + timedelta(seconds=2)):
        progress.set(5, 10, Label("读到一半", "half-way"))
        progress.set(6, 10)
    job.refresh_from_db()
    assert (job.done, job.total, job.message["en"]) == (5, 10, "half-way")
    with clock.at(NOON + timedelta(seconds=2)):
        progress.set(10, 10)
    job.refresh_from_db()
    assert (job.done, job.beat_at) == (10, NOON + timedelta(seconds=2))


def test_a_stop_is_seen_by_the_progress(db: None) -> None:
    job = Job.objects.create(kind="test", created_at=NOON, stop_asked=True)
    with pytest.raises(Stopped):
        JobProgress(job).set(1, 1)


def test_a_job_whose_process_died_is_queued_again(queued: Callable[[Body], Job]) -> None:
    job = queued(lambda row, progress: {"second": True})
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=NOON)
    with clock.at(NOON + timedelta(minutes=4)):
        assert jobs.recover() == 0
    with clock.at(NOON + timedelta(minutes=6)):
        assert jobs.recover() == 1
    assert run(job).result == {"second": True}


def test_an_unknown_kind_of_job_is_a_mistake_in_the_code(house: House) -> None:
    with pytest.raises(ValueError, match=r"no\.such"):
        jobs.start("no.such", actor=None, unit=None, parameters={})
