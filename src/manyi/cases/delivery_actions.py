"""The only writers of what is done about a letter that did not reach the complainant."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from manyi.cases import letters
from manyi.cases.actions import WRITERS
from manyi.cases.models import Case
from manyi.cases.posts import answers
from manyi.distribution.actions import queue_again
from manyi.distribution.models import Message
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person

LETTER_AGAIN = events.kind("case.letter_again", "重新发送给顾客", "Sent to the customer again")
LETTER_SETTLED = events.kind(
    "case.letter_settled", "未送达的内容已用其他方式告知", "Undelivered words were told otherwise"
)
_NOT_FAILED = Label("只有未送达的内容可以这样处理。", "Only what did not arrive can be treated so.")
_NO_ADDRESS = Label(
    "这件诉求没有邮箱地址,请用其他方式联系顾客。",
    "The case has no e-mail address. Please reach the customer otherwise.",
)


def send_again(*, actor: Person, case: Case, message: Message) -> Message:
    """Send a letter that did not arrive once more: to the address of today, and signed anew. One that was
    settled otherwise can be sent too.

    Raises Refused for one that is not undelivered, or when there is no way to the complainant any more.
    """
    _require_part(actor, case, message)
    with transaction.atomic():
        if not queue_again(message, **_renewed(case, message)):
            raise Refused(_NOT_FAILED)
        _note(LETTER_AGAIN, actor, case, message)
    message.refresh_from_db()
    return message


def settle(*, actor: Person, case: Case, message: Message) -> Message:
    """Note that what did not arrive was told in another way; it is not sent any more."""
    _require_part(actor, case, message)
    with transaction.atomic():
        if not Message.objects.filter(pk=message.pk, state="failed").update(state="cancelled"):
            raise Refused(_NOT_FAILED)
        _note(LETTER_SETTLED, actor, case, message)
    message.refresh_from_db()
    return message


def _require_part(actor: Person, case: Case, message: Message) -> None:
    if not any(access.may(actor, verb, case) for verb in WRITERS):
        raise NotPermitted(WRITERS[0])
    if letters.case_id_of(message.key) != case.pk:
        raise ValueError(f"message {message.pk} is no letter of case {case.pk}")


def _renewed(case: Case, message: Message) -> dict[str, Any]:
    if message.channel != "email":
        return answers.renewed(message, case)
    if not case.contact_email:
        raise Refused(_NO_ADDRESS)
    return {"recipient": case.contact_email}


def _note(kind: events.EventKind, actor: Person, case: Case, message: Message) -> None:
    data = {"letter": message.pk, "channel": message.channel}
    events.append(kind, actor=actor, subject=case, unit=case.unit, data=data)
