"""The wish not to be asked again, and its withdrawal, by the person's own link."""

from __future__ import annotations

from django.db import transaction

from manyi.customers import actions as customers
from manyi.customers.models import Customer
from manyi.customers.rules import BadContact, normalise
from manyi.distribution import rules
from manyi.distribution.errors import UnknownLink
from manyi.distribution.models import Invitation, Message
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person


def opt_out(*, token: str, source: str = "link", actor: Person | None = None) -> Invitation:
    """The person behind a personal link does not want to be asked again, by any of their contacts.

    ``actor`` None means that they said so themselves by their link. Waiting messages are cancelled. Raises
    UnknownLink.
    """
    invitation = invitation_of(token)
    if invitation.state == "opted_out" or invitation.customer is None:
        return invitation
    with transaction.atomic():
        customers.opt_out(customer=invitation.customer, source=source, actor=actor)
        theirs = Invitation.objects.filter(customer=invitation.customer).exclude(state="answered")
        Message.objects.filter(invitation__in=theirs, state="queued").update(state="cancelled")
        theirs.update(state="opted_out")
    invitation.refresh_from_db(fields=["state"])
    return invitation


def opt_back_in(*, actor: Person | None, invitation: Invitation) -> Invitation:
    """The person wants to be asked again; ``actor`` None means that they said so themselves by their link."""
    access.require(actor, "surveys.field", invitation)
    if invitation.customer is None:
        raise Refused(Label("客户信息已删除,无法恢复。", "The customer's data was erased."))
    with transaction.atomic():
        customers.opt_back_in(customer=invitation.customer, source="link", actor=actor)
        theirs = Invitation.objects.filter(customer=invitation.customer, state="opted_out")
        theirs.filter(sent_at=None).update(state="created")
        theirs.filter(opened_at=None).exclude(sent_at=None).update(state="sent")
        theirs.exclude(opened_at=None).update(state="opened")
    invitation.refresh_from_db(fields=["state"])
    return invitation


def opt_out_by_reply(*, sender: str, text: str) -> int:
    """Somebody answered an SMS with the words that opt out; returns how many files have that number.

    Any other reply changes nothing. A number that no file has is none of ours.
    """
    if not rules.is_opt_out(text):
        return 0
    try:
        number = normalise("phone", sender)
    except BadContact:
        return 0
    people = Customer.objects.filter(contacts__kind="phone", contacts__normalised=number, erased_at=None)
    with transaction.atomic():
        found = list(people.distinct())
        for customer in found:
            customers.opt_out(customer=customer, source="sms")
        theirs = Invitation.objects.filter(customer__in=found).exclude(state="answered")
        Message.objects.filter(invitation__in=theirs, state="queued").update(state="cancelled")
        theirs.update(state="opted_out")
    return len(found)


def invitation_of(token: str) -> Invitation:
    """The invitation with this token; raises UnknownLink."""
    found = Invitation.objects.select_related("round", "customer__unit", "unit").filter(token=token).first()
    if found is None:
        raise UnknownLink
    return found
