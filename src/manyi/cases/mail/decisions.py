"""What a person decides about a mail: it was a person after all, it is a matter of its own, it is not."""

from __future__ import annotations

from django.db import transaction

from manyi.cases.mail import intake, places, reading
from manyi.cases.models import Case, ReceivedMail
from manyi.cases.step_actions import advance
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Event, Person, Unit

MAIL_DECIDED = events.kind("case_mail.decided", "人工处理来信", "Mail decided on by a person")


def retry(*, actor: Person, mail: ReceivedMail) -> ReceivedMail:
    """Read a mail again that was set aside, by today's rules and limits."""
    access.require(actor, "cases.dispatch", mail)
    ReceivedMail.objects.filter(pk=mail.pk, state="quarantined").update(state="kept", reason="", detail="")
    return intake.sort(mail, actor=actor)


def register_it(*, actor: Person, mail: ReceivedMail, unit: Unit, kind: str) -> Case:
    """Make a case of a mail that was taken for a machine's. Raises Refused for one that became a case."""
    access.require(actor, "cases.register", unit)
    with transaction.atomic():
        row = _locked(actor, mail)
        if row.state != "machine":
            raise Refused(Label("这封邮件已处理过。", "This mail was dealt with already."))
        row.unit, row.kind, row.state, row.reason = unit, kind, "message", ""
        case = places.begin(row, reading.read(intake.raw_of(row)))
        row.save()
        _book(actor, row, "registered")
    return case


def split(*, actor: Person, mail: ReceivedMail) -> Case:
    """Make a case of its own of an answer that speaks of something new; its words move there."""
    with transaction.atomic():
        row = _locked(actor, mail)
        if row.case is None or row.message is None or row.state != "message":
            raise Refused(Label("这封邮件不在诉求中。", "This mail is in no case."))
        old, message = row.case, row.message
        if old.messages.order_by("pk").first() == message:
            raise Refused(Label("这封邮件就是该诉求的起点。", "The case began with this mail."))
        row.kind, row.unit, row.new_subject = old.kind, old.unit, False
        made = places.begin(row, reading.read(intake.raw_of(row)))
        made.customer = made.customer or old.customer
        made.save(update_fields=["customer"])
        message.delete()
        row.save()
        places.note(old, Label(f"一封来信已分立为 {made.number}。", f"A mail became {made.number}."))
        places.note(made, Label(f"由 {old.number} 的来信分立。", f"Split off from {old.number}."))
        _book(actor, row, "split", old=old.pk)
    return made


def split_from(mail: ReceivedMail) -> Case | None:
    """The case that a mail answered before it was split off; None when it was not, or is back."""
    rows = Event.objects.filter(
        kind=MAIL_DECIDED.id, subject_type=mail._meta.label_lower, subject_id=str(mail.pk)
    )
    last = rows.order_by("-seq").first()
    if last is None or last.data["decision"] != "split":
        return None
    return Case.objects.filter(pk=last.data["old"]).first()


def keep_together(*, actor: Person, mail: ReceivedMail) -> ReceivedMail:
    """The subject is new, the matter is not: the mail stays in its case."""
    with transaction.atomic():
        row = _locked(actor, mail)
        row.new_subject = False
        row.save(update_fields=["new_subject"])
        _book(actor, row, "kept together")
    return row


def put_back(*, actor: Person, mail: ReceivedMail) -> Case:
    """Take a split back: the case that was made of the mail is merged into the one that it came from."""
    with transaction.atomic():
        row, old = _locked(actor, mail), split_from(mail)
        if row.case is None or old is None:
            raise Refused(Label("没有可撤回的分立。", "There is nothing to take back."))
        advance(case=row.case, name="merge", actor=actor, facts={"into": old.number})
        row.message = None
        row.save()
        places.answer(row, reading.read(intake.raw_of(row)), old)
        row.save()
        _book(actor, row, "put back")
    return old


def _locked(actor: Person, mail: ReceivedMail) -> ReceivedMail:
    access.require(actor, "cases.dispatch", mail)
    rows = ReceivedMail.objects.select_for_update(of=("self",))
    return rows.select_related("unit", "box", "case__unit", "message").get(pk=mail.pk)


def _book(actor: Person, mail: ReceivedMail, decision: str, **more: int) -> None:
    data = {"mail": mail.pk, "case": mail.case_id, "decision": decision, **more}
    events.append(MAIL_DECIDED, actor=actor, subject=mail, label=mail.sha256[:12], unit=mail.unit, data=data)
