"""What complainants do from their own page: write, send files, rate once a closing, ask for a review."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest

from manyi.cases import complainant_actions as theirs
from manyi.cases.complainant_words import STATES, promises, standing
from manyi.cases.models import Case
from manyi.cases.step_actions import advance
from manyi.cases.workflow import MACHINE
from manyi.organisation import attachments, clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Event
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House

MONDAY = at("2026-03-02T09:30")
PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 200
PDF = b"%PDF-1.7 " + b"0" * 200


@pytest.fixture
def case(monday: datetime, new_case: Register) -> Case:
    return new_case(contact_phone="13900000000")


@pytest.fixture
def closed(case: Case, house: House) -> Case:
    return walk(case, house, until="close")


def test_every_state_of_the_workflow_has_words_for_the_complainant() -> None:
    assert set(STATES) == {state.id for state in MACHINE.states}


def test_what_was_promised_is_a_day_of_the_clock(case: Case) -> None:
    """Received on Monday the second of March 2026; one working day, and ten for the answer."""
    words = [each.words.zh for each in promises(case, clock.now())]
    assert words == ["3月3日前受理", "3月3日前与您首次联系", "3月16日前答复您"]


def test_a_promise_that_was_broken_is_said_to_be_late(case: Case) -> None:
    late = promises(case, MONDAY + timedelta(days=3))
    assert [each.late for each in late] == [True, True, False]


def test_while_the_clocks_stand_still_nothing_is_promised(case: Case, house: House) -> None:
    with clock.at(MONDAY):
        walk(case, house, until="start")
        waiting = advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
        assert promises(waiting, clock.now()) == []


def test_nobody_is_promised_a_call_who_left_no_number(case: Case) -> None:
    case.state, case.contact_phone = "answered", ""
    assert "没有留下电话" in standing(case)[1].zh


def test_a_photo_and_a_paper_come_with_a_message(case: Case) -> None:
    files = [("照片.jpg", len(PHOTO), io.BytesIO(PHOTO)), ("发票.pdf", len(PDF), io.BytesIO(PDF))]
    theirs.write(case=case, body="", files=files)
    kept = attachments.held_by(case).order_by("pk")
    assert [row.content_type for row in kept] == ["image/jpeg", "application/pdf"]
    assert case.messages.filter(direction="in", body="(补充了文件)").count() == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.jpg", 30, io.BytesIO(b"<svg onload=alert(1)>"))], "不是照片或 PDF"),
        ([("a.jpg", 11 << 20, io.BytesIO(PHOTO))], "10 MB"),
        ([("a.jpg", 9, io.BytesIO(PHOTO))] * 4, "最多 3 个文件"),
    ],
)
def test_other_files_are_refused_and_nothing_is_kept(
    files: list[tuple[str, int, io.BytesIO]], words: str, case: Case
) -> None:
    with pytest.raises(Refused) as refused:
        theirs.write(case=case, body="请看", files=files)
    assert words in refused.value.message.zh
    assert refused.value.field == "files"
    assert not attachments.held_by(case).exists()
    assert case.messages.count() == 1


def test_the_handling_is_rated_once_a_closing(closed: Case, house: House) -> None:
    """Each closing has its own rating, also after reopening (chatwoot #4526)."""
    assert theirs.rate(case=closed, stars=2, words="太慢").stars == 2
    with pytest.raises(Refused):
        theirs.rate(case=closed, stars=5)
    with clock.at(MONDAY + timedelta(hours=4)):
        again = advance(case=closed, name="reopen", actor=fresh("zhou"), facts=facts_for("reopen", house))
    assert not theirs.may_rate(again), "an open case is not rated"
    again.state = "closed"
    again.save()
    theirs.rate(case=again, stars=5)
    assert [row.stars for row in closed.ratings.all()] == [2, 5]
    assert Event.objects.filter(kind="case.rated").count() == 2


@pytest.mark.parametrize("stars", [0, 6])
def test_a_rating_is_one_to_five(stars: int, closed: Case) -> None:
    with pytest.raises(Refused):
        theirs.rate(case=closed, stars=stars)


def test_an_open_case_is_not_rated(case: Case) -> None:
    with pytest.raises(Refused):
        theirs.rate(case=case, stars=3)


def test_the_complainant_asks_for_a_review_by_themselves(closed: Case) -> None:
    with clock.at(MONDAY + timedelta(days=1)):
        assert theirs.may_ask_review(closed)
        asked = theirs.ask_review(case=closed, reason="修理后仍不凉")
    assert asked.state == "review"
    assert asked.reviews.get().asked_by is None
    assert Event.objects.get(kind="case.ask_review").data["by_complainant"] is True


def test_a_review_has_a_reason_a_time_and_comes_once(closed: Case, house: House) -> None:
    with pytest.raises(Refused) as refused:
        theirs.ask_review(case=closed, reason="  ")
    assert refused.value.field == "reason"
    with clock.at(MONDAY + timedelta(days=60)):
        assert not theirs.may_ask_review(closed)
        with pytest.raises(Refused):
            theirs.ask_review(case=closed, reason="太晚了")
    with clock.at(MONDAY + timedelta(days=1)):
        theirs.ask_review(case=closed, reason="修理后仍不凉")
        director = personas.staff("director", "陈总", Role.QUALITY_DIRECTOR, house.tree.group)
        confirmed = advance(case=closed, name="confirm", actor=director, facts=facts_for("confirm", house))
        assert not theirs.may_ask_review(confirmed)
