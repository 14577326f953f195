"""The parent of the process tree: starts the children, starts a fallen one again, stops them all.

The children get a process group each, so that Ctrl-C in a terminal reaches the parent alone and the
parent decides the order. When the parent itself is killed, the kernel ends the children (see child.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

POLL_SECONDS = 0.2
STOP_SECONDS = 8.0
MAX_PAUSE_SECONDS = 30.0
#: A child that lived this long had started well; its next fall is counted as the first again.
SETTLED_SECONDS = 60.0

Say = Callable[[str], None]


@dataclass
class Child:
    """One process to keep alive: what it is, and how its falls are going."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    started_at: float = field(default=0.0)
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process in a group of its own."""
        self.process = subprocess.Popen(self.command, start_new_session=True, stdin=subprocess.DEVNULL)
        self.started_at = time.monotonic()

    def send(self, number: signal.Signals) -> None:
        """Signal the process; nothing when it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def sweep(self) -> None:
        """End what a fallen process left in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def command_of(name: str) -> list[str]:
    """The command that runs one child of this very process."""
    return [sys.executable, "-m", "manyi.web.serve.child", str(os.getpid()), name]


class Tree:
    """The children in their order of starting; stops in the opposite order."""

    def __init__(self, children: Sequence[Child], say: Say) -> None:
        self.children, self.say = list(children), say
        self.stopping = threading.Event()

    def watch(self, on_ready: Callable[[], None], ready: Callable[[], bool]) -> None:
        """Start the first child, the others once it is ready, and keep them alive until told to stop."""
        self.children[0].start()
        while not self.stopping.is_set() and not ready():
            self.tend()
            self.stopping.wait(POLL_SECONDS)
        if not self.stopping.is_set():
            on_ready()
        while not self.stopping.is_set():
            for child in self.children:
                if child.process is None:
                    child.start()
            self.tend()
            self.stopping.wait(POLL_SECONDS)

    def tend(self) -> None:
        """Start fallen children again, each after a pause that doubles from fall to fall."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            if not child.start_again_at:
                self._note_fall(child, now)
            elif now >= child.start_again_at:
                child.start_again_at = 0.0
                child.start()

    def _note_fall(self, child: Child, now: float) -> None:
        assert child.process is not None
        child.sweep()
        child.falls = 1 if now - child.started_at > SETTLED_SECONDS else child.falls + 1
        pause = min(0.5 * 2 ** (child.falls - 1), MAX_PAUSE_SECONDS)
        child.start_again_at = now + pause
        code = child.process.returncode
        self.say(
            f"{child.name} 意外退出(代码 {code}),{pause:g} 秒后重新启动。 "
            f"{child.name} fell (code {code}) and starts again in {pause:g} s."
        )

    def stop(self) -> None:
        """Ask all children to end, wait, and end those that did not."""
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            child.send(signal.SIGTERM)
        for child in self.children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                child.sweep()
                child.process.wait()

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """Inside the block Ctrl-C, SIGTERM and a closed terminal end ``watch``."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.getsignal(number) for number in numbers}
        for number in numbers:
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
