"""Commands about surveys: take in answers from a file, watch a round."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, open_installation, telling
from manyi.web.cli.organisation import UnitCode, unit_of
from manyi.web.terminal import TerminalProgress, both

SHOWN = 20
survey = typer.Typer(help="调查 Surveys.", no_args_is_help=True)


@survey.callback()
def _group() -> None:
    """调查 Surveys."""


@survey.command("monitor")
@telling
def monitor(
    round_id: Annotated[int, typer.Argument(help="轮次编号 Number of the round in its address.")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")] = False,
    rate: Annotated[str, typer.Option(help="AAPOR 指标 Rate by its AAPOR name.")] = "RR2",
) -> None:
    """执行监控 How far everybody who was asked has come, by channel, with a named rate."""
    open_installation()
    from manyi.measures.response_rates import RATES
    from manyi.responses.fieldwork import fieldwork
    from manyi.surveys.models import Round
    from manyi.web.manage.fieldwork import as_data

    row = Round.objects.select_related("unit", "scheme").filter(pk=round_id).first()
    if row is None:
        fail(Label(f"没有轮次 {round_id}。", f"There is no round {round_id}."))
    if rate not in RATES:
        fail(Label(f"指标只能是 {', '.join(RATES)}。", f"Rates are {', '.join(RATES)}."))
    data = as_data(row, fieldwork(None, row))
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else _table(data, rate))


def _table(data: dict[str, Any], rate: str) -> str:
    """The monitor in lines: the rate with its base and interval, then one line for each channel."""
    from manyi.responses.fieldwork import STEPS

    found = data["rates"][rate]
    shown = "–"
    if found["value"] is not None:
        low, high = (f"{100 * found[name]:.1f}" for name in ("low", "high"))
        shown = f"{100 * found['value']:.1f} % ({low}–{high}), n = {found['valid_n']}"
    lines = [f"{rate}: {shown}", "", "\t".join(["", *map(both, STEPS.values())])]
    for name, steps in [*data["channels"].items(), (both(Label("全部", "all")), data["total"])]:
        lines.append("\t".join([name, *map(str, steps.values())]))
    return "\n".join(lines)


@telling
def import_responses(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件 A CSV or XLSX file, gzipped or not.")],
    questionnaire: Annotated[str, typer.Option(help="问卷编号 Code of the questionnaire; made if new.")],
    mapping: Annotated[Path, typer.Option(help="映射文件 TOML file that says what the columns mean.")],
    round_id: Annotated[
        int | None, typer.Option("--round", help="轮次编号 Number of the round in its address.")
    ] = None,
    unit: UnitCode = "",
) -> None:
    """导入答卷 Take in answers; 重复执行不会重复导入 a second run adds nothing."""
    open_installation(create=True)
    from manyi.responses import imports
    from manyi.surveys.codecs.toml import read
    from manyi.surveys.models import Round

    row = Round.objects.filter(pk=round_id).first() if round_id is not None else None
    if round_id is not None and row is None:
        fail(Label(f"没有轮次 {round_id}。", f"There is no round {round_id}."))
    home = unit_of(unit)  # made where there is none yet; a mapping may still name another
    record = imports.import_responses(
        actor=None,
        path=file,
        questionnaire=questionnaire,
        mapping=read(_text(mapping)),
        round=row,
        unit=home if unit else None,
        progress=TerminalProgress(Label("导入答卷", "Importing answers")),
    )
    for problem in record.errors[:SHOWN]:
        line, place = problem["row"], problem["field"]
        words = Label(f"第 {line} 行 {place}:{problem['zh']}", f"row {line} {place}: {problem['en']}")
        typer.echo(both(words), err=True)
    bad = len({problem["row"] for problem in record.errors})
    told = Label(
        f"共 {record.rows} 行:新增 {record.added},已有 {record.repeated},有误 {bad}。",
        f"{record.rows} rows: {record.added} added, {record.repeated} there already, {bad} bad.",
    )
    typer.echo(both(told))


def _text(path: Path) -> str:
    """The text of a file; one clear line when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        fail(Label(f"无法读取文件 {path}。", f"Cannot read {path}."))
