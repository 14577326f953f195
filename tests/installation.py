"""A running Manyi in a home of its own, for tests that start, kill and look at real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg

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

    def __init__(self, home: Path, database_url: str = "") -> None:
        self.home, self.port, self.database_url = home, free_port(), database_url
        self.log = home.parent / "terminal.txt"
        self.started: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        product = {"DJANGO_SETTINGS_MODULE": "manyi.web.conf.settings", "WEB_WORKERS": "1"}
        where = {"MANYI_HOME": str(self.home), "PORT": str(self.port), "DATABASE_URL": self.database_url}
        return {**os.environ, **product, **where}

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


@contextmanager
def empty_database() -> Iterator[str]:
    """URL of a fresh database on the PostgreSQL of this run; empty when the run is on SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield ""
        return
    name = f"manyi_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """An installation in a folder, on the database of this run; nothing of it runs after the block."""
    with empty_database() as url:
        made = Installation(folder / "home", url)
        try:
            yield made
        finally:
            made.clear()
