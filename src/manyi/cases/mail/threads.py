"""To which case a mail belongs: by its headers, then by a number when the sender is a party of the case.

Headers first: In-Reply-To, then References with the newest first. An identifier of a letter of ours cannot be
guessed and is enough. An identifier that others gave, or a case number, opens a case only to its parties:
otherwise anybody who quotes a number would write into a stranger's case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from manyi.cases import letters
from manyi.cases.mail.reading import Letter
from manyi.cases.models import Case, ReceivedMail
from manyi.cases.queries import main_of
from manyi.distribution.models import Message
from manyi.organisation import clock
from manyi.organisation.settings import value

_OURS = re.compile(r"([0-9a-f]{32})@")
_TAGGED = re.compile(r"\+([0-9a-f]{32})@")
_NUMBER = re.compile(r"(?<![\d-])(20\d\d-\d{6})(?!\d)")
_PREFIX = re.compile(
    r"^\s*(re|aw|sv|fw|fwd|回复|回覆|答复|答覆|转发|轉寄|reply)\s*(\[\d+\]|\(\d+\))?\s*[::]\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail belongs: a case or none; whether its subject is new; a case that a stranger named."""

    case: Case | None = None
    new_subject: bool = False
    quoted: Case | None = None


def place_of(letter: Letter) -> Place:
    """The case that a mail answers, if it answers one that can still be answered."""
    found = _by_references(letter)
    if found is not None:
        case = main_of(found)
        if is_over(case):
            return Place(quoted=case)
        return Place(case, new_subject=_is_new(letter.subject, case))
    named = _by_number(letter)
    if named is None:
        return Place()
    case = main_of(named)
    if is_party(letter.sender, named) and not is_over(case):
        return Place(case)
    return Place(quoted=named)


def of_our_letters(digests: Iterable[str]) -> Case | None:
    """The case of the first of our letters that is named by one of these tags."""
    for digest in digests:
        sent = Message.objects.filter(channel="email", receipt__startswith=f"<{digest}@").first()
        case = letters.case_of_key(sent.key) if sent else None
        if case is not None:
            return case
    return None


def is_party(address: str, case: Case) -> bool:
    """Whether this address wrote or got a mail of the case, or is its contact."""
    if address and address == case.contact_email.strip().lower():
        return True
    mails = ReceivedMail.objects.filter(case=case, state="message")
    return any(address in mail.correspondents for mail in mails.only("correspondents"))


def is_over(case: Case) -> bool:
    """Whether a case ended so long ago that a new word about it is a new matter."""
    limit = timedelta(days=value("cases.reopen_days"))
    return case.closed_at is not None and clock.now() - case.closed_at > limit


def base_of(subject: str) -> str:
    """A subject without the marks of answers and without a case number in brackets."""
    before = None
    while subject != before:
        before, subject = subject, _PREFIX.sub("", subject)
    return " ".join(_NUMBER.sub(" ", subject).replace("[ ]", " ").split()).casefold()


def _by_references(letter: Letter) -> Case | None:
    tags = [tag for address in letter.recipients for tag in _TAGGED.findall(address)]
    for reference in letter.references:
        tags += _OURS.findall(reference)
    ours = of_our_letters(dict.fromkeys(tags))
    if ours is not None:
        return ours
    theirs = ReceivedMail.objects.filter(header_id__in=letter.references, case__isnull=False)
    by_id = {mail.header_id: mail.case for mail in theirs.select_related("case").order_by("pk")}
    named = [by_id[reference] for reference in letter.references if reference in by_id]
    return next((case for case in named if case and is_party(letter.sender, case)), None)


def _by_number(letter: Letter) -> Case | None:
    numbers = _NUMBER.findall(letter.subject) or _NUMBER.findall(letter.text[:4000])
    return Case.objects.filter(number__in=numbers[:1]).first()


def _is_new(subject: str, case: Case) -> bool:
    if case.number in subject or not base_of(subject):
        return False
    known = {base_of(case.subject), *map(base_of, case.mails.values_list("subject", flat=True))}
    return base_of(subject) not in known
