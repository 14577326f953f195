"""The command that runs an analysis from its specification."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, open_installation, telling

if TYPE_CHECKING:
    from manyi.analytics.data.table import Table
    from manyi.analytics.specification import Specification


@telling
def analyse(
    spec: Annotated[Path, typer.Argument(help="分析说明(TOML) What to compute.")],
    data: Annotated[
        Path | None,
        typer.Option(help="数据文件(CSV、XLSX、.sav、Parquet) The data; 不写则用说明中的轮次 or the round."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="结果文件 .json .xlsx .html;不写则显示 The result; shown if left out."),
    ] = None,
    language: Annotated[str, typer.Option(help="输出文件的语言 zh | en: language of XLSX and HTML.")] = "zh",
) -> None:
    """运行一项分析 Run an analysis; 方法见 docs/reference/analyses.md the methods are documented there."""
    import json

    from manyi.analytics.running import run
    from manyi.analytics.written import document, write

    if language not in ("zh", "en"):
        fail(
            Label(f"语言只有 zh 和 en,没有“{language}”。", f"Languages are zh and en; “{language}” is none.")
        )
    specification = _specification(spec)
    table, source = _table(specification, data)
    result = run(specification, table)
    if out is None:
        typer.echo(json.dumps(document(specification, result, source), ensure_ascii=False, indent=2))
        return
    try:
        write(out, specification, result, source, language)
    except OSError as error:
        fail(Label(f"无法写入 {out}:{error.strerror}。", f"Cannot write {out}: {error.strerror}."))


def _specification(path: Path) -> Specification:
    from manyi.analytics.specification import specification_from_toml
    from manyi.surveys.codecs.document import Source

    return specification_from_toml(Source.of(path).text())


def _table(specification: Specification, data: Path | None) -> tuple[Table, dict[str, Any]]:
    """The table that a specification is about, and where it came from."""
    from manyi.analytics.data.arrays import table_of
    from manyi.analytics.data.files import read_file
    from manyi.organisation.tables import sha256_of

    choice = specification.choice
    if data is not None:
        cluster = os.environ.get("ANALYTICS_URL", "")
        table = read_file(data, weight=choice.weight, missing=choice.missing, cluster=cluster)
        return table, {"file": data.name, "sha256": sha256_of(data), "rows": table.rows}
    if choice.round is not None:
        open_installation()
        from manyi.analytics.data.rounds import round_table

        return round_table(choice), {"round": choice.round}
    if specification.analysis.needs_data:
        fail(
            Label(
                "请用 --data 给出数据文件,或在说明的 [data] 中写 round。",
                "Name the data by --data, or a round under [data] in the specification.",
            )
        )
    return table_of({}), {}
