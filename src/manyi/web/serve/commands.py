"""The commands that start and keep up an installation."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from manyi.web.terminal import both


def add_to(app: typer.Typer) -> None:
    """Give the commands of this folder to the command line."""
    for command in (run, worker, scheduler, migrate):
        app.command()(command)


def run(
    host: Annotated[str, typer.Option(envvar="HOST", help="监听地址 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="端口 Port.", min=1, max=65535)] = 8000,
    demo: Annotated[
        bool, typer.Option(help="首次启动时载入演示数据 Load the demo on the first start.")
    ] = True,
) -> None:
    """启动系统:网页、后台任务和调度 Serve Manyi: web, worker and scheduler in one process tree."""
    from manyi.web.serve.run import run as serve

    sys.exit(serve(host=host, port=port, with_demo=demo))


def worker() -> None:
    """单独运行后台任务进程 Run one worker process, for more than one host."""
    from manyi.web.serve.worker import main

    main()


def scheduler() -> None:
    """单独运行调度进程 Run the scheduler process, for more than one host."""
    from manyi.web.serve.scheduler import main

    main()


def migrate() -> None:
    """备份并升级数据库 Copy the database, then bring it up to this version."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
    django.setup()
    from manyi.web.serve import database
    from manyi.web.serve.errors import CannotStart

    try:
        database.migrate(typer.echo)
    except CannotStart as refusal:
        typer.echo(both(refusal.message), err=True)
        sys.exit(1)
