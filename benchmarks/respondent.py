"""CPU and statements of one respondent's page and submission, beside an empty insert in the same run.

    python -m benchmarks.respondent [--answers 200]

Each answer is a GET of a page with 20 rated questions and the POST that submits it: judged, scored, logged.
The bare limit is one ``INSERT`` in a transaction of its own through Django's ORM.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from benchmarks._home import throwaway

T = TypeVar("T")
QUESTIONS = 20


def definition() -> dict[str, Any]:
    """One section of 20 required ratings."""
    labels = [
        {"code": "1", "title": "很不满意", "title_en": "Poor"},
        {"code": "5", "title": "很满意", "title_en": "Good"},
    ]
    questions = [
        {
            "code": f"q{n}",
            "type": "rating",
            "required": True,
            "title": f"第 {n} 项服务",
            "title_en": f"Service {n}",
            "options": labels,
        }
        for n in range(1, QUESTIONS + 1)
    ]
    section = {"code": "s", "title": "服务", "title_en": "Service", "questions": questions}
    return {"code": "bench", "title": "测速", "title_en": "Benchmark", "sections": [section]}


def scheme() -> dict[str, Any]:
    """Five grades to 20 to 100 points on every question."""
    points = {str(step): 20 * step for step in range(1, 6)}
    return {"items": [{"question": f"q{n}", "points": points} for n in range(1, QUESTIONS + 1)]}


def tokens(count: int) -> list[str]:
    """An open round with one personal invitation for each answer."""
    from manyi.customers.actions import CustomerFile, note_consent, save_customer
    from manyi.distribution import actions as distribution
    from manyi.distribution.models import Invitation
    from manyi.organisation import actions as organisation
    from manyi.organisation import clock
    from manyi.surveys import actions as surveys
    from manyi.surveys.definition import from_dict

    unit = organisation.create_unit(actor=None, code="B", name="测速", kind="group", parent=None)
    draft = surveys.create_questionnaire(actor=None, unit=unit, definition=from_dict(definition()))
    version = surveys.publish_questionnaire(actor=None, version=draft)
    scored = surveys.create_scheme(
        actor=None, questionnaire=version.questionnaire, code="b", title="测速", definition=scheme()
    )
    surveys.publish_scheme(actor=None, version=scored)
    programme = surveys.create_programme(actor=None, unit=unit, code="b", title="测速")
    now = clock.now()
    row = surveys.create_round(
        actor=None, programme=programme, questionnaire=version, scheme=scored, title="测速",
        opens_at=now, closes_at=now + timedelta(days=1),
    )  # fmt: skip
    surveys.advance_round(actor=None, round=row, name="open")
    for number in range(count):
        made = save_customer(actor=None, unit=unit, data=CustomerFile(code=str(number), name=str(number)))
        made.contacts.create(kind="email", value=f"{number}@example.com", normalised=f"{number}@example.com")
        note_consent(actor=None, customer=made, granted=True, source="benchmark")
    surveys.draw_sample(actor=None, round=row, method="census", filters={})
    distribution.create_invitations(actor=None, round=row, channel="link")
    return list(Invitation.objects.values_list("token", flat=True))


def cpu(work: Callable[[T], object], thing: T) -> float:
    """CPU milliseconds of this process for one call."""
    begun = time.process_time()
    work(thing)
    return (time.process_time() - begun) * 1000


def median(values: list[float]) -> float:
    """The middle value."""
    return sorted(values)[len(values) // 2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=int, default=200)
    count = parser.parse_args().answers
    with throwaway():
        from django.db import connection
        from django.test import Client

        client, pages = Client(), [f"/s/{token}/" for token in tokens(count)]
        form = {f"a.q{n}": str(n % 5 + 1) for n in range(1, QUESTIONS + 1)}
        posted = {**form, "shown": [f"q{n}" for n in range(1, QUESTIONS + 1)], "last": "1"}

        def answer(page: str) -> None:
            assert client.get(f"{page}p/s/").status_code == 200
            assert "/receipt/" in client.post(f"{page}p/s/", posted)["Location"]

        for page in pages:
            client.post(page)
        answer(pages[0])
        statements: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            statements.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            answer(pages[1])
        spent = [cpu(answer, page) for page in pages[2:]]
        bare = [cpu(insert, number) for number in range(count)]
        pair = f"{len(statements)} statements (aim 12), {median(spent):.1f} CPU ms (aim 15)"
        print(f"GET + POST of {QUESTIONS} questions: {pair}")
        print(f"bare insert of one row: 1 statement, {median(bare):.2f} CPU ms")


def insert(number: int) -> None:
    """The bare limit: one small row."""
    from manyi.organisation import clock
    from manyi.organisation.models import RecurringRun

    RecurringRun.objects.create(name=f"bare {number}", last_run=clock.now())


if __name__ == "__main__":
    main()
