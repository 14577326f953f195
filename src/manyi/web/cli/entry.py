"""How a command enters an installation, and how it tells what went wrong: one line, exit code 1."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import typer

from manyi.kernel.labels import Label
from manyi.web.terminal import both

P = ParamSpec("P")
R = TypeVar("R")


def has_database() -> bool:
    """Whether there is an installation here: a database is named, or lies in the home folder."""
    home = Path(os.environ.get("MANYI_HOME", "var"))
    return bool(os.environ.get("DATABASE_URL")) or (home / "manyi.sqlite3").exists()


def open_installation(*, create: bool = False) -> None:
    """Start Django on the installation; raises CannotStart when its version differs, or when there is none.

    With ``create`` the tables are made where there are none: whoever brings a file may begin with it.
    """
    from manyi.web.serve.errors import CannotStart

    if not has_database() and not create:
        raise CannotStart(
            "这里还没有满意系统的数据,请先执行 manyi run,或用 MANYI_HOME 指定数据目录。",
            "There is no Manyi here yet: run manyi run first, or name the home folder by MANYI_HOME.",
        )
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
    django.setup()
    from manyi.web.serve import database

    if database.check_version() is database.Fit.EMPTY and create:
        database.create()


def telling(command: Callable[P, R]) -> Callable[P, R]:
    """Decorator: what the product refuses becomes one line per problem on stderr and exit code 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        from manyi.measures.errors import NotComputable
        from manyi.organisation.errors import Invalid, Refused
        from manyi.web.serve.errors import CannotStart

        try:
            return command(*args, **kwargs)
        except Invalid as invalid:
            fail(*(Label(f"{place}:{why.zh}", f"{place}: {why.en}") for place, why in invalid.problems))
        except (Refused, CannotStart) as refused:
            fail(refused.message)
        except NotComputable as problem:
            fail(problem.label)

    return told


def fail(*reasons: Label) -> NoReturn:
    """Tell the reasons and end the command with exit code 1."""
    for reason in reasons:
        typer.echo(both(reason), err=True)
    sys.exit(1)
