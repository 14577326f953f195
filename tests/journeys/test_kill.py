"""What was acknowledged survives: the server is killed outright, twice, while two hundred people answer."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from queue import Empty, Queue

import httpx
import pytest

from tests.installation import PATIENCE, Installation, installed, wait_until
from tests.journeys.form_walker import Respondent

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, CLIENTS = 200, 6
KILL_AFTER = (40, 110)

PREPARE = """
import json, django
django.setup()
from datetime import timedelta
from manyi.organisation import clock
from tests.survey_world import build, invite
world = build(customers_count=%d, opens_at=clock.now() - timedelta(minutes=1))
print(json.dumps([invitation.token for invitation in invite(world)]))
"""
COUNT = """
import json, django
django.setup()
from manyi.organisation import events
from manyi.organisation.models import Event
from manyi.responses.models import Response, Score
rows = Response.objects.filter(state="submitted").values_list("receipt", "invitation__token")
print(json.dumps({
    "rows": list(map(list, rows)),
    "scores": Score.objects.count(),
    "events": sorted(
        Event.objects.filter(kind="response.submitted").values_list("data__response", flat=True)
    ),
    "ids": sorted(Response.objects.filter(state="submitted").values_list("pk", flat=True)),
    "chain": events.verify() == Event.objects.count(),
}))
"""


@pytest.fixture
def manyi(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as made:
        yield made


def ask(manyi: Installation, script: str) -> object:
    """Run a script inside the installation and read the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=manyi.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Crowd:
    """People who answer in parallel and, when the server is gone, open their link again."""

    def __init__(self, base: str, tokens: list[str]) -> None:
        self.base = base
        self.waiting: Queue[str] = Queue()
        for token in tokens:
            self.waiting.put(token)
        self.receipts: dict[str, str] = {}
        self.broken_off = 0
        self.threads = [threading.Thread(target=self._answer_on) for _ in range(CLIENTS)]

    def has_receipts(self, count: int) -> bool:
        return len(self.receipts) >= count

    def _answer_on(self) -> None:
        while True:
            try:
                token = self.waiting.get_nowait()
            except Empty:
                return
            try:
                self.receipts[token] = Respondent(self.base).answer_all(f"/s/{token}/")
            except httpx.HTTPError:
                self.broken_off += 1
                self.waiting.put(token)
                time.sleep(0.2)


@pytest.mark.every_database
def test_every_answer_with_a_receipt_is_there_once_after_two_kills(manyi: Installation) -> None:
    process = manyi.start_and_wait()
    tokens = ask(manyi, PREPARE % PEOPLE)
    assert isinstance(tokens, list)
    crowd = Crowd(f"http://127.0.0.1:{manyi.port}", tokens)
    for thread in crowd.threads:
        thread.start()
    for reached in KILL_AFTER:
        wait_until(partial(crowd.has_receipts, reached), f"{reached} receipts")
        process.kill()
        process.wait()
        wait_until(lambda: manyi.processes() == [], "the orphans to end")
        process = manyi.start_and_wait()
    for thread in crowd.threads:
        thread.join(PATIENCE)
    found = ask(manyi, COUNT)
    assert isinstance(found, dict)
    assert crowd.broken_off > 0, "the kills must have hit somebody"
    assert len(crowd.receipts) == PEOPLE
    assert sorted(found["rows"]) == sorted([receipt, token] for token, receipt in crowd.receipts.items())
    assert found["scores"] == PEOPLE
    assert found["events"] == found["ids"]
    assert found["chain"]
