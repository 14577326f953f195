"""What the complainant is told by the software, in the language of the case."""

from __future__ import annotations

import re

from manyi.cases.models import Case, ReceivedMail
from manyi.kernel.labels import Label
from manyi.organisation.models import Event
from manyi.organisation.settings import value

#: A letter by e-mail, or with ``-back`` an answer where the complainant wrote.
_KEY = re.compile(r"case-(\d+)-event-(\d+)(-back)?")

#: What a case says when a letter of it came back, by the verdict on the mail.
RETURNED = {
    "hard": Label("发给顾客的邮件被退回,地址无效,请用其他方式联系。", "A letter to the customer came back."),
    "soft": Label("发给顾客的邮件暂时未送达。", "A letter to the customer could not be delivered yet."),
    "auto_reply": Label("收到顾客邮箱的自动回复。", "The customer's box answered by itself."),
}


def standard_words(step: str, case: Case) -> str:
    """The words that go to the complainant with a step when the person wrote none."""
    words = {
        "acknowledge": Label(
            "您反映的事情已受理,我们会尽快派专人与您联系。",
            "We have accepted your matter; a person in charge will contact you soon.",
        ),
    }[step]
    return words.text(case.language)


def receipt(case: Case, address: str) -> tuple[str, str]:
    """Subject and body of the mail that gives number and tracking code; ``address`` is the tracking page."""
    name = value("organisation.name")
    subject = Label(f"{name}已收到您的诉求 {case.number}", f"{name} has received your matter {case.number}")
    body = Label(
        f"您好:\n\n我们已收到您的诉求。\n编号:{case.number}\n查询码:{case.tracking_code}\n"
        f"查询办理进度:{address}\n\n{name}",
        f"Hello,\n\nwe have received your matter.\nNumber: {case.number}\n"
        f"Tracking code: {case.tracking_code}\n"
        f"See how it is going: {address}\n\n{name}",
    )
    return subject.text(case.language), body.text(case.language)


def letter(case: Case, words: str, address: str) -> tuple[str, str]:
    """Subject and body of a mail that carries a message of the case to the complainant.

    An answer to a mail keeps the newest subject that the complainant wrote, and names the case.
    """
    name, last = value("organisation.name"), last_mail(case)
    asked = Label(f"关于您的诉求 {case.number}", f"About your matter {case.number}").text(case.language)
    if last is not None and last.subject:
        asked = last.subject if last.subject.lower().startswith(("re:", "回复")) else f"Re: {last.subject}"
        asked = asked if case.number in asked else f"{asked} [{case.number}]"
    end = Label(
        f"查询或补充:{address}(编号 {case.number})",
        f"To see more or to add something: {address} (number {case.number})",
    )
    text = Label("您好:", "Hello,").text(case.language)
    return asked, f"{text}\n\n{words}\n\n{end.text(case.language)}\n\n{name}"


def last_mail(case: Case) -> ReceivedMail | None:
    """The newest mail of the complainant in a case."""
    return case.mails.filter(state="message").order_by("-pk").select_related("box").first()


def headers(case: Case, *, automatic: bool) -> dict[str, str]:
    """The headers by which a mail program shows the letter below the mail that it answers.

    ``automatic`` marks it by RFC 3834, so that no machine answers it; what a person wrote says that too.
    """
    found = {"Auto-Submitted": "auto-replied" if automatic else "no"}
    mails = case.mails.filter(state="message").exclude(header_id="").order_by("pk")
    known = [f"<{each}>" for each in mails.values_list("header_id", flat=True)]
    if known:
        found |= {"In-Reply-To": known[-1], "References": " ".join(known[-10:])}
    last = last_mail(case)
    if last is not None and last.box is not None:
        found["Reply-To"] = last.box.address
    return found


def key_of(case: Case, event: Event, *, back: bool = False) -> str:
    """The key of the letter that an event of a case sends; ``back``: to where the complainant wrote."""
    return f"case-{case.pk}-event-{event.seq}" + ("-back" if back else "")


def case_id_of(key: str) -> int:
    """The id of the case whose letter has this key; 0 for messages that are no letters of cases."""
    found = _KEY.fullmatch(key)
    return int(found.group(1)) if found else 0


def case_of_key(key: str) -> Case | None:
    """The case whose letter has this key; None for messages that are no letters of cases."""
    return Case.objects.filter(pk=case_id_of(key)).first()
