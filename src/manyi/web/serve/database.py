"""Whether the database fits this version of the software, and how it is brought up to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from manyi.organisation import clock
from manyi.web.serve.errors import CannotStart

Say = Callable[[str], None]


class Fit(Enum):
    """How a database stands to this version."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


def fit() -> Fit:
    """Compare the migrations applied with those of the software; raises CannotStart without an answer."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        reason = str(error).splitlines()[0]
        raise CannotStart(
            f"无法打开数据库({reason}),请检查 DATABASE_URL 或数据目录。",
            f"Cannot open the database ({reason}); check DATABASE_URL or the home folder.",
        ) from error
    applied = set(executor.loader.applied_migrations)
    if not applied:
        return Fit.EMPTY
    known = set(executor.loader.disk_migrations)
    for migration in executor.loader.disk_migrations.values():
        known.update(migration.replaces)
    if applied - known:
        return Fit.NEWER
    return Fit.OLDER if executor.migration_plan(executor.loader.graph.leaf_nodes()) else Fit.CURRENT


def check_version() -> Fit:
    """The fit when it allows a start; raises CannotStart for an older and for a newer database."""
    found = fit()
    if found is Fit.OLDER:
        raise CannotStart(
            "数据库属于旧版本,请先执行 manyi migrate(会先备份再升级)。",
            "The database is of an older version; run manyi migrate first (it makes a copy, then upgrades).",
        )
    if found is Fit.NEWER:
        raise CannotStart(
            "数据库属于更新的版本,请升级满意系统后再启动。",
            "The database is of a newer version; upgrade Manyi, then start again.",
        )
    return found


def create() -> None:
    """Make the tables of an empty database."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def migrate(say: Say) -> None:
    """Bring an older database up to this version, after a copy; raises CannotStart for a newer one."""
    found = fit()
    if found is Fit.CURRENT:
        say("数据库已是最新版本。 The database is up to date.")
        return
    if found is Fit.NEWER:
        check_version()
    if found is Fit.OLDER:
        say(back_up())
    create()
    say("数据库已升级。 The database has been upgraded.")


def back_up() -> str:
    """Copy the embedded database while it may be in use; returns the line that says where the copy is."""
    if connection.vendor != "sqlite":
        return "PostgreSQL 请用 pg_dump 备份。 PostgreSQL is not copied here; use pg_dump."
    folder = Path(settings.HOME) / "backups"
    folder.mkdir(exist_ok=True)
    copy = folder / f"manyi-{clock.now():%Y%m%dT%H%M%SZ}.sqlite3"
    source = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    return f"已备份到 {copy}。 A copy is in {copy}."


def empty() -> None:
    """Take everything out of a database whose first set-up was broken off; nobody has worked in it yet."""
    if connection.vendor != "sqlite":
        call_command("flush", interactive=False, verbosity=0)
        return
    connection.close()
    for path in Path(settings.HOME).glob("manyi.sqlite3*"):
        path.unlink()


@contextmanager
def unsynced() -> Iterator[None]:
    """Inside the block SQLite does not wait for the disk: for a set-up that begins anew if broken off."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
