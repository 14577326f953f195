"""What cases do when something happened: low scores open them, deadlines follow the calendar, mail goes."""

from __future__ import annotations

from django.conf import settings

from manyi.cases import letters
from manyi.cases.actions import CASE_MESSAGE, CASE_REGISTERED
from manyi.cases.describing import CASE_DESCRIBED
from manyi.cases.mail.guard import may_acknowledge
from manyi.cases.mail.places import note
from manyi.cases.models import Case, CaseMessage
from manyi.cases.policy_actions import recompute_clocks
from manyi.cases.posts import answers
from manyi.cases.routing_actions import assign_by_rule
from manyi.cases.step_actions import STEP_KINDS, advance
from manyi.cases.triggers import open_for_response
from manyi.cases.workflow import MACHINE
from manyi.distribution.actions import queue_message
from manyi.distribution.models import Message
from manyi.distribution.return_actions import MAIL_RETURNED
from manyi.organisation import events
from manyi.organisation.calendar_actions import CALENDAR_CHANGED
from manyi.organisation.models import Event
from manyi.responses.batch_actions import SHEETS_HANDED_IN
from manyi.responses.finishing import RESPONSE_SUBMITTED
from manyi.responses.models import Response

TELLING = [STEP_KINDS[step.name] for step in MACHINE.transitions if "tell_customer" in step.effects]


@events.subscribe("cases.clocks", CALENDAR_CHANGED)
def follow_calendar(event: Event) -> None:
    """A changed calendar moves the deadlines of the open cases below its unit."""
    if event.unit is not None:
        recompute_clocks(actor=None, unit=event.unit)


@events.subscribe("cases.low_score", RESPONSE_SUBMITTED, SHEETS_HANDED_IN)
def open_case(event: Event) -> None:
    """An answer sheet below the limits of its scheme opens a case, once."""
    rows = Response.objects.select_related("round__scheme", "unit", "questionnaire", "invitation__customer")
    submitted = event.data.get("responses") or [event.data["response"]]
    for response in rows.filter(pk__in=submitted).order_by("pk"):
        open_for_response(response)


@events.subscribe("cases.resume_on_word", CASE_MESSAGE)
def resume_on_word(event: Event) -> None:
    """A word from the complainant ends the waiting for them."""
    case = Case.objects.filter(pk=event.data["case"], state="waiting").first()
    if case is None or event.data["direction"] != "in":
        return
    if case.pauses.filter(until_at=None, reason="customer").exists():
        advance(case=case, name="resume", actor=None)


@events.subscribe("cases.routing", STEP_KINDS["acknowledge"], CASE_DESCRIBED)
def route(event: Event) -> None:
    """A case that is accepted and has its category goes where a rule sends it."""
    case = Case.objects.filter(pk=event.subject_id, state="acknowledged").select_related("unit").first()
    if case is not None:
        assign_by_rule(case=case)


@events.subscribe("cases.receipts", CASE_REGISTERED)
def send_receipt(event: Event) -> None:
    """Whoever left an address gets number and tracking code, unless the case came out of a questionnaire;
    whoever wrote by chat gets them there."""
    case = Case.objects.filter(pk=event.data["case"]).exclude(channel="survey").first()
    if case is None or answers.receipt(event, case, tracking_page()):
        return
    if case.contact_email and may_acknowledge(case):
        _mail(event, case, *letters.receipt(case, tracking_page()))


@events.subscribe("cases.letters", CASE_MESSAGE, *TELLING)
def send_letter(event: Event) -> None:
    """What staff write to the complainant also goes where they wrote from, else to the address they left."""
    if event.data.get("direction") != "out":
        return
    message = CaseMessage.objects.select_related("case__unit").filter(pk=event.data["message"]).first()
    if message is None or answers.answer(event, message.case, message.body):
        return
    if message.case.contact_email:
        _mail(event, message.case, *letters.letter(message.case, message.body, tracking_page()))


@events.subscribe("cases.returns", MAIL_RETURNED)
def note_return(event: Event) -> None:
    """A letter of a case that came back is noted in the case: its handler must reach the person otherwise."""
    message = Message.objects.filter(pk=event.data["message"] or 0).first()
    case = letters.case_of_key(message.key) if message else None
    words = letters.RETURNED.get(event.data["verdict"])
    if case is not None and words is not None:
        note(case, words)


def tracking_page() -> str:
    """The address at which a complainant follows their case."""
    return f"{settings.BASE_URL}/track/"


def _mail(event: Event, case: Case, subject: str, body: str) -> None:
    receipt = event.kind == CASE_REGISTERED.id
    queue_message(
        key=letters.key_of(case, event),
        kind="acknowledgement" if receipt else "answer",
        channel="email",
        recipient=case.contact_email,
        subject=subject,
        body=body,
        unit=case.unit,
        headers=letters.headers(case, automatic=receipt),
    )
