"""Where other registers went wrong with clocks (reference table 3.1); each test has the name of the report.

Rows that cannot occur here stand in ``docs/cases-peers.md`` with the reason.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from manyi.cases import escalations
from manyi.cases.actions import add_message, advance, describe
from manyi.cases.clocks import readings
from manyi.cases.models import Case, Escalation
from manyi.cases.policy_actions import CLOCKS_RECOMPUTED, recompute_clocks, save_policy
from manyi.cases.presets import PRESETS
from manyi.cases.rules import target_problems
from manyi.cases.warnings import Rule
from manyi.measures.workcalendar import Shift, WorkCalendar
from manyi.measures.worktime import Pause, Target, add_working_days, ahead_of, due, used
from manyi.organisation import clock, events
from manyi.organisation.calendar_actions import create_calendar, load_china_year, set_day, take_year
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import Refused
from manyi.organisation.models import CalendarYear, Event
from manyi.organisation.models import WorkCalendar as StoredCalendar
from manyi.organisation.roles import Role
from manyi.organisation.year_files import from_ical
from tests import personas
from tests.cases.house import Register, at, facts_for, fresh, walk
from tests.personas import House

SAINT_MARTIN = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261111
SUMMARY:Saint
  Martin
END:VEVENT
BEGIN:VEVENT
DTSTART:20260303T090000Z
SUMMARY:Meeting
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260309
DTEND;VALUE=DATE:20260311
SUMMARY:停电(休)
END:VEVENT
END:VCALENDAR
"""
OFFICE = (Shift(540, 720), Shift(780, 1080))
ZONE = "Asia/Shanghai"
PLAIN = WorkCalendar(ZONE, (OFFICE,) * 5 + ((), ()), {}, {2026: "official"})


def resolve(case: Case) -> datetime | None:
    case = Case.objects.select_related("unit", "policy").get(pk=case.pk)
    return next((reading.due.at for reading in readings(case) if reading.name == "resolve"), None)


def admin(house: House) -> str:
    return personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group).username


def step(case: Case, house: House, who: str, name: str, **changes: object) -> Case:
    return advance(case=case, name=name, actor=fresh(who), facts=facts_for(name, house, **changes))


def test_zammad_390_observances_of_a_calendar_file_are_days_off_only_when_a_person_says_so(
    new_case: Register, house: House, monday: datetime
) -> None:
    days = from_ical(SAINT_MARTIN)
    assert [(day.date, day.words, day.working) for day in days] == [
        (date(2026, 11, 11), "Saint Martin", None),
        (date(2026, 3, 9), "停电(休)", False),
        (date(2026, 3, 10), "停电(休)", False),
    ]
    case, stored = new_case(), StoredCalendar.objects.get(unit=house.tree.group)
    chosen = [(day.date, False, day.words) for day in days if day.working is False]
    take_year(
        actor=fresh(admin(house)), calendar=stored, year=2026, days=chosen, source="公司通知", official=True
    )
    events.dispatch_pending()
    assert calendar_for(house.tree.group).is_working(date(2026, 11, 11))
    assert resolve(case) == at("2026-03-18T18:00")


def test_zammad_534_changing_the_calendar_recomputes_open_cases(
    new_case: Register, house: House, monday: datetime
) -> None:
    case, closed = new_case(), walk(new_case(), house, "close")
    results = {row.pk: (row.due_at, row.used, row.met) for row in closed.clock_results.all()}
    assert resolve(case) == at("2026-03-16T18:00")
    stored = StoredCalendar.objects.get(unit=house.tree.group)
    set_day(actor=fresh(admin(house)), calendar=stored, date=date(2026, 3, 4), working=False, reason="停电")
    events.dispatch_pending()
    moved = Event.objects.filter(kind=CLOCKS_RECOMPUTED.id).order_by("-seq")[0].data
    assert resolve(case) == at("2026-03-17T18:00")
    assert (moved["cases"], moved["moved"]) == (1, 0), "the acceptance is due first and did not move"
    assert {row.pk: (row.due_at, row.used, row.met) for row in closed.clock_results.all()} == results


def test_zammad_4353_switching_a_deadline_off_clears_what_was_escalated(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "start")
    with clock.at(at("2026-03-17T09:01")):
        escalations.watch()
        case.refresh_from_db()
        assert case.escalation == 1
        save_policy(
            actor=None, code="standard", name="标准时限", unit=house.tree.group,
            targets={"acknowledge": {"amount": 1, "unit": "working_days"}}, apply_to_open=True,
        )  # fmt: skip
        escalations.watch()
    case.refresh_from_db()
    assert (case.due_at, case.due_clock, case.escalation) == (None, "", 0)
    assert not Escalation.objects.filter(ended_at=None).exists()


def test_a_ready_set_of_deadlines_is_sound_and_names_its_source() -> None:
    for ready in PRESETS:
        assert not target_problems(ready.targets)
        assert ready.source
        assert ready.label.zh != ready.label.en


def test_zammad_3180_a_day_round_shift_loses_no_minute_at_midnight() -> None:
    round_the_clock = WorkCalendar(ZONE, ((Shift(0, 1440),),) * 7, {}, {2026: "official"})
    start = at("2026-03-02T00:00")
    assert used(round_the_clock, start, start + timedelta(days=3), "minutes") == 3 * 1440


def test_zammad_3140_the_first_contact_stops_with_our_answer_whoever_wrote_last(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "assign")
    add_message(actor=fresh("wang"), case=case, direction="out", body="今天下午与您联系。")
    add_message(actor=None, case=case, direction="in", body="好的")
    names = [reading.name for reading in readings(Case.objects.get(pk=case.pk))]
    assert "respond" not in names
    assert case.clock_results.get(name="respond").met


def test_zammad_2579_the_time_to_the_answer_is_kept_on_closing(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "finish")
    with clock.at(at("2026-03-05T11:00")):
        case = step(case, house, "wang", "answer")
    result = case.clock_results.get(name="resolve")
    assert (float(result.used), result.amount, result.met) == (3.0, 10, True)


def test_zammad_2082_the_deadline_is_right_after_the_first_reply(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "assign")
    assert case.due_clock == "respond"
    add_message(actor=fresh("wang"), case=case, direction="out", body="您好")
    case.refresh_from_db()
    assert (case.due_clock, case.due_at) == ("resolve", at("2026-03-16T18:00"))


def test_zammad_904_a_merged_case_leaves_the_escalation_list(
    new_case: Register, house: House, monday: datetime
) -> None:
    case, main = walk(new_case(), house, "assign"), new_case()
    with clock.at(at("2026-03-04T09:01")):
        escalations.watch()
        case.refresh_from_db()
        assert case.escalation == 1
        case = advance(case=case, name="merge", actor=fresh("zhou"), facts={"into": main.number})
        assert (case.escalation, case.due_at) == (0, None)
        before = case.warnings.count()
        escalations.watch()
        assert case.warnings.count() == before


@pytest.mark.parametrize(
    "moment", ["2026-03-17T00:00", "2026-03-17T12:30", "2026-03-21T10:00", "2026-04-06T10:00"]
)
def test_zammad_4432_no_notice_at_midnight_at_noon_on_weekends_and_holidays(
    new_case: Register, house: House, monday: datetime, moment: str
) -> None:
    walk(new_case(), house, "start")
    with clock.at(at(moment)):
        assert escalations.watch() == 0


def test_zammad_1395_1396_a_calendar_without_hours_is_refused_or_does_not_block(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "acknowledge")
    with pytest.raises(Refused):
        create_calendar(actor=None, unit=house.tree.east, name="空", weekly=[[], [], [], [], [], [], []])
    StoredCalendar.objects.filter(unit=house.tree.group).update(weekly=[[], [], [], [], [], [], []])
    case = step(case, house, "zhou", "assign")
    assert case.state == "assigned", "work goes on"


def test_frappe_2449_waiting_moves_the_deadline_in_working_time_only() -> None:
    target = Target(600, "minutes")  # 20 hours of work a week less than two days
    start = at("2026-03-06T16:00")  # Friday
    pause = Pause(at("2026-03-06T17:00"), at("2026-03-09T10:00"))  # one hour of Friday, one of Monday
    assert due(PLAIN, start, target, [pause]).at == at("2026-03-10T11:00")


def test_frappe_2075_a_case_on_a_rest_day_counts_from_the_next_opening() -> None:
    assert due(PLAIN, at("2026-03-07T11:00"), Target(60, "minutes")).at == at("2026-03-09T10:00")


def test_frappe_1554_1675_while_it_waits_the_clock_stands(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "start")
    with clock.at(at("2026-03-03T08:00")):
        case = step(case, house, "wang", "pause", expected=date(2026, 3, 31))
        assert case.due_at is None
    with clock.at(at("2026-03-12T10:00")):
        first = readings(Case.objects.get(pk=case.pk))[0]
        assert (first.used, first.due.at) == (0.0, None)


def test_frappe_3639_a_new_policy_while_it_waits_keeps_the_pause(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "start")
    with clock.at(at("2026-03-03T08:00")):
        case = step(case, house, "wang", "pause", expected=date(2026, 3, 31))
    with clock.at(at("2026-03-05T08:00")):
        save_policy(
            actor=None, code="standard", name="新", unit=house.tree.group,
            targets={"resolve": {"amount": 5, "unit": "working_days"}}, apply_to_open=True,
        )  # fmt: skip
        case = step(Case.objects.get(pk=case.pk), house, "wang", "resume")
    assert case.due_at == at("2026-03-11T18:00"), "five working days without the two that it waited"


def test_erpnext_49414_52489_a_pause_in_the_night_adds_nothing_and_none_counts_twice() -> None:
    night = Pause(at("2026-03-02T18:00"), at("2026-03-03T09:00"))
    target = Target(900, "minutes")
    start = at("2026-03-02T09:00")
    assert due(PLAIN, start, target, [night]).at == due(PLAIN, start, target).at
    day = Pause(at("2026-03-03T09:00"), at("2026-03-03T11:00"))
    assert due(PLAIN, start, target, [day, day]).at == due(PLAIN, start, target, [day]).at


def test_erpnext_38745_another_zone_of_the_reader_changes_nothing(
    new_case: Register, house: House, monday: datetime
) -> None:
    from django.utils import timezone

    case = new_case()
    here = resolve(case)
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        assert resolve(case) == here
        assert not any(reading.late for reading in readings(Case.objects.get(pk=case.pk)))


def test_frappe_2212_chatwoot_14009_a_lunch_break_makes_two_shifts() -> None:
    assert due(PLAIN, at("2026-03-02T11:30"), Target(60, "minutes")).at == at("2026-03-02T13:30")


@pytest.mark.parametrize("days", [days for n in range(1, 8) for days in combinations(range(7), n)])
def test_osticket_6739_every_set_of_working_days_counts_right(days: tuple[int, ...]) -> None:
    week = tuple(OFFICE if day in days else () for day in range(7))
    calendar = WorkCalendar(ZONE, week, {}, {2026: "official"})
    start, expected, left = date(2026, 3, 2), date(2026, 3, 2), 10
    while left:
        expected += timedelta(days=1)
        left -= expected.weekday() in days
    assert add_working_days(calendar, start, 10) == expected
    moment = due(calendar, at("2026-03-02T10:00"), Target(10, "working_days")).at
    assert moment is not None
    assert moment.astimezone(ZoneInfo(ZONE)).date() == expected


def test_osticket_6847_lunch_is_a_gap_between_shifts_and_no_holiday() -> None:
    whole_days = WorkCalendar(ZONE, ((Shift(540, 1080),),) * 5 + ((), ()), {}, {2026: "official"})
    start, days = at("2026-03-02T09:00"), Target(2, "working_days")
    assert due(PLAIN, start, days).at == due(whole_days, start, days).at == at("2026-03-04T18:00")
    assert used(PLAIN, start, at("2026-03-02T18:00"), "minutes") == 480
    assert used(whole_days, start, at("2026-03-02T18:00"), "minutes") == 540


def test_glpi_6902_15605_raising_urgency_keeps_the_pause(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "start")
    with clock.at(at("2026-03-03T08:00")):
        case = step(case, house, "wang", "pause", expected=date(2026, 3, 31))
    with clock.at(at("2026-03-05T08:00")):
        case = describe(actor=fresh("zhou"), case=case, severity="grave", subject=case.subject)
        case = step(case, house, "wang", "resume")
    assert case.due_at == at("2026-03-18T18:00")


def test_glpi_687_created_outside_hours_the_time_is_not_nought() -> None:
    for moment in ("2026-03-02T03:00", "2026-03-02T23:00", "2026-03-07T10:00"):
        found = due(PLAIN, at(moment), Target(30, "minutes")).at
        assert found is not None
        assert found > at(moment)
        assert used(PLAIN, at(moment), found, "minutes") == 30


def test_glpi_22678_a_warning_walks_back_in_working_time() -> None:
    assert ahead_of(PLAIN, at("2026-03-09T09:30"), 60, "minutes") == at("2026-03-06T17:30")
    assert ahead_of(PLAIN, at("2026-03-09T18:00"), 1, "working_days") == at("2026-03-06T09:00")
    moment = Rule(-60, "minutes", "owner").moment(at("2026-03-02T09:00"), PLAIN)
    assert moment == at("2026-02-27T17:00")


def test_chatwoot_13392_late_is_judged_in_working_time(new_case: Register, house: House) -> None:
    with clock.at(at("2026-03-06T17:00")):
        case = new_case()
    with clock.at(at("2026-03-09T09:00")):  # 64 hours later, one working day
        assert not any(reading.late for reading in readings(Case.objects.get(pk=case.pk)))


def test_chatwoot_10178_thanks_after_the_end_starts_no_clock(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "close")
    add_message(actor=None, case=case, direction="in", body="谢谢,再见")
    case.refresh_from_db()
    assert (case.state, case.due_at, readings(case)) == ("closed", None, [])


def test_chatwoot_15024_a_recorded_miss_does_not_grow_and_reopening_resets_nothing(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "finish")
    with clock.at(at("2026-03-18T10:00")):
        case = step(case, house, "wang", "answer")
    frozen = case.clock_results.get(name="resolve")
    assert not frozen.met
    with clock.at(at("2026-03-25T10:00")):
        for name, who in (("hand_over", "sun"), ("call", "sun"), ("close", "sun")):
            case = step(case, house, who, name)
        case = step(case, house, "zhou", "reopen")
        assert case.due_at == at("2026-04-09T18:00"), "a clock of its own from the reopening"
        recompute_clocks(actor=None, unit=house.tree.group)
    again = case.clock_results.get(name="resolve", cycle=0)
    assert (again.used, again.due_at, again.met) == (frozen.used, frozen.due_at, False)


def test_osticket_3034_a_state_pauses_and_says_so(new_case: Register, house: House, monday: datetime) -> None:
    case = step(walk(new_case(), house, "start"), house, "wang", "pause")
    assert case.state == "waiting"
    assert case.due_at is None


def test_chinese_calendar_66_35_75_next_year_without_data_neither_crashes_nor_is_silent(
    new_case: Register, house: House
) -> None:
    with clock.at(at("2026-12-28T10:00")):
        case = new_case()
        assert case.provisional
        assert case.due_at is not None
        stored = StoredCalendar.objects.get(unit=house.tree.group)
        row = load_china_year(actor=None, calendar=stored, year=2030)
    assert row.status == "provisional"
    assert CalendarYear.objects.filter(calendar=stored, year=2030).exists()
    assert calendar_for(house.tree.group).years[2030] == "provisional"
