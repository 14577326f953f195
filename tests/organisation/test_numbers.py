"""Running numbers: every sequence counts for itself, without gaps, from 1."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from manyi.organisation import clock, numbers


@pytest.mark.django_db
def test_sequences_count_for_themselves() -> None:
    assert [numbers.following("case-2026") for _ in range(3)] == [1, 2, 3]
    assert numbers.following("case-2027") == 1
    assert numbers.following("case-2026", count=10) == 4
    assert numbers.following("case-2026") == 14


@pytest.mark.every_database
def test_writers_at_the_same_time_never_get_the_same_number(transactional_db: None) -> None:
    given: list[int] = []

    def take() -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    given.append(numbers.following("case-2026"))
        finally:
            connections.close_all()

    takers = [threading.Thread(target=take) for _ in range(3)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    connection.close()
    assert sorted(given) == list(range(1, 16))


def test_the_clock_stands_where_it_was_set() -> None:
    instant = datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
    with clock.at(instant):
        assert clock.now() == instant
        assert clock.today("Asia/Shanghai").isoformat() == "2026-01-02"
        assert clock.today("Europe/London").isoformat() == "2026-01-01"
    assert clock.now().year >= 2026
    assert clock.now() != instant


def test_the_clock_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 1, 1)):
        pass
