"""The only writers of supervision samples: draw one, prove it, finish it, take it up again, withdraw it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from manyi.cases.choices import KINDS
from manyi.cases.errors import NotNow
from manyi.cases.models import Assessment, Case, Checklist, SupervisionSample
from manyi.cases.queries import below
from manyi.cases.supervision import rules
from manyi.cases.supervision.rules import Frame
from manyi.cases.supervision.workflow import SAMPLE, SampleFile
from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.measures.sampling import frame_hash
from manyi.measures.selection import Selected
from manyi.organisation import access, clock, events, numbers
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit

SUPERVISION_DRAWN = events.kind("supervision.drawn", "抽取督查样本", "Supervision sample drawn")
SUPERVISION_PROVED = events.kind(
    "supervision.proved", "复核督查抽样", "Supervision sample drawn again as proof"
)
STEP_KINDS = {
    step.name: events.kind(
        f"supervision.{step.name}", f"督查抽查:{step.label.zh}", f"Supervision: {step.label.en}"
    )
    for step in SAMPLE.transitions
}
_Problems = list[tuple[str, Label]]


@dataclass(frozen=True, slots=True)
class Population:
    """Which cases may be drawn: closed from one day to another in a unit and all below it, of a kind or all.

    They had a handler, and were handled here: imported ones were not.
    """

    unit: Unit
    since: date
    until: date
    kind: str = ""

    def frame(self) -> Frame:
        """The cases in order of id, each with its handler and unit of today."""
        zone = ZoneInfo(calendar_for(self.unit).zone)
        ends = [datetime.combine(day, time(), zone) for day in (self.since, self.until + timedelta(days=1))]
        rows = Case.objects.filter(
            unit__in=below(self.unit), state="closed", owner__isnull=False,
            closed_at__gte=ends[0], closed_at__lt=ends[1],
        ).exclude(channel="import")  # fmt: skip
        rows = rows.filter(kind=self.kind) if self.kind else rows
        found = list(rows.order_by("pk").values_list("pk", "owner_id", "unit_id"))
        return Frame([row[0] for row in found], [row[1] or 0 for row in found], [row[2] for row in found])

    def problems(self) -> _Problems:
        """What makes no sense of it."""
        found: _Problems = []
        if self.kind and self.kind not in dict(KINDS):
            found.append(("kind", Label("请从列表中选择。", "Please choose from the list.")))
        if self.until < self.since:
            found.append(("until", Label("结束日期早于开始日期。", "The last day lies before the first.")))
        return found


def draw_sample(
    *,
    actor: Person | None,
    population: Population,
    method: str,
    size: int,
    checklist: Checklist,
    seed: str = "",
) -> SupervisionSample:
    """Draw closed cases to be assessed by a checklist. Without a seed one is made, kept and shown.

    Raises Invalid with the fields for a population that is empty, or too small for the size.
    """
    access.require(actor, "cases.sample", population.unit)
    frame = population.frame()
    problems = [*population.problems(), *size_problems(frame, method, size)]
    if not checklist.active:
        problems.append(("checklist", Label("这份标准已停用。", "This checklist is out of use.")))
    if problems:
        raise Invalid(problems)
    seed = seed.strip()[:60] or secrets.token_hex(8)
    drawn = rules.draw(frame, method, size, seed)
    with transaction.atomic():
        sample = _made(population, frame, method, seed, drawn)
        sample.checklist, sample.drawn_by = checklist, actor
        sample.save()
        Assessment.objects.bulk_create(_assessments(sample, frame, drawn))
        _note(SUPERVISION_DRAWN, actor, sample, _rule(sample))
    return sample


def _made(
    population: Population, frame: Frame, method: str, seed: str, drawn: Sequence[Selected[int]]
) -> SupervisionSample:
    """The sample with its rule, seed and frame, not saved yet."""
    now = clock.now()
    year = calendar_for(population.unit).local_date(now).year
    return SupervisionSample(
        number=f"S{year}-{numbers.following(f'supervision:{year}'):04d}",
        unit=population.unit,
        kind=population.kind,
        since=population.since,
        until=population.until,
        method=method,
        size=len(drawn),
        seed=seed,
        population=len(frame.cases),
        frame=frame.packed(),
        frame_hash=frame_hash(frame.cases),
        sample_hash=frame_hash(one.id for one in drawn),
        drawn_at=now,
    )


def _assessments(sample: SupervisionSample, frame: Frame, drawn: Sequence[Selected[int]]) -> list[Assessment]:
    beside = dict(zip(frame.cases, zip(frame.handlers, frame.units, strict=True), strict=True))
    return [
        Assessment(
            sample=sample,
            case_id=one.id,
            handler_id=beside[one.id][0],
            unit_id=beside[one.id][1],
            weight=float(one.weight),
        )
        for one in drawn
    ]


def size_problems(frame: Frame, method: str, size: int) -> _Problems:
    """What is wrong with a method and a size for this population."""
    if method not in dict(rules.METHODS):
        return [("method", Label("请选择抽取方法。", "Choose a method."))]
    least, most = rules.least_size(frame, method), min(len(frame.cases), rules.MOST_CASES)
    if not frame.cases:
        words = "这段时间没有办结的诉求,请放宽条件。", "No closed case fits; widen the period or the unit."
        return [("since", Label(*words))]
    if not least <= size <= most:
        words = f"数量请填写 {least} 到 {most}。", f"Please give a number from {least} to {most}."
        return [("size", Label(*words))]
    return []


def _rule(sample: SupervisionSample) -> dict[str, Any]:
    return {
        "kind": sample.kind, "since": sample.since.isoformat(), "until": sample.until.isoformat(),
        "method": sample.method, "size": sample.size, "population": sample.population, "seed": sample.seed,
        "frame_hash": sample.frame_hash, "sample_hash": sample.sample_hash,
        "checklist": f"{sample.checklist.code} v{sample.checklist.number}",
    }  # fmt: skip


def prove(*, actor: Person, sample: SupervisionSample) -> bool:
    """Draw once more from the kept frame with the kept seed, and note whether it gave the same cases."""
    access.require(actor, "cases.assess", sample)
    frame = Frame.unpacked(bytes(sample.frame))
    drawn = rules.draw(frame, sample.method, sample.size, sample.seed)
    held = sorted(sample.assessments.values_list("case_id", flat=True))
    same = (
        frame_hash(frame.cases) == sample.frame_hash
        and frame_hash(one.id for one in drawn) == sample.sample_hash
        and sorted(one.id for one in drawn) == held
    )
    with transaction.atomic():
        _note(SUPERVISION_PROVED, actor, sample, {"same": same})
    return same


def advance_sample(
    *, actor: Person, sample: SupervisionSample, name: str, facts: Mapping[str, Any] | None = None
) -> SupervisionSample:
    """Take one step of ``workflow.SAMPLE``. Raises NotNow with the reason when it is not possible."""
    given = dict(facts or {})
    with transaction.atomic():
        row = SupervisionSample.objects.select_for_update().select_related("unit").get(pk=sample.pk)
        held = access.verbs(actor, row.unit)
        try:
            step = SAMPLE.check(file_of(row), row.state, name, verbs=held, actor=actor.pk, facts=given)
        except WorkflowError as error:
            raise NotNow(error.message) from error
        before = row.state
        for effect in step.effects:
            EFFECTS[effect](row)
        row.state, row.reason = step.target, str(given.get("reason") or "")
        row.save()
        events.append(
            STEP_KINDS[name],
            actor=actor,
            subject=row,
            unit=row.unit,
            before={"state": before},
            after={"state": row.state},
            why=row.reason,
        )
    return row


def file_of(sample: SupervisionSample) -> SampleFile:
    """The plain facts of a sample that its guards look at."""
    states = list(sample.assessments.values_list("state", flat=True))
    waiting = states.count("waiting")
    return SampleFile(waiting, len(states) - waiting, states.count("objected"))


def _end(row: SupervisionSample) -> None:
    row.ended_at = clock.now()


def _reopen(row: SupervisionSample) -> None:
    row.ended_at = None


EFFECTS: dict[str, Callable[[SupervisionSample], None]] = {"end": _end, "reopen": _reopen}


def _note(
    what: events.EventKind, actor: Person | None, sample: SupervisionSample, data: dict[str, Any]
) -> None:
    events.append(what, actor=actor, subject=sample, unit=sample.unit, data=data)


def chosen_checklist(pk: int) -> Checklist:
    """The checklist that a form names, if new samples may use it; raises Refused for another."""
    row = Checklist.objects.filter(pk=pk, active=True).first()
    if row is None:
        raise Refused(Label("请选择评查标准。", "Choose a checklist."), field="checklist")
    return row
