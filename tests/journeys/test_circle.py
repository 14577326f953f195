"""The whole circle once, as its people walk it: from an empty house to a fault that is put right for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.improvement.models import Finding
from manyi.organisation import actions, events
from manyi.organisation.models import Event
from manyi.organisation.roles import Role
from tests import personas
from tests.journeys import act_chapters as acts
from tests.journeys import survey_chapters as surveys
from tests.journeys.town import Town
from tests.journeys.visitors import Gallery

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BEFORE, AFTER = "售后满意度 一季度", "售后满意度 二季度"


@pytest.fixture
def town(
    browser: Browser, live_server: LiveServer, gallery: Gallery, settings: Settings, tmp_path: Path
) -> Iterator[Town]:
    """A new installation with nothing in it but the group and its administrator."""
    settings.BASE_URL = live_server.url
    settings.MEDIA_ROOT, settings.SNAPSHOTS = tmp_path / "files", tmp_path / "snapshots"
    group = actions.create_unit(
        actor=None, code="HC", name="华诚汽车集团", name_en="Huacheng Motors", kind="group", parent=None
    )
    personas.staff("chen", "陈宁", Role.SYSTEM_ADMINISTRATOR, group)
    made = Town(browser, live_server.url, gallery)
    yield made
    made.close()


def test_the_whole_circle(town: Town, tmp_path: Path) -> None:
    surveys.the_administrator_sets_the_house_up(town)
    surveys.the_survey_manager_brings_customers_in(town, tmp_path)
    surveys.the_regulation_is_installed(town)
    surveys.the_questionnaire_gets_a_question(town)

    surveys.a_round_is_planned(town, BEFORE, "After-sales, first quarter")
    surveys.the_sample_is_drawn(town)
    surveys.the_invitations_go_out_by_mail(town, BEFORE)
    surveys.a_code_hangs_at_the_counter(town)
    used = surveys.a_customer_complains_on_an_old_phone(town)
    surveys.a_customer_is_called_away_and_comes_back(town)
    surveys.used_and_unknown_links_are_explained(town, used)
    surveys.everybody_else_answers(town, [*town.links[2:36], town.open_link], waiting=("2", "3"))

    acts.the_round_ends_and_is_read(town, BEFORE)
    acts.the_report_passes_through_three_hands(town, BEFORE)
    acts.the_low_score_became_a_case(town)
    acts.a_passer_by_complains_and_follows_it(town)
    finding = acts.the_cause_is_found_and_put_right(town)

    surveys.a_round_is_planned(town, AFTER, "After-sales, second quarter")
    surveys.the_sample_is_drawn(town, gap_days="0")  # the same people, asked a moment ago
    surveys.the_invitations_are_handed_over(town)
    surveys.everybody_else_answers(town, town.links[:34], waiting=("5", "4"))
    town.meanwhile()
    acts.the_effect_is_proved(town, finding, AFTER)

    assert Finding.objects.get(metric__item="service.waiting", round__title=BEFORE).state == "closed"
    assert events.verify() == Event.objects.count()
    assert town.faults() == []
