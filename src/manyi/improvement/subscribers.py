"""What becomes a finding by itself: a missed target of a closed round, and complaints that repeat."""

from __future__ import annotations

from decimal import Decimal

from manyi.analytics.queries import targets_missed
from manyi.cases.actions import CASE_REGISTERED
from manyi.cases.describing import CASE_DESCRIBED
from manyi.cases.models import Case, Category
from manyi.cases.queries import repeated
from manyi.cases.step_actions import STEP_KINDS
from manyi.cases.tallies import as_counted
from manyi.improvement import rules
from manyi.improvement.actions import detect, link_case
from manyi.improvement.models import Finding
from manyi.organisation import clock, events
from manyi.organisation.models import Event, Unit
from manyi.surveys.models import Round
from manyi.surveys.round_actions import ROUND_CLOSED


@events.subscribe("improvement.targets", ROUND_CLOSED)
def detect_missed_targets(event: Event) -> None:
    """Each item of a closed round below its target becomes a finding."""
    round = Round.objects.select_related("unit", "programme").get(pk=event.data["round"])
    for missed in targets_missed(round):
        detect(
            actor=None,
            unit=round.unit,
            source="item_below_target",
            title=f"{round.title}:{missed.title.zh}未达标",
            title_en=f"{round.title_en or round.title}: {missed.title.en} below target",
            metric=rules.metric_of(missed.item),
            round=round,
            value=missed.figure.to_json(),
            target=Decimal(missed.target.numerator) / Decimal(missed.target.denominator),
            key=rules.target_key(round.pk, missed.item),
        )


@events.subscribe("improvement.repeats", CASE_REGISTERED, CASE_DESCRIBED, STEP_KINDS["assign"])
def detect_repeats(event: Event) -> None:
    """Three complaints of one category at one unit within 90 days become a finding; later ones join it."""
    case = Case.objects.select_related("unit", "category").filter(pk=event.subject_id).first()
    if case is None or case.category is None or case.kind != "complaint":
        return
    category = case.category.present
    earlier = Finding.objects.filter(as_counted(category), source="repeated_cases", unit=case.unit)
    standing = earlier.filter(closed_at=None).first()
    if standing is not None:
        link_case(actor=None, finding=standing, case=case)
        return
    _detect_repeat(category, case.unit, earlier.count(), earlier.order_by("-closed_at").first())


def _detect_repeat(category: Category, unit: Unit, count: int, last: Finding | None) -> None:
    since = rules.window_start(clock.now(), last.closed_at if last else None)
    cases = list(repeated(category, unit, since))
    if len(cases) < rules.REPEATS:
        return
    named = category.name_en or category.name
    detect(
        actor=None,
        unit=unit,
        source="repeated_cases",
        title=f"{unit.name}:90 天内 {len(cases)} 件“{category.name}”投诉",
        title_en=f"{unit.name_en or unit.name}: {len(cases)} complaints about “{named}” in 90 days",
        category=category,
        cases=cases,
        key=rules.repeat_key(category.code, unit.pk, count),
    )
