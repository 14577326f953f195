"""Commands about messages: book mail that came back, from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, open_installation, telling
from manyi.web.terminal import both

distribution = typer.Typer(help="消息 Messages.", no_args_is_help=True)


@distribution.callback()
def _group() -> None:
    """消息 Messages."""


@distribution.command("read-bounces")
@telling
def read_bounces(
    paths: Annotated[
        list[Path], typer.Argument(help="退信 .eml 文件或文件夹 Mails (.eml) or folders of them.")
    ],
) -> None:
    """登记退信和自动回复 Book bounces and automatic replies; 重复执行无影响 a second run changes nothing."""
    open_installation()
    from manyi.distribution.return_actions import book_returns

    files = [file for path in paths for file in (sorted(path.glob("*.eml")) if path.is_dir() else [path])]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        fail(*(Label(f"无法读取文件 {name}。", f"Cannot read {name}.") for name in missing))
    done = book_returns(file.read_bytes() for file in files)
    zh = f"永久退信 {done.hard},暂时退信 {done.soft},自动回复 {done.auto_reply},无法识别 {done.unclear}"
    en = f"{done.hard} hard, {done.soft} soft, {done.auto_reply} automatic replies, {done.unclear} unclear"
    more = Label(
        f"{zh};已有 {done.repeated},找不到原邮件 {done.unmatched}。",
        f"{en}; {done.repeated} there already, {done.unmatched} name no mail of ours.",
    )
    typer.echo(both(more))
