"""The sums of a part are counted once, and never stand in the way of the right figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manyi.analytics import partial, snapshot
from manyi.analytics.actions import folder_of, mark, refresh
from manyi.analytics.queries import sums
from manyi.measures.indicators import MeanSums
from manyi.organisation.models import Unit
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

WAIT = {"id": "item_mean", "item": "wait"}


@pytest.fixture(autouse=True)
def every_part_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LARGE", 0)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that were counted, as they are counted."""
    names: list[str] = []
    count = partial._counted

    def noting(connection: Any, book: Any, folder: Path, parts: list[str], query: Any) -> Any:
        names.extend(parts)
        return count(connection, book, folder, parts, query)

    monkeypatch.setattr(partial, "_counted", noting)
    return names


def wait_mean(round: Round, **more: str) -> float:
    found = sums(round=round, metric={**WAIT, **more})
    assert isinstance(found, MeanSums)
    assert found.mean is not None
    return float(found.mean)


def kept(round: Round) -> list[Path]:
    return list(folder_of(round).glob("*.sums.json"))


def test_only_what_is_new_is_counted(
    open_round: Callable[..., Round], east: Unit, counted: list[str]
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    assert wait_mean(round) == 100
    first = list(counted)
    assert first == refresh(round=round).parts
    assert wait_mean(round) == 100
    assert counted == first
    answer(round, east, sheet(1, 5, 5, 5, 9), segments=["vip"])
    assert wait_mean(round) == 60
    assert counted == refresh(round=round).parts
    assert wait_mean(round, segment="vip") == 20


def test_sums_that_cannot_be_read_are_counted_again(
    open_round: Callable[..., Round], east: Unit, counted: list[str]
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    wait_mean(round)
    for path in kept(round):
        path.write_text("[[0, 1")
    assert wait_mean(round) == 100
    assert len(counted) == 2 * len(set(counted))


def test_sums_are_removed_with_their_part(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    for _ in range(3):
        mark(round_id=round.pk, rebuild=True)
        wait_mean(round)
    parts = {path.name.split(".")[0] for path in folder_of(round).glob("*.parquet")}
    assert kept(round)
    assert {path.name.split(".")[0] for path in kept(round)} <= parts


def test_no_more_is_kept_than_is_worth_it(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partial, "MOST", 0)
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    assert wait_mean(round) == 100
    (part,) = refresh(round=round).parts
    assert not [path for path in kept(round) if path.name.startswith(part)]
