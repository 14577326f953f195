"""The dealership with the calendar of China's 2026, on a Monday morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from manyi.cases.actions import register
from manyi.cases.models import Case
from manyi.cases.policy_actions import install_defaults
from manyi.organisation import clock
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import Register, at
from tests.personas import House


@pytest.fixture
def house(db: None) -> House:
    made = personas.house()
    personas.china_calendar(made.tree.group, 2025, 2026)
    personas.staff("second", "冯磊", Role.CASE_HANDLER, made.tree.east)
    install_defaults()
    return made


@pytest.fixture
def monday(house: House) -> Iterator[datetime]:
    """It is Monday morning, 2026-03-02, with ordinary weeks before and after."""
    now = at("2026-03-02T09:30")
    with clock.at(now):
        yield now


@pytest.fixture
def new_case(house: House) -> Register:
    def make(**changes: Any) -> Case:
        details: dict[str, Any] = {
            "actor": house.wu,
            "unit": house.tree.east_service,
            "kind": "complaint",
            "channel": "phone",
            "subject": "空调修了两次还是不凉",
            "body": "三天内修了两次空调,仍然不制冷,要求免费修好。",
            "contact_name": "王女士",
            "contact_phone": "13800000000",
        }
        return register(**{**details, **changes})

    return make
