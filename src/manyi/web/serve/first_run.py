"""The first start in a home folder: tables, then the demo organisation, with its progress shown."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.web.serve import database
from manyi.web.serve.database import Fit
from manyi.web.terminal import TerminalProgress

#: Lies in the home folder from before the first table until the demo is complete.
UNFINISHED = "first-run-unfinished"
DEMO = "manyi.web.demo"


def prepare(home: Path, *, with_demo: bool) -> None:
    """Make the database ready to serve; raises CannotStart when its version does not fit.

    A set-up that was broken off is begun again from nothing: half a demo would never be completed, and
    nobody can have worked in a home that was never served.
    """
    marker = home / UNFINISHED
    if marker.exists():
        database.empty()
    elif database.check_version() is Fit.CURRENT:
        return
    marker.touch()
    database.create()
    TerminalProgress(Label("已建立数据库", "The database is made")).set(1, 1)
    if with_demo:
        load_demo()
    marker.unlink()


def load_demo() -> None:
    """Play the demo organisation's year into the database."""
    demo = demo_module()
    if demo is not None:
        with database.unsynced():
            demo.load(TerminalProgress(Label("载入演示数据", "Loading the demo")))


def logins() -> list[tuple[str, str, Label]]:
    """Name, password and role of the demo's people; empty when the demo is not in this database."""
    demo = demo_module()
    return list(demo.logins()) if demo is not None else []


def demo_module() -> Any:
    """The demo, which an installation may leave out; None then."""
    if importlib.util.find_spec(DEMO) is None:
        return None
    return importlib.import_module(DEMO)
