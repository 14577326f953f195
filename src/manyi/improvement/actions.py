"""Findings: detect them, lead them through their workflow. Causes, actions and checks: ``plan_actions``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from manyi.cases.models import Case, Category
from manyi.cases.tallies import as_counted
from manyi.improvement import rules
from manyi.improvement.choices import SOURCES
from manyi.improvement.models import Finding
from manyi.improvement.plan_actions import add_cause, check_effect, complete_action, plan_action, prove_cause
from manyi.improvement.step_actions import advance
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events, numbers
from manyi.organisation.calendars import calendar_for
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round

__all__ = [
    "add_cause",
    "advance",
    "check_effect",
    "complete_action",
    "detect",
    "link_case",
    "plan_action",
    "prove_cause",
    "set_metric",
]

FINDING_DETECTED = events.kind("finding.detected", "发现改进项", "Finding detected")
FINDING_LINKED = events.kind("finding.linked", "关联诉求", "Case linked to a finding")
FINDING_METRIC = events.kind("finding.metric", "选定验证指标", "Metric of a finding chosen")


class Evidence(TypedDict, total=False):
    """What showed a finding, as far as there is something of the kind.

    ``metric`` (see ``analytics.queries.sums``) in ``round`` is what the effect will be measured by.
    """

    title_en: str
    metric: dict[str, str]
    round: Round | None
    value: dict[str, Any]  # the Figure as plain data
    target: Decimal | None
    category: Category | None


def detect(
    *,
    actor: Person | None,
    unit: Unit,
    source: str,
    title: str,
    key: str | None = None,
    cases: Iterable[Case] = (),
    **evidence: Unpack[Evidence],
) -> Finding:
    """Take up something that has to be put right; the same ``key`` again gives the finding that is there.

    ``actor`` None is a rule. Raises Refused without a title or for an unknown source.
    """
    access.require(actor, "findings.manage", unit)
    if not title.strip() or source not in dict(SOURCES):
        raise Refused(Label("请写明要改进什么。", "Say what has to be improved."), field="title")
    now = clock.now()
    finding = Finding(unit=unit, source=source, title=title.strip()[:200], key=key, **evidence)
    finding.detected_at = now
    with transaction.atomic():
        known = Finding.objects.filter(key=key).first() if key else None
        if known is not None:
            return known
        finding.number, finding.recurrence_of = _number(unit, now), _recurrence(finding, now)
        finding.save()
        finding.cases.set(cases)
        events.append(
            FINDING_DETECTED,
            actor=actor,
            subject=finding,
            unit=unit,
            after={"state": finding.state, "source": source, "metric": finding.metric},
            data={"finding": finding.pk, "round": finding.round_id},
        )
    return finding


def _number(unit: Unit, at: datetime) -> str:
    year = calendar_for(unit).local_date(at).year
    return f"F{year}-{numbers.following(f'finding:{year}'):04d}"


def _recurrence(finding: Finding, now: datetime) -> Finding | None:
    """The finding of the same matter that was closed not long ago."""
    if not finding.metric and finding.category is None:
        return None
    matter = as_counted(finding.category) if finding.category else Q(category=None)
    same = Finding.objects.filter(matter, unit=finding.unit, source=finding.source, metric=finding.metric)
    recent = same.filter(state="closed", closed_at__gte=now - rules.RECURS_WITHIN)
    return recent.order_by("-closed_at").first()


def link_case(*, actor: Person | None, finding: Finding, case: Case) -> None:
    """Note that a case belongs to a finding; a second time changes nothing."""
    access.require(actor, "findings.manage", finding)
    with transaction.atomic():
        if finding.cases.filter(pk=case.pk).exists():
            return
        finding.cases.add(case)
        events.append(
            FINDING_LINKED, actor=actor, subject=finding, unit=finding.unit, data={"case": case.number}
        )


def set_metric(*, actor: Person, finding: Finding, round: Round, metric: Mapping[str, str]) -> Finding:
    """Choose by which metric of which round the effect will be measured, for a finding that has none yet.

    Raises Refused for a finding that a metric opened: the effect is measured by that one and no other.
    """
    access.require(actor, "findings.manage", finding)
    if finding.source == "item_below_target":
        raise Refused(
            Label(
                "效果须用发现问题的同一指标验证。",
                "The effect is measured by the metric that opened the finding.",
            ),
            field="metric",
        )
    with transaction.atomic():
        before = {"metric": finding.metric, "round": finding.round_id}
        finding.metric, finding.round = dict(metric), round
        finding.save(update_fields=["metric", "round"])
        after = {"metric": finding.metric, "round": round.pk}
        events.append(
            FINDING_METRIC, actor=actor, subject=finding, unit=finding.unit, before=before, after=after
        )
    return finding
