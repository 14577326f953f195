"""The commands about cases."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from manyi.web.cli import app, cases
from tests import personas
from tests.installation import MANYI, installed

runner = CliRunner()
MAPPING = """
name = "old-system"
key = "no"
[columns]
"what" = "body"
"in" = "received_at"
"out" = "answered_at"
"""


@pytest.fixture
def installation(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command meets the database of the test."""
    monkeypatch.setattr(cases, "open_installation", lambda *, create=False: None)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    rows, mapping = tmp_path / "old.csv", tmp_path / "old.toml"
    rows.write_text("no,what,in,out\n1,不凉,2026-02-10,2026-02-12\n2,,2026-02-10,\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return str(rows), str(mapping)


def test_an_import_tells_what_came_in_what_did_not_and_how_long_answers_took(
    installation: None, files: tuple[str, str]
) -> None:
    personas.tree()
    result = runner.invoke(app, ["import", "cases", files[0], "--mapping", files[1]])
    assert result.exit_code == 0
    assert "2 rows: 1 added, 0 there already, 1 bad." in result.stdout
    assert "median 2 working days; within 5: 1" in result.stdout
    assert "row 3 what: The text is empty." in result.stderr


def test_an_unreadable_mapping_is_one_line_and_exit_code_1(
    installation: None, files: tuple[str, str]
) -> None:
    result = runner.invoke(app, ["import", "cases", files[0], "--mapping", files[0]])
    assert result.exit_code == 1
    assert "Cannot read the mapping" in result.stderr


def test_recomputing_tells_how_many_deadlines_moved(installation: None) -> None:
    personas.tree()
    result = runner.invoke(app, ["cases", "recompute-clocks"])
    assert (result.exit_code, "0 deadlines moved" in result.stdout) == (0, True)
    assert runner.invoke(app, ["cases", "recompute-clocks", "--unit", "NO"]).exit_code == 1


@pytest.mark.every_database
def test_whoever_brings_a_file_may_begin_with_it(tmp_path: Path) -> None:
    """In a home with nothing in it the import makes the tables and the root unit."""
    table, mapping = tmp_path / "cases.csv", tmp_path / "mapping.toml"
    table.write_text("no,what,in,out\n1,车门异响,2026-03-02 09:00,2026-03-05 10:00\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    with installed(tmp_path) as fresh:
        command = [MANYI, "import", "cases", str(table), "--mapping", str(mapping)]
        done = subprocess.run(
            command, env=fresh.environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr
    assert "1 added" in done.stdout
