"""When a customer is called back next, and what is missing before a case may close without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from manyi.cases.guards import FAILED_CALLS, FAILED_DAYS, NOT_FAILED
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: when, with what outcome, and the time that was agreed for the next."""

    at: datetime
    outcome: str
    again_at: datetime | None = None


def next_morning(calendar: WorkCalendar, moment: datetime) -> datetime:
    """Midnight of the first working day after a moment."""
    day = calendar.local_date(moment) + timedelta(days=1)
    while not calendar.is_working(day) and not calendar.is_exhausted(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(calendar.zone))


def next_call(tries: Sequence[Try], since: datetime, calendar: WorkCalendar) -> datetime:
    """From when to call: as agreed, else on the working day after an attempt that failed, else ``since``."""
    if not tries:
        return since
    last = tries[-1]
    if last.again_at is not None:
        return last.again_at
    return last.at if last.outcome == "reached" else next_morning(calendar, last.at)


def missing_words(tries: Iterable[tuple[date, str]]) -> Label | None:
    """What is missing before failed attempts (day and outcome) let a case close; None when nothing is."""
    days = [day for day, outcome in tries if outcome not in NOT_FAILED]
    count, other_day = max(0, FAILED_CALLS - len(days)), len(set(days)) < FAILED_DAYS
    if not count and not other_day:
        return None
    count = max(count, 1)
    zh, en = f"再有 {count} 次未接通", f"{count} more failed {'attempt' if count == 1 else 'attempts'}"
    if days and other_day:
        zh, en = f"{zh}(至少 1 次在另一天)", f"{en}, at least one on another day,"
    return Label(f"{zh}才可直接办结。", f"{en} would let it close.")
