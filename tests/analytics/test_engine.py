"""The engine over Parquet gives what the pure measures give on the same answers."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyi.analytics import engine, snapshot
from manyi.analytics.codebook import Codebook, codebook
from manyi.analytics.condition import Condition
from manyi.analytics.data.snapshot_engine import SnapshotEngine
from manyi.analytics.encoding import Row, encode
from manyi.analytics.engine import Histograms
from manyi.analytics.items import Item, measured, nps_sums
from manyi.measures.answers import answer_at
from manyi.measures.indicators import MeanSums, NpsSums, ShareSums
from manyi.measures.scoring import scheme_from_dict
from manyi.surveys.definition import from_dict
from tests.after_sales import QUESTIONS, SCHEME

SHEET, POINTS = from_dict(QUESTIONS), scheme_from_dict(SCHEME)
GRADES = st.one_of(st.none(), st.integers(1, 5), st.sampled_from(["1", "3", "5"]))
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "wait": GRADES,
        "people": st.fixed_dictionaries({}, optional={"greeting": GRADES, "skill": GRADES}),
        "overall": GRADES,
        "recommend": st.one_of(st.none(), st.integers(0, 10)),
    },
)
ROWS = st.lists(
    st.builds(
        Row,
        response=st.integers(1, 10**9),
        unit=st.sampled_from([1, 2, 7]),
        channel=st.sampled_from(["email", "qr"]),
        source=st.just("survey"),
        segments=st.lists(st.sampled_from(["new", "fleet", "vip"]), unique=True),
        product=st.sampled_from(["", "suv"]),
        day=st.dates(date(2026, 1, 1), date(2026, 1, 5)),
        valid=st.booleans(),
        flags=st.lists(st.sampled_from(["speed", "straight_line"]), unique=True),
        answers=ANSWERS,
        total=st.one_of(st.none(), st.decimals(0, 100, places=6)),
        grade=st.sampled_from(["", "A", "B"]),
    ),
    max_size=40,
)
SETS = [
    ("q0",),
    ("q1",),
    ("q2",),
    ("q3",),
    ("q4",),
    ("unit",),
    ("unit", "q0"),
    ("grade",),
    ("s0",),
    ("s0", "q0"),
]


@pytest.fixture(autouse=True, scope="module", params=[0, 20_000], ids=["by bundles", "in one pass"])
def passes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test counts in both ways."""
    with patch.object(engine, "FEW", request.param):
        yield


def run(rows: list[Row], condition: Condition, batch: int = 7) -> tuple[Codebook, Histograms]:
    """Write the rows as a snapshot of two parts in small batches and read the histograms back."""
    book = codebook(SHEET, POINTS)
    book.number("segment", "vip")
    half = len(rows) // 2
    with tempfile.TemporaryDirectory() as home:
        parts = []
        for number, part in enumerate((rows[:half], rows[half:]), 1):
            batches = (encode(part[n : n + batch], book) for n in range(0, len(part), batch))
            name, count = snapshot.write_part(Path(home), number, batches)
            parts += [name] if count else []
        with snapshot.opened(Path(home), parts, book) as connection:
            sets = [each for each in SETS if parts or "s0" not in each]
            store = SnapshotEngine(connection, snapshot.Parts(Path(home), tuple(parts)), book)
            return book, engine.histograms(store, book, sets, condition)


def asked(rows: list[Row], item: str) -> list[object]:
    return [answer_at(row.answers, item) for row in rows]


def expected_mean(rows: list[Row], item: Item) -> MeanSums:
    points = [item.points[str(value)] for value in asked(rows, item.code) if value is not None]
    return MeanSums(len(rows), len(points), sum(points, Fraction()), sum((p * p for p in points), Fraction()))


def expected_share(rows: list[Row], item: Item) -> ShareSums:
    given_answers = [str(value) for value in asked(rows, item.code) if value is not None]
    hits = sum(value in {"4", "5"} for value in given_answers)
    return ShareSums(len(rows), len(given_answers), hits)


@settings(max_examples=15)
@given(ROWS)
def test_items_nps_and_totals_equal_the_pure_functions(rows: list[Row]) -> None:
    book, found = run(rows, Condition())
    valid = [row for row in rows if row.valid]
    what = measured(SHEET, POINTS, book)
    for item in what.items:
        answers = found.distribution(item.field)
        assert item.mean(answers) == expected_mean(valid, item)
        assert item.satisfied_share(answers) == expected_share(valid, item)
    assert what.nps is not None
    likely = [value for value in asked(valid, "recommend") if isinstance(value, int)]
    counts = {value: likely.count(value) for value in set(likely)}
    assert nps_sums(found.distribution(what.nps)) == NpsSums.from_counts(counts, len(valid))
    totals = [Fraction(row.total) for row in valid if row.total is not None]
    squares = sum((total**2 for total in totals), Fraction())
    assert found.cell().total == MeanSums(len(valid), len(totals), sum(totals, Fraction()), squares)


@settings(max_examples=15)
@given(ROWS)
def test_the_parts_of_a_whole_add_up_to_it(rows: list[Row]) -> None:
    book, found = run(rows, Condition())
    wait = measured(SHEET, POINTS, book).items[0]
    parts = [found.distribution(wait.field, ("unit", unit)) for unit in found.keys("unit")]
    whole = found.distribution(wait.field)
    assert sum(part.valid for part in parts) == whole.valid
    assert sum((wait.mean(part) for part in parts), MeanSums()) == wait.mean(whole)
    for unit in (1, 2, 7):
        mine = [row for row in rows if row.valid and row.unit == unit]
        assert wait.mean(found.distribution(wait.field, ("unit", unit))) == expected_mean(mine, wait)


@settings(max_examples=15)
@given(ROWS, st.sampled_from([None, (1,), (1, 7), ()]), st.dates(date(2026, 1, 1), date(2026, 1, 5)))
def test_a_condition_counts_whom_it_names(
    rows: list[Row], units: tuple[int, ...] | None, since: date
) -> None:
    _, found = run(rows, Condition(units=units, since=since, valid=None))
    wanted = [row for row in rows if (units is None or row.unit in units) and row.day >= since]
    assert found.cell().n == len(wanted)


@settings(max_examples=10)
@given(ROWS)
def test_a_segment_counts_its_members(rows: list[Row]) -> None:
    rows = [*rows, Row(1, 1, "email", "survey", ["vip"], "", date(2026, 1, 1), True, [], {"wait": 5})]
    book, found = run(rows, Condition())
    members = [row for row in rows if row.valid and "vip" in row.segments]
    assert found.cell(("s0",), (1,)).n == len(members)
    wait = measured(SHEET, POINTS, book).items[0]
    assert wait.mean(found.distribution(wait.field, ("s0", 1))) == expected_mean(members, wait)


def test_sums_of_totals_stay_exact_where_floats_would_not() -> None:
    draw = random.Random(7)
    totals = [Decimal(draw.randrange(10**8)) / 10**6 for _ in range(500)]
    rows = [
        Row(n, 1, "email", "survey", [], "", date(2026, 1, 1), True, [], {}, total)
        for n, total in enumerate(totals, 1)
    ]
    _, found = run(rows, Condition(), batch=50)
    assert found.cell().s1 == sum(map(Fraction, totals), Fraction())
    assert found.cell().s2 == sum((Fraction(total) ** 2 for total in totals), Fraction())


def test_no_name_and_no_text_stands_among_the_coded_columns() -> None:
    book = codebook(SHEET, POINTS)
    row = Row(1, 1, "email", "survey", [], "", date(2026, 1, 1), True, [], {"why": "张三,电话 13800000000"})
    batch = encode([row], book)
    assert all(array.dtype.kind in "if" for array in batch.coded.values())
    assert list(batch.texts["text"]) == ["张三,电话 13800000000"]
