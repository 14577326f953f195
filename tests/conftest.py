"""What every test may ask for: the reference data, a browser; and what none may do: use the network."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tools import oracle, system_packages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
ABSENT = "reference data absent"
#: Asking for one of these means touching the database, as the mark ``django_db`` does.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

# The same examples on every machine: a red run can be repeated, a slow machine is not a failure.
hypothesis_settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database-only`` leaves out what cannot differ between databases."""
    parser.addoption("--database-only", action="store_true", help="only tests that touch the database")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what drives a browser; drop what a second database cannot change, when asked to."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    if not config.getoption("--database-only"):
        return
    dropped = [item for item in items if not runs_on_every_database(item)]
    items[:] = [item for item in items if runs_on_every_database(item)]
    config.hook.pytest_deselected(items=dropped)


def runs_on_every_database(item: pytest.Item) -> bool:
    """Whether a test says something about the database it runs on."""
    if item.get_closest_marker("every_database"):
        return True
    if item.get_closest_marker("sqlite") or item.get_closest_marker("browser"):
        return False
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(asked & DATABASE_FIXTURES)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly which tests had no reference data: a silent skip would look like a pass."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if ABSENT in str(r.longrepr)]
    if skipped:
        terminalreporter.section(f"{ABSENT}: {len(skipped)} tests")
    for report in skipped:
        terminalreporter.line(report.nodeid)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the throw-away home that tests/settings.py made in this process."""
    home = os.environ.get("MANYI_HOME", "")
    if "manyi-test-" in home:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the reference data beside the checkout; without it its tests are skipped, loudly."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(ABSENT)
    return folder


@pytest.fixture(scope="session")
def survey_core() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """survey-core's opinion under Node (``tests/oracle/judge.js``)."""
    assert oracle.installed() == oracle.locked(), "survey-core is missing: make test installs it"

    def ask(questions: dict[str, Any]) -> dict[str, Any]:
        words = ["node", str(oracle.FOLDER / "judge.js")]
        done = subprocess.run(words, input=json.dumps(questions), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return ask


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; open a ``browser.new_context()`` per person."""
    from playwright.sync_api import sync_playwright

    path = system_packages.find_chromium()
    assert path, "Chromium is missing: make test installs it, CHROMIUM=/path names one"
    # Playwright's own loop runs in this thread, and Django would refuse every query for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """No test reaches beyond this machine; a forgotten fake gateway fails here with a clear word."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}; only loopback is allowed")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
