"""东城店 with China's calendar, on a Monday morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from manyi.cases.policy_actions import install_defaults
from manyi.organisation import clock
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import at
from tests.personas import House


@pytest.fixture
def house(db: None, settings: Settings, tmp_path: Path) -> House:
    settings.SNAPSHOTS = tmp_path / "snapshots"
    cache.clear()
    made = personas.house()
    personas.china_calendar(made.tree.group, 2026)
    personas.staff("second", "冯磊", Role.CASE_HANDLER, made.tree.east)
    install_defaults()
    return made


@pytest.fixture
def monday(house: House) -> Iterator[datetime]:
    """2026-03-02, 9:30."""
    now = at("2026-03-02T09:30")
    with clock.at(now):
        yield now
