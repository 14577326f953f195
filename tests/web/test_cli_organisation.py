"""The commands about the organisation: one clear line, and an exit code that a script can use."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from typer.testing import CliRunner, Result

from manyi.customers.models import Customer
from manyi.organisation.models import CalendarYear, Event, Person, RoleGrant
from manyi.web.cli import app, entry, organisation
from tests import personas

runner = CliRunner()


def manyi(*words: str) -> Result:
    return runner.invoke(app, list(words))


@pytest.fixture
def installation(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """The command meets the database of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(organisation, "open_installation", lambda *, create=False: None)
    monkeypatch.setattr(organisation, "has_database", lambda: True)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No database and no home."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MANYI_HOME", str(tmp_path / "nothing"))
    return tmp_path / "nothing"


@pytest.mark.parametrize(
    ("start", "day"),
    [("2025-12-25", "2026-01-09"), ("2026-02-10", "2026-03-02"), ("2026-09-28", "2026-10-16")],
)
def test_a_due_date_needs_no_installation(start: str, day: str, nowhere: Path) -> None:
    result = manyi("calendar", "due", start, "--working-days", "10")
    assert (result.stdout, result.exit_code) == (f"{day}\n", 0)
    assert not nowhere.exists()


def test_a_due_date_in_a_year_without_data_says_so(nowhere: Path) -> None:
    result = manyi("calendar", "due", "2099-02-10", "--working-days", "1")
    assert result.stdout == "2099-02-11\n"
    assert "provisional" in result.stderr


def test_a_due_date_follows_the_calendar_of_the_organisation(installation: None) -> None:
    personas.china_calendar(personas.tree().group, 2026)
    assert manyi("calendar", "due", "2026-02-10", "--working-days", "10").stdout == "2026-03-02\n"


def test_without_an_installation_a_command_says_what_to_do(nowhere: Path) -> None:
    result = manyi("events", "verify")
    assert result.exit_code == 1
    assert "manyi run" in result.stderr
    assert entry.has_database() is False


def test_a_whole_log_is_told_so(installation: None) -> None:
    personas.house()
    result = manyi("events", "verify")
    assert result.exit_code == 0
    assert f"{Event.objects.count()} 条记录完整" in result.stdout


def test_the_first_broken_row_is_named(installation: None) -> None:
    personas.house()
    for seq in (9, 5):
        Event.objects.filter(seq=seq).update(why="改过")
    result = manyi("events", "verify")
    assert result.exit_code == 1
    assert result.stderr == "第 5 条记录有问题:内容被改动。 Row 5: its content was changed.\n"


def test_a_year_is_loaded_for_a_unit(installation: None) -> None:
    personas.tree()
    assert manyi("calendar", "load-year", "2026", "--unit", "HC-E").exit_code == 0
    assert CalendarYear.objects.get().status == "official"
    provisional = manyi("calendar", "load-year", "2099", "--unit", "HC-E")
    assert (provisional.exit_code, "2099" in provisional.stderr) == (1, True)
    unknown = manyi("calendar", "load-year", "2026", "--unit", "NOPE")
    assert (unknown.exit_code, "NOPE" in unknown.stderr) == (1, True)


def test_customers_come_in_and_bad_rows_are_listed(installation: None, tmp_path: Path) -> None:
    personas.tree()
    file = tmp_path / "kunden.csv"
    file.write_text("Nr,Tel\nK1,13800000001\nK2,138\n", encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('code = "Nr"\nphone = "Tel"\n', encoding="utf-8")
    result = manyi("import", "customers", str(file), "--unit", "HC-E", "--mapping", str(mapping))
    assert result.exit_code == 0, result.stderr
    assert "新增 1,更新 0,未收 1" in result.stdout
    assert "第 3 行 Tel:手机号少 8 位" in result.stderr
    assert Customer.objects.get().unit.code == "HC-E"


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ('code = "Nummer"', "没有“Nummer”这一列"),
        ('kode = "Nr"', "没有“kode”这一项"),
        ("code = ", "Cannot read"),
    ],
)
def test_a_wrong_mapping_is_told_in_lines(
    mapping: str, told: str, installation: None, tmp_path: Path
) -> None:
    personas.tree()
    (tmp_path / "rows.csv").write_text("Nr,Tel\nK1,13800000001\n", encoding="utf-8")
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    result = manyi("import", "customers", str(tmp_path / "rows.csv"), "--mapping", str(tmp_path / "m.toml"))
    assert result.exit_code == 1
    assert told in result.stderr
    assert not Customer.objects.exists()


def test_the_first_administrator_of_an_empty_database(installation: None) -> None:
    words = ("user", "create-admin", "--username", "chen", "--name", "陈宁", "--organisation", "华诚")
    assert manyi(*words, "--password", personas.PASSWORD).exit_code == 0
    assert Person.objects.get().check_password(personas.PASSWORD)
    grant = RoleGrant.objects.get()
    assert (grant.role, grant.unit.name) == ("system_administrator", "华诚")
    again = manyi(*words, "--password", personas.PASSWORD)
    assert (again.exit_code, "chen" in again.stderr) == (1, True)
    weak = manyi("user", "create-admin", "--username", "b", "--name", "乙", "--password", "12345678")
    assert (weak.exit_code, Person.objects.count()) == (1, 1)
