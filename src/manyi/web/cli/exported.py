"""Commands that write files: the answers of a round."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, open_installation, telling
from manyi.web.terminal import TerminalProgress, both


@telling
def export_responses(
    round_id: Annotated[int, typer.Option("--round", help="轮次编号 Number of the round in its address.")],
    out: Annotated[Path, typer.Option(help="输出文件 The file to write; its ending says the format.")],
    labels: Annotated[bool, typer.Option(help="写文字而不是代码 Labels instead of codes.")] = False,
    language: Annotated[str, typer.Option(help="文字的语言 Language of labels: zh, en.")] = "zh",
    mark: Annotated[bool, typer.Option(help="CSV 带 BOM CSV with a byte order mark.")] = True,
    valid_only: Annotated[bool, typer.Option(help="只要有效答卷 Only answers that count.")] = False,
) -> None:
    """导出答卷 Write the answers of a round: .csv .csv.gz .xlsx .sav .sss .parquet."""
    open_installation(create=False)
    from manyi.responses import exports
    from manyi.surveys.codecs.document import Manner
    from manyi.surveys.models import Round

    row = Round.objects.filter(pk=round_id).first()
    if row is None:
        fail(Label(f"没有轮次 {round_id}。", f"There is no round {round_id}."))
    try:
        done = exports.export_responses(
            actor=None,
            round=row,
            path=out,
            manner=Manner(labels, language, mark),
            valid_only=valid_only,
            progress=TerminalProgress(Label("导出答卷", "Exporting answers")),
        )
    except OSError as error:
        fail(Label(f"无法写入 {out}:{error.strerror}。", f"Cannot write {out}: {error.strerror}."))
    for loss in done.losses:
        typer.echo(f"{loss.place}: {both(loss.what)}", err=True)
    typer.echo(both(Label(f"已写出 {out}:{done.rows} 份答卷。", f"Wrote {out}: {done.rows} answer sheets.")))
