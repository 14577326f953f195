"""Our boxes: set up, tried, switched, and read every few minutes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from manyi.cases.choices import KINDS
from manyi.cases.mail import intake
from manyi.cases.models import MailBox, ReceivedMail
from manyi.customers.rules import BadContact, normalise
from manyi.distribution import mail_fetching
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person, Unit
from manyi.organisation.schedule import recurring

log = logging.getLogger(__name__)

BOX_SAVED = events.kind("mail_box.saved", "设置收信信箱", "Mail box set up")
_CHOICES = {
    "kind": dict(KINDS),
    "protocol": dict(mail_fetching.PROTOCOLS),
    "encryption": dict(mail_fetching.ENCRYPTIONS),
}


def save_box(
    *, actor: Person | None, unit: Unit, given: Mapping[str, Any], box: MailBox | None = None
) -> MailBox:
    """Set up a box, or change it: address, kind, protocol, host, port, encryption, user, password, folder,
    active. An empty password keeps the one that is stored. Raises Invalid with the fields that are wrong."""
    access.require(actor, "settings.manage", unit)
    row = box or MailBox()
    row.unit = unit
    for name in ("host", "user", "folder", *_CHOICES):
        setattr(row, name, str(given.get(name, "")).strip())
    row.folder = row.folder or "INBOX"
    row.password = str(given.get("password") or row.password)
    row.active = bool(given.get("active", True))
    problems = _problems(row, given)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        row.save()
        after = {"address": row.address, "host": row.host, "kind": row.kind, "active": row.active}
        events.append(BOX_SAVED, actor=actor, subject=row, label=row.address, unit=unit, after=after)
    return row


def _problems(row: MailBox, given: Mapping[str, Any]) -> list[tuple[str, Label]]:
    problems = []
    try:
        row.address = normalise("email", str(given.get("address", "")))
    except BadContact as bad:
        problems.append(("address", bad.message))
    if MailBox.objects.filter(address=row.address).exclude(pk=row.pk).exists():
        problems.append(("address", Label("已有这个信箱。", "This box is there already.")))
    port = str(given.get("port", "")).strip()
    if port.isdecimal() and 1 <= int(port) <= 65535:
        row.port = int(port)
    else:
        problems.append(("port", Label("端口请填写 1 到 65535。", "Give a port from 1 to 65535.")))
    missing = Label("请填写此项。", "Please fill this in.")
    problems += [(name, missing) for name in ("host", "user", "password") if not getattr(row, name)]
    unknown = Label("请从列表中选择。", "Please choose from the list.")
    return problems + [(name, unknown) for name in _CHOICES if getattr(row, name) not in _CHOICES[name]]


@recurring("cases.read_boxes", every=timedelta(minutes=2))
def read_boxes() -> int:
    """Read every box in use, and what an earlier turn has left; returns how many mails were taken in."""
    intake.sort_waiting()
    return sum(read_box(box) for box in MailBox.objects.filter(active=True).select_related("unit"))


def read_box(box: MailBox) -> int:
    """Take in the unseen mails of one box; returns how many. A box that fails says why and is tried again."""
    count, fault = 0, ""
    try:
        for raw in mail_fetching.unseen(_access(box)):
            mail = intake.keep(raw, unit=box.unit, box=box, kind=box.kind)
            _sorted(mail.pk, box)
            count += 1
    except mail_fetching.Unreachable as error:
        fault = str(error)[:300]
        log.warning("mail box %s could not be read: %s", box.address, fault)
    MailBox.objects.filter(pk=box.pk).update(read_at=clock.now(), fault=fault)
    return count


def _sorted(pk: int, box: MailBox) -> None:
    """Sort a mail that is safely kept; whatever it brings to light does not stop the box."""
    try:
        intake.sort(ReceivedMail.objects.get(pk=pk))
    except Exception:
        log.exception("mail %s of box %s could not be sorted; it is kept and tried again", pk, box.address)


def _access(box: MailBox) -> mail_fetching.Access:
    return mail_fetching.Access(
        box.protocol, box.host, box.port, box.encryption, box.user, box.password, box.folder
    )
