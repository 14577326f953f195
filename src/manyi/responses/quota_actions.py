"""Writing quotas: add, change, remove, take back, count again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person
from manyi.responses import places, quota_rules
from manyi.responses.models import Quota, Response
from manyi.responses.quota_rules import QuotaPlan
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of

QUOTAS_ADDED = events.kind("quota.added", "新增配额", "Quotas added")
QUOTA_CHANGED = events.kind("quota.changed", "修改配额", "Quota changed")
QUOTA_REMOVED = events.kind("quota.removed", "移除配额", "Quota removed")
QUOTA_RESTORED = events.kind("quota.restored", "恢复配额", "Quota put back")

EDITABLE = {"title", "title_en", "limit", "action"}
_BATCH = 1000


def add_quotas(*, actor: Person | None, round: Round, plans: Sequence[QuotaPlan]) -> list[Quota]:
    """Put quotas in force for a round, together or not at all; answers that are there already are counted.

    Raises Invalid with everything that is wrong, and Refused for a round that is over.
    """
    access.require(actor, "surveys.field", round)
    _require_running(round)
    there = set(Quota.objects.filter(round=round, active=True).values_list("code", flat=True))
    wrong = quota_rules.problems(list(plans), questionnaire_of(round.questionnaire), there)
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        places.hold()
        made = [
            Quota.objects.create(
                round=round,
                code=plan.code,
                title=plan.title[:160],
                title_en=plan.title_en[:160],
                condition=plan.condition,
                limit=plan.limit,
                action=plan.action,
            )
            for plan in plans
        ]
        _count(round, made)
        if made:
            data = {"round": round.pk, "quotas": [_told(quota) for quota in made]}
            events.append(QUOTAS_ADDED, actor=actor, subject=round, unit=round.unit, data=data)
    return made


def take_over_quotas(*, actor: Person | None, round: Round) -> list[Quota]:
    """Put the quotas in force that the questionnaire brought along and that the round has not yet."""
    there = set(Quota.objects.filter(round=round, active=True).values_list("code", flat=True))
    plans = [
        QuotaPlan(quota.code, quota.title.text("zh"), quota.condition, quota.limit, quota.title.text("en"))
        for quota in questionnaire_of(round.questionnaire).quotas
        if quota.code not in there
    ]
    return add_quotas(actor=actor, round=round, plans=plans)


def change_quota(*, actor: Person | None, quota: Quota, **changes: Any) -> Quota:
    """Change title, limit or action of a quota. With a limit below what is filled nothing more comes in.

    Raises Refused for what cannot be changed: another condition is another quota.
    """
    access.require(actor, "surveys.field", quota)
    if changes.keys() - EDITABLE:
        words = Label("条件不能修改,请移除后新建配额。", "A condition never changes; add another quota.")
        raise Refused(words, field="condition")
    limit = changes.get("limit", quota.limit)
    if not isinstance(limit, int) or not 0 <= limit <= quota_rules.MOST:
        words = Label(
            f"名额请填写 0 到 {quota_rules.MOST}。", f"A limit is a number from 0 to {quota_rules.MOST}."
        )
        raise Refused(words, field="limit")
    if changes.get("action", quota.action) not in quota_rules.ACTIONS:
        raise Refused(Label("请从列表中选择。", "Please choose from the list."), field="action")
    before = {name: getattr(quota, name) for name in changes}
    with transaction.atomic():
        for name, value in changes.items():
            setattr(quota, name, value)
        quota.save(update_fields=[*changes])
        _note(QUOTA_CHANGED, actor, quota, before=before, after=dict(changes))
    return quota


def remove_quota(*, actor: Person | None, quota: Quota, why: str = "") -> Quota:
    """Take a quota out of force; its row stays, and it can be put back."""
    access.require(actor, "surveys.field", quota)
    with transaction.atomic():
        quota.active = False
        quota.save(update_fields=["active"])
        _note(QUOTA_REMOVED, actor, quota, why=why, before=_told(quota))
    return quota


def restore_quota(*, actor: Person | None, quota: Quota) -> Quota:
    """Put a removed quota back in force and count what came in meanwhile."""
    access.require(actor, "surveys.field", quota)
    if Quota.objects.filter(round=quota.round_id, code=quota.code, active=True).exists():
        words = Label(
            f"编号“{quota.code}”已有其他配额在用。",
            f"Another quota with the code “{quota.code}” is in force.",
        )
        raise Refused(words)
    with transaction.atomic():
        places.hold()
        quota.active = True
        quota.save(update_fields=["active"])
        _count(quota.round, [quota])
        _note(QUOTA_RESTORED, actor, quota, after=_told(quota))
    return quota


def _require_running(round: Round) -> None:
    if round.state not in {"planned", "open"}:
        words = Label("本轮已结束,不能再设配额。", "This round is over; it takes no more quotas.")
        raise Refused(words)


def _count(round: Round, quotas: Sequence[Quota]) -> None:
    """Count the answers that are there into quotas, and note in each answer sheet that it falls into them."""
    filled = dict.fromkeys((quota.pk for quota in quotas), 0)
    changed: list[Response] = []
    rows = Response.objects.filter(round=round, state="submitted").select_related("unit").order_by("pk")
    for response in rows.iterator(chunk_size=_BATCH):
        mine = [quota.pk for quota in places.matching(quotas, response, response.answers)]
        for pk in mine if response.valid else ():
            filled[pk] += 1
        rest = [pk for pk in response.quotas if pk not in filled]
        if sorted(rest + mine) != sorted(response.quotas):
            response.quotas = sorted(rest + mine)
            changed.append(response)
    Response.objects.bulk_update(changed, ["quotas"], batch_size=_BATCH)
    for quota in quotas:
        quota.filled = filled[quota.pk]
        quota.save(update_fields=["filled"])


def _told(quota: Quota) -> dict[str, Any]:
    """A quota as events carry it."""
    names = ("code", "condition", "limit", "filled", "action")
    return {"id": quota.pk, **{name: getattr(quota, name) for name in names}}


def _note(
    kind: events.EventKind,
    actor: Person | None,
    quota: Quota,
    *,
    why: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    events.append(
        kind,
        actor=actor,
        subject=quota,
        unit=quota.round.unit,
        before=dict(before or {}),
        after=dict(after or {}),
        why=why,
        data={"round": quota.round_id, "quota": quota.pk},
    )
