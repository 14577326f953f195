"""A round as a table: what its answers say, with the weights in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from manyi.analytics.data.arrays import table_of
from manyi.analytics.data.rounds import round_table
from manyi.analytics.models import Snapshot
from manyi.analytics.running import run
from manyi.analytics.specification import Choice, specification
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.organisation.roles import Role
from manyi.responses import weight_actions
from manyi.responses.models import Response, WeightSet
from manyi.surveys.models import Round
from tests.after_sales import NOON, answer, sheet

GIVEN = [
    (5, 4, 5, 4, 9),
    (1, 2, 3, 2, 0),
    (4, 4, 4, 5, 10),
    (3, 5, 2, 3, 7),
    (5, 5, 5, 5, 10),
    (2, 1, 2, 2, 3),
]


@pytest.fixture
def answered(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    round = open_round()
    for number in range(24):
        at = (east, west)[number % 2]
        answer(round, at, sheet(*GIVEN[number % 6]), segments=["vip"] if number % 3 else [])
    return round


def weigh(round: Round, by: Callable[[int], float], *, active: bool = True) -> WeightSet:
    weights = {
        pk: by(number)
        for number, pk in enumerate(round.responses.order_by("pk").values_list("pk", flat=True))
    }
    WeightSet.objects.filter(round=round).update(active=False)
    return WeightSet.objects.create(
        round=round, title="w", steps={}, report={}, weights=weights, active=active, at=NOON
    )


def told(round: Round, method: str, weight: str = "", **config: Any) -> Mapping[str, Any]:
    data = {"round": round.pk, **({"weight": weight} if weight else {})}
    made = specification({"method": method, "data": data, "config": config})
    return run(made, round_table(made.choice)).tables[0].rows[0]


def in_memory(
    round: Round, method: str, weights: list[float] | None = None, **config: Any
) -> Mapping[str, Any]:
    rows = [dict(each.answers) for each in Response.objects.filter(round=round).order_by("pk")]
    columns: dict[str, Any] = {
        "wait": [str(row["wait"]) for row in rows],
        "overall": [str(row["overall"]) for row in rows],
    }
    if weights:
        columns["w"] = weights
    made = specification({"method": method, "config": config})
    return run(made, table_of(columns, weight="w" if weights else "")).tables[0].rows[0]


@pytest.mark.parametrize("weighted", [False, True])
def test_the_round_says_what_its_answers_say(answered: Round, weighted: bool) -> None:
    weights = [0.5 + number % 5 for number in range(24)] if weighted else None
    if weights:
        weigh(answered, weights.__getitem__)
    for method, config in (
        ("descriptives", {"items": ["wait"]}),
        ("correlations", {"items": ["wait", "overall"]}),
    ):
        found = told(answered, method, "round" if weighted else "", **config)
        meant = in_memory(answered, method, weights, **config)
        numbers = {name: value for name, value in meant.items() if isinstance(value, float | int)}
        assert numbers
        assert {name: found[name] for name in numbers} == pytest.approx(numbers, rel=1e-9)


def test_other_weights_are_taken_up(answered: Round) -> None:
    weigh(answered, lambda number: 1.0)
    even = told(answered, "descriptives", "round", items=["wait"])
    chosen = weigh(answered, lambda number: 1.0 + 9 * (number % 6 == 4))
    tilted = told(answered, "descriptives", "round", items=["wait"])
    assert tilted["mean"] > even["mean"]
    assert tilted["effective_n"] < even["effective_n"]
    assert Snapshot.objects.get(round=answered).weight_set == chosen.pk


def test_choosing_weights_asks_for_the_snapshot_anew(
    answered: Round, group: Unit, person_at: Callable[[Role, Unit], Any]
) -> None:
    told(answered, "descriptives", items=["wait"])
    chosen = weigh(answered, lambda number: 2.0, active=False)
    weight_actions.use_weights(actor=None, round=answered, chosen=chosen)
    assert told(answered, "descriptives", "round", items=["wait"])["n"] == 24
    weight_actions.drop_weights(actor=None, weights=chosen)
    with pytest.raises(Refused, match="no weights in use"):
        told(answered, "descriptives", "round", items=["wait"])


def test_answers_after_the_weights_are_named(answered: Round, east: Unit) -> None:
    weigh(answered, lambda number: 1.0)
    answer(answered, east, sheet(*GIVEN[0]))
    with pytest.raises(Refused, match="1 answer sheets came after"):
        told(answered, "descriptives", "round", items=["wait"])


def test_units_segments_and_scores_are_variables(answered: Round) -> None:
    made = specification(
        {"method": "frequencies", "data": {"round": answered.pk}, "config": {"items": ["unit"]}}
    )
    table = round_table(made.choice)
    by_unit, by_segment = table.histograms([("unit",), ("segment:vip", "wait")])
    assert [level.code for level in by_unit.levels[0]] == ["east", "west"]
    assert by_unit.n.tolist() == [12, 12]
    assert by_segment.n.sum() == 24
    assert by_segment.n.sum(axis=1).tolist() == [16, 8]
    assert np.isfinite(table.numbers("total")).all()
    assert table.texts("unit")[:2] == ["east", "west"]


def test_units_stand_by_code_whatever_the_numbers_of_their_rows(answered: Round) -> None:
    west = Unit.objects.get(code="west")
    Unit.objects.filter(code="east").update(path=f"{west.path}9/")  # behind west in the order of paths
    made = specification(
        {"method": "frequencies", "data": {"round": answered.pk}, "config": {"items": ["unit"]}}
    )
    levels = round_table(made.choice).groups("unit").levels
    assert [level.code for level in levels] == ["east", "west"]


def test_rounds_below_each_other_keep_what_can_be_compared(
    open_round: Callable[..., Round], east: Unit
) -> None:
    first, second = open_round(), open_round()
    for _ in range(12):
        answer(first, east, sheet(5, 5, 4, 5, 10))
    for _ in range(11):
        answer(second, east, sheet(2, 5, 4, 5, 10))
    table = round_table(Choice(round=second.pk, beside=(first.pk,)))
    assert table.rows == 23
    assert [level.code for level in table.groups("round").levels] == [str(first.pk), str(second.pk)]
    in_first = table.groups("round").places == 0
    assert set(table.numbers("wait")[in_first]) == {5.0}
    assert set(table.numbers("wait")[~in_first]) == {2.0}


def test_a_round_beside_that_is_too_small_is_left_out(open_round: Callable[..., Round], east: Unit) -> None:
    first, second = open_round(), open_round()
    answer(first, east, sheet(5, 5, 4, 5, 10))
    for _ in range(11):
        answer(second, east, sheet(2, 5, 4, 5, 10))
    assert round_table(Choice(round=second.pk, beside=(first.pk,))).rows == 11


def test_an_unknown_round_beside_is_named(open_round: Callable[..., Round], east: Unit) -> None:
    made = open_round()
    for _ in range(11):
        answer(made, east, sheet(2, 5, 4, 5, 10))
    with pytest.raises(Refused, match="no round 999999"):
        round_table(Choice(round=made.pk, beside=(999999,)))
