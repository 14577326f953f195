"""What one person answered: handed out with their data, and made anonymous when they are erased."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from manyi.customers import privacy
from manyi.customers.models import Customer
from manyi.measures.answers import TOTAL
from manyi.organisation import attachments
from manyi.responses.models import FollowUp, PaperCopy, PaperEntry, Response
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Questionnaire

#: Kinds of columns that say nothing of who answered.
_FIGURES = frozenset({"code", "number", "flag"})


def _responses(customer: Customer) -> QuerySet[Response]:
    """The answers that lead to the person; those of anonymous rounds lead to nobody."""
    rows = Response.objects.filter(invitation__customer=customer)
    return rows.select_related("round", "questionnaire").order_by("pk")


def answers_of(customer: Customer) -> list[dict[str, Any]]:
    """The person's answers by question code, drafts included."""
    return [
        {
            "round": row.round.title,
            "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
            "answers": row.answers,
            "set_aside": {code: kept["value"] for code, kept in row.set_aside.items()},
        }
        for row in _responses(customer)
    ]


def forget(customer: Customer) -> int:
    """Cut answers off a person: choices stay as figures; drafts go, and free text (it may name somebody)."""
    rows = list(_responses(customer))
    _forget_paper(customer)
    for row in rows:
        attachments.discard(row)
        if row.state == "draft":
            row.delete()
            continue
        row.answers = _figures(questionnaire_of(row.questionnaire), row.answers)
        row.set_aside, row.invitation = {}, None
        row.revisions.all().delete()
        FollowUp.objects.filter(response=row).delete()
        row.save(update_fields=["answers", "set_aside", "invitation"])
    return len(rows)


def _forget_paper(customer: Customer) -> None:
    """Take away what was typed off their copies, and the scans; the copies stay counted."""
    copies = PaperCopy.objects.filter(invitation__customer=customer)
    PaperEntry.objects.filter(copy__in=copies).update(values={})
    for copy in copies:
        attachments.discard(copy)
    copies.update(invitation=None)


def _figures(questionnaire: Questionnaire, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers that are codes and numbers throughout; words, names, places and files are not."""
    kept = {}
    for code, value in answers.items():
        question = questionnaire.questions.get(code.removesuffix(TOTAL))
        columns = TYPES.get(question.type).columns(question) if question else []
        if columns and all(column.kind in _FIGURES for column in columns):
            kept[code] = value
    return kept


privacy.COLLECTORS["answers"] = answers_of
privacy.ERASERS["answers"] = forget
