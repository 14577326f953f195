"""Links that anyone may use: codes at a place, for a product or an employee, in a website, on a tablet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from manyi.customers.models import Product
from manyi.distribution import links, rules
from manyi.distribution.channels import CHANNELS
from manyi.distribution.messages import queue_message
from manyi.distribution.models import Message, OpenLink
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round

OPEN_LINK_MADE = events.kind("link.opened", "新建公开链接", "Open link made")
OPEN_LINK_CLOSED = events.kind("link.closed", "停用公开链接", "Open link closed")
OPEN_LINK_POSTED = events.kind("link.posted", "公开链接发到群", "Open link posted to a group")
#: So many links are made at once at most.
MOST = 500
PIN_DIGITS = (4, 8)
POSTED = Label("请评价“{title}”:{link}", "Please tell us about “{title}”: {link}")


@dataclass(frozen=True, slots=True)
class Place:
    """What one open link stands for: a unit, a label, and perhaps a product or an employee."""

    unit: Unit
    label: str
    product: Product | None = None
    employee: Person | None = None


def create_open_link(
    *,
    actor: Person | None,
    round: Round,
    unit: Unit,
    label: str,
    kind: str = "qr",
    product: Product | None = None,
    employee: Person | None = None,
    pin: str = "",
) -> OpenLink:
    """A link that anyone may use; its answers belong to ``unit`` and carry ``label`` and ``product``.

    A kiosk needs a ``pin`` of 4 to 8 digits by which staff leave it. Raises Refused at the field at fault.
    """
    access.require(actor, "surveys.field", round)
    place = Place(unit, label.strip(), product, employee)
    _check(round, place)
    if kind not in rules.LINK_KINDS:
        raise Refused(Label("请选择用途。", "Please choose what it is for."), field="kind")
    if kind == "kiosk" and not (pin.isdigit() and PIN_DIGITS[0] <= len(pin) <= PIN_DIGITS[1]):
        raise Refused(Label("请设置 4 到 8 位数字密码。", "Please give a PIN of 4 to 8 digits."), field="pin")
    with transaction.atomic():
        link = _unsaved(round, place, kind)
        link.pin = make_password(pin) if kind == "kiosk" else ""
        link.save()
        _note_link(OPEN_LINK_MADE, actor, link, label=link.label, stands_as=kind)
    return link


def create_open_links(*, actor: Person | None, round: Round, places: Sequence[Place]) -> list[OpenLink]:
    """One QR code for each place, all or none; a place that has a code in use already gets no second one.

    Raises Refused for none, for too many, and for a place outside the round.
    """
    access.require(actor, "surveys.field", round)
    if not 0 < len(places) <= MOST:
        raise Refused(
            Label(f"请给出 1 到 {MOST} 个位置。", f"Please give 1 to {MOST} places."), field="places"
        )
    for place in places:
        _check(round, place)
    there = set(round.open_links.filter(active=True, kind="qr").values_list("unit", "label"))
    fresh = {(place.unit.pk, place.label[:80]): place for place in places}
    with transaction.atomic():
        made = OpenLink.objects.bulk_create(
            _unsaved(round, place, "qr") for spot, place in fresh.items() if spot not in there
        )
        data = {"round": round.pk, "links": len(made)}
        events.append(OPEN_LINK_MADE, actor=actor, subject=round, unit=round.unit, data=data)
    return made


def _check(round: Round, place: Place) -> None:
    if not round.unit.contains(place.unit):
        raise Refused(Label("所选部门不在本轮范围内。", "That unit is outside this round."), field="unit")
    if not place.label:
        raise Refused(Label("请填写放置位置,例如“前台”。", "Please say where it stands."), field="label")


def _unsaved(round: Round, place: Place, kind: str) -> OpenLink:
    return OpenLink(
        round=round,
        unit=place.unit,
        label=place.label[:80],
        kind=kind,
        product=place.product,
        employee=place.employee,
        token=rules.token(),
        created_at=clock.now(),
    )


def field_link(*, actor: Person, round: Round, unit: Unit, kind: str = "f2f") -> OpenLink:
    """The link behind all face-to-face interviews (or paper copies) of a round in one unit, made with the
    first of them."""
    access.require(actor, "surveys.call", unit)
    place = Place(unit, rules.LINK_KINDS[kind].zh)
    _check(round, place)
    with transaction.atomic():
        # Interviewers begin at the same time; the lock keeps it to one link.
        Round.objects.select_for_update().filter(pk=round.pk).first()
        found = OpenLink.objects.filter(round=round, unit=unit, kind=kind, active=True).first()
        if found is None:
            found = _unsaved(round, place, kind)
            found.save()
            _note_link(OPEN_LINK_MADE, actor, found, label=found.label, stands_as=kind)
    return found


def close_open_link(*, actor: Person | None, link: OpenLink) -> OpenLink:
    """Take an open link out of use; what was answered by it stays."""
    access.require(actor, "surveys.field", link)
    with transaction.atomic():
        link.active = False
        link.save(update_fields=["active"])
        _note_link(OPEN_LINK_CLOSED, actor, link)
    return link


def post_to_group(*, actor: Person, link: OpenLink, channel: str) -> Message:
    """Post an open link into the chat of a group robot; raises Refused for one that is not ready."""
    access.require(actor, "surveys.field", link)
    if channel not in CHANNELS or CHANNELS.get(channel).reach != "group":
        raise Refused(Label("请选择群机器人。", "Please choose a group robot."), field="channel")
    missing = CHANNELS.get(channel).ready()
    if missing is not None:
        raise Refused(missing, field="channel")
    title, address = link.round.title, links.open_to_all(link.token)
    with transaction.atomic():
        message = queue_message(
            key=f"link:{link.pk}:{secrets.token_hex(8)}",
            kind="notice",
            channel=channel,
            recipient="",
            subject=title,
            body=POSTED.zh.format(title=title, link=address),
            unit=link.unit,
        )
        _note_link(OPEN_LINK_POSTED, actor, link, channel=channel)
    return message


def may_leave(link: OpenLink, pin: str) -> bool:
    """Whether a PIN opens the kiosk of this link."""
    return bool(link.pin) and check_password(pin, link.pin)


def _note_link(kind: events.EventKind, actor: Person | None, link: OpenLink, **data: Any) -> None:
    events.append(kind, actor=actor, subject=link, unit=link.unit, data={"round": link.round_id, **data})
