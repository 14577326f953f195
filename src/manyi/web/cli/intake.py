"""Commands that take matters in: mail from files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, open_installation, telling
from manyi.web.cli.organisation import UnitCode, unit_of

if TYPE_CHECKING:
    from manyi.cases.models import ReceivedMail

intake = typer.Typer(help="接收诉求 Take matters in.", no_args_is_help=True)

#: What became of a mail, as the line says it; a copy is what the first one was.
OUTCOMES = {"message": "message", "machine": "machine", "quarantined": "quarantined", "kept": "quarantined"}


@intake.callback()
def _group() -> None:
    """接收诉求 Take matters in."""


@intake.command("mail")
@telling
def mail(
    paths: Annotated[
        list[Path], typer.Argument(help="邮件 .eml 文件或文件夹 Mails (.eml) or folders of them.")
    ],
    unit: UnitCode = "",
    kind: Annotated[str, typer.Option(help="新诉求的类别 Kind of the cases that are made.")] = "complaint",
) -> None:
    """登记来信,每封输出一行 JSON Take in mails, one line of JSON each; a second run changes nothing."""
    open_installation(create=True)
    from manyi.cases.choices import KINDS
    from manyi.cases.mail.intake import take_in

    if kind not in dict(KINDS):
        fail(Label(f"没有类别“{kind}”。", f"There is no kind “{kind}”; use {', '.join(dict(KINDS))}."))
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        fail(*(Label(f"无法读取 {name}。", f"Cannot read {name}.") for name in missing))
    owner = unit_of(unit)
    for file in _files(paths):
        row = take_in(file.read_bytes(), unit=owner, kind=kind, name=file.name)
        typer.echo(json.dumps(_line(file, row), ensure_ascii=False))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files in order; of a folder its .eml files, or all of them when none is named so (a Maildir)."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        held = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
        yield from [file for file in held if file.suffix.lower() == ".eml"] or held


def _line(file: Path, row: ReceivedMail) -> dict[str, object]:
    """What became of one mail: ``outcome`` is message, machine or quarantined."""
    first = row.same_as or row
    return {
        "file": file.name,
        "outcome": OUTCOMES[first.state],
        "reason": first.reason,
        "repeated": row.state == "repeated",
        "case": first.case.number if first.case else None,
        "sender": row.sender,
        "subject": row.subject,
        "text_length": row.text_length,
        "attachments": [
            {"name": one["name"], "content_type": one["content_type"], "size": one["size"]}
            for one in row.files
        ],
    }
