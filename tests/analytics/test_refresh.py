"""The snapshot follows the answers, and a crash while it is written harms nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from manyi.analytics import snapshot
from manyi.analytics.actions import folder_of, mark, refresh
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.models import Snapshot
from manyi.analytics.queries import sums
from manyi.analytics.tasks import refresh_stale
from manyi.measures.indicators import MeanSums
from manyi.organisation import events
from manyi.organisation.models import Unit
from manyi.responses.actions import RESPONSE_JUDGED
from manyi.responses.finishing import RESPONSE_SUBMITTED
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

WAIT = {"id": "item_mean", "item": "wait"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Tests that are rolled back give the same number to another round."""
    settings.SNAPSHOTS = tmp_path


def wait_mean(round: Round) -> MeanSums:
    found = sums(round=round, metric=WAIT)
    assert isinstance(found, MeanSums)
    return found


def test_new_answers_are_added_as_a_part(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    first = refresh(round=round)
    answer(round, east, sheet(1, 5, 5, 5, 9), segments=["vip"])
    second = refresh(round=round)
    assert (first.rows, second.rows) == (1, 2)
    assert second.parts[:-1] == first.parts
    assert wait_mean(round).mean == 60
    assert sums(round=round, metric={**WAIT, "segment": "vip"}).valid == 1


def test_many_small_parts_become_one(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is lost, a segment that is seen later has the members it had, and the files go."""
    monkeypatch.setattr(snapshot, "MANY", 3)
    round = open_round()
    sizes = []
    for number in range(8):
        answer(round, east, sheet(5 - number % 2, 5, 5, 5, 9), segments=["vip"] if number > 4 else [])
        sizes.append(len(refresh(round=round).parts))
    assert sizes == [1, 2, 1, 2, 1, 2, 1, 2]
    assert wait_mean(round).n == 8
    assert wait_mean(round).mean == 90
    assert sums(round=round, metric={**WAIT, "segment": "vip"}).valid == 3
    assert refresh(round=round).rows == 8
    left = {path.name.split(".")[0] for path in folder_of(round).glob("*.parquet")}
    assert len(left) <= 5


def test_parts_of_middle_size_become_one_too(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MANY", 3)
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    (first,) = refresh(round=round).parts
    # The first part is as large as one can be that is not small: two more of its size make three.
    monkeypatch.setattr(
        snapshot, "LARGE", (folder_of(round) / f"{first}.answers.parquet").stat().st_size - 100
    )
    sizes = []
    for _ in range(2):
        answer(round, east, sheet(5, 5, 5, 5, 9))
        sizes.append(len(refresh(round=round).parts))
    assert sizes == [2, 1]
    assert wait_mean(round).n == 3


def test_a_refresh_without_news_writes_nothing(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    first = refresh(round=round)
    assert refresh(round=round).generation == first.generation


def test_a_judged_answer_makes_the_snapshot_anew(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    bad = answer(round, east, sheet(1, 1, 1, 1, 0))
    answer(round, east, sheet(5, 5, 5, 5, 9))
    refresh(round=round)
    bad.valid = False
    bad.save()
    mark(round_id=round.pk, rebuild=True)
    assert refresh_stale() == 1
    assert wait_mean(round).mean == 100
    assert Snapshot.objects.get(round=round).stale is False


def test_an_answer_that_was_taken_away_leaves_the_snapshot(
    open_round: Callable[..., Round], east: Unit
) -> None:
    round = open_round()
    gone = answer(round, east, sheet(1, 1, 1, 1, 0))
    answer(round, east, sheet(5, 5, 5, 5, 9))
    refresh(round=round)
    gone.delete()
    assert wait_mean(round).valid == 1


def test_a_part_that_a_crash_left_behind_is_not_read(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    with monkeypatch.context() as patch:
        patch.setattr(
            Snapshot.objects, "filter", lambda *_, **__: (_ for _ in ()).throw(OSError("power cut"))
        )
        with pytest.raises(OSError, match="power cut"):
            refresh(round=round)
    assert list(folder_of(round).glob("*.parquet"))
    assert wait_mean(round).valid == 1


def test_parts_that_nobody_names_are_removed(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    for _ in range(4):
        mark(round_id=round.pk, rebuild=True)
        row = refresh(round=round)
    names = {path.name.split(".")[0] for path in folder_of(round).iterdir()}
    assert len(names) == 2
    assert set(row.parts) <= names


def test_of_two_refreshes_at_once_the_first_to_finish_counts(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    write = snapshot.write_part

    def slow(*given: object) -> tuple[str, int]:
        monkeypatch.setattr(snapshot, "write_part", write)
        refresh(round=round)
        return write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(snapshot, "write_part", slow)
    row = refresh(round=round)
    assert (row.generation, row.rows) == (1, 1)
    assert wait_mean(round).valid == 1


def test_a_page_refreshes_a_little_and_leaves_much_to_the_schedule(
    open_round: Callable[..., Round], east: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 9))
    assert brought_up_to_date(round) == 0
    monkeypatch.setattr("manyi.analytics.freshness.INLINE", 1)
    answer(round, east, sheet(4, 5, 5, 5, 9))
    assert brought_up_to_date(round) == 1
    assert refresh_stale() == 1
    assert brought_up_to_date(round) == 0


def test_a_round_that_nobody_answered_has_an_empty_snapshot(open_round: Callable[..., Round]) -> None:
    round = open_round()
    assert refresh(round=round).rows == 0
    assert wait_mean(round).mean is None


def test_the_log_tells_which_snapshot_lags(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    bad = answer(round, east, sheet(1, 1, 1, 1, 0))
    answer(round, east, sheet(5, 5, 5, 5, 9))
    refresh(round=round)
    with transaction.atomic():
        bad.valid = False
        bad.save()
        events.append(RESPONSE_JUDGED, actor=None, subject=bad, unit=east)
    events.dispatch_pending()
    row = Snapshot.objects.get(round=round)
    assert (row.stale, row.rebuild) == (True, True)
    assert wait_mean(round).mean == 100


def test_a_submitted_answer_asks_for_a_refresh(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    new = answer(round, east, sheet(5, 5, 5, 5, 9))
    with transaction.atomic():
        events.append(RESPONSE_SUBMITTED, actor=None, subject=new, unit=east, data={"round": round.pk})
    events.dispatch_pending()
    assert refresh_stale() == 1
    assert Snapshot.objects.get(round=round).rows == 1
