"""Links that anyone may use, usually as a QR code at a place."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from manyi.distribution import rules
from manyi.distribution.models import OpenLink
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round

OPEN_LINK_MADE = events.kind("link.opened", "新建公开链接", "Open link made")
OPEN_LINK_CLOSED = events.kind("link.closed", "停用公开链接", "Open link closed")


def create_open_link(*, actor: Person | None, round: Round, unit: Unit, label: str) -> OpenLink:
    """A link that anyone may use; its answers belong to ``unit`` and carry ``label``, the place."""
    access.require(actor, "surveys.field", round)
    if not round.unit.contains(unit):
        raise Refused(Label("所选部门不在本轮范围内。", "That unit is outside this round."), field="unit")
    if not label.strip():
        raise Refused(Label("请填写放置位置,例如“前台”。", "Please say where it stands."), field="label")
    with transaction.atomic():
        link = OpenLink.objects.create(
            round=round, unit=unit, token=rules.token(), label=label.strip()[:80], created_at=clock.now()
        )
        _note_link(OPEN_LINK_MADE, actor, link, label=link.label)
    return link


def close_open_link(*, actor: Person | None, link: OpenLink) -> OpenLink:
    """Take an open link out of use; what was answered by it stays."""
    access.require(actor, "surveys.field", link)
    with transaction.atomic():
        link.active = False
        link.save(update_fields=["active"])
        _note_link(OPEN_LINK_CLOSED, actor, link)
    return link


def _note_link(kind: events.EventKind, actor: Person | None, link: OpenLink, **data: Any) -> None:
    events.append(kind, actor=actor, subject=link, unit=link.unit, data={"round": link.round_id, **data})
