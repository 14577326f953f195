"""The web server process: granian with a few forked workers."""

from __future__ import annotations

import os
from importlib import import_module

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

THREADS = 4


def main(parent: int | None = None) -> None:
    """Serve on HOST and PORT until told to stop."""
    # Loaded before the fork, the application is shared by the workers instead of loaded by each.
    import_module("manyi.web.conf.wsgi")
    Granian(
        "manyi.web.serve.application:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers(),
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=5,
    ).serve()


def workers() -> int:
    """How many: WEB_WORKERS, otherwise the cores up to four, for Python's lock allows one core to each."""
    return int(os.environ.get("WEB_WORKERS", 0)) or min(os.cpu_count() or 1, 4)
