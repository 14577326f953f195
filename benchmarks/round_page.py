"""The round page at 129,880 answers, beside a plain DuckDB query on the same file in the same run.

    python benchmarks/round_page.py [--answers 129880] [--repeats 5]

Works on a throw-away database. The bare limit is one ``GROUP BY`` per item over the same Parquet: the least
that any page with these figures must do.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from manyi.organisation.models import Person, Unit
    from manyi.surveys.models import Round

ITEMS = [f"item{n}" for n in range(14)]
EXPLORED = {
    "tables": "&".join(["method=cross_tables&c-column=unit", *(f"c-items={item}" for item in ITEMS)]),
    "drivers": "&".join(["method=key_drivers&c-result=overall", *(f"c-drivers={item}" for item in ITEMS)]),
    "waves": "method=waves&c-item=item0&c-period=month&c-at_least=4",
}
START = datetime(2026, 3, 2, tzinfo=UTC)


def main() -> None:
    """Fill a database, then measure snapshot, page and bare query."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=129_880)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    home = tempfile.mkdtemp(prefix="manyi-bench-")
    os.environ |= {
        "MANYI_HOME": home,
        "MANYI_HOSTS": "*",
        "DJANGO_SETTINGS_MODULE": "manyi.web.conf.settings",
    }
    try:
        import django

        django.setup()
        run(options.answers, options.repeats)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def run(answers: int, repeats: int) -> None:
    """All measurements, printed as a table."""
    from django.core.management import call_command
    from django.test import Client

    from manyi.analytics.actions import refresh

    call_command("migrate", verbosity=0)
    round, person, units = survey()
    fill(round, units, answers)
    print(f"{answers:,} answers, {len(ITEMS)} items, {len(units)} units; seconds, least and median")
    started = time.perf_counter()
    refresh(round=round)
    print(f"snapshot written      {time.perf_counter() - started:6.2f}")
    filled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/insight/rounds/{round.pk}/"
    page = measured(repeats, lambda: client.get(address))
    narrowed = measured(repeats, lambda: client.get(f"{address}?channel=email"))
    crossed = measured(repeats, lambda: client.get(f"{address}crosstab/?row=unit&column=item0"))
    explored = {
        f"explore, {method}": measured(repeats, lambda asked=asked: client.get(f"/insight/explore/?{asked}"))
        for method, asked in EXPLORED.items()
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bare = measured(repeats, lambda: plain_query(round))
    pages = {"round page": page, "narrowed page": narrowed, "cross table": crossed, **explored}
    for name, times in pages.items():
        print(f"{name:20}  {times[0]:6.3f} {times[1]:6.3f}   {times[1] / bare[1]:5.1f} x the plain query")
    print(f"{'plain DuckDB query':20}  {bare[0]:6.3f} {bare[1]:6.3f}")
    print(f"memory {memory} MB, {filled} MB of them to write the answers and their snapshot")


def measured(repeats: int, work: Callable[[], Any]) -> tuple[float, float]:
    """The least and the median of several runs, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    times.sort()
    return times[0], times[len(times) // 2]


def survey() -> tuple[Round, Person, list[Unit]]:
    """One closed round with 14 ratings, an overall question and a scheme, over six units."""
    from manyi.organisation.models import Person, RoleGrant, Unit
    from manyi.surveys.models import (
        Programme,
        Questionnaire,
        QuestionnaireVersion,
        Round,
        Scheme,
        SchemeVersion,
    )

    units = [Unit.objects.create(code=f"u{n}", name=f"Unit {n}", path="") for n in range(7)]
    for unit in units:
        unit.parent = units[0] if unit is not units[0] else None
        unit.path = f"/{unit.pk}/" if unit is units[0] else f"/{units[0].pk}/{unit.pk}/"
        unit.save()
    person = Person.objects.create(username="reader", display_name="Reader", language="en")
    RoleGrant.objects.create(person=person, role="quality_director", unit=units[0], granted_at=START)
    sheet = Questionnaire.objects.create(code="bench", title="Bench", unit=units[0], created_at=START)
    frozen = {"published_at": START, "updated_at": START, "sha256": "0"}
    version = QuestionnaireVersion.objects.create(
        questionnaire=sheet, number=1, definition=questions(), **frozen
    )
    scheme = Scheme.objects.create(code="bench", title="Bench", questionnaire=sheet, unit=units[0])
    points = SchemeVersion.objects.create(scheme=scheme, number=1, definition=scheme_definition(), **frozen)
    programme = Programme.objects.create(code="bench", title="Bench", unit=units[0], created_at=START)
    round = Round.objects.create(
        programme=programme,
        number=1,
        title="Bench",
        unit=units[0],
        questionnaire=version,
        scheme=points,
        state="closed",
        opens_at=START,
        closes_at=START + timedelta(days=20),
        created_at=START,
    )
    return round, person, units[1:]


def questions() -> dict[str, Any]:
    """The questionnaire as plain data."""
    ratings = [{"code": item, "type": "rating", "title": item} for item in ITEMS]
    overall = {"code": "overall", "type": "rating", "title": "Overall", "role": "overall"}
    section = {"code": "all", "title": "All", "questions": [*ratings, overall]}
    return {"code": "bench", "title": "Bench", "sections": [section]}


def scheme_definition() -> dict[str, Any]:
    """The scheme as plain data."""
    points = {str(n): n * 20 for n in range(1, 6)}
    bands = [("A", 90), ("B", 70), ("C", 0)]
    return {
        "items": [{"question": item, "points": points, "satisfied": ["4", "5"]} for item in ITEMS],
        "bands": [{"grade": g, "label": {"zh": g, "en": g}, "at_least": least} for g, least in bands],
        "targets": {"average_at_least": 80, "item_at_least": 75},
    }


def fill(round: Round, units: list[Unit], count: int) -> None:
    """Write so many answer sheets with their scores, straight into the tables."""
    from manyi.responses.models import Response, Score

    draw = random.Random(20260302)
    for first in range(0, count, 5000):
        numbers = range(first, min(first + 5000, count))
        sheets = [response(round, units, number, draw) for number in numbers]
        Response.objects.bulk_create(sheets)
        Score.objects.bulk_create([score(round, sheet) for sheet in sheets], batch_size=2000)

    assert Score.objects.count() == count


def response(round: Round, units: list[Unit], number: int, draw: random.Random) -> Any:
    """One answer sheet; one answer in twenty is missing."""
    from manyi.responses.models import Response

    given = {item: draw.choice((2, 3, 4, 4, 5, 5)) for item in (*ITEMS, "overall") if draw.random() > 0.05}
    at = START + timedelta(minutes=number % 20_000)
    return Response(
        round=round,
        questionnaire=round.questionnaire,
        unit=draw.choice(units),
        channel=draw.choice(("email", "qr")),
        key=f"bench-{number}",
        receipt=f"B{number}",
        state="submitted",
        answers=given,
        segments=[draw.choice(("new", "old", "fleet"))],
        started_at=at,
        saved_at=at,
        submitted_at=at,
        valid=draw.random() > 0.02,
    )


def score(round: Round, sheet: Any) -> Any:
    """The score of one answer sheet under the scheme above."""
    from manyi.responses.models import Score

    points = [20 * sheet.answers[item] for item in ITEMS if item in sheet.answers]
    total = Decimal(sum(points)) / len(points) if points else None
    grade = "" if total is None else "A" if total >= 90 else "B" if total >= 70 else "C"
    return Score(
        response=sheet,
        scheme=round.scheme,
        total=None if total is None else total.quantize(Decimal("0.000001")),
        grade=grade,
    )


def plain_query(round: Round) -> None:
    """One GROUP BY for each item over the same files, written by hand."""
    import duckdb

    from manyi.analytics.actions import folder_of

    files = str(folder_of(round) / "*.answers.parquet")
    with duckdb.connect(":memory:") as connection:
        for number in range(len(ITEMS) + 1):
            query = f"SELECT q{number}, count(*) FROM read_parquet(?) WHERE valid = 1 GROUP BY q{number}"
            connection.execute(query, [files]).fetchall()


if __name__ == "__main__":
    main()
