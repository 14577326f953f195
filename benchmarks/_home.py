"""A throw-away installation for a benchmark: its own folder and database, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def throwaway() -> Iterator[Path]:
    """Django set up and migrated in a temporary home."""
    home = Path(tempfile.mkdtemp(prefix="manyi-bench-"))
    os.environ |= {
        "MANYI_HOME": str(home),
        "MANYI_HOSTS": "*",
        "DJANGO_SETTINGS_MODULE": "manyi.web.conf.settings",
    }
    try:
        import django

        django.setup()
        from manyi.web.serve import database

        database.create()
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
