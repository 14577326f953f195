"""What is checked before anything starts; each check raises CannotStart."""

from __future__ import annotations

import fcntl
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import IO

from manyi.web.serve.errors import CannotStart

MIN_FREE_BYTES = 200 * 1024 * 1024
#: After a killed run the kernel needs a moment to close its sockets.
PORT_PATIENCE_SECONDS = 2.0


def check_folder(home: Path) -> None:
    """The home folder exists or can be made, and a file can be written in it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"\0" * 4096)
    except OSError as error:
        raise CannotStart(
            f"无法写入数据目录 {home}({error.strerror}),请修改权限或用 MANYI_HOME 指定其他目录。",
            f"Cannot write to {home} ({error.strerror}); change its permissions or set MANYI_HOME.",
        ) from error


def check_space(home: Path, needed: int = MIN_FREE_BYTES) -> None:
    """At least ``needed`` bytes are free on the disk of the home folder."""
    free = shutil.disk_usage(home).free
    if free < needed:
        megabytes = f"{free / 2**20:.0f} MB < {needed / 2**20:.0f} MB"
        raise CannotStart(
            f"磁盘空间不足({home}:{megabytes}),请清理后重试。",
            f"Not enough disk space ({home}: {megabytes}); make room and try again.",
        )


def take_home(home: Path) -> IO[str]:
    """Hold the home folder for this process tree; keep the file open for as long as it runs.

    The lock vanishes with its process, so a killed run leaves nothing to clean up.
    """
    lock = (home / "run.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise CannotStart(
            f"{home} 中的满意系统已在运行,请先停止它,或用 MANYI_HOME 指定其他目录。",
            f"Manyi is already running in {home}; stop it first, or set another MANYI_HOME.",
        ) from error
    return lock


def check_port(host: str, port: int, patience: float = PORT_PATIENCE_SECONDS) -> None:
    """Nobody listens on the address, and it is one of ours."""
    deadline = time.monotonic() + patience
    while True:
        try:
            _bind(host, port)
        except OSError as error:
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise CannotStart(
                f"无法使用 {host}:{port}({error.strerror}),请关闭占用端口的程序或用 PORT 指定其他端口。",
                f"Cannot use {host}:{port} ({error.strerror}); stop what uses it or set another PORT.",
            ) from error
        return


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        # As the server itself does: sockets that wait after their close are no obstacle, listeners are.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)
