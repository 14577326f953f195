"""Answer sheets of 20 questions handed in by the API, beside bare inserts of the same row in the same run.

    python -m benchmarks.submission [--answers 300]

Through the API an answer sheet is authenticated, judged, scored, stored with its score, logged as an event
and acknowledged; its invitation is marked as answered. The batch route does so for 100 sheets a request. The
bare limit is ``Response.objects.create`` of such a row in a transaction of its own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from secrets import token_urlsafe
from typing import TYPE_CHECKING, TypeVar

from benchmarks._home import throwaway
from benchmarks.respondent import QUESTIONS, median, tokens

if TYPE_CHECKING:
    from django.test import Client

    from manyi.organisation.models import Unit
    from manyi.surveys.models import Round

T = TypeVar("T")
JSON, BATCH = "application/json", 100
ANSWERS = {f"q{n}": n % 5 + 1 for n in range(1, QUESTIONS + 1)}


def spent(work: Callable[[T], object], things: list[T]) -> list[float]:
    """CPU milliseconds of each call."""
    found = []
    for thing in things:
        begun = time.process_time()
        work(thing)
        found.append((time.process_time() - begun) * 1000)
    return found


def signed_in(unit: Unit) -> Client:
    """An API client of somebody who may enter answers."""
    from django.test import Client

    from manyi.organisation import actions as organisation
    from manyi.organisation.roles import Role

    person = organisation.create_person(
        actor=None, unit=unit, username="bench", display_name="测速", password=token_urlsafe(16)
    )
    organisation.grant_role(actor=None, person=person, role=Role.SURVEY_MANAGER, unit=unit)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def bare_insert(row: Round, unit: Unit, number: int) -> None:
    """One row of such an answer, in a transaction of its own."""
    from manyi.organisation import clock
    from manyi.responses.models import Response

    now = clock.now()
    Response.objects.create(
        round=row, questionnaire_id=row.questionnaire_id, unit=unit, channel="link", state="submitted",
        answers=ANSWERS, seconds=60, key=f"bare{number}", receipt=f"b{number}", started_at=now,
        saved_at=now, submitted_at=now,
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=int, default=300)
    count = parser.parse_args().answers
    with throwaway():
        from manyi.distribution.models import Invitation
        from manyi.organisation.models import Unit
        from manyi.responses import actions
        from manyi.surveys.models import Round

        links = tokens(count * 3)
        row, unit = Round.objects.get(), Unit.objects.get()
        client = signed_in(unit)

        def by_api(token: str) -> None:
            body = json.dumps({"invitation": token, "answers": ANSWERS})
            answer = client.post(f"/api/rounds/{row.pk}/responses", body, content_type=JSON)
            assert answer.status_code == 201, answer.content

        def by_batch(part: list[str]) -> None:
            sheets = [{"invitation": token, "answers": ANSWERS} for token in part]
            path = f"/api/rounds/{row.pk}/responses/batch"
            answer = client.post(path, json.dumps({"sheets": sheets}), content_type=JSON)
            assert all(each["receipt"] for each in answer.json()["results"]), answer.content

        def by_action(token: str) -> None:
            invitation = Invitation.objects.select_related("round", "member").get(token=token)
            actions.submit(response=actions.begin(invitation=invitation), answers=ANSWERS)

        limit = median(spent(partial(bare_insert, row, unit), list(range(count))))
        one, two, rest = links[:count], links[count : 2 * count], links[2 * count :]
        parts = [rest[n : n + BATCH] for n in range(0, count, BATCH)]
        for name, took in (
            ("API", median(spent(by_api, one))),
            ("actions", median(spent(by_action, two))),
            ("batch route", median(spent(by_batch, parts)) / BATCH),
        ):
            print(f"{name}: {took:.2f} CPU ms a sheet ({limit / took:.0%} of a bare insert's rate, aim 50 %)")
        print(f"bare insert: {limit:.2f} CPU ms")


if __name__ == "__main__":
    main()
