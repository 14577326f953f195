"""Pure rules of the telephone desk: when a person may be called next, and when it is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from manyi.distribution.dispositions import Disposition
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import DAY, Spans, WorkCalendar, micros, moment_at

#: Parts of a day by their first hour: who was not reached in one is tried in another.
PARTS = {
    "morning": (0, Label("上午", "Morning")),
    "afternoon": (12, Label("下午", "Afternoon")),
    "evening": (17, Label("晚上", "Evening")),
}
#: How far ahead the next permitted hour is looked for.
HORIZON = 60
_FAR = 3 * 14  # parts of a day in two weeks


@dataclass(frozen=True, slots=True)
class Plan:
    """How often and how soon people are called again."""

    most_tries: int = 5
    most_unanswered: int = 4
    pause: timedelta = timedelta(hours=4)
    short_pause: timedelta = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Hours:
    """When the desk may call: ``when`` is ``calendar`` (working hours), ``workdays`` or ``daily``.

    The latter two mean from hour ``first`` to hour ``last`` of the calendar's zone.
    """

    calendar: WorkCalendar
    when: str = "workdays"
    first: int = 9
    last: int = 20

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which hours and parts of a day are meant."""
        return ZoneInfo(self.calendar.zone)

    def opening(self, at: datetime) -> datetime | None:
        """The first permitted instant from ``at`` on; None when the calendar has none in two months."""
        day, now = self.calendar.local_date(at), micros(at)
        for _ in range(HORIZON):
            for start, end in self._spans(day):
                if now < end:
                    return at if now >= start else moment_at(start)
            day += DAY
        return None

    def _spans(self, day: date) -> Spans:
        if self.when == "calendar":
            return self.calendar.spans(day)
        if self.when == "workdays" and not self.calendar.is_working(day):
            return ()
        return ((self._at(day, self.first), self._at(day, self.last)),)

    def _at(self, day: date, hour: int) -> int:
        return micros(datetime.combine(day, time(), self.zone) + timedelta(hours=hour))


@dataclass(frozen=True, slots=True)
class Standing:
    """What happened to a person on the list so far, this call included."""

    tries: int
    unanswered: int
    parts: frozenset[str] = frozenset()
    best_part: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What follows from a call: ``done``, or the next call not before an instant, ``agreed`` or not."""

    done: bool
    not_before: datetime | None = None
    agreed: bool = False


def part_of(at: datetime, zone: tzinfo) -> str:
    """The part of the day at an instant."""
    hour = at.astimezone(zone).hour
    return max((part for part in PARTS if PARTS[part][0] <= hour), key=lambda part: PARTS[part][0])


def follow(
    result: Disposition,
    standing: Standing,
    plan: Plan,
    now: datetime,
    hours: Hours,
    agreed_at: datetime | None = None,
) -> Next:
    """What follows from the result of a call that ended ``now``.

    Never a call outside the hours, before its pause, or beyond the most tries; ``agreed_at`` counts for
    ``call_back`` only and must lie within the hours (see ``agreeable``).
    """
    exhausted = standing.tries >= plan.most_tries or standing.unanswered >= plan.most_unanswered
    if result.then == "final" or exhausted:
        return Next(done=True)
    if result.then == "call_back":
        return Next(done=agreed_at is None, not_before=agreed_at, agreed=agreed_at is not None)
    if result.then == "soon":
        found = hours.opening(now + plan.short_pause)
    else:
        found = _another_part(now + plan.pause, standing, hours)
    return Next(done=found is None, not_before=found)


def agreeable(at: datetime, now: datetime, hours: Hours) -> bool:
    """Whether a call can be agreed on for an instant: in the future, within the hours."""
    return at > now and hours.opening(at) == at


def reachable(part: str, now: datetime, hours: Hours) -> bool:
    """Whether the desk calls in a part of the day at all within the next two weeks."""
    first = hours.opening(now)
    return first is not None and _in_parts(first, {part}, hours) is not None


def _another_part(at: datetime, standing: Standing, hours: Hours) -> datetime | None:
    """The first permitted instant in the person's best part of the day, else in one not yet tried."""
    fresh = PARTS.keys() - standing.parts or set(PARTS)
    wanted = {standing.best_part} if standing.best_part in PARTS else fresh
    first = hours.opening(at)
    # The desk may never work in the wanted part; then the first permitted instant has to do.
    return (first and _in_parts(first, wanted, hours)) or first


def _in_parts(at: datetime, wanted: set[str], hours: Hours) -> datetime | None:
    """The first permitted instant, from a permitted one on, in one of the parts; None within two weeks."""
    probe: datetime | None = at
    for _ in range(_FAR):
        if probe is None or part_of(probe, hours.zone) in wanted:
            return probe
        probe = hours.opening(next_part(probe, hours.zone))
    return None


def next_part(at: datetime, zone: tzinfo) -> datetime:
    """The beginning of the part of the day after the one at an instant."""
    local = at.astimezone(zone)
    later = [hour for hour, _ in PARTS.values() if hour > local.hour]
    day = local.date() if later else local.date() + DAY
    return datetime.combine(day, time(min(later, default=0)), zone).astimezone(at.tzinfo)


def masked(number: str) -> str:
    """A telephone number of which only the ends are readable: 138****0000."""
    digits = number.strip()
    if len(digits) < 8:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"
