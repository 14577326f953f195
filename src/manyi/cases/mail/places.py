"""A mail that a person wrote becomes a case of its own, or a word in the case that it answers."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any

from manyi.cases.actions import add_message, register
from manyi.cases.mail import bodies
from manyi.cases.mail.reading import File, Letter
from manyi.cases.mail.threads import Place
from manyi.cases.models import Case, CaseMessage, ReceivedMail
from manyi.customers.models import Customer
from manyi.kernel.labels import Label
from manyi.organisation import attachments, clock
from manyi.organisation.file_types import content_type_of
from manyi.organisation.photos import without_words

#: A mail may be on its way so long; an older date in it is not believed as the time of receipt.
LONGEST_WAY = timedelta(days=14)
MOST_BYTES_OF_A_FILE, MOST_CHARACTERS = 20 << 20, 20_000
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def bring(mail: ReceivedMail, letter: Letter, place: Place) -> None:
    """Put a mail where it belongs; the case, the message and what is doubtful are written on it."""
    mail.new_subject, mail.quoted = place.new_subject, place.quoted
    if place.case is not None:
        answer(mail, letter, place.case)
    else:
        begin(mail, letter)


def begin(mail: ReceivedMail, letter: Letter) -> Case:
    """Register what a mail says as a case of its unit."""
    customer = _customer_of(letter.sender)
    case = register(
        actor=None,
        unit=mail.unit,
        kind=mail.kind,
        channel="mail",
        subject=letter.subject[:200],
        body=(letter.text or letter.subject or _only_files(letter))[:MOST_CHARACTERS],
        received_at=received_at(letter),
        customer=customer,
        contact_name=letter.sender_name or (customer.name if customer else ""),
        contact_email=letter.sender,
        language=language_of(f"{letter.subject}\n{letter.text}"),
    )
    _tie(mail, case, case.messages.order_by("pk")[0])
    _keep_files(mail, letter, case)
    if mail.quoted is not None:
        words = Label(
            f"来信提到 {mail.quoted.number},但发件人不是该诉求的当事人,或该诉求早已办结,因此另行登记。",
            f"The mail names {mail.quoted.number}; the sender is no party of it, or it ended long ago.",
        )
        note(case, words)
    return case


def answer(mail: ReceivedMail, letter: Letter, case: Case) -> None:
    """Add what a mail says to the case that it answers."""
    words = bodies.without_quotes(letter.text) or letter.subject or _only_files(letter)
    message = add_message(actor=None, case=case, direction="in", body=words[:MOST_CHARACTERS], channel="mail")
    _tie(mail, case, message)
    _keep_files(mail, letter, case)


def note_copy(mail: ReceivedMail, first: ReceivedMail) -> None:
    """The same mail came by another of our boxes: both teams shall know of the one case."""
    if first.case is None or mail.box is None or first.box_id == mail.box_id:
        return
    words = Label(
        f"同一封来信也寄到了 {mail.box.address}({mail.unit})。",
        f"The same mail also came to {mail.box.address} ({mail.unit}).",
    )
    note(first.case, words)


def note(case: Case, words: Label) -> CaseMessage:
    """A word of the software inside a case, for those who handle it."""
    return CaseMessage.objects.create(
        case=case, direction="internal", channel="mail", body=words.zh, by=None, at=clock.now()
    )


def received_at(letter: Letter) -> datetime:
    """When the mail reached us: by our server's line, else by its date if it is near; never in the future."""
    return near(letter.arrived_at, letter.written_at)


def near(*moments: datetime | None) -> datetime:
    """The first of these that can be believed as the time of a receipt; now when there is none."""
    now = clock.now()
    found = (moment for moment in moments if moment is not None and now - LONGEST_WAY <= moment <= now)
    return next(found, now)


def language_of(text: str) -> str:
    """Chinese unless a text has words of Latin letters and hardly any Chinese."""
    chinese, latin = len(_CHINESE.findall(text)), len(_LATIN_WORD.findall(text))
    return "en" if latin > 3 and chinese < latin else "zh-hans"


def described(file: File) -> dict[str, Any]:
    """What is noted of a file: name, content type by its bytes, size, and whether the case keeps it."""
    kind = content_type_of(io.BytesIO(file.content))
    kept = bool(kind) and 0 < len(file.content) <= MOST_BYTES_OF_A_FILE
    return {"name": file.name, "content_type": kind, "size": len(file.content), "kept": kept}


def _tie(mail: ReceivedMail, case: Case, message: CaseMessage) -> None:
    mail.case, mail.message = case, message


def _keep_files(mail: ReceivedMail, letter: Letter, case: Case) -> None:
    for file, said in zip(letter.files, mail.files, strict=True):
        if said["kept"]:
            attachments.keep(
                without_words(file.content, said["content_type"]),
                name=file.name,
                content_type=said["content_type"],
                subject=case,
                unit=case.unit,
                actor=None,
            )


def _customer_of(address: str) -> Customer | None:
    """The only customer file with this address; None when there is none, or when it is not certain which."""
    rows = Customer.objects.filter(contacts__kind="email", contacts__normalised=address, merged_into=None)
    found = list(rows.distinct()[:2])
    return found[0] if len(found) == 1 else None


def _only_files(letter: Letter) -> str:
    return "、".join(file.name for file in letter.files)
