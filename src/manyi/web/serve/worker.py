"""The worker process: runs queued tasks from the database."""

from __future__ import annotations

import os

import django


def main(parent: int | None = None) -> None:
    """Run tasks until told to stop; a task in hand is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
    django.setup()
    from django.core.management import call_command

    call_command("db_worker", verbosity=0, reload=False, queue_name="*")
