"""The ready questionnaires: each can be published as it is, and survey-core agrees with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manyi.surveys.codecs import CODECS, Document, Source, read
from manyi.surveys.library import INDUSTRIES, Entry, entries, entry
from manyi.surveys.rules import publish_problems
from tests.surveys.test_oracle import judged_alike

CODES = [each.code for each in entries()]
WANTED = {
    "dealership_sales",
    "dealership_service",
    "hospital_outpatient",
    "hospital_inpatient",
    "property_management",
    "developer_move_in",
    "manufacturer_customers",
    "employees",
    "hotel_stay",
    "bank_branch",
    "after_complaint",
    "servqual",
    "nps_reason",
    "csi_expectation",
    "mystery_visit",
    "kano",
}


def test_the_library_holds_what_the_trades_need() -> None:
    assert set(CODES) == WANTED
    assert {each.industry for each in entries()} == set(INDUSTRIES)
    assert all(1 <= each.minutes <= 8 for each in entries())
    assert entry("nothing") is None


@pytest.fixture(params=CODES)
def ready(request: pytest.FixtureRequest) -> Entry:
    found = entry(request.param)
    assert found is not None
    return found


def test_each_can_be_published_as_it_is(ready: Entry) -> None:
    tree = ready.questionnaire
    assert publish_problems(tree) == []
    assert tree.languages == ("zh", "en")
    assert tree.with_role("overall") is not None or tree.with_role("nps") is not None


def test_each_is_judged_as_survey_core_judges_it(
    ready: Entry, survey_core: Callable[[dict[str, Any]], dict[str, Any]], tmp_path: Path
) -> None:
    judged_alike(ready.questionnaire, survey_core, tmp_path)


@pytest.mark.parametrize(
    ("codec", "name"), [("limesurvey", "x.lss"), ("xlsform", "x.xlsx"), ("toml", "x.toml")]
)
def test_each_goes_to_other_tools_and_comes_back(ready: Entry, codec: str, name: str, tmp_path: Path) -> None:
    CODECS.get(codec).write(Document(ready.questionnaire), tmp_path / name)
    assert read(Source.of(tmp_path / name)).questionnaire == ready.questionnaire


def test_the_manufacturers_nine_and_the_employees_ten_items() -> None:
    nine, ten = entry("manufacturer_customers"), entry("employees")
    assert nine is not None
    assert ten is not None
    assert len(nine.questionnaire.questions["items"].rows) == 9
    assert len(ten.questionnaire.questions["items"].rows) == 10
