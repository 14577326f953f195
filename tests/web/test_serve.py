"""``manyi run`` as an operator meets it: it starts, says what is in its way, survives, and stops clean."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.installation import PATIENCE, Installation, installed, wait_until


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that has its database already, for the tests that only look at the start."""
    with installed(tmp_path_factory.mktemp("prepared")) as made:
        process = made.start_and_wait()
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        yield made


@pytest.mark.every_database
def test_it_serves_and_ctrl_c_stops_it_without_a_trace(prepared: Installation) -> None:
    process = prepared.start_and_wait()
    assert prepared.status() not in {0, 500}
    wait_until(lambda: all(prepared.child(name) for name in ("web", "worker", "scheduler")), "the children")
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert prepared.processes() == []


@pytest.mark.every_database
def test_killed_outright_it_leaves_no_orphans_and_starts_again(prepared: Installation) -> None:
    process = prepared.start_and_wait()
    wait_until(lambda: bool(prepared.child("scheduler") and prepared.child("worker")), "the children")
    process.kill()
    process.wait()
    wait_until(lambda: prepared.processes() == [], "the orphans to end", patience=15)
    again = prepared.start_and_wait()
    assert prepared.status() != 0
    again.terminate()
    assert again.wait(15) == 0


def test_a_fallen_child_is_started_again(prepared: Installation) -> None:
    process = prepared.start_and_wait()
    first = prepared.child("web")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: prepared.child("web") not in {0, first}, "a new web process")
    wait_until(lambda: prepared.status() != 0, "pages from the new web process")
    assert "web fell (code -9) and starts again" in prepared.words()
    process.terminate()
    assert process.wait(15) == 0


def test_a_home_is_served_once_at_a_time(prepared: Installation) -> None:
    process = prepared.start_and_wait()
    other = Installation(prepared.home, prepared.database_url)
    assert "already running" in other.refused()
    process.terminate()
    assert process.wait(15) == 0


def test_a_taken_port_is_named_in_one_line(prepared: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", prepared.port))):
        said = prepared.refused()
    assert f"127.0.0.1:{prepared.port}" in said
    assert "PORT" in said
    assert len(said.splitlines()) == 1


def test_a_home_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home")
    installation.home.write_text("a file stands where the folder should be")
    said = installation.refused()
    assert str(installation.home) in said
    assert "MANYI_HOME" in said
    assert len(said.splitlines()) == 1
