"""What one person answered: handed out with their data, and made anonymous when they are erased."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from manyi.customers import privacy
from manyi.customers.models import Customer
from manyi.responses.models import Response
from manyi.surveys.queries import questionnaire_of


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
    for row in rows:
        if row.state == "draft":
            row.delete()
            continue
        questions = questionnaire_of(row.questionnaire).questions
        row.answers = {
            code: value for code, value in row.answers.items() if not questions[code].type.startswith("text_")
        }
        row.set_aside, row.invitation = {}, None
        row.save(update_fields=["answers", "set_aside", "invitation"])
    return len(rows)


privacy.COLLECTORS["answers"] = answers_of
privacy.ERASERS["answers"] = forget
