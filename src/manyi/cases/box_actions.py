"""Suggestion boxes: putting one up, taking it out of use, and what is put into it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction

from manyi.cases import enclosures
from manyi.cases.actions import register
from manyi.cases.models import Case, SuggestionBox
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit

BOX_OPENED = events.kind("box.opened", "设置意见箱", "Suggestion box put up")
BOX_SWITCHED = events.kind("box.switched", "启用或停用意见箱", "Suggestion box switched")


def open_box(*, actor: Person | None, unit: Unit, label: str) -> SuggestionBox:
    """A new box at a place; ``label`` says where it hangs."""
    access.require(actor, "cases.dispatch", unit)
    if not label.strip():
        raise Refused(Label("请填写意见箱的位置。", "Please say where the box hangs."), field="label")
    with transaction.atomic():
        box = SuggestionBox.objects.create(
            unit=unit, label=label.strip()[:80], token=secrets.token_urlsafe(12), created_at=clock.now()
        )
        events.append(BOX_OPENED, actor=actor, subject=box, unit=unit, after={"label": box.label})
    return box


def switch_box(*, actor: Person | None, box: SuggestionBox, active: bool) -> SuggestionBox:
    """Take a box out of use, or put it back."""
    access.require(actor, "cases.dispatch", box)
    with transaction.atomic():
        box.active = active
        box.save(update_fields=["active"])
        events.append(BOX_SWITCHED, actor=actor, subject=box, unit=box.unit, after={"active": active})
    return box


def put_into(
    *,
    box: SuggestionBox,
    kind: str,
    body: str,
    contact: dict[str, str],
    photos: Sequence[enclosures.Sent] = (),
    language: str = "",
) -> Case:
    """Register what somebody put into a box; without a contact it is anonymous, followed up by its code.

    ``photos`` are name, size and content, at most three; they are judged by content and never shown as active
    content. Raises Refused or Invalid with the field.
    """
    if not box.active:
        raise Refused(Label("这个意见箱已停用。", "This box is out of use."))
    files = enclosures.checked(photos, field="photos")
    with transaction.atomic():
        case = _registered(box, kind, body, contact, language)
        enclosures.keep(case, files)
    return case


def _registered(box: SuggestionBox, kind: str, body: str, contact: dict[str, str], language: str) -> Case:
    known = {name: value.strip() for name, value in contact.items() if value.strip()}
    case = register(
        actor=None,
        unit=box.unit,
        kind=kind,
        channel="box",
        subject="",
        body=body,
        confidentiality="named" if known else "anonymous",
        language=language,
        contact_name=known.get("contact_name", ""),
        contact_phone=known.get("contact_phone", ""),
        contact_email=known.get("contact_email", ""),
    )
    case.box = box
    case.save(update_fields=["box"])
    return case
