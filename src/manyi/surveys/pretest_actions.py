"""Pre-tests of drafts: links for testers, their runs, their comments. Nothing of it enters any figure.

What testers do writes no event, as drafts of answers do not; what the designers do with it does.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.surveys.errors import Frozen
from manyi.surveys.models import PreTest, QuestionnaireVersion, TrialComment, TrialRun

PRETEST_OPENED = events.kind("pretest.opened", "开始试填", "Pre-test opened")
PRETEST_CLOSED = events.kind("pretest.closed", "结束试填", "Pre-test closed")
COMMENT_SETTLED = events.kind("pretest.comment", "处理试填意见", "Tester's comment dealt with")
RUNS_DROPPED = events.kind("pretest.dropped", "删除试填数据", "Trial answers deleted")
RUNS_RESTORED = events.kind("pretest.restored", "恢复试填数据", "Trial answers brought back")

LONGEST_COMMENT = 2000


def open_pre_test(*, actor: Person | None, version: QuestionnaireVersion, label: str) -> PreTest:
    """A link for testers of a draft; raises Frozen for a published version, Refused without a label."""
    access.require(actor, "surveys.edit", version)
    if version.published_at is not None:
        raise Frozen
    if not label.strip():
        raise Refused(Label("请填写试填对象。", "Please say who tests."), field="label")
    with transaction.atomic():
        row = PreTest.objects.create(
            version=version,
            token=secrets.token_urlsafe(12),
            label=label.strip()[:120],
            by=actor,
            at=clock.now(),
        )
        _note(PRETEST_OPENED, actor, version)
    return row


def close_pre_test(*, actor: Person | None, pre_test: PreTest) -> PreTest:
    """No more testers by this link; closing again changes nothing."""
    access.require(actor, "surveys.edit", pre_test)
    with transaction.atomic():
        if PreTest.objects.filter(pk=pre_test.pk, closed_at=None).update(closed_at=clock.now()):
            _note(PRETEST_CLOSED, actor, pre_test.version)
    pre_test.refresh_from_db()
    return pre_test


def begin_run(*, pre_test: PreTest, language: str) -> TrialRun:
    """A tester begins."""
    now = clock.now()
    return TrialRun.objects.create(
        pre_test=pre_test, key=secrets.token_urlsafe(12), language=language, started_at=now, saved_at=now
    )


def save_run(
    *, run: TrialRun, section: str, answers: Mapping[str, Any], reached: str, finished: bool = False
) -> TrialRun:
    """Keep what was typed in a section, the time spent there, and how far the tester came."""
    now = clock.now()
    spent = (now - run.saved_at).total_seconds()
    run.timings = {**run.timings, section: round(run.timings.get(section, 0) + spent, 1)}
    run.answers, run.reached, run.saved_at = dict(answers), reached, now
    run.finished_at = run.finished_at or (now if finished else None)
    run.save(update_fields=["timings", "answers", "reached", "saved_at", "finished_at"])
    return run


def comment_on(*, run: TrialRun, question: str, text: str) -> TrialComment:
    """What a tester says about a question; raises Refused when nothing is said."""
    if not text.strip():
        raise Refused(Label("请填写意见。", "Please say something."), field="text")
    words = text.strip()[:LONGEST_COMMENT]
    return TrialComment.objects.create(run=run, question=question[:64], text=words, at=clock.now())


def settle_comment(*, actor: Person | None, comment: TrialComment, done: bool) -> TrialComment:
    """Mark a comment as dealt with, or take the mark back."""
    access.require(actor, "surveys.edit", comment)
    with transaction.atomic():
        comment.done_at, comment.done_by = (clock.now(), actor) if done else (None, None)
        comment.save(update_fields=["done_at", "done_by"])
        _note(COMMENT_SETTLED, actor, comment.run.pre_test.version, question=comment.question, done=done)
    return comment


def drop_runs(*, actor: Person | None, version: QuestionnaireVersion) -> int:
    """Hide all trial answers of a draft until it is published, which deletes them; returns how many."""
    return _mark(actor, version, drop=True)


def restore_runs(*, actor: Person | None, version: QuestionnaireVersion) -> int:
    """Bring hidden trial answers back; returns how many."""
    return _mark(actor, version, drop=False)


def _mark(actor: Person | None, version: QuestionnaireVersion, *, drop: bool) -> int:
    access.require(actor, "surveys.edit", version)
    runs = TrialRun.objects.filter(pre_test__version=version, deleted_at__isnull=drop)
    with transaction.atomic():
        count = runs.update(deleted_at=clock.now() if drop else None)
        if count:
            _note(RUNS_DROPPED if drop else RUNS_RESTORED, actor, version, count=count)
    return count


def _note(kind: events.EventKind, actor: Person | None, version: QuestionnaireVersion, **data: Any) -> None:
    row = version.questionnaire
    label = f"{row.code} v{version.number}"
    events.append(kind, actor=actor, subject=version, label=label, unit=row.unit, data=data)
