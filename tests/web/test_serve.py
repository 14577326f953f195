"""``manyi run`` as an operator meets it: it starts, says what is in its way, survives, and stops clean."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

MANYI = str(Path(sys.executable).with_name("manyi"))
PATIENCE = 60.0


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
    return port


def wait_until(happened: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


class Installation:
    """A home folder with a port, in which ``manyi`` commands are run."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.log = home.parent / "terminal.txt"
        self.started: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        product = {"DJANGO_SETTINGS_MODULE": "manyi.web.conf.settings", "WEB_WORKERS": "1"}
        return {**kept, **product, "MANYI_HOME": str(self.home), "PORT": str(self.port)}

    def start(self) -> subprocess.Popen[bytes]:
        """``manyi run --no-demo`` in the background, its words in the log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [MANYI, "run", "--no-demo"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def start_and_wait(self) -> subprocess.Popen[bytes]:
        announced = self.words().count("Ctrl-C")
        process = self.start()
        wait_until(
            lambda: process.poll() is not None or self.words().count("Ctrl-C") > announced, "the start"
        )
        assert process.poll() is None, self.words()
        return process

    def refused(self, *words: str) -> str:
        """What a command says that cannot start."""
        command = [MANYI, *(words or ("run", "--no-demo"))]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 1, done.stderr
        return done.stderr.strip()

    def words(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def status(self) -> int:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    def processes(self) -> list[int]:
        """Every living process of this installation, whoever its parent is."""
        mark = f"MANYI_HOME={self.home}".encode()
        return [
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and has(entry, mark)
        ]

    def child(self, name: str) -> int:
        """Process id of the running child of that name; 0 when there is none."""
        mark = b"manyi.web.serve.child"
        for pid in self.processes():
            line = read_or_nothing(Path(f"/proc/{pid}/cmdline")).split(b"\0")
            if mark in line and name.encode() in line:
                return pid
        return 0

    def clear(self) -> None:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        for process in self.started:
            process.wait()


def has(entry: Path, mark: bytes) -> bool:
    """Whether a process was started with a setting and is not just waiting to be buried."""
    return mark in read_or_nothing(entry / "environ").split(b"\0")


def read_or_nothing(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home")
    yield made
    made.clear()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that has its database already, for the tests that only look at the start."""
    made = Installation(tmp_path_factory.mktemp("prepared") / "home")
    process = made.start_and_wait()
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE)
    yield made
    made.clear()


def test_it_serves_and_ctrl_c_stops_it_without_a_trace(prepared: Installation) -> None:
    process = prepared.start_and_wait()
    assert prepared.status() not in {0, 500}
    wait_until(lambda: all(prepared.child(name) for name in ("web", "worker", "scheduler")), "the children")
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert prepared.processes() == []


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
    other = Installation(prepared.home)
    assert "already running" in other.refused()
    process.terminate()
    assert process.wait(15) == 0


def test_a_taken_port_is_named_in_one_line(prepared: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", prepared.port))):
        said = prepared.refused()
    assert f"127.0.0.1:{prepared.port}" in said
    assert "PORT" in said
    assert len(said.splitlines()) == 1


def test_a_home_that_cannot_be_written_is_named_in_one_line(installation: Installation) -> None:
    installation.home.write_text("a file stands where the folder should be")
    said = installation.refused()
    assert str(installation.home) in said
    assert "MANYI_HOME" in said
    assert len(said.splitlines()) == 1
