"""Which clocks of a case run, when they are due, and what a tracking code looks like."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from manyi.cases.guards import ANSWERED_DIRECTLY, WITHOUT_CALL_BACK
from manyi.cases.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.measures.worktime import UNITS, Due, NoWorkingTime, Pause, Target, WorkCalendar, due, used

#: In the order in which they start; the earliest deadline is the one that lists show.
CLOCKS = ("acknowledge", "respond", "propose", "resolve", "call_back", "review")
#: Clocks that only the first cycle has: a reopened case was accepted and contacted long ago.
FIRST_CYCLE_ONLY = frozenset({"acknowledge", "respond"})
#: Pauses hold only these clocks; waiting begins only after the first contact.
PAUSED = frozenset({"propose", "resolve"})
RUNS_IN: dict[str, frozenset[str]] = {
    "acknowledge": frozenset({"registered"}),
    "respond": frozenset({"registered", "acknowledged", "assigned"}),
    # Until a solution is first proposed; one that is sent back for better ideas was still proposed in time.
    "propose": frozenset({"registered", "acknowledged", "assigned", "investigating", "waiting"}),
    "resolve": frozenset(
        {
            "registered", "acknowledged", "assigned", "investigating", "waiting",
            "proposed", "approved", "executing", "executed",
        }
    ),
    "call_back": frozenset({"answered", "call_back"}),
    "review": frozenset({"review"}),
}  # fmt: skip

#: Without the letters and digits that are mistaken for each other on paper and on the telephone.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks of a case hang on: its state, kind, cycle and moments (aware)."""

    state: str
    kind: str
    cycle: int
    received_at: datetime
    cycle_from: datetime
    answered_at: datetime | None
    stopped: frozenset[str]  # clocks of this cycle that have a result
    pauses: tuple[Pause, ...] = ()
    extra: int = 0  # granted for the answer in this cycle, in the unit of its target
    review_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock as it stands: ``used`` of ``target``, due when; ``due.at`` is None while it stands still."""

    name: str
    started_at: datetime
    target: Target
    due: Due
    used: float

    @property
    def late(self) -> bool:
        """Whether more was used than there was."""
        return self.used > self.target.amount


def running(times: Times) -> list[str]:
    """The clocks that run now, in the order in which they start."""
    found = []
    for name in CLOCKS:
        if times.state not in RUNS_IN[name] or name in times.stopped:
            continue
        if times.cycle and name in FIRST_CYCLE_ONLY:
            continue
        if name == "call_back" and times.kind in WITHOUT_CALL_BACK:
            continue
        if name != "acknowledge" and times.kind == "praise":
            continue
        found.append(name)
    return found


def after(times: Times, state: str) -> Times:
    """The same case in another state."""
    return replace(times, state=state)


def started_at(name: str, times: Times) -> datetime:
    """When a clock of this cycle began: at receipt, at the reopening, or for the call-back at the answer."""
    if name == "call_back":
        return times.answered_at or times.cycle_from
    if name == "review":
        return times.review_from or times.cycle_from
    return times.cycle_from if times.cycle else times.received_at


def pauses_of(name: str, times: Times) -> Sequence[Pause]:
    """The pauses that hold a clock."""
    return times.pauses if name in PAUSED else ()


def deadline(name: str, times: Times, target: Target, calendar: WorkCalendar) -> Due:
    """When one clock is due."""
    try:
        return due(calendar, started_at(name, times), target, pauses_of(name, times))
    except NoWorkingTime:  # a calendar without hours stops no work: there is no deadline until it has some
        return Due(None, provisional=True)


def read(name: str, times: Times, target: Target, calendar: WorkCalendar, now: datetime) -> Reading:
    """One clock at a moment."""
    start, pauses = started_at(name, times), pauses_of(name, times)
    spent = used(calendar, start, now, target.unit, pauses)
    return Reading(name, start, target, deadline(name, times, target, calendar), spent)


def next_due(readings: Collection[Reading]) -> Reading | None:
    """The running clock that is due first; None when none has a deadline now."""
    dated = [reading for reading in readings if reading.due.at is not None]
    return min(dated, key=lambda reading: reading.due.at or reading.started_at, default=None)


def target_of(targets: Mapping[str, Mapping[str, object]], name: str) -> Target | None:
    """A policy's target for one clock; None when the policy has none."""
    found = targets.get(name)
    if not found:
        return None
    unit = str(found["unit"])
    return Target(int(str(found["amount"])), unit)  # type: ignore[arg-type]  # Target checks the unit


def extended(name: str, target: Target, times: Times) -> Target:
    """A target with what was granted on top; only the answer is ever extended."""
    if name != "resolve" or not times.extra:
        return target
    return replace(target, amount=target.amount + times.extra)


#: Risk by severity, one step up when it is urgent; danger to people is always grave.
_RISKS = ("low", "medium", "high", "grave")
_BASE = {"low": 0, "normal": 1, "high": 2, "grave": 3}


def risk_of(severity: str, urgency: str, *, safety: bool) -> str:
    """The level of risk of a case: severity × urgency, and ``grave`` where somebody may be hurt."""
    if safety:
        return "grave"
    return _RISKS[min(_BASE[severity] + (urgency == "urgent"), 3)]


def target_problems(targets: Mapping[str, Mapping[str, object]]) -> list[tuple[str, Label]]:
    """What is wrong with a policy's targets, each with its clock."""
    problems = []
    for name, target in targets.items():
        amount, unit = str(target.get("amount", "")), target.get("unit")
        if (
            name not in CLOCKS
            or unit not in UNITS
            or not amount.isdecimal()
            or not 1 <= int(amount) <= 10_000
        ):
            words = Label("期限请填写 1 到 10000 的整数并选择单位。", "Give 1 to 10000 and a unit.")
            problems.append((name, words))
    return problems


def tracking_code(source: random.Random) -> str:
    """Eight unambiguous characters, 32^8 of them."""
    return "".join(source.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def tidy_code(text: str) -> str:
    """A tracking code as a person typed it, without spaces and hyphens, in capitals."""
    return "".join(char for char in text.upper() if char in CODE_ALPHABET)


def likely_step(state: str, kind: str, *, settled: bool) -> str:
    """The step that usually comes next, drawn as the filled button."""
    if state == "acknowledged" and kind == "praise":
        return "thank"
    if state == "investigating" and kind in ANSWERED_DIRECTLY:
        return "answer_directly" if kind in WITHOUT_CALL_BACK else "propose"
    if state == "answered" and kind in WITHOUT_CALL_BACK:
        return "close_short"
    if state == "call_back":
        return "close" if settled else "call"
    if state == "closed":
        return ""
    usual = {"registered": "acknowledge", "acknowledged": "assign", "investigating": "propose"}
    first = next((step.name for step in MACHINE.leaving(state) if not step.dangerous), "")
    return usual.get(state, first)
