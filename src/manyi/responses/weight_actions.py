"""Writing weights: make a set, choose the one in use, drop it and take it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.measures import weighting
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit
from manyi.responses import weight_rules
from manyi.responses.models import WeightSet
from manyi.responses.weight_queries import sheets_of, variables_of
from manyi.responses.weight_rules import Sheet, Steps
from manyi.surveys.models import Round, SampleMember

WEIGHTS_MADE = events.kind("weights.made", "生成权重", "Weights made")
WEIGHTS_CHOSEN = events.kind("weights.chosen", "选用权重", "Weights chosen")
WEIGHTS_DROPPED = events.kind("weights.dropped", "弃用权重", "Weights dropped")
WEIGHTS_RESTORED = events.kind("weights.restored", "恢复权重", "Weights taken back")


def make_weights(
    *,
    actor: Person | None,
    round: Round,
    title: str = "",
    design: bool = False,
    classes: str = "",
    rake: Mapping[str, Mapping[str, float]] | None = None,
    limits: tuple[float, float] | None = None,
    population: float | None = None,
) -> WeightSet:
    """Weights for the valid answers of a round; the set in use stays the one in use.

    ``rake``: shares of 1 by variable (unit, segment, product or a coded question) and category. Raises
    Invalid for wrong input and Refused, with the category, for what no weights can reach.
    """
    access.require(actor, "surveys.field", round)
    shares = {variable: dict(given) for variable, given in (rake or {}).items()}
    steps = Steps(design, classes, shares, limits, population)
    wrong = weight_rules.problems(steps, variables_of(round))
    if wrong:
        raise Invalid(wrong)
    sheets = _based(round, steps)
    weights, report = _weighed(steps, sheets)
    with transaction.atomic():
        made = WeightSet.objects.create(
            round=round,
            title=(title.strip() or f"{clock.now():%Y-%m-%d %H:%M}")[:160],
            steps=steps.as_json(),
            report=report,
            weights={sheet.id: weight for sheet, weight in zip(sheets, weights, strict=True)},
            by=actor,
            at=clock.now(),
        )
        _note(WEIGHTS_MADE, actor, made, {"steps": made.steps, "report": report})
    return made


def _based(round: Round, steps: Steps) -> list[Sheet]:
    """The valid answer sheets with the weight that they have before raking."""
    sheets = sheets_of(round, design=steps.design)
    if not sheets:
        raise Refused(Label("本轮还没有有效答卷。", "This round has no valid answers yet."))
    without = sum(1 for sheet in sheets if sheet.base <= 0)
    if without:
        words = Label(
            f"{without} 份答卷不能与样本对应(公开链接、导入或匿名轮次),没有设计权重。请取消“设计权重”。",
            f"{without} answer sheets lead to nobody in the sample (open link, import or anonymous round) "
            "and have no design weight. Please leave the design weights out.",
        )
        raise Refused(words, field="design")
    return _adjusted(round, steps, sheets) if steps.classes else sheets


def _adjusted(round: Round, steps: Steps, sheets: list[Sheet]) -> list[Sheet]:
    """Base weights times the factor of each class of non-response."""
    units = dict(Unit.objects.values_list("pk", "code"))
    invited = []
    for member in SampleMember.objects.filter(round=round):
        values = {
            "unit": units[member.unit_id],
            "segment": "+".join(member.segments),
            "product": member.product,
        }
        invited.append((values[steps.classes], member.weight if steps.design else 1.0))
    answered = [(sheet.traits[steps.classes], sheet.base) for sheet in sheets]
    factors = weighting.response_factors(invited, answered)
    lacking = sorted(name for name, factor in factors.items() if factor <= 0)
    if lacking:
        name = lacking[0] or "–"
        words = Label(
            f"“{name}”类有答卷,但样本中没有人,无法按此分类调整。",
            f"The class “{name}” has answers but nobody in the sample; classes cannot be formed like this.",
        )
        raise Refused(words, field="classes")
    return [Sheet(s.id, s.base * factors[s.traits[steps.classes]], s.traits) for s in sheets]


def _weighed(steps: Steps, sheets: list[Sheet]) -> tuple[list[float], dict[str, Any]]:
    base = [sheet.base for sheet in sheets]
    total = steps.population or sum(base)
    silent = {
        variable: Counter(sheet.traits.get(variable, "") for sheet in sheets)[weight_rules.NONE]
        for variable in steps.rake
    }
    if not steps.rake:
        weights = [weight * total / sum(base) for weight in base]
        return weights, weight_rules.report_of(weights, None, silent)
    try:
        raked = weighting.rake(base, weight_rules.margins(steps, sheets, total), limits=steps.limits)
    except weighting.ImpossibleMargin as problem:
        raise Refused(weight_rules.explained(problem), field=problem.variable) from problem
    if not raked.converged:
        words = Label(
            "这些目标无法同时达到。请放宽权重上下限,合并小类别,或减少变量。",
            "These targets cannot be met together. Widen the limits, merge small categories, or use fewer.",
        )
        raise Refused(words, field="limits")
    weights = [float(weight) for weight in raked.weights]
    return weights, weight_rules.report_of(weights, raked, silent)


def use_weights(*, actor: Person | None, round: Round, chosen: WeightSet | None) -> None:
    """Make a set the one in use, or none: from then on ``queries.active_weights`` gives it."""
    access.require(actor, "surveys.field", round)
    if chosen is not None and (chosen.round_id != round.pk or chosen.dropped_at is not None):
        raise Refused(Label("这组权重已弃用。", "These weights were dropped."))
    with transaction.atomic():
        before = WeightSet.objects.filter(round=round, active=True).values_list("pk", flat=True).first()
        WeightSet.objects.filter(round=round, active=True).update(active=False)
        if chosen is not None:
            chosen.active = True
            chosen.save(update_fields=["active"])
        events.append(
            WEIGHTS_CHOSEN,
            actor=actor,
            subject=round,
            unit=round.unit,
            before={"weights": before},
            after={"weights": chosen.pk if chosen else None},
            data={"round": round.pk},
        )


def drop_weights(*, actor: Person | None, weights: WeightSet, why: str = "") -> WeightSet:
    """Put a set aside; it is no longer in use, and it can be taken back."""
    access.require(actor, "surveys.field", weights)
    with transaction.atomic():
        weights.active, weights.dropped_at = False, clock.now()
        weights.save(update_fields=["active", "dropped_at"])
        _note(WEIGHTS_DROPPED, actor, weights, {}, why)
    return weights


def restore_weights(*, actor: Person | None, weights: WeightSet) -> WeightSet:
    """Take a dropped set back; it is not in use until it is chosen."""
    access.require(actor, "surveys.field", weights)
    with transaction.atomic():
        weights.dropped_at = None
        weights.save(update_fields=["dropped_at"])
        _note(WEIGHTS_RESTORED, actor, weights, {})
    return weights


def _note(
    kind: events.EventKind, actor: Person | None, made: WeightSet, data: dict[str, Any], why: str = ""
) -> None:
    events.append(
        kind,
        actor=actor,
        subject=made,
        unit=made.round.unit,
        why=why,
        data={"round": made.round_id, "weights": made.pk, **data},
    )
