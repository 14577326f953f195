"""A round on the engine says what it says in memory: every method, with weights, filters and small groups."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyi.analytics.analyses import Analysis
from manyi.analytics.data.arrays import ArrayTable
from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.parquet import parquet_table
from manyi.analytics.data.rounds import round_table
from manyi.analytics.data.stored import Stored
from manyi.analytics.data.table import Table, Variable
from manyi.analytics.protection import protected
from manyi.analytics.running import run
from manyi.analytics.specification import specification
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.surveys.models import Round
from manyi.web.insight.asking import offered
from tests.after_sales import NOON, answer, sheet
from tests.analytics.test_engine_law import assert_same
from tests.analytics.test_round_table import weigh

OFFERED = [analysis for _, methods in offered() for analysis in methods]
QUESTIONS = ["wait", "people.greeting", "people.skill"]
#: What each setting is given; a method takes those that it has.
CHOSEN: dict[str, Any] = {
    "items": QUESTIONS,
    "item": "wait",
    "result": "overall",
    "outcome": "overall",
    "answer": "overall",
    "drivers": QUESTIONS,
    "by": "unit",
    "column": "unit",
    "row": "wait",
    "period": "month",
    "numerator": "wait",
    "denominator": "overall",
    "expected": ["wait"],
    "perceived": ["overall"],
    "at_least": 4,
}
OWN: dict[str, dict[str, Any]] = {
    "replicate_estimates": {"statistic": "ratio"},
    "nps": {"item": "recommend"},
    "column_means": {"column": "channel"},
    "correlations": {"items": ["wait", "total"]},
    "design_difference": {"first": "east", "second": "west"},
    "design_shares": {"items": ["wait"]},
    "effect": {"before": "2026-03", "after": "2026-04", "measure": "mean"},
    "gap_sources": {"before": "2026-03", "after": "2026-04", "column": "month"},
    "kano": {"features": {"steps": ["wait", "overall"]}},
    "path_model": {"blocks": {"quality": QUESTIONS, "satisfaction": ["overall"]}},
    "mirror": {"first": "east", "second": "west", "column": "unit", "by": "month"},
    "seasonality": {"length": 2},
}


#: Methods that count rows, and say so.
ROWS_ONLY = {"bootstrap", "control_chart", "funnel", "gap_sources", "mirror"}


def settings_for(analysis: Analysis) -> dict[str, Any]:
    known = analysis.config.__dataclass_fields__.keys() & CHOSEN.keys()
    return {name: CHOSEN[name] for name in known} | OWN.get(analysis.id, {})


@pytest.fixture
def answered(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    """Six months of answers; the phone was used by few, and so was one answer to a question."""
    round, dice = open_round(), np.random.default_rng(3)
    for number in range(90):
        wait, greeting, skill, overall = (int(each) for each in dice.integers(1, 6, 4))
        given = sheet(wait, greeting, skill, min(5, max(1, (wait + overall) // 2)), int(dice.integers(0, 11)))
        if number % 11 == 0:
            del given["wait"]
        answer(
            round,
            (east, west)[number % 2],
            given,
            segments=["vip"] if number % 3 else [],
            channel="phone" if number < 3 else ("email", "sms")[number // 3 % 2],
            valid=number % 17 != 5,
            at=NOON + timedelta(days=number * 2),
        )
    weigh(round, lambda number: 0.5 + number % 4)
    return round


def memory_of(table: Table, *, weighted: bool = False) -> ArrayTable:
    """All of a table on the engine, in memory."""
    assert isinstance(table, EngineTable)
    weight = "weight" if weighted else ""
    return ArrayTable(table.columns(), weight=weight, rows=table.rows, minimum=table.minimum)


def told(made: Any, table: Table) -> Any:
    """The result, or the words of the refusal."""
    try:
        return json.loads(json.dumps(run(made, table).to_json()))
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_every_method_is_the_same_on_the_snapshot(answered: Round, weighted: bool) -> None:
    """In one test, since the round is the costly part; the message names the method."""
    refused = {}
    for analysis in OFFERED:
        data: dict[str, Any] = {"round": answered.pk, **({"weight": "round"} if weighted else {})}
        made = specification({"method": analysis.id, "data": data, "config": settings_for(analysis)})
        first = told(made, memory_of(round_table(made.choice), weighted=weighted))
        assert_same(first, told(made, round_table(made.choice)), analysis.id)
        if isinstance(first, str):
            refused[analysis.id] = first
    assert refused.keys() == (ROWS_ONLY if weighted else set()), refused


@pytest.mark.parametrize("name", ["unit", "channel", "month", "segment:vip", "grade", "recommend"])
@pytest.mark.parametrize("narrowed", [{}, {"segment": "vip"}, {"since": "2026-04-10"}, {"unit": "west"}])
def test_small_groups_are_hidden_alike(answered: Round, name: str, narrowed: dict[str, str]) -> None:
    data = {"round": answered.pk, **narrowed}
    if "unit" in narrowed:
        data["unit"] = Unit.objects.get(code=narrowed["unit"]).path
    config = {"items": ["wait"], "column": name}
    made = specification({"method": "cross_tables", "data": data, "config": config})
    first = told(made, memory_of(round_table(made.choice)))
    assert_same(first, told(made, round_table(made.choice)), name)
    if name == "channel" and not narrowed:
        assert "too few answers and are not shown" in str(first)


def test_conditions_that_choose_too_few_are_refused_alike(answered: Round) -> None:
    for column, value in (("channel", "phone"), ("recommend", "3")):
        where = [{"column": column, "in": [value]}]
        given = {"method": "descriptives", "data": {"round": answered.pk, "where": where}}
        made = specification({**given, "config": {"items": ["wait"]}})
        first = told(made, memory_of(round_table(made.choice)))
        assert_same(first, told(made, round_table(made.choice)))


def test_an_analysis_reads_only_the_columns_that_it_names(
    answered: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and drivers need no answer in memory; values come for the named variables alone."""
    asked: list[tuple[str, ...]] = []
    fetched = EngineTable._fetched

    def noted(self: EngineTable, wanted: Any) -> Any:
        asked.append(tuple(wanted))
        return fetched(self, wanted)

    def asked_by(method: str, **config: Any) -> set[str]:
        asked.clear()
        made = specification({"method": method, "data": {"round": answered.pk}, "config": config})
        run(made, round_table(made.choice))
        return {name for names in asked for name in names}

    monkeypatch.setattr(EngineTable, "_fetched", noted)
    assert asked_by("cross_tables", items=["wait"], column="unit") == set()
    assert asked_by("key_drivers", result="overall", drivers=QUESTIONS) == set()
    assert asked_by("waves", item="total", period="month", measure="mean") == {"total", "month"}


CODES = {0: "a", 1: "b", 2: "c"}
CODED = st.one_of(st.none(), st.integers(0, 3))
NUMBER = st.one_of(st.none(), st.sampled_from([1.0, 2.0, 9.0, 0.1]))
ROWS = st.lists(st.tuples(CODED, CODED, NUMBER), min_size=1, max_size=40)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def coded_table(folder: Path, rows: list[Any], minimum: int, missing: tuple[str, ...]) -> EngineTable:
    """Two coded variables, of which 3 stands for nothing, and a number."""
    path = folder / "coded.parquet"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (g TINYINT, q TINYINT, x DOUBLE)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    plain = parquet_table([path], missing=missing)
    variables = {name: Variable(name, Label(name, name)) for name in "gqx"}
    stored = [Stored(variables[name], name, "text", codes=CODES) for name in "gq"]
    stored.append(Stored(variables["x"], "x", "number", floating=True))
    return EngineTable(plain._engine, stored, source=plain._source, missing=missing, minimum=minimum)


@FEW
@given(
    rows=ROWS, minimum=st.integers(1, 6), missing=st.sampled_from([(), ("b", "9")]), by=st.sampled_from("gx")
)
def test_protection_is_the_same_whatever_the_answers(
    rows: list[Any], minimum: int, missing: tuple[str, ...], by: str, tmp_path: Path
) -> None:
    engine = coded_table(tmp_path, rows, minimum, missing)
    memory = ArrayTable(engine.columns(), missing=missing, rows=engine.rows, minimum=minimum)
    asked = {"items": ["q", "gx".replace(by, "")], "column": by}
    config = specification({"method": "cross_tables", "config": asked}).config
    found: list[Any] = []
    for table in (memory, engine):
        try:
            left = protected(table, config)
        except Refused as refused:
            found.append(str(refused))
            continue
        (sums,) = left.histograms([("q", by)])
        groups = left.groups(by)
        found.append((sums.levels, sums.n.tolist(), groups.places.tolist(), groups.levels, left.warnings))
    assert found[0] == found[1]


def test_marks_that_mean_no_answer_stand_behind_no_figure(tmp_path: Path) -> None:
    """Ten rows of a group, of which one answered: its answer must not be shown."""
    rows = [(0, 1, 9.0)] * 9 + [(0, 1, 1.0)] + [(1, 1, 2.0)] * 10
    engine = coded_table(tmp_path, rows, 5, ("9",))
    memory = ArrayTable(engine.columns(), missing=("9",), rows=20, minimum=5)
    config = specification({"method": "column_means", "config": {"items": ["x"], "column": "g"}}).config
    for table in (memory, engine):
        assert table.answered("x") == 11
        with pytest.raises(Refused, match="Too few answers"):
            protected(table, config)
