"""Answer sheets per second through the JSON API, beside Django with one insert per request, in the same run.

    python -m benchmarks.submission_http [--answers 400]

Both are served by granian with one worker, on SQLite (WAL, every commit synced), to eight connections that
post sheets of 20 questions. Ours logs the caller in, judges, scores, writes an event and gives a receipt; the
peer (``benchmarks.peer``) has six middlewares and writes one row. The batch route posts 100 sheets a request.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._home import throwaway
from benchmarks.respondent import tokens
from benchmarks.submission import ANSWERS, signed_in

CONNECTIONS, BATCH, REPEATS = 8, 100, 3
Body = Callable[[int], bytes]


@contextmanager
def served(target: str, **environment: str) -> Iterator[int]:
    """granian with one worker and four threads, as long as the block lasts; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "4", target]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--log-level", "error", *words],
        env={**os.environ, **environment},
    )
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def rate(port: int, path: str, bodies: list[bytes], headers: dict[str, str]) -> float:
    """Requests a second of eight connections that post all bodies."""
    waiting = iter(bodies)
    lock = threading.Lock()

    def post() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            told = answer.read()
            assert answer.status in (200, 201), told[:500]

    threads = [threading.Thread(target=post) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(bodies) / (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=int, default=400)
    count = parser.parse_args().answers
    with throwaway() as home:
        from manyi.distribution import actions as distribution
        from manyi.organisation.models import Unit
        from manyi.surveys.models import Round

        tokens(1)
        row, unit = Round.objects.get(), Unit.objects.get()
        link = distribution.create_open_link(actor=None, round=row, unit=unit, label="测速")
        cookie = signed_in(unit).cookies["sessionid"].value
        ours = {"Content-Type": "application/json", "Cookie": f"sessionid={cookie}; csrftoken={'x' * 32}"}
        ours["X-CSRFToken"] = "x" * 32
        sheet = {"open_link": link.token, "answers": ANSWERS}
        one, many = json.dumps(sheet).encode(), json.dumps({"sheets": [sheet] * BATCH}).encode()
        path = f"/api/rounds/{row.pk}/responses"
        database = str(home / "peer.sqlite3")
        made = [sys.executable, "-c", "from benchmarks import peer; peer.prepare()"]
        subprocess.run(made, check=True, env={**os.environ, "PEER_DB": database})
        plain = json.dumps({"key": "k", "answers": ANSWERS}).encode()
        with (
            served("manyi.web.serve.application:application") as product,
            served("benchmarks.peer:application", PEER_DB=database) as peer,
        ):
            report(home, count, lambda n: rate(product, path, [one] * n, ours),
                   lambda n: rate(peer, "/sheets", [plain] * n, {"Content-Type": "application/json"}),
                   lambda n: BATCH * rate(product, f"{path}/batch", [many] * n, ours))  # fmt: skip


def report(
    home: Path,
    count: int,
    product: Callable[[int], float],
    peer: Callable[[int], float],
    batch: Callable[[int], float],
) -> None:
    """Measure each in turn, some times, and print the best of each with the ratio."""
    product(20), peer(20)
    rounds = [(product(count), peer(count), batch(max(count // BATCH, 1))) for _ in range(REPEATS)]
    ours, theirs, many = (max(each) for each in zip(*rounds, strict=True))
    print(f"peer: {theirs:.0f} sheets/s (Django, six middlewares, one insert)")
    print(f"API: {ours:.0f} sheets/s ({ours / theirs:.0%} of the peer, aim 50 %)")
    print(f"batch route: {many:.0f} sheets/s ({many / theirs:.0%} of the peer)")


if __name__ == "__main__":
    main()
