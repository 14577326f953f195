"""The commands about surveys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from manyi.distribution.models import Invitation
from manyi.organisation import clock
from manyi.responses import actions
from manyi.responses.models import Response
from manyi.web.cli import app, surveys
from tests import personas
from tests.survey_world import GOOD_ANSWERS, QUESTIONNAIRE, START, World, build, invite

runner = CliRunner()
MAPPING = """
key = "no"
[columns]
"rate" = "q1"
[questionnaire]
title = "到店"
title_en = "Visits"
[[questionnaire.sections]]
code = "s"
questions = [{ code = "q1", type = "rating", title = "满意吗", title_en = "Satisfied?" }]
"""


@pytest.fixture
def installation(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command meets the database of the test."""
    monkeypatch.setattr(surveys, "open_installation", lambda *, create=False: None)
    personas.tree()


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    rows, mapping = tmp_path / "visits.csv", tmp_path / "visits.toml"
    rows.write_text("no,rate\n1,5\n2,9\n3,4\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return str(rows), str(mapping)


def test_answers_come_in_once_and_bad_rows_are_told(installation: None, files: tuple[str, str]) -> None:
    command = ["import", "responses", files[0], "--questionnaire", "visits", "--mapping", files[1]]
    first, second = runner.invoke(app, command), runner.invoke(app, command)
    assert first.exit_code == 0
    assert "3 rows: 2 added, 0 there already, 1 bad." in first.stdout
    assert "row 3 rate: “9” is not between 1 and 5" in first.stderr
    assert "0 added, 2 there already" in second.stdout
    row = Response.objects.all()[0].round_id
    into = runner.invoke(app, [*command, "--round", str(row)])
    assert "0 added, 2 there already" in into.stdout


def test_an_unknown_round_and_an_unreadable_mapping_are_one_line(
    installation: None, files: tuple[str, str], tmp_path: Path
) -> None:
    command = ["import", "responses", files[0], "--questionnaire", "visits", "--mapping"]
    nowhere = runner.invoke(app, [*command, files[1], "--round", "99"])
    missing = runner.invoke(app, [*command, str(tmp_path / "none.toml")])
    assert (nowhere.exit_code, missing.exit_code) == (1, 1)
    assert "There is no round 99." in nowhere.stderr
    assert "Cannot read" in missing.stderr


def test_a_questionnaire_file_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "q.toml"
    file.write_text(QUESTIONNAIRE, encoding="utf-8")
    good = runner.invoke(app, ["questionnaire", "check", str(file)])
    assert (good.exit_code, "2 sections, 5 questions" in good.stdout) == (0, True)
    file.write_text(QUESTIONNAIRE.replace("{recommend}", "{nobody}"), encoding="utf-8")
    bad = runner.invoke(app, ["questionnaire", "check", str(file)])
    assert bad.exit_code == 1
    assert "why.visible_if: The condition asks for unknown “nobody”." in bad.stderr


def test_a_round_is_watched_as_a_table_and_as_json(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "open_installation", lambda *, create=False: None)
    world = world_of_a_round()
    told = runner.invoke(app, ["survey", "monitor", str(world.round.pk)])
    assert told.exit_code == 0, told.output
    assert "RR2: 25.0 %" in told.output
    assert "link\t4\t" in told.output
    data = json.loads(runner.invoke(app, ["survey", "monitor", str(world.round.pk), "--json"]).output)
    assert (data["total"]["asked"], data["total"]["completed"]) == (4, 1)
    assert runner.invoke(app, ["survey", "monitor", "999999"]).exit_code == 1
    assert runner.invoke(app, ["survey", "monitor", str(world.round.pk), "--rate", "XX"]).exit_code == 1


def world_of_a_round() -> World:
    with clock.at(START):
        world = build()
        rows = invite(world)
        Invitation.objects.update(state="sent")
        actions.submit(response=actions.begin(invitation=rows[0]), answers=GOOD_ANSWERS)
    return world
