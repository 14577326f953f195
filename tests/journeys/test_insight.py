"""From the overview to one red item, why it is red, and the same figures once more on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
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
        answer(round, east, sheet(5 - n % 3, 5 - n % 2, 4 + n % 2, 5 - n % 3, 9), segments=["new"])
        waited = "李先生 13812345678 等了三个小时"
        answer(round, west, sheet(1 + n % 3, 4 + n % 2, 5 - n % 2, 2 + n % 3, 5, why=waited))


def test_a_director_finds_the_red_item_its_causes_and_the_same_figures_again(
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
) -> None:
    monkeypatch.setattr(analyses, "open_installation", lambda: None)  # the command meets this database
    settings.MEDIA_ROOT, settings.SNAPSHOTS = tmp_path / "files", tmp_path / "snapshots"
    round = open_round(title="夏季售后", title_en="Summer")
    answered(round, east, west)
    director = person_at(Role.QUALITY_DIRECTOR, round.unit)
    director.set_password(WORD)
    director.save()
    visitor = Visitor(browser, live_server.url, gallery).log_in(director.username, WORD)

    visitor.go("/insight/overview/")
    visitor.see("▲ 未达标", within="#items")
    visitor.look("overview")
    visitor.follow("维修等待时间", within="#items")

    visitor.see("“维修等待时间”做得怎么样?")
    visitor.see("▲ 明显更高", within="#result-segments")
    visitor.see("三个小时", within="#quotes")
    visitor.see("[电话]", within="#quotes")
    visitor.look("item")

    visitor.follow(said("What drives satisfaction?"))
    visitor.see("影响最大的是“维修等待时间”")
    visitor.look("drivers")

    visitor.follow(said("Open in Explore"))
    visitor.look("explore")
    visitor.send("Keep", title="售后驱动因素")
    visitor.look("saved")
    visitor.follow("售后驱动因素")

    table = visitor.page.locator("#result-drivers table.data tbody tr")
    page = [row.locator("td").all_inner_texts() for row in table.all()]
    visitor.page.locator("summary", has_text=said("Export")).click()
    file = tmp_path / "drivers.toml"
    file.write_bytes(visitor.download(said("Specification (TOML)")).read_bytes())
    expect(visitor.page.locator(".note-error")).to_have_count(0)

    assert page == figures_on_the_command_line(file, tmp_path / "drivers.json")
    assert not [*visitor.faults, *gallery.faults]


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
