"""A low score opens a case: which reasons the scheme gives, and what the case then says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyi.cases.actions import register
from manyi.cases.models import Case
from manyi.customers.models import Customer
from manyi.kernel.labels import Label
from manyi.measures import scoring
from manyi.measures.answers import answer_at, is_empty
from manyi.measures.scoring import CaseReason
from manyi.responses.models import Response
from manyi.surveys.definition import Questionnaire
from manyi.surveys.queries import questionnaire_of, scheme_of


def open_for_response(response: Response) -> Case | None:
    """Open the one case of a response when its scheme asks for it; None when it does not, or there is one.

    Annoyed people answer fast and alike, so a sheet that does not count in the figures is heard all the same
    when we know whose it is; without a name it is taken for what its flags say. The case names the customer
    only when the round was not anonymous and the answer came by invitation.
    """
    scheme = response.round.scheme
    customer = _customer_of(response)
    if scheme is None or not _to_be_heard(response, customer):
        return None
    rules = scheme_of(scheme)
    reasons = scoring.case_reasons(rules, scoring.score(rules, response.answers), response.answers)
    if not reasons:
        return None
    questionnaire = questionnaire_of(response.questionnaire)
    contact = _contact(customer) if customer else {}
    return register(
        actor=None,
        unit=response.unit,
        kind="complaint",
        channel="survey",
        subject=_subject(response.language),
        body=_body(questionnaire, reasons, response),
        customer=customer,
        response=response,
        severity="high" if len(reasons) > 1 else "normal",
        confidentiality="named" if customer else "anonymous",
        language=response.language,
        contact_name=contact.get("name", ""),
        contact_phone=contact.get("phone", ""),
        contact_email=contact.get("email", ""),
    )


def _to_be_heard(response: Response, customer: Customer | None) -> bool:
    known = response.valid or customer is not None
    return known and not Case.objects.filter(response=response).exists()


def _customer_of(response: Response) -> Customer | None:
    if response.round.anonymous or response.invitation is None:
        return None
    return response.invitation.customer


def _contact(customer: Customer) -> dict[str, str]:
    known = {contact.kind: contact.value for contact in customer.contacts.order_by("preferred")}
    return {**known, "name": customer.name}


def _subject(language: str) -> str:
    return Label("问卷评分低,请联系顾客", "Low survey score: please contact the customer").text(language)


def _body(questionnaire: Questionnaire, reasons: tuple[CaseReason, ...], response: Response) -> str:
    titles = titles_of(questionnaire, response.language)
    lines = [reason.words(titles).text(response.language) for reason in reasons]
    return "\n".join(lines + _own_words(questionnaire, response.answers, titles))


def _own_words(
    questionnaire: Questionnaire, answers: Mapping[str, Any], titles: Mapping[str, str]
) -> list[str]:
    """What the respondent wrote in the open questions."""
    written = [
        (question.code, answer_at(answers, question.code))
        for section in questionnaire.sections
        for question in section.questions
        if question.type == "text_long"
    ]
    return [f"{titles[code]} “{text}”" for code, text in written if not is_empty(text)]


def titles_of(questionnaire: Questionnaire, language: str) -> dict[str, str]:
    """The wording of every question and matrix row (``matrix.row``) by code."""
    titles: dict[str, str] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            titles[question.code] = question.title.text(language)
            for row in question.rows:
                titles[f"{question.code}.{row.code}"] = row.title.text(language)
    return titles
