"""What was counted of a part is counted once, and never stands in the way of the right figure."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from manyi.analytics import kept_sums, snapshot
from manyi.analytics.actions import folder_of, mark, refresh, sweep
from manyi.analytics.data import snapshot_engine
from manyi.analytics.data.parquet import parquet_table
from manyi.analytics.data.rounds import round_table
from manyi.analytics.kept_sums import KeptSums
from manyi.analytics.queries import sums
from manyi.analytics.running import run
from manyi.analytics.specification import specification
from manyi.measures.indicators import MeanSums
from manyi.organisation import clock
from manyi.organisation.models import Unit
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet
from tests.analytics.test_round_table import told, weigh

WAIT = {"id": "item_mean", "item": "wait"}


@pytest.fixture(autouse=True)
def every_part_is_large(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(snapshot, "LARGE", 0)
    settings.SNAPSHOTS = tmp_path / "snapshots"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts whose answers were read, as they are read."""
    names: list[str] = []

    def opened(piece: Any) -> Any:
        names.extend(piece._names)
        return snapshot.connected(piece._folder, piece._names, piece._book)

    monkeypatch.setattr(snapshot_engine._Piece, "connection", property(opened))
    return names


def wait_mean(round: Round, **more: str) -> float:
    found = sums(round=round, metric={**WAIT, **more})
    assert isinstance(found, MeanSums)
    assert found.mean is not None
    return float(found.mean)


def explored(round: Round, method: str, **config: Any) -> Any:
    made = specification({"method": method, "data": {"round": round.pk}, "config": config})
    return run(made, round_table(made.choice)).to_json()


def explored_mean(round: Round, weight: str = "") -> float:
    return float(told(round, "descriptives", weight, items=["wait"])["mean"])


def kept(round: Round) -> list[Path]:
    return list(folder_of(round).glob("*.sums/*.json"))


def parts_of(paths: list[Path]) -> set[str]:
    """The parts that kept sums belong to."""
    return {path.parent.name.removesuffix(snapshot.SUMS) for path in paths}


def test_only_what_is_new_is_counted(
    open_round: Callable[..., Round], east: Unit, counted: list[str]
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    assert wait_mean(round) == 100
    first = list(counted)
    assert set(first) == set(refresh(round=round).parts)
    assert wait_mean(round) == 100
    assert counted == first
    answer(round, east, sheet(1, 5, 5, 5, 9), segments=["vip"])
    assert wait_mean(round) == 60
    assert set(counted[len(first) :]) == set(refresh(round=round).parts[1:])
    assert wait_mean(round, segment="vip") == 20


METHODS: dict[str, dict[str, Any]] = {
    "cross_tables": {"items": ["wait"], "column": "unit"},
    "nps": {"item": "recommend", "by": "month"},
    "reliability": {"items": ["wait", "people.greeting", "people.skill"]},
    "key_drivers": {"result": "overall", "drivers": ["wait", "people.greeting"]},
}


def test_explore_reads_only_the_new_answers(
    open_round: Callable[..., Round], east: Unit, west: Unit, counted: list[str]
) -> None:
    """Whatever is asked: tables, groups by month, covariances; small groups are looked for as well."""
    round = open_round()
    for number in range(40):
        wait, greeting, skill, overall = ((number * step) % 5 + 1 for step in (1, 2, 3, 4))
        answer(round, (east, west)[number % 2], sheet(wait, greeting, skill, overall, 9))
    for method, config in METHODS.items():
        explored(round, method, **config)
    counted.clear()
    for method, config in METHODS.items():
        explored(round, method, **config)
    assert counted == []
    for number in range(10):
        answer(round, east, sheet(number % 5 + 1, 3, 4, 2, 10))
    for method, config in METHODS.items():
        explored(round, method, **config)
    assert set(counted) == set(refresh(round=round).parts[1:])


def test_sums_that_cannot_be_read_are_counted_again(
    open_round: Callable[..., Round], east: Unit, counted: list[str]
) -> None:
    round = open_round()
    for number in range(10):
        answer(round, east, sheet(number % 5 + 1, 5, 5, 5, 9))
    wait_mean(round)
    first = explored_mean(round)
    whole = sorted(counted)
    counted.clear()
    assert len(kept(round)) > 3
    for path in kept(round):
        path.write_text("[[0, 1")
    assert wait_mean(round) == 60
    assert explored_mean(round) == first
    assert sorted(counted) == whole
    assert all(isinstance(json.loads(path.read_text()), list) for path in kept(round))


def test_sums_are_removed_with_their_part(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    for _ in range(3):
        mark(round_id=round.pk, rebuild=True)
        wait_mean(round)
    assert kept(round)
    assert parts_of(kept(round)) <= {path.name.split(".")[0] for path in folder_of(round).glob("*.parquet")}


def test_nothing_is_left_of_answers_that_were_taken_away(
    open_round: Callable[..., Round], east: Unit
) -> None:
    """Also not what a reader keeps who had the part open when it was replaced."""
    round = open_round()
    for number in range(12):
        answer(round, east, sheet(number % 2 + 1, 5, 5, 5, 9))
    gone = answer(round, east, sheet(5, 5, 5, 5, 9))
    assert explored_mean(round) == pytest.approx(23 / 13)
    (held,) = parts_of(kept(round))
    gone.delete()
    mark(round_id=round.pk, rebuild=True)
    assert explored_mean(round) == 1.5
    KeptSums(folder_of(round), held).keep({"late": [1]})
    sweep(older_than=clock.now() + timedelta(minutes=1))
    assert kept(round)
    assert held not in parts_of(kept(round))
    assert not (folder_of(round) / f"{held}.sums").exists()


def test_other_weights_make_other_sums(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    for number in range(12):
        answer(round, east, sheet(number % 2 + 1, 5, 5, 5, 9))
    weigh(round, lambda number: 1.0)
    assert explored_mean(round, "round") == 1.5
    weigh(round, lambda number: 3.0 if number % 2 else 1.0)
    assert explored_mean(round, "round") == 1.75


def test_what_is_read_stays_and_the_rest_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_sums, "ROOM", 3 * 4096)
    held = KeptSums(tmp_path, "000001-aa")
    held.keep({"one": [1], "two": [2], "three": [3]})
    for age, path in enumerate(sorted((tmp_path / "000001-aa.sums").iterdir())):
        os.utime(path, (1_000 + age, 1_000 + age))
    assert held.read("two") == [2]
    held.keep({"four": [4]})
    assert held.read("two") == [2]
    assert held.read("four") == [4]
    assert len(list((tmp_path / "000001-aa.sums").iterdir())) == 3


def test_what_is_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_sums, "ROOM", 4096)
    held = KeptSums(tmp_path, "000001-aa")
    held.keep({"large": list(range(1_000)), "small": [0.1]})
    assert (held.read("large"), held.read("small")) == (None, [0.1])


def test_a_full_disk_keeps_nothing_and_hinders_nobody(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    assert wait_mean(round) == 100
    assert not list(folder_of(round).glob("*.sums/*"))


def test_nothing_is_kept_beside_a_file_of_somebody(
    open_round: Callable[..., Round], east: Unit, tmp_path: Path
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    (part,) = refresh(round=round).parts
    path = tmp_path / "own" / "own.parquet"
    path.parent.mkdir()
    path.write_bytes((folder_of(round) / f"{part}.answers.parquet").read_bytes())
    table = parquet_table([path], weight="unit")
    assert table.histograms([("q0", "channel")])[0].n.sum() == 1
    assert table.moments(["q0", "q1"]).n == 1
    assert list(path.parent.iterdir()) == [path]
