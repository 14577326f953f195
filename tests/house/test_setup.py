"""The set-up behind ``make run`` and ``make test``: quick when nothing changed, plain when it cannot."""

from __future__ import annotations

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from tools import bootstrap, system_packages
from tools.system_packages import SetupProblem


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PYTHON", raising=False)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    return tmp_path / "stamp.json"


def write(stamp: Path, installed: str, **changes: str) -> None:
    stamp.write_text(json.dumps({"set": installed, "key": bootstrap.key(), "python": "3.11", **changes}))


def test_without_a_stamp_everything_is_to_do(stamp: Path) -> None:
    assert not bootstrap.is_current("run")


def test_the_test_set_serves_for_running_too(stamp: Path) -> None:
    write(stamp, "test")
    assert bootstrap.is_current("run")
    assert bootstrap.is_current("test")


def test_the_run_set_does_not_serve_for_tests(stamp: Path) -> None:
    write(stamp, "run")
    assert bootstrap.is_current("run")
    assert not bootstrap.is_current("test")


def test_a_changed_lock_or_a_half_written_stamp_is_seen(stamp: Path) -> None:
    write(stamp, "test", key="of an older lock")
    assert not bootstrap.is_current("run")
    stamp.write_text('{"set": "te')
    assert not bootstrap.is_current("run")


def test_another_python_asked_for_is_seen(stamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(stamp, "test", python="3.9")
    assert bootstrap.is_current("run")
    monkeypatch.setenv("PYTHON", sys.executable)
    assert not bootstrap.is_current("run")


def test_a_browser_of_ones_own_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "my-browser"
    own.touch()
    own.chmod(own.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("CHROMIUM", str(own))
    assert system_packages.find_chromium() == str(own)


def test_who_may_not_install_is_told_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "root_prefix", lambda: None)
    with pytest.raises(SetupProblem, match=r"apt-get install chromium poppler-utils$"):
        system_packages.install_debian_packages(["chromium", "poppler-utils"], "tests")


def test_a_missing_program_that_may_not_be_installed_ends_the_set_up(
    stamp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(stamp, "test")
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    monkeypatch.setattr(system_packages, "root_prefix", lambda: None)
    assert bootstrap.main("test") == 1
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert "apt-get install chromium" in said


def test_node_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the second opinion on conditions would be left out unseen."""
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "node" else found(name))
    assert "nodejs" in system_packages.missing_packages()
