"""Mail comes in: kept first, then read and brought to its case. Each mail once, whatever happens between.

A mail is noted with its raw content before anything looks into it. When the process dies after that, the note
is still ``kept`` and is read at the next turn; when it dies before, the mail is still unseen in its box.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from django.db import DataError, transaction

from manyi.cases import letters
from manyi.cases.mail import guard, machine, places, reading, threads
from manyi.cases.mail.reading import Letter, Unreadable
from manyi.cases.models import MailBox, ReceivedMail
from manyi.distribution import return_actions
from manyi.kernel.labels import Label
from manyi.organisation import attachments, clock, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit

log = logging.getLogger(__name__)

MAIL_SORTED = events.kind("case_mail.sorted", "处理来信", "Mail sorted")


def take_in(
    raw: bytes, *, unit: Unit, box: MailBox | None = None, kind: str = "complaint", name: str = ""
) -> ReceivedMail:
    """Keep one raw mail and bring it to its case; the same bytes a second time change nothing.

    ``unit`` gets the case when the mail begins one. ``name`` is that of the file, when it came as one.
    """
    mail = keep(raw, unit=unit, box=box, kind=kind, name=name)
    del raw  # it is read again from where it lies: a large one is not held twice
    return sort(mail)


def keep(
    raw: bytes, *, unit: Unit, box: MailBox | None = None, kind: str = "complaint", name: str = ""
) -> ReceivedMail:
    """Note a mail with its raw content; the one that is there already when the bytes are known."""
    digest = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        mail, made = ReceivedMail.objects.get_or_create(
            sha256=digest,
            defaults={"size": len(raw), "unit": unit, "box": box, "kind": kind, "kept_at": clock.now()},
        )
        if made:
            attachments.keep(
                raw,
                name=name or f"{digest[:12]}.eml",
                content_type="message/rfc822",
                subject=mail,
                unit=unit,
                actor=None,
            )
    return mail


def raw_of(mail: ReceivedMail) -> bytes:
    """The mail as it came. Raises Refused when it was erased with the data of its sender."""
    try:
        return attachments.path_of(mail.sha256).read_bytes()
    except FileNotFoundError:
        raise Refused(Label("邮件原件已随个人信息删除。", "It was erased with its sender's data.")) from None


def sort(mail: ReceivedMail, *, actor: Person | None = None) -> ReceivedMail:
    """Read a mail that was kept: a message in its case, machine mail, a copy, or set aside with the reason.

    What the register refuses, and what breaks it, is set aside too: one mail never holds up the others.
    """
    raw = raw_of(mail)
    try:
        letter = reading.read(raw)
        return _settled(mail, actor, lambda locked: _place(locked, letter, raw))
    except Unreadable as error:
        why = error
    except Refused as refused:
        words = refused.problems[0][1] if isinstance(refused, Invalid) else refused.message
        why = Unreadable("refused", f"{words.zh} {words.en}"[:300])
    except (ValueError, LookupError, TypeError, AttributeError, DataError) as error:
        log.exception("mail %s breaks its reading; it is set aside", mail.pk)
        why = Unreadable("broken", f"{type(error).__name__}: {error}"[:300])
    return _settled(mail, actor, lambda locked: _set_aside(locked, why, raw))


def _settled(
    mail: ReceivedMail, actor: Person | None, decide: Callable[[ReceivedMail], None]
) -> ReceivedMail:
    """The mail, decided on once: under its lock, and only while it still waits."""
    with transaction.atomic():
        rows = ReceivedMail.objects.select_for_update(of=("self",)).select_related("unit", "box")
        row = rows.get(pk=mail.pk)
        if row.state == "kept":
            decide(row)
            row.save()
            data = {"mail": row.pk, "state": row.state, "reason": row.reason, "case": row.case_id}
            events.append(
                MAIL_SORTED, actor=actor, subject=row, label=row.sha256[:12], unit=row.unit, data=data
            )
    return row


def sort_waiting(limit: int = 500) -> int:
    """Read what a process that died has left; one that fails again does not hold up the others."""
    done = 0
    for mail in ReceivedMail.objects.filter(state="kept").order_by("pk")[:limit]:
        try:
            sort(mail)
            done += 1
        except Exception:
            log.exception("mail %s could not be sorted; it is kept and tried again", mail.pk)
    return done


def _set_aside(mail: ReceivedMail, why: Unreadable, raw: bytes) -> None:
    mail.state, mail.reason, mail.detail = "quarantined", why.reason, why.detail
    mail.sender, mail.subject = reading.glance(raw)


def _place(mail: ReceivedMail, letter: Letter, raw: bytes) -> None:
    """Decide what a readable mail is, and do what follows."""
    describe(mail, letter)
    first = ReceivedMail.objects.filter(identity=mail.identity).exclude(pk=mail.pk).first()
    if first is not None:
        mail.state, mail.identity, mail.same_as, mail.case = "repeated", None, first, first.case
        places.note_copy(mail, first)
        return
    mail.reason = _machine(letter)
    if mail.reason:
        mail.state = "machine"
        _book_return(mail, raw)
        return
    mail.state = "message"
    places.bring(mail, letter, threads.place_of(letter))


def describe(mail: ReceivedMail, letter: Letter) -> None:
    """Write down what a mail says of itself."""
    ours = set(MailBox.objects.values_list("address", flat=True))
    everybody = dict.fromkeys([letter.sender, *letter.recipients])
    mail.header_id, mail.sender, mail.sender_name = letter.message_id, letter.sender, letter.sender_name
    mail.correspondents = [address for address in everybody if address not in ours][:50]
    mail.subject, mail.text_length = letter.subject, len(letter.text)
    mail.silent = machine.wants_silence(letter.mail, letter.sender)
    mail.identity = _identity(letter)
    mail.files = [places.described(file) for file in letter.files]


def _identity(letter: Letter) -> str:
    """A digest of what stays the same on every way that a mail takes.

    With the words in it: some programs use one Message-ID for everything. With the date in it: the same words
    a year later are a new mail.
    """
    date = letter.written_at.isoformat() if letter.written_at else ""
    parts = (letter.message_id, letter.sender, date, letter.subject, letter.text)
    digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "replace"))
    for file in letter.files:
        digest.update(hashlib.sha256(file.content).digest())
    return digest.hexdigest()


def _machine(letter: Letter) -> str:
    if guard.is_own(letter):
        return "own"
    return machine.kind_of(letter) or ("loop" if guard.too_many(letter) else "")


def _book_return(mail: ReceivedMail, raw: bytes) -> None:
    """A bounce or an automatic reply is booked on the letter that it is about, and noted in its case."""
    if mail.reason in {"bounce", "auto_reply"}:
        returned = return_actions.book(raw) or return_actions.booked(mail.sha256)
        if returned is not None and returned.message is not None:
            mail.case = letters.case_of_key(returned.message.key)
