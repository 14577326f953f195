"""How the parent treats a child that falls again and again, or does not want to end."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from manyi.web.serve import supervisor
from manyi.web.serve.supervisor import Child, Tree
from tests.installation import wait_until

FALLS_AT_ONCE = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def fall(tree: Tree, child: Child) -> float:
    """Let a child fall once more; the pause in seconds before it is started again."""
    child.start()
    assert child.process is not None
    assert child.process.wait(20) == 3
    child.start_again_at = 0.0
    before = time.monotonic()
    tree.tend()
    return child.start_again_at - before


def test_the_pause_doubles_from_fall_to_fall_up_to_a_bound() -> None:
    said: list[str] = []
    child = Child("worker", FALLS_AT_ONCE)
    tree = Tree([child], said.append)
    assert [round(fall(tree, child), 1) for _ in range(3)] == [0.5, 1.0, 2.0]
    child.falls = 40
    assert round(fall(tree, child)) == supervisor.MAX_PAUSE_SECONDS
    assert said[0].endswith("worker fell (code 3) and starts again in 0.5 s.")


def test_a_child_that_had_settled_is_started_again_soon() -> None:
    child = Child("worker", FALLS_AT_ONCE, falls=7)
    tree = Tree([child], lambda _: None)
    child.start()
    assert child.process is not None
    child.process.wait(20)
    child.started_at -= supervisor.SETTLED_SECONDS + 1
    tree.tend()
    assert child.falls == 1


def test_a_child_that_does_not_listen_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    child = Child("web", [sys.executable, "-c", DEAF, str(tmp_path / "deaf")])
    child.start()
    assert child.process is not None
    wait_until((tmp_path / "deaf").exists, "the child to close its ears")
    Tree([child], lambda _: None).stop()
    assert child.process.returncode == -signal.SIGKILL


def test_a_signal_ends_the_watch() -> None:
    tree = Tree([Child("web", [sys.executable, "-c", "import time; time.sleep(60)"])], lambda _: None)
    with tree.stopped_by_signals():
        tree.watch(on_ready=lambda: signal.raise_signal(signal.SIGTERM), ready=lambda: True)
    tree.stop()
    assert tree.children[0].process is not None
    assert tree.children[0].process.returncode == -signal.SIGTERM
