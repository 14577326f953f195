"""Calling back: from when, how many attempts, the agreed time; and one act on several cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from manyi.cases import batch, queries
from manyi.cases.actions import advance
from manyi.cases.calling import Try, missing_words, next_call
from manyi.cases.errors import NotNow
from manyi.cases.guards import Call, call_back_settles
from manyi.cases.models import Category
from manyi.cases.tasks import hand_over_answered
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import Refused
from manyi.organisation.models import Event
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House

DAY, OTHER = date(2026, 3, 2), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("tries", "words"),
    [
        ([], "再有 3 次未接通才可直接办结。"),
        ([(DAY, "no_answer")], "再有 2 次未接通(至少 1 次在另一天)才可直接办结。"),
        ([(DAY, "no_answer")] * 3, "再有 1 次未接通(至少 1 次在另一天)才可直接办结。"),
        ([(DAY, "no_answer"), (OTHER, "refused"), (OTHER, "later")], "再有 1 次未接通才可直接办结。"),
    ],
)
def test_what_is_missing_before_failed_attempts_close_a_case(
    tries: list[tuple[date, str]], words: str
) -> None:
    missing = missing_words(tries)
    assert missing is not None
    assert missing.zh == words
    assert not call_back_settles(tuple(Call(day, outcome) for day, outcome in tries))


def test_nothing_is_missing_after_three_attempts_on_two_days() -> None:
    tries = [(DAY, "no_answer"), (DAY, "wrong_number"), (OTHER, "no_answer")]
    assert missing_words(tries) is None
    assert call_back_settles(tuple(Call(day, outcome) for day, outcome in tries))


def test_who_asked_to_be_called_later_is_no_failed_attempt() -> None:
    later = [Call(day, "later") for day in (DAY, DAY, OTHER)]
    assert not call_back_settles(tuple(later))


def test_the_next_call_is_as_agreed_or_on_the_next_working_day(house: House) -> None:
    calendar = calendar_for(house.tree.east_service)
    friday, agreed = at("2026-03-06T16:00"), at("2026-03-07T10:00")
    assert next_call([], friday, calendar) == friday
    assert next_call([Try(friday, "no_answer")], friday, calendar) == at("2026-03-09T00:00")
    assert next_call([Try(friday, "later", agreed)], friday, calendar) == agreed
    before_new_year = at("2026-02-13T16:00")  # Saturday the 14th is worked
    assert next_call([Try(before_new_year, "no_answer")], friday, calendar) == at("2026-02-14T00:00")


def test_an_agreed_time_is_kept_and_must_lie_ahead(
    house: House, monday: datetime, new_case: Register
) -> None:
    case = walk(new_case(), house, "hand_over")
    later = {"outcome": "later", "again_at": monday + timedelta(hours=4)}
    with pytest.raises(NotNow):
        advance(case=case, name="call", actor=house.sun, facts={"outcome": "later"})
    with pytest.raises(Refused) as wrong:
        advance(case=case, name="call", actor=house.sun, facts=later | {"again_at": monday})
    assert wrong.value.field == "again_at"
    advance(case=case, name="call", actor=house.sun, facts=later)
    assert case.call_backs.get().again_at == monday + timedelta(hours=4)


def test_an_answered_case_is_called_from_the_next_working_day(
    house: House, monday: datetime, new_case: Register
) -> None:
    case = walk(new_case(), house, "answer")
    assert not queries.to_call(house.sun).exists()
    with clock.at(at("2026-03-02T23:00")):
        assert hand_over_answered() == 0
    with clock.at(at("2026-03-03T00:05")):
        assert hand_over_answered() == 1
        assert list(queries.to_call(house.sun)) == [case]


def test_a_preview_tells_the_truth_and_leaves_nothing(
    house: House, monday: datetime, new_case: Register
) -> None:
    quality = Category.objects.get(code="service.quality")
    ready = advance(case=new_case(category=quality), name="acknowledge", actor=house.zhou)
    bare = advance(case=new_case(), name="acknowledge", actor=house.zhou)
    fresh_one = new_case(category=quality)
    cases, events = [ready, bare, fresh_one], Event.objects.count()
    act = batch.act_of("assign", house.zhou, {"owner": str(house.wang.pk)})
    looked = batch.preview(cases, act)
    assert [row.why is None for row in looked] == [True, False, False]
    ready.refresh_from_db()
    assert (ready.state, ready.owner, Event.objects.count()) == ("acknowledged", None, events)
    done = batch.run(cases, act)
    assert [row.why for row in done] == [row.why for row in looked]
    ready.refresh_from_db()
    assert (ready.state, ready.owner) == ("assigned", house.wang)


def test_each_act_of_a_batch(house: House, monday: datetime, new_case: Register) -> None:
    case = new_case(category=Category.objects.get(code="service.quality"))

    def do(name: str, **given: str) -> batch.Verdict:
        return batch.run([case], batch.act_of(name, fresh("zhou"), given))[0]

    assert do("acknowledge").why is None
    by_rule = do("assign", owner=batch.BY_RULE).why
    assert by_rule is not None
    assert by_rule.zh == "没有适用的派单规则。"
    advance(case=case, name="assign", actor=house.zhou, facts=facts_for("assign", house))
    assert do("reassign", owner=str(fresh("second").pk)).why is not None
    assert do("reassign", owner=str(fresh("second").pk), reason="休假").why is None
    assert do("raise", level="1", reason="media").why is None
    assert do("raise", level="9", reason="media").why is not None
    assert do("message", body=" ").why is not None
    assert do("message", body="请耐心等待", direction="out").why is None
    case.refresh_from_db()
    assert (case.owner, case.escalation) == (fresh("second"), 1)
    with pytest.raises(Refused):
        batch.act_of("nonsense", house.zhou, {})
