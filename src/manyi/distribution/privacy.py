"""What was sent to one person: handed out with their data, and emptied when they are erased."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from manyi.customers import actions as customers
from manyi.customers import privacy
from manyi.customers.models import Customer
from manyi.distribution.dispositions import label_of
from manyi.distribution.models import Call, CallTask, Invitation, Message
from manyi.surveys.models import SampleMember


def _messages(customer: Customer) -> QuerySet[Message]:
    """Everything that went to the person: by their invitations, and to any of their addresses."""
    addresses = [text for point in customer.contacts.all() for text in (point.value, point.normalised)]
    return Message.objects.filter(Q(invitation__customer=customer) | Q(recipient__in=addresses))


def invitations_of(customer: Customer) -> list[dict[str, Any]]:
    """The surveys that the person was asked to."""
    return [
        {
            "round": row.round.title,
            "channel": row.channel,
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in Invitation.objects.filter(customer=customer).select_related("round")
    ]


def messages_of(customer: Customer) -> list[dict[str, Any]]:
    """The messages that were sent to the person."""
    return [
        {"channel": row.channel, "to": row.recipient, "subject": row.subject, "body": row.body}
        for row in _messages(customer)
    ]


def empty_messages(customer: Customer) -> int:
    """Take address and text out of the person's messages; what still waits is not sent any more."""
    rows = _messages(customer)
    rows.filter(state="queued").update(state="cancelled")
    return rows.update(recipient="", subject="", body="", headers={})


def calls_of(customer: Customer) -> list[dict[str, Any]]:
    """When the person was called, how that ended, and what was noted."""
    rows = Call.objects.filter(task__invitation__customer=customer).order_by("pk")
    return [
        {"began_at": row.began_at.isoformat(), "result": label_of(row.disposition).en, "note": row.note}
        for row in rows
    ]


def empty_notes(customer: Customer) -> int:
    """Take what interviewers wrote out of the person's calls; nobody calls them again."""
    rows = Call.objects.filter(task__invitation__customer=customer)
    CallTask.objects.filter(invitation__customer=customer).update(done=True)
    return rows.update(note="", check_note="")


def move(keep: Customer, drop: Customer) -> int:
    """Samples and invitations go to the file that stays, except in rounds for which both were drawn."""
    drawn = SampleMember.objects.filter(customer=keep).values_list("round_id", flat=True)
    members = SampleMember.objects.filter(customer=drop).exclude(round_id__in=list(drawn))
    Invitation.objects.filter(member__in=list(members)).update(customer=keep)
    return members.update(customer=keep)


privacy.COLLECTORS["invitations"] = invitations_of
privacy.COLLECTORS["messages"] = messages_of
privacy.COLLECTORS["calls"] = calls_of
privacy.ERASERS["messages"] = empty_messages
privacy.ERASERS["calls"] = empty_notes
customers.MOVERS["samples"] = move
