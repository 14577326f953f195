"""东城店 with a survey, and a way to play its rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from manyi.cases.policy_actions import install_defaults
from manyi.organisation import clock
from manyi.surveys.models import Round
from tests import personas
from tests.improvement import rounds
from tests.survey_world import START, World, build

Play = Callable[..., Round]


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> Iterator[World]:
    """It is the start of the first round; the clock stands there for the whole test."""
    settings.SNAPSHOTS = tmp_path / "snapshots"
    with clock.at(START):
        made = build(customers_count=0)
        personas.china_calendar(made.house.tree.group, 2026)
        install_defaults()
        yield made


@pytest.fixture
def play(world: World) -> Play:
    """Runs one whole round: title, waiting grades, and when."""
    return partial(rounds.play, world, rounds.strict_scheme(world))
