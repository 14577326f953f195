"""What a pre-test shows: time on each page, where testers left, and what they said of each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from manyi.surveys.models import QuestionnaireVersion, TrialComment, TrialRun
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.tree import Section


@dataclass(frozen=True, slots=True)
class PageTime:
    """One page: how many testers saw it, their median seconds there (None: nobody), how many left there."""

    section: Section
    seen: int
    seconds: float | None
    left: int


@dataclass(frozen=True, slots=True)
class PreTestReport:
    """The runs that were not deleted, page by page, with their comments by question in its order."""

    runs: Sequence[TrialRun]
    finished: int
    minutes: float | None
    pages: Sequence[PageTime]
    comments: Sequence[tuple[str, Sequence[TrialComment]]]
    hidden: int


def report_of(version: QuestionnaireVersion) -> PreTestReport:
    """The report of a version's pre-tests; comments on questions that are gone come last."""
    tree = questionnaire_of(version)
    every = list(TrialRun.objects.filter(pre_test__version=version).select_related("pre_test"))
    runs = [run for run in every if run.deleted_at is None]
    done = [run for run in runs if run.finished_at is not None]
    said: dict[str, list[TrialComment]] = {code: [] for code in tree.questions}
    kept = TrialComment.objects.filter(run__in=runs).select_related("run__pre_test", "done_by")
    for comment in kept:
        said.setdefault(comment.question, []).append(comment)
    return PreTestReport(
        runs=runs,
        finished=len(done),
        minutes=median(sum(run.timings.values()) for run in done) / 60 if done else None,
        pages=[_page(section, runs) for section in tree.sections],
        comments=[(code, comments) for code, comments in said.items() if comments],
        hidden=len(every) - len(runs),
    )


def _page(section: Section, runs: Sequence[TrialRun]) -> PageTime:
    times = [run.timings[section.code] for run in runs if section.code in run.timings]
    here = [run for run in runs if section.code in run.timings or run.reached == section.code]
    left = [run for run in runs if run.finished_at is None and run.reached == section.code]
    return PageTime(section, len(here), median(times) if times else None, len(left))
