"""The house of people, once per test of this room."""

from __future__ import annotations

import pytest

from tests import personas
from tests.personas import House


@pytest.fixture
def house(db: None) -> House:
    return personas.house()
