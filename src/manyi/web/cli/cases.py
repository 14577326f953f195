"""Commands about cases: take in a file of them, compute their deadlines anew."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import open_installation, telling
from manyi.web.cli.organisation import UnitCode, unit_of
from manyi.web.terminal import TerminalProgress, both

cases = typer.Typer(help="诉求 Cases.", no_args_is_help=True)
SHOWN = 20


@telling
def import_cases(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件 A CSV or XLSX file, gzipped or not.")],
    mapping: Annotated[Path, typer.Option(help="列对应关系 TOML file: column of the file = our field.")],
    unit: UnitCode = "",
) -> None:
    """导入诉求 Take in cases with their true times; 有问题的行会列出 bad rows are listed with the reason."""
    open_installation(create=True)
    from manyi.cases import imports

    progress = TerminalProgress(Label("导入诉求", "Importing cases"))
    record = imports.import_cases(
        actor=None, path=file, mapping=_read(mapping), unit=unit_of(unit), progress=progress
    )
    for problem in record.errors[:SHOWN]:
        line, place = problem["row"], problem["field"]
        words = Label(f"第 {line} 行 {place}:{problem['zh']}", f"row {line} {place}: {problem['en']}")
        typer.echo(both(words), err=True)
    bad = record.rows - record.added - record.repeated
    _tell(
        f"共 {record.rows} 行:新增 {record.added},已有 {record.repeated},有误 {bad}。",
        f"{record.rows} rows: {record.added} added, {record.repeated} there already, {bad} bad.",
    )
    used = imports.time_used(record)
    within = used.within
    _tell(
        f"已答复 {used.cases} 件,中位数 {used.median:g} 个工作日;"
        f"5 日内 {within[5]},10 日内 {within[10]},15 日内 {within[15]}。",
        f"{used.cases} answered, median {used.median:g} working days; "
        f"within 5: {within[5]}, within 10: {within[10]}, within 15: {within[15]}.",
    )


@cases.command("recompute-clocks")
@telling
def recompute_clocks(unit: UnitCode = "") -> None:
    """重新计算在办诉求的时限 Compute the deadlines of all open cases anew, after the calendar changed."""
    open_installation()
    from manyi.cases.policy_actions import recompute_clocks as recompute

    moved = recompute(actor=None, unit=unit_of(unit))
    _tell(f"{moved} 件的时限有变化。", f"{moved} deadlines moved.")


def _read(mapping: Path) -> dict[str, Any]:
    from manyi.organisation.errors import Refused

    try:
        return tomllib.loads(mapping.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = Label(f"无法读取映射文件({error})。", f"Cannot read the mapping ({error}).")
        raise Refused(reason, field="mapping") from error


def _tell(zh: str, en: str) -> None:
    typer.echo(both(Label(zh, en)))
