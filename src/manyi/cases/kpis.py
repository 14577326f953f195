"""The figures of the register, one definition each, as sums over plain rows; no Django.

A share carries its n and Wilson's interval. Nothing that was merged or rejected counts, because it was never
handled. The words for readers stand in ``kpi_words``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from manyi.measures.figure import Figure
from manyi.measures.intervals import wilson

REPEAT_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Stopped:
    """One clock that stopped: its name, when, and whether in time; ``days`` used when it counts in days."""

    name: str
    at: datetime
    met: bool
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One attempt to call back: the round of the case that it belongs to, and what came of it."""

    cycle: int
    at: datetime
    reached: bool
    resolved: bool | None = None
    satisfied: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What the figures ask of one case. ``party`` says who complained, "" when nobody knows."""

    received_at: datetime
    kind: str = "complaint"
    party: str = ""
    category: int | None = None
    open: bool = False
    due_at: datetime | None = None
    founded: str = ""
    cost: float | None = None
    improved: bool = False  # a finding came of it
    closings: tuple[datetime, ...] = ()
    reopenings: tuple[datetime, ...] = ()
    clocks: tuple[Stopped, ...] = ()
    calls: tuple[Asked, ...] = ()
    reviews: tuple[tuple[datetime, bool], ...] = ()  # decided when, upheld


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment up to, not including, another; ``now`` is when one looks."""

    since: datetime
    until: datetime
    now: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at < self.until


def share(name: str, answers: Iterable[bool | None]) -> Figure:
    """The share of yes; None counts in n, not in the valid n."""
    given = list(answers)
    valid = [answer for answer in given if answer is not None]
    hits, found = sum(valid), wilson(sum(valid), len(valid))
    return Figure(
        value=hits / len(valid) if valid else None,
        n=len(given),
        valid_n=len(valid),
        low=found.low if found else None,
        high=found.high if found else None,
        method="wilson",
        definition=f"cases.{name}",
        unit="share",
    )


def _in_time(name: str) -> Callable[[Sequence[Row], Period], Figure]:
    def figure(rows: Sequence[Row], period: Period) -> Figure:
        stops = (stop for row in rows if row.received_at in period for stop in row.clocks)
        return share(f"{name}_in_time", (stop.met for stop in stops if stop.name == name))

    return figure


def closed_in_time(rows: Sequence[Row], period: Period) -> Figure:
    """Closings in the period before which every binding clock was met; a case without clocks binds nobody."""

    def kept(row: Row, at: datetime) -> bool | None:
        stops = [stop.met for stop in row.clocks if stop.at <= at]
        return all(stops) if stops else None

    return share("closed_in_time", (kept(row, at) for row, at in _closings(rows, period)))


def overdue(rows: Sequence[Row], period: Period) -> Figure:
    """Of the cases open now, those whose deadline has passed."""
    return share("overdue", (row.due_at is not None and row.due_at < period.now for row in rows if row.open))


def reached(rows: Sequence[Row], period: Period) -> Figure:
    """Rounds of call-backs whose last attempt lies in the period, in which somebody answered."""
    return share("reached", (any(call.reached for call in calls) for calls in _rounds(rows, period)))


def resolved(rows: Sequence[Row], period: Period) -> Figure:
    """Of those reached: the matter is resolved, by what was said last."""
    return share("resolved", (call.resolved for call in _answers(rows, period)))


def satisfied(rows: Sequence[Row], period: Period) -> Figure:
    """Of those reached: satisfied, by what was said last."""
    return share("satisfied", (call.satisfied for call in _answers(rows, period)))


def reopened(rows: Sequence[Row], period: Period) -> Figure:
    """Of the closings in the period, those after which the case was opened again, until now."""

    def again(row: Row, at: datetime) -> bool:
        following = min((other for other in row.closings if other > at), default=period.now)
        return any(at <= moment <= following for moment in row.reopenings)

    return share("reopened", (again(row, at) for row, at in _closings(rows, period)))


def upheld(rows: Sequence[Row], period: Period) -> Figure:
    """Of the reviews decided in the period, those that found for the complainant."""
    return share("upheld", (yes for row in rows for at, yes in row.reviews if at in period))


def repeated(rows: Sequence[Row], period: Period) -> Figure:
    """Complaints received in the period after one of the same party and category in the 90 days before."""
    said: dict[tuple[str, int], list[datetime]] = {}
    answers: list[bool | None] = []
    for row in sorted(_complaints(rows), key=lambda row: row.received_at):
        known = row.party and row.category is not None
        before = said.setdefault((row.party, row.category or 0), []) if known else []
        if row.received_at in period:
            again = bool(before) and row.received_at - before[-1] <= REPEAT_WITHIN
            answers.append(again if known else None)
        before.append(row.received_at)
    return share("repeated", answers)


def founded(rows: Sequence[Row], period: Period) -> Figure:
    """Complaints closed in the period that were founded, in full or in part, of those that were judged."""
    judged = {"founded": True, "partly": True, "unfounded": False}
    return share("founded", (judged.get(row.founded) for row in _closed_complaints(rows, period)))


def closed_loop(rows: Sequence[Row], period: Period) -> Figure:
    """Of the complaints received in the period, those that are closed now or led to a finding."""
    received = (row for row in _complaints(rows) if row.received_at in period)
    return share("closed_loop", (row.improved or (bool(row.closings) and not row.open) for row in received))


def cost(rows: Sequence[Row], period: Period) -> Figure:
    """What approved solutions cost, on average over the complaints closed in the period, in yuan."""
    spent = [row.cost or 0.0 for row in _closed_complaints(rows, period)]
    return _plain("cost", sum(spent) / len(spent) if spent else None, len(spent), "yuan")


def median_days(rows: Sequence[Row], period: Period) -> Figure:
    """Working days that the answer took, of answers in the period: as many took less as took more."""
    return _days("median_days", rows, period, 50)


def ninth_days(rows: Sequence[Row], period: Period) -> Figure:
    """Working days within which nine answers of ten were given."""
    return _days("ninth_days", rows, period, 90)


KPIS: Mapping[str, Callable[[Sequence[Row], Period], Figure]] = {
    "acknowledge_in_time": _in_time("acknowledge"),
    "respond_in_time": _in_time("respond"),
    "closed_in_time": closed_in_time,
    "overdue": overdue,
    "median_days": median_days,
    "ninth_days": ninth_days,
    "reached": reached,
    "resolved": resolved,
    "satisfied": satisfied,
    "reopened": reopened,
    "upheld": upheld,
    "repeated": repeated,
    "founded": founded,
    "closed_loop": closed_loop,
    "cost": cost,
}


def _plain(name: str, value: float | None, n: int, unit: str) -> Figure:
    return Figure(value, n, n, None, None, "plain", f"cases.{name}", unit)


def _days(name: str, rows: Sequence[Row], period: Period, percent: int) -> Figure:
    stops = (stop for row in rows for stop in row.clocks if stop.name == "resolve" and stop.at in period)
    days = sorted(stop.days for stop in stops if stop.days is not None)
    if len(days) < 2:
        return _plain(name, days[0] if days else None, len(days), "working_days")
    return _plain(name, quantiles(days, n=100, method="inclusive")[percent - 1], len(days), "working_days")


def _complaints(rows: Iterable[Row]) -> Iterable[Row]:
    return (row for row in rows if row.kind == "complaint")


def _closings(rows: Iterable[Row], period: Period) -> Iterable[tuple[Row, datetime]]:
    return ((row, at) for row in rows for at in row.closings if at in period)


def _closed_complaints(rows: Iterable[Row], period: Period) -> Iterable[Row]:
    return (row for row in _complaints(rows) if any(at in period for at in row.closings))


def _rounds(rows: Iterable[Row], period: Period) -> Iterable[list[Asked]]:
    for row in rows:
        by_cycle: dict[int, list[Asked]] = {}
        for call in sorted(row.calls, key=lambda call: call.at):
            by_cycle.setdefault(call.cycle, []).append(call)
        yield from (calls for calls in by_cycle.values() if calls[-1].at in period)


def _answers(rows: Iterable[Row], period: Period) -> Iterable[Asked]:
    """What was said last in each round in which somebody answered."""
    for calls in _rounds(rows, period):
        answered = [call for call in calls if call.reached]
        if answered:
            yield answered[-1]
