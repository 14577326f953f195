"""Commands about texts: read a column of any table, train a model on labels, say how good it is."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.encoding import encode_told, remembering
from manyi.web.cli.entry import fail, telling
from manyi.web.cli.opinions import (
    Opinions,
    OpinionsSaid,
    opinion_reader,
    opinions_in,
    opinions_said,
    opinions_told,
    trained_opinions,
)
from manyi.web.cli.text_scores import Judged, as_json, judged_unseen, labels_told
from manyi.web.terminal import both

if TYPE_CHECKING:
    from manyi.analytics.data.table import Table
    from manyi.measures.text.classifier import TextClassifier
    from manyi.measures.text.encoder import Encode


class _ReadByDefault(typer.core.TyperGroup):
    """``manyi text FILE …`` reads a file; the other words are commands."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is named, or reading with all words."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["read", *args]
        return super().resolve_command(ctx, args)


texts = typer.Typer(
    cls=_ReadByDefault,
    no_args_is_help=True,
    help="文本分析 Texts: manyi text FILE --column NAME --out FILE; 另有 train、evaluate。",
)

File = Annotated[Path, typer.Argument(help="表格 CSV, XLSX, .sav, Parquet: a table.")]
Text = Annotated[str, typer.Option("--column", help="文本所在列 The column of texts.")]
Tag = Annotated[str, typer.Option("--label", help="标签所在列 The column of labels.")]
Several = Annotated[
    bool, typer.Option(help="一段文本可有多个标签(同文多行,或用分号隔开) A text may have several labels.")
]
Polarity = Annotated[
    str,
    typer.Option(help="方面的评价所在列(标签列是方面) How the aspect in the label column is spoken of."),
]
ByEncoder = Annotated[
    bool,
    typer.Option(
        "--encoder", help="句子编码器一起读:慢,更准 A sentence encoder reads along: slow, more often right."
    ),
]
TaughtApart = Annotated[
    Path | None, typer.Option("--train", help="训练文件;不写则按文本拆分 A file to train on; else a split.")
]
Ready = Annotated[Path | None, typer.Option("--model", help="评价现成的模型 A model to judge instead.")]
ListsAlone = Annotated[
    bool, typer.Option(help="只评价词表 Judge the word lists alone (positive/negative, 1/0).")
]
SoMany = Annotated[
    int | None,
    typer.Option("--labelled", help="只用这么多条标注训练 Train on so many texts only.", min=10),
]
Folds = Annotated[
    int | None,
    typer.Option(
        help="交叉验证的份数:每段都由没见过它的模型判断 Cross-validate: every text is judged.",
        min=2,
        max=100,
    ),
]
Adapting = Annotated[
    bool,
    typer.Option("--adapt", help="先让模型适应这些文本,不看标签 Adapt to these texts first, labels unseen."),
]
_FOLDS_ALONE = Label(
    "--folds 从这个文件自己学,不能同时用 --train、--model、--lists、--labelled。",
    "With --folds the file itself teaches: no --train, --model, --lists or --labelled.",
)
Least = Annotated[float, typer.Option(help="低于此把握的写 unsure: less sure is unsure.", min=0, max=1)]


@texts.command("read")
@telling
def read(
    file: File,
    column: Text,
    out: Annotated[Path, typer.Option(help="结果 .csv .xlsx .json: where to write the rows.")],
    industry: Annotated[str, typer.Option(help="行业词表 The taxonomy of an industry.")] = "general",
    model: Annotated[Path | None, typer.Option(help="训练好的模型 A trained model.")] = None,
    opinions: Annotated[
        Path | None,
        typer.Option(help="训练好的“方面+评价”模型 A trained model of aspects with judgements."),
    ] = None,
    least: Least = 0.6,
) -> None:
    """读出情感、方面、重复、遮盖个人信息 Read sentiment, aspects, repeats; personal data are masked."""
    from manyi.analytics import text_reading
    from manyi.measures.text.similar import grouped

    taxonomy = text_reading.industry(industry)
    table = _table(file)
    _require_writable(out)
    readings = text_reading.read_texts(
        table.texts(column), taxonomy, _model(model), opinion_reader(opinions), least=least
    )
    held = {variable.name: table.texts(variable.name) for variable in table.variables}
    numbers = grouped([reading.text for reading in readings])
    rows = [
        {**{name: values[n] for name, values in held.items()}, **reading.to_row(), "group": int(number)}
        for n, (reading, number) in enumerate(zip(readings, numbers, strict=True))
    ]
    _write(out, rows)
    counts = Counter(reading.sentiment for reading in readings)
    told = {"rows": len(rows), "labels": counts, "aspects": text_reading.summary(readings, taxonomy)}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@texts.command("train")
@telling
def train(
    file: File,
    column: Text,
    label: Tag,
    out: Annotated[Path, typer.Option(help="模型文件 Where to write the model.")],
    several: Several = False,
    polarity: Polarity = "",
    source: Annotated[
        str, typer.Option(help="行业或来源所在列,用于没见过的行业 For a new industry: the column of sources.")
    ] = "",
    unlabelled: Annotated[
        Path | None,
        typer.Option(help="新行业的无标注文本 Texts of a new industry, unlabelled, to adapt to."),
    ] = None,
    encoder: ByEncoder = False,
) -> None:
    """用本单位的标注训练模型 Train a model on your own labels; 数据不出本机 nothing leaves this machine."""
    encode = encode_told if encoder else None
    if polarity:
        if source or unlabelled:
            words = (
                "“方面+评价”模型不能用 --source 和 --unlabelled。",
                "No --source or --unlabelled with --polarity.",
            )
            fail(Label(*words))
        reader = trained_opinions(opinions_in(file, column, label, polarity), encode)
        out.write_bytes(reader.to_bytes())
        _tell_trained(reader.aspects, out)
        return
    pairs = _pairs(file, column, label, several=several)
    apart = _sources(file, column, source) if source else None
    made = _trained(pairs, several=several, sources=apart, encode=encode)
    if unlabelled is not None:
        made = _adapted(made, [text for text in _table(unlabelled).texts(column) if text])
    out.write_bytes(made.to_bytes())
    _tell_trained(made, out)


def _tell_trained(made: TextClassifier, out: Path) -> None:
    words = Label(
        f"用 {made.trained_on} 段文本训练了 {len(made.labels)} 个标签:{out}",
        f"Trained {len(made.labels)} labels on {made.trained_on} texts: {out}",
    )
    typer.echo(both(words))


@texts.command("evaluate")
@telling
def evaluate(
    file: File,
    column: Text,
    label: Tag,
    train: TaughtApart = None,
    model: Ready = None,
    several: Several = False,
    polarity: Polarity = "",
    lists: ListsAlone = False,
    least: Least = 0.0,
    labelled: SoMany = None,
    folds: Folds = None,
    adapt: Adapting = False,
    encoder: ByEncoder = False,
) -> None:
    """在没见过的文本上打分 Score on texts not seen: accuracy, macro-F1, each label, as JSON."""
    if folds and (train or model or lists or labelled):
        fail(_FOLDS_ALONE)
    encode = remembering() if encoder else None
    if polarity:
        _evaluate_opinions(file, train, model, (column, label, polarity), folds, encode)
        return
    pairs = _pairs(file, column, label, several=several)
    apart = _pairs(train, column, label, several=several) if train else None

    def judge(learnt: Pairs, judged: Pairs) -> Sequence[tuple[str, ...]]:
        taught = _drawn(learnt, labelled) if labelled else learnt
        made = _model(model) or _trained(taught, several=several, encode=encode)
        texts = [text for text, _ in judged]
        made = _adapted(made, texts) if adapt else made
        return made.tags(texts) if several else [(said,) for said, _ in made.said(texts, least)]

    found: Judged[tuple[str, ...], tuple[str, ...]]
    if lists:
        found = Judged(0, pairs, [(_listed(text, pairs),) for text, _ in pairs])
    else:
        found = judged_unseen(pairs, apart, judge, ready=model is not None, folds=folds)
    typer.echo(as_json(found.trained_on, labels_told(found, several=several)))


def _evaluate_opinions(
    file: Path,
    apart: Path | None,
    model: Path | None,
    columns: tuple[str, str, str],
    folds: int | None,
    encode: Encode | None,
) -> None:
    known, ready = opinions_in(file, *columns), opinion_reader(model)
    taught = opinions_in(apart, *columns) if apart else None

    def judge(learnt: Opinions, judged: Opinions) -> list[OpinionsSaid]:
        return opinions_said(ready or trained_opinions(learnt, encode), judged)

    found = judged_unseen(known, taught, judge, ready=ready is not None, folds=folds)
    typer.echo(as_json(found.trained_on, opinions_told(found)))


Pairs = list[tuple[str, tuple[str, ...]]]
Held = TypeVar("Held")


def _table(file: Path) -> Table:
    from manyi.analytics.data.files import read_file

    return read_file(file)


def _pairs(file: Path, column: str, label: str, *, several: bool) -> Pairs:
    """Texts with their labels, each once with all of them; rows without text or label are left out."""
    table = _table(file)
    found: dict[str, dict[str, None]] = {}
    for text, given in zip(table.texts(column), table.texts(label), strict=True):
        if text and (given or several):
            parts = [part.strip() for part in given.replace(";", ";").split(";")] if several else [given]
            found.setdefault(text, {}).update(dict.fromkeys(part for part in parts if part))
    if not found:
        fail(Label("没有同时有文本和标签的行。", "No row has both a text and a label."))
    return [(text, tuple(labels) if several else tuple(labels)[:1]) for text, labels in found.items()]


def _sources(file: Path, column: str, source: str) -> dict[str, str]:
    table = _table(file)
    return dict(zip(table.texts(column), table.texts(source), strict=True))


def _trained(
    pairs: Pairs, *, several: bool, sources: dict[str, str] | None = None, encode: Encode | None = None
) -> TextClassifier:
    from manyi.measures.text import classifier

    texts = [text for text, _ in pairs]
    if several:
        return classifier.train_tags(texts, [labels for _, labels in pairs], encode=encode)
    apart = [sources[text] for text in texts] if sources else None
    return classifier.train(texts, [labels[0] for _, labels in pairs], apart, encode=encode)


def _adapted(model: TextClassifier, texts: Sequence[str]) -> TextClassifier:
    from manyi.measures.text.adapting import adapted

    return adapted(model, texts)


def _model(path: Path | None) -> TextClassifier | None:
    from manyi.measures.errors import NotComputable
    from manyi.measures.text.classifier import TextClassifier
    from manyi.surveys.codecs.document import Source

    if path is None:
        return None
    try:
        return replace(TextClassifier.from_bytes(Source.of(path).data), encode=encode_told)
    except NotComputable:
        fail(Label(f"{path} 不是文本模型。", f"{path} is no text model."))


def _drawn(pairs: Pairs, count: int) -> Pairs:
    """So many of them in an order that hangs on the texts alone: files are often sorted by their labels."""
    from manyi.measures.text.cleaning import fingerprint

    return sorted(pairs, key=lambda pair: fingerprint(pair[0])[::-1])[:count]


def _listed(text: str, pairs: Pairs) -> str:
    """What the word lists say, in the words of the labels; unsure where they are silent."""
    from manyi.measures.text.polarity import rated
    from manyi.measures.text.scorecard import UNSURE

    numbers = {labels[0] for _, labels in pairs} <= {"0", "1", "-1"}
    good, bad = ("1", "0") if numbers else ("positive", "negative")
    score = rated(text)
    return UNSURE if not score else good if score > 0 else bad


def _require_writable(path: Path) -> None:
    if path.suffix.lower() not in {".csv", ".xlsx", ".json"}:
        fail(Label("结果文件应是 .csv、.xlsx 或 .json。", "The result is one of .csv, .xlsx, .json."))


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows by the ending of the path."""
    if path.suffix.lower() == ".json":
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet()
            for down, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
                sheet.write_row(down, 0, cells)
