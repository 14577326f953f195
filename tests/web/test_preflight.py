"""What is checked before a start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from manyi.web.serve import database, first_run, preflight
from manyi.web.serve.database import Fit
from manyi.web.serve.errors import CannotStart


def test_a_full_disk_is_refused_with_the_figures(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"Not enough disk space .* MB < 1073741824 MB"):
        preflight.check_space(tmp_path, needed=2**50)


def test_a_missing_home_is_made(tmp_path: Path) -> None:
    preflight.check_folder(tmp_path / "new" / "home")
    assert list((tmp_path / "new" / "home").iterdir()) == []


def test_a_home_is_held_by_one_process_until_it_lets_go(tmp_path: Path) -> None:
    with preflight.take_home(tmp_path), pytest.raises(CannotStart, match="already running"):
        preflight.take_home(tmp_path)
    preflight.take_home(tmp_path).close()


@pytest.mark.django_db
def test_a_database_with_all_migrations_fits() -> None:
    assert database.check_version() is Fit.CURRENT


@pytest.mark.django_db
def test_a_migration_from_the_future_is_refused() -> None:
    MigrationRecorder(connection).record_applied("organisation", "9999_from_the_future")
    with pytest.raises(CannotStart, match="newer version"):
        database.check_version()


@pytest.mark.django_db
def test_a_missing_migration_asks_for_the_upgrade_command() -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    with pytest.raises(CannotStart, match="run manyi migrate first"):
        database.check_version()


@pytest.mark.django_db
def test_an_older_database_is_copied_and_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    made: list[bool] = []
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(database, "create", lambda: made.append(True))
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    database.migrate(said.append)
    assert made == [True]
    assert "upgraded" in said[-1]
    if connection.vendor == "sqlite":
        (copy,) = (tmp_path / "backups").iterdir()
        with closing(sqlite3.connect(copy)) as copied:
            assert copied.execute("select count(*) from organisation_event").fetchone() == (0,)
    else:
        assert "pg_dump" in said[0]


def test_a_first_set_up_that_was_broken_off_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("empty", "create"):
        monkeypatch.setattr(database, name, lambda name=name: done.append(name))
    monkeypatch.setattr(first_run, "load_demo", lambda: done.append("demo"))
    (tmp_path / first_run.UNFINISHED).touch()
    first_run.prepare(tmp_path, with_demo=True)
    assert done == ["empty", "create", "demo"]
    assert list(tmp_path.iterdir()) == []
