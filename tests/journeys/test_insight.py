"""From the overview to one red item, why it is red, and the same figures once more on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from typer.testing import CliRunner

from manyi.analytics.results import Heading
from manyi.analytics.written import shown
from manyi.kernel.labels import Label
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from manyi.web.cli import analyses, app
from tests.after_sales import answer, east, group, open_round, person_at, programme, sheet, west
from tests.journeys.visitors import Gallery, Visitor, said

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["east", "group", "open_round", "person_at", "programme", "west"]
WORD = "correct-horse-battery"


def answered(round: Round, east: Unit, west: Unit) -> None:
    """Two shops: in the west customers wait long, say so, and leave their number."""
    for n in range(30):
        skill, judged = 4 + n // 3 % 2, n // 5 % 2
        answer(
            round, east, sheet(5 - n % 3, 5 - n % 2, skill, 5 - (n % 3 + judged) // 2, 9), segments=["new"]
        )
        waited = "李先生 13812345678 等了三个小时"
        answer(round, west, sheet(1 + n % 3, 4 + n % 2, skill, 2 + (n % 3 + judged) // 2, 5, why=waited))


@pytest.fixture
def director(
    browser: Browser,
    live_server: LiveServer,
    gallery: Gallery,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    open_round: Callable[..., Round],
    person_at: Callable[[Role, Unit], Person],
    east: Unit,
    west: Unit,
) -> Visitor:
    """The director at the browser, a round of answers, and a command line that meets this database."""
    monkeypatch.setattr(analyses, "open_installation", lambda: None)
    settings.MEDIA_ROOT, settings.SNAPSHOTS = tmp_path / "files", tmp_path / "snapshots"
    round = open_round(title="夏季售后", title_en="Summer")
    answered(round, east, west)
    person = person_at(Role.QUALITY_DIRECTOR, round.unit)
    person.set_password(WORD)
    person.save()
    return Visitor(browser, live_server.url, gallery).log_in(person.username, WORD)


def test_a_red_item_its_causes_and_the_same_figures_on_the_command_line(
    director: Visitor, tmp_path: Path
) -> None:
    find_the_red_item(director)
    director.follow(said("What drives satisfaction?"))
    director.see("影响最大的是“维修等待时间”")
    director.look("drivers")

    director.follow(said("Open in Explore"))
    director.look("explore")
    director.send("Keep", title="售后驱动因素")
    director.look("saved")
    director.follow("售后驱动因素")
    table = director.page.locator("#result-drivers table.data tbody tr")
    page = [row.locator("td").all_inner_texts() for row in table.all()]
    director.page.locator("summary", has_text=said("Export")).click()
    file = tmp_path / "drivers.toml"
    file.write_bytes(director.download(said("Specification (TOML)")).read_bytes())

    assert len(page) == 3
    assert page == figures_on_the_command_line(file, tmp_path / "drivers.json")
    assert not [*director.faults, *director.gallery.faults]


def find_the_red_item(director: Visitor) -> None:
    """From the overview to the item: who is less content, and what they wrote, without their numbers."""
    director.go("/insight/overview/")
    director.see("▲ 未达标", within="#items")
    director.look("overview")
    director.follow("维修等待时间", within="#items")
    director.see("“维修等待时间”做得怎么样?")
    director.see("▲ 明显更高", within="#result-segments")
    director.see("三个小时", within="#quotes")
    director.see("[电话]", within="#quotes")
    director.look("item")


def figures_on_the_command_line(specification: Path, out: Path) -> list[list[str]]:
    """The table of drivers by ``manyi analyse``, rounded as the page rounds."""
    done = CliRunner().invoke(app, ["analyse", str(specification), "--out", str(out)])
    assert done.exit_code == 0, done.output
    table = json.loads(out.read_text())["tables"]["drivers"]
    heads = [Heading(c["id"], Label("", ""), c["form"]) for c in table["columns"] if c["id"] != "item"]
    return [
        [row["title"]["zh"] if head.id == "title" else shown(row[head.id], head, "zh") for head in heads]
        for row in table["rows"]
    ]
