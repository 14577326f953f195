"""The command ``manyi run``: check, prepare, start the tree, say where it is, wait, stop."""

from __future__ import annotations

import http.client
import os
import sys
from datetime import timedelta
from pathlib import Path

import django

from manyi.kernel.labels import Label
from manyi.web.serve import preflight
from manyi.web.serve.errors import CannotStart
from manyi.web.serve.supervisor import Child, Tree, command_of
from manyi.web.terminal import both


def run(*, host: str, port: int, with_demo: bool) -> int:
    """Serve until stopped; returns the exit code: 0 after a clean stop, 1 after one line saying why not."""
    # The children and the settings (addresses in invitations) read the same environment.
    os.environ.update(HOST=host, PORT=str(port))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
    home = Path(os.environ.get("MANYI_HOME", "var")).resolve()
    try:
        preflight.check_folder(home)
        preflight.check_space(home)
        with preflight.take_home(home):
            preflight.check_port(host, port)
            prepare(home, with_demo=with_demo)
            serve(host, port)
    except CannotStart as refusal:
        say(both(refusal.message))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def prepare(home: Path, *, with_demo: bool) -> None:
    """Load Django and make the database ready; raises CannotStart."""
    django.setup()
    from django.db import connection

    from manyi.organisation import jobs
    from manyi.web.serve import first_run

    first_run.prepare(home, with_demo=with_demo)
    if connection.vendor == "sqlite":
        # The home is taken, so nobody else works on this file: what still "runs" died with its process.
        jobs.recover(silent_for=timedelta(0))


def serve(host: str, port: int) -> None:
    """Keep the process tree alive until a signal ends it."""
    from django.db import connections

    people = [f"  {name} / {password}  {both(role)}" for name, password, role in demo_logins()]
    # Open connections are not for sharing with children, and the parent needs none from here on.
    connections.close_all()
    tree = Tree([Child(name, command_of(name)) for name in ("web", "worker", "scheduler")], say)
    with tree.stopped_by_signals():
        try:
            tree.watch(
                on_ready=lambda: announce(host, port, people),
                ready=lambda: answers(host, port),
            )
        finally:
            tree.stop()


def demo_logins() -> list[tuple[str, str, Label]]:
    """The people of the demo, when it is in the database."""
    from manyi.web.serve import first_run

    return first_run.logins()


def answers(host: str, port: int) -> bool:
    """Whether the web process serves pages: a listening socket alone is not enough."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(here, port, timeout=2)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def announce(host: str, port: int, people: list[str]) -> None:
    """The address, the demo's people, and how to stop."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host
    say(f"满意 Manyi: http://{shown}:{port}/")
    if people:
        say("演示账号 Demo logins:")
        say("\n".join(people))
    say("按 Ctrl-C 停止。 Press Ctrl-C to stop.")


def say(text: str) -> None:
    """One message to the terminal, at once."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
