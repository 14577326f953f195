"""Files that were promised on the telephone: the link by which they come, and taking them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from manyi.customers.models import OptOut
from manyi.distribution import links
from manyi.distribution.channels import CHANNELS, Channel
from manyi.distribution.invitation_actions import reach
from manyi.distribution.messages import queue_message
from manyi.distribution.models import Invitation, Message
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.settings import value
from manyi.responses.models import Response
from manyi.responses.upload_actions import Upload, take_files
from manyi.surveys.files import promised
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Question

LINK_SENT = events.kind("response.file_link_sent", "发送补交文件链接", "Link for promised files sent")
FILES_CAME = events.kind("response.files_handed_in", "补交文件", "Promised files handed in")

SUBJECT = Label("请补交照片或文件:{title}", "Please send us the files: {title}")
BODY = Label(
    "{name}您好,感谢您接受{organisation}的电话访问。请用此链接上传您答应补交的照片或文件:{link}",
    "Dear {name}, thank you for the interview with {organisation}. Please send the files that you promised "
    "by this link: {link}",
)
CUSTOMER = Label("客户", "customer")


def still_promised(response: Response, way: str = "") -> list[Question]:
    """The questions of a response whose files are still to come, in order; only those by one ``way``."""
    asked = questionnaire_of(response.questionnaire).questions.values()
    given = response.answers
    return [q for q in asked if promised(given.get(q.code)) and way in ("", given.get(q.code))]


def send_link(*, actor: Person, response: Response) -> Message | None:
    """Queue the message with the link for promised files: by SMS where one is ready, else by e-mail.

    None when nothing was promised by link, or no channel that is ready reaches the person: then somebody has
    to give them the link. A second call gives the same message.
    """
    access.require(actor, "surveys.call", response.unit)
    invitation = response.invitation
    if invitation is None or not still_promised(response, "promised_link"):
        return None
    channel, recipient = _way_to(invitation)
    if channel is None:
        return None
    with transaction.atomic():
        text = _words(invitation, response.language)
        message = queue_message(
            key=f"files:{response.pk}",
            kind="files",
            channel=channel.id,
            recipient=recipient,
            subject=text["subject"],
            body=text["body"],
            unit=response.unit,
            invitation=invitation,
            fields=text if channel.form == "short" else {},
        )
        _note(LINK_SENT, actor, response, {"channel": channel.id})
    return message


def _way_to(invitation: Invitation) -> tuple[Channel | None, str]:
    """The first ready channel that reaches the person, with their address there."""
    opted_out = set(OptOut.objects.values_list("contact_hash", flat=True))
    fitting = [each for each in CHANNELS if each.reach == "person" and each.contact in {"phone", "email"}]
    for channel in sorted(fitting, key=lambda each: each.contact != "phone"):
        contact, _ = reach(invitation.customer, channel.contact, opted_out)
        if channel.ready() is None and contact is not None:
            return channel, contact.value
    return None, ""


def _words(invitation: Invitation, language: str) -> dict[str, str]:
    """Subject, body and the parts of the message in the language of the interview."""
    customer, round = invitation.customer, invitation.round
    english = not language.startswith("zh")
    parts = {
        "name": (customer.name if customer else "") or CUSTOMER.text(language),
        "organisation": value("organisation.name"),
        "title": (round.title_en or round.title) if english else round.title,
        "link": links.personal(invitation.token),
        "token": invitation.token,
    }
    texts = {"subject": SUBJECT.text(language), "body": BODY.text(language)}
    return {**parts, **{name: text.format(**parts) for name, text in texts.items()}}


def hand_in(
    *, actor: Person | None, response: Response, uploads: Mapping[str, Sequence[Upload]]
) -> list[Question]:
    """Take promised files in, by question code; returns the questions that got theirs.

    ``actor`` None is the respondent by their own link. Raises RoundClosed after the end, and Refused at the
    question whose files cannot be taken; then nothing is.
    """
    access.require(actor, "responses.judge", response)
    with transaction.atomic():
        rows = Response.objects.select_for_update(of=("self",)).select_related("round", "unit")
        row = rows.get(pk=response.pk)
        came = [q for q in still_promised(row) if uploads.get(q.code)]
        if not came:
            raise Refused(Label("请选择要上传的文件。", "Please choose the files to send."))
        for question in came:
            given = take_files(response=row, question=question, kept=None, uploads=uploads[question.code])
            checked = TYPES.get(question.type).check(question, given)
            if checked.problem is not None:
                raise Refused(checked.problem, field=question.code)
            row.answers = {**row.answers, question.code: checked.value}
        row.save(update_fields=["answers"])
        _note(FILES_CAME, actor, row, {"questions": [question.code for question in came]})
    response.answers = row.answers
    return came


def _note(kind: events.EventKind, actor: Person | None, response: Response, told: dict[str, object]) -> None:
    data = {"response": response.pk, "round": response.round_id, **told}
    events.append(kind, actor=actor, subject=response, unit=response.unit, data=data)
