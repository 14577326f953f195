"""What complainants do from their own page: write and send files, rate the handling, ask for a review.

Nobody is logged in there: who holds number and code is the complainant, so no act has a member of staff.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from manyi.cases import enclosures
from manyi.cases.actions import add_message
from manyi.cases.guards import CALLED_BACK, has_owner, not_reviewed, reopened_in_time
from manyi.cases.models import Case, Rating
from manyi.cases.step_actions import advance, file_of
from manyi.kernel.labels import Label
from manyi.organisation import clock, events
from manyi.organisation.errors import Refused

CASE_RATED = events.kind("case.rated", "顾客评价办理", "Handling rated")

LONGEST_MESSAGE, LONGEST_WORDS = 8000, 2000
STARS = range(1, 6)
#: The guards of asking for a review, which decide whether the page offers it at all.
_REVIEW_GUARDS = (has_owner, CALLED_BACK, reopened_in_time, not_reviewed)


def write(*, case: Case, body: str, files: Sequence[enclosures.Sent] = ()) -> None:
    """Add a message, files, or both. Raises Refused with the field for an empty one or a wrong file."""
    kept = enclosures.checked(files, field="files", papers=True)
    words = body.strip()[:LONGEST_MESSAGE]
    if kept and not words:
        words = Label("(补充了文件)", "(files were added)").text(case.language)
    with transaction.atomic():
        add_message(actor=None, case=case, direction="in", body=words)
        enclosures.keep(case, kept)


def may_rate(case: Case) -> bool:
    """Whether this closing has not been rated yet."""
    return case.state == "closed" and not case.ratings.filter(cycle=case.reopened).exists()


def rate(*, case: Case, stars: int, words: str = "") -> Rating:
    """Rate the handling from 1 (not content at all) to 5, once a closing."""
    if stars not in STARS:
        raise Refused(Label("请选择 1 到 5 分。", "Please choose 1 to 5."), field="stars")
    with transaction.atomic():
        row = Case.objects.select_for_update().select_related("unit").get(pk=case.pk)
        if not may_rate(row):
            raise Refused(
                Label("这次办理已评价过,谢谢。", "You rated this already; thank you."), field="stars"
            )
        rating = Rating.objects.create(
            case=row, cycle=row.reopened, stars=stars, words=words.strip()[:LONGEST_WORDS], at=clock.now()
        )
        data = {"case": row.pk, "rating": rating.pk, "stars": stars}
        events.append(CASE_RATED, actor=None, subject=row, unit=row.unit, data=data)
    return rating


def may_ask_review(case: Case) -> bool:
    """Whether the complainant may still ask for a review of this closing."""
    if case.state != "closed":
        return False
    file = file_of(case, clock.now())
    return all(guard(file, None, {}) is None for guard in _REVIEW_GUARDS)


def ask_review(*, case: Case, reason: str) -> Case:
    """Ask for a second look by somebody who had no part in it; the step and guards are the workflow's."""
    words = reason.strip()[:LONGEST_WORDS]
    if not words:
        raise Refused(
            Label("请写明您不同意的地方。", "Please say what you do not agree with."), field="reason"
        )
    return advance(case=case, name="ask_review", actor=None, facts={"reason": words})
