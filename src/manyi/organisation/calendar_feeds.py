"""The private calendar address of a person: made, renewed, revoked; and what it tells a calendar program.

The secret is the address. Only its hash is kept, so whoever reads the database cannot read a calendar. What
was told is remembered, because a subscriber must learn that a due date moved (SEQUENCE) or is over
(CANCELLED), for whatever reason it did: done, handed on, out of reach.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import clock, events, ical
from manyi.organisation.errors import Refused
from manyi.organisation.models import CalendarAddress, CalendarEntry, Person

ADDRESS_MADE = events.kind("calendar_address.made", "生成日历地址", "Calendar address made")
ADDRESS_CHANGED = events.kind("calendar_address.changed", "修改日历提醒", "Reminder of the calendar changed")
ADDRESS_REVOKED = events.kind("calendar_address.revoked", "停用日历地址", "Calendar address revoked")

REMINDERS: tuple[tuple[int, Label], ...] = (
    (0, Label("不提醒", "None")),
    (30, Label("提前 30 分钟", "30 minutes before")),
    (60, Label("提前 1 小时", "1 hour before")),
    (1440, Label("提前 1 天", "1 day before")),
)
#: So long what is over is still told as cancelled.
TOLD_ENDED = timedelta(days=30)
ONE_READING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One due date as a calendar program may see it: a key, a few plain words, and a moment or a date."""

    key: str
    words: str
    at: datetime | None = None
    on: date | None = None


def make_address(*, person: Person, reminder: int = 0) -> str:
    """Make the person's address, or a new one in place of the old, and return its secret: only this once.

    Raises Refused for a reminder that there is not.
    """
    _check(reminder)
    secret, now = secrets.token_urlsafe(32), clock.now()
    new = {"token_hash": hashed(secret), "reminder": reminder, "made_at": now, "changed_at": now}
    with transaction.atomic():
        row, made = CalendarAddress.objects.update_or_create(person=person, defaults={**new, "read_at": None})
        _note(ADDRESS_MADE, row, renewed=not made, reminder=reminder)
    return secret


def set_reminder(*, person: Person, reminder: int) -> CalendarAddress:
    """Change how long ahead the calendar program reminds; the address stays. Raises Refused without one."""
    _check(reminder)
    with transaction.atomic():
        row = CalendarAddress.objects.select_for_update().filter(person=person).first()
        if row is None:
            raise Refused(Label("还没有日历地址。", "There is no calendar address yet."))
        row.reminder, row.changed_at = reminder, clock.now()
        row.save(update_fields=["reminder", "changed_at"])
        _note(ADDRESS_CHANGED, row, reminder=reminder)
    return row


def revoke_address(*, person: Person) -> None:
    """Take the person's address away, with everything that was told there."""
    with transaction.atomic():
        row = CalendarAddress.objects.filter(person=person).first()
        if row is None:
            return
        _note(ADDRESS_REVOKED, row)
        row.delete()


def _check(reminder: int) -> None:
    if reminder not in dict(REMINDERS):
        raise Refused(Label("请从列表中选择。", "Please choose from the list."), field="reminder")


def _note(kind: events.EventKind, row: CalendarAddress, **data: bool | int) -> None:
    events.append(kind, actor=row.person, subject=row.person, label=row.person.username, data=data)


def hashed(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(secret: str) -> CalendarAddress | None:
    """The address with this secret, of a person whose account is in use; else None."""
    rows = CalendarAddress.objects.select_related("person")
    return rows.filter(token_hash=hashed(secret), person__is_active=True).first()


def tell(address: CalendarAddress, due: Iterable[Told]) -> list[CalendarEntry]:
    """Bring what the subscriber knows up to date and return it: what is due, and what ended not long ago."""
    now, wanted = clock.now(), {each.key: each for each in due}
    with transaction.atomic():
        row = CalendarAddress.objects.select_for_update().get(pk=address.pk)
        known = {entry.key: entry for entry in row.entries.all()}
        changed = [entry for key, entry in known.items() if _moves(entry, wanted.get(key), now)]
        new = [_entry(row, each, now) for key, each in wanted.items() if key not in known]
        CalendarEntry.objects.bulk_create(new)
        CalendarEntry.objects.bulk_update(changed, ["words", "at", "on", "sequence", "changed_at", "ended"])
        row.entries.filter(ended=True, changed_at__lt=now - TOLD_ENDED).delete()
        if row.read_at is None or row.read_at < now - ONE_READING:
            row.read_at = now
            row.save(update_fields=["read_at"])
    told = [entry for entry in (*known.values(), *new) if not _forgotten(entry, now)]
    return sorted(told, key=lambda entry: entry.pk)


def _forgotten(entry: CalendarEntry, now: datetime) -> bool:
    return entry.ended and entry.changed_at < now - TOLD_ENDED


def _entry(address: CalendarAddress, each: Told, now: datetime) -> CalendarEntry:
    return CalendarEntry(
        address=address,
        key=each.key,
        uid=f"{uuid.uuid4()}@manyi",
        words=each.words,
        at=each.at,
        on=each.on,
        changed_at=now,
    )


def _moves(entry: CalendarEntry, each: Told | None, now: datetime) -> bool:
    """Let an entry follow its due date; returns whether anything is different from what was told."""
    before = (entry.words, entry.at, entry.on, entry.ended)
    if each is None:
        entry.ended = True
    else:
        entry.words, entry.at, entry.on, entry.ended = each.words, each.at, each.on, False
    if before == (entry.words, entry.at, entry.on, entry.ended):
        return False
    entry.sequence += 1
    entry.changed_at = now
    return True


def written(entries: Sequence[CalendarEntry], *, name: str, zone: ZoneInfo, reminder: int) -> str:
    """The entries as an iCalendar file. The same entries give the same text, to the last sign."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Manyi//Due dates//CN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{ical.escaped(name)}", f"X-WR-TIMEZONE:{zone.key}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for entry in entries:
        lines += _event(entry, reminder)
    return ical.text_of([*lines, "END:VCALENDAR"])


def _event(entry: CalendarEntry, reminder: int) -> list[str]:
    changed, words = ical.utc(entry.changed_at), ical.escaped(entry.words)
    alarm = [
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{words}", f"TRIGGER:-PT{reminder}M", "END:VALARM"
    ] if reminder and not entry.ended else []  # fmt: skip
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART:{ical.utc(entry.at)}" if entry.at else f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        f"SUMMARY:{words}",
        f"STATUS:{'CANCELLED' if entry.ended else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        *alarm,
        "END:VEVENT",
    ]
