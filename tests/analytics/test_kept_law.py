"""The law of kept sums: counted, read again and with a new part, they say what the rows say in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import expressions as exp

from manyi.analytics import snapshot
from manyi.analytics.codebook import Codebook
from manyi.analytics.data import cells
from manyi.analytics.data.arrays import ArrayTable
from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.engines import DuckEngine
from manyi.analytics.data.narrowing import Where
from manyi.analytics.data.shifted import Handed, ShiftedSums
from manyi.analytics.data.snapshot_engine import SnapshotEngine, _Piece
from manyi.analytics.data.stored import Stored
from manyi.analytics.data.table import Table, Variable
from manyi.analytics.encoding import Batch, encode, first_of_month, months_of_days
from manyi.kernel.labels import Label
from tests.analytics.test_engine_law import assert_histogram, assert_moments

#: Place of an answer (2 is written as no number in one variable), day, a number, a weight.
ROW = st.tuples(
    st.integers(-1, 2),
    st.integers(-1, 1),
    st.integers(20_480, 20_560),
    st.sampled_from([np.nan, 1.0, 0.1, -3.5, 1e6]),
    st.floats(0.01, 9.0),
)
ROWS = st.lists(ROW, max_size=25)
SETS = [("q0", "q1"), ("q0", "month"), ("month",), ("x", "q1"), (), ("q1", "q0", "month")]
NAMES = [["q0"], ["q0", "x"], ["x", "q0", "number"]]


def batch(rows: list[Any], first: int) -> Batch:
    """The rows as the encoder leaves them."""
    q0, q1, day, x, weight = zip(*rows, strict=True) if rows else ((),) * 5
    coded = encode([], Codebook({}, ())).coded
    nothing = {name: np.full(len(rows), -1, array.dtype) for name, array in coded.items()}
    given: dict[str, Any] = {
        "response": np.arange(first, first + len(rows)),
        "day": np.array(day, np.int32),
        "weight": np.array(weight, np.float64),
        "q0": np.array(q0, np.int16),
        "q1": np.array(q1, np.int16),
        "q2": np.array(x, np.float64),
        "q3": np.array(q0, np.int8) + 100,
    }
    return Batch(nothing | given, encode([], Codebook({}, ())).texts)


def table_over(folder: Path, parts: list[str], weight: str, missing: tuple[str, ...]) -> EngineTable:
    """A table as a round has it, over the parts."""
    book = Codebook({}, ())
    store = SnapshotEngine(
        snapshot.connected(folder, parts, book), snapshot.Parts(folder, tuple(parts)), book
    )
    (days,) = store.sums(exp.select("min(day)", "max(day)").from_("answers"))
    named = {name: Variable(name, Label(name, name)) for name in ("q0", "q1", "month", "x", "number", "w")}
    stored = [
        Stored(named["q0"], "q0", "text", codes={0: "1", 1: "2", 2: "5"}),
        Stored(named["q1"], "q1", "text", codes={0: "yes", 1: "no"}),
        Stored(named["month"], "day", "text", codes=months_of_days(*days), alike=first_of_month),
        Stored(named["x"], "q2", "number", floating=True),
        Stored(named["number"], "q3", "number", scale=10),
        Stored(named["w"], "weight", "number", floating=True),
    ]
    source = exp.to_table("answers")
    return EngineTable(store, stored, source=source, weight=weight, missing=missing, order="response")


def memory_of(table: EngineTable, weight: str, missing: tuple[str, ...]) -> ArrayTable:
    return ArrayTable(table.columns(), weight=weight, missing=missing, rows=table.rows)


def assert_alike(memory: Table, engine: Table) -> None:
    assert memory.rows == engine.rows
    for one, other in zip(memory.histograms(SETS), engine.histograms(SETS), strict=True):
        assert_histogram(one, other)
    for names in NAMES:
        assert_moments(memory.moments(names), engine.moments(names))
    bases = [each.bases("month", ["q0", "x"]) for each in (memory, engine)]
    assert bases[0].levels == bases[1].levels
    np.testing.assert_array_equal(bases[0].counts, bases[1].counts)
    assert memory.answered("x") == engine.answered("x")


@contextmanager
def counting(hands_over: int, few: int) -> Iterator[None]:
    """Every part is large; sums by blocks or by statement, cells by rows or by bundles."""
    ways = (patch.object(DuckEngine, "hands_over", hands_over), patch.object(cells, "FEW", few))
    with ways[0], ways[1], patch.object(snapshot, "LARGE", 0):
        yield


@settings(max_examples=20, deadline=None)
@given(
    parts=st.lists(ROWS, min_size=1, max_size=3),
    new=st.lists(ROW, min_size=1, max_size=10),
    weighted=st.booleans(),
    missing=st.sampled_from([(), ("5", "0.1")]),
    hands_over=st.sampled_from([0, 2**28]),
    few=st.sampled_from([0, 20_000]),
    chosen=st.sampled_from([[], [Where("q0", without=("2",))], [Where("x", at_least=0.1)]]),
)
def test_kept_sums_say_what_the_rows_say(
    parts: list[Any], new: list[Any], weighted: bool, missing: Any, hands_over: int, few: int, chosen: Any
) -> None:
    weight = "w" if weighted else ""
    with tempfile.TemporaryDirectory() as home, counting(hands_over, few):
        folder, names = Path(home), []
        for number, rows in enumerate([*parts, new]):
            names.append(snapshot.write_part(folder, number + 1, [batch(rows, number * 100)])[0])
        for held in (names[:-1], names[:-1], names):
            engine = table_over(folder, held, weight, missing)
            memory = memory_of(engine, weight, missing)
            assert_alike(memory.where(chosen), engine.where(chosen))


def test_the_same_is_said_every_time_and_no_row_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights whose sum depends on the order in which they are added."""
    dice = np.random.default_rng(4)
    rows = [(int(dice.integers(-1, 3)), 0, 20_500, 0.1, float(10 ** dice.uniform(-8, 8))) for _ in range(500)]
    with tempfile.TemporaryDirectory() as home, counting(2**28, 0):
        names = [snapshot.write_part(Path(home), n + 1, [batch(rows[n::3], n)])[0] for n in range(3)]
        told = []
        for again in range(3):
            if again:
                monkeypatch.setattr(_Piece, "connection", None)
            table = table_over(Path(home), names, "w", ())
            found, products = table.histograms(SETS), table.moments(["q0", "x"]).products
            told.append([each.w.tolist() for each in found] + [products.tolist()])
        assert told[0] == told[1] == told[2]


NUMBERS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 5), st.sampled_from([1.0, 2.0, 0.25])), min_size=1
)


@given(pieces=st.lists(NUMBERS, min_size=1, max_size=4), far=st.sampled_from([0, 10**6]))
def test_sums_about_other_centres_are_exact_for_whole_numbers(pieces: list[Any], far: int) -> None:
    """Brought together piece by piece, they are those of all rows about the same centres."""

    def sums(rows: list[Any], centres: list[float]) -> ShiftedSums:
        one, two, weights = (np.array(each, dtype=np.float64) for each in zip(*rows, strict=True))
        return ShiftedSums.of_columns([Handed(one + far), Handed(two)], weights, np.array(centres))

    own = [sums(rows, [float(rows[0][0] + far), float(rows[0][1])]) for rows in pieces]
    found = ShiftedSums.together([ShiftedSums.from_json(each.to_json()) for each in own])
    whole = sums([row for rows in pieces for row in rows], found.centres.tolist())
    assert (found.n, found.w, found.w2) == (whole.n, whole.w, whole.w2)
    np.testing.assert_array_equal(found.away, whole.away)
    np.testing.assert_array_equal(found.products, whole.products)


def test_what_cannot_be_merged_is_refused() -> None:
    """An average of parts is no average of the whole, and must not pass for a key."""
    with tempfile.TemporaryDirectory() as home, counting(0, 0):
        row = (0, 0, 20_500, 1.0, 1.0)
        names = [snapshot.write_part(Path(home), n + 1, [batch([row], n)])[0] for n in range(2)]
        store = table_over(Path(home), names, "", ())._engine
        with pytest.raises(ValueError, match="cannot be merged"):
            store.sums(exp.select("avg(q2)").from_("answers"))
        assert store.sums(exp.select("q0", "count(*)").from_("answers").group_by("q0")) == [(0, 2)]
