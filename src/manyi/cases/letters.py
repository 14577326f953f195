"""What the complainant is told by the software, in the language of the case."""

from __future__ import annotations

from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.organisation.settings import value


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
    """Subject and body of a mail that carries a message of the case to the complainant."""
    name = value("organisation.name")
    subject = Label(f"关于您的诉求 {case.number}", f"About your matter {case.number}")
    end = Label(
        f"查询或补充:{address}(编号 {case.number})",
        f"To see more or to add something: {address} (number {case.number})",
    )
    text = Label("您好:", "Hello,").text(case.language)
    return subject.text(case.language), f"{text}\n\n{words}\n\n{end.text(case.language)}\n\n{name}"
