"""Commands about questionnaire files of any tool: check, evaluate answers, convert."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, telling
from manyi.web.terminal import both

if TYPE_CHECKING:
    from manyi.surveys.codecs import Document, Loss

questionnaire = typer.Typer(help="问卷 Questionnaires.", no_args_is_help=True)

File = Annotated[
    Path,
    typer.Argument(
        help="问卷文件(TOML、SurveyJS、XLSForm、LimeSurvey…) A questionnaire of any tool we read."
    ),
]


@questionnaire.command("check")
@telling
def check(file: File) -> None:
    """检查问卷文件 Check a questionnaire file; 每个问题都会指出位置 every fault is named with its place."""
    from manyi.organisation.errors import Invalid
    from manyi.surveys.rules import publish_problems

    document = _document(file)
    _tell_losses(document.losses)
    tree = document.questionnaire
    problems = publish_problems(tree)
    if problems:
        raise Invalid(problems)
    words = Label(
        f"可以发布:{len(tree.sections)} 个部分,{len(tree.questions)} 道题。",
        f"Ready to publish: {len(tree.sections)} sections, {len(tree.questions)} questions.",
    )
    typer.echo(both(words))


@questionnaire.command("evaluate")
@telling
def evaluate(
    file: File,
    answers: Annotated[Path, typer.Option(help="答案(JSON:题目 → 值) Answers: JSON by question.")],
    scheme: Annotated[
        Path | None, typer.Option(help="评分方案(TOML) Scoring scheme, for the scores.")
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="作为今天的日期 The day that counts as today."),
    ] = None,
) -> None:
    """判定一份答案 Judge one set of answers: visible, required, errors, scores, as JSON."""
    from manyi.organisation import clock
    from manyi.surveys.codecs.answers import to_ours
    from manyi.surveys.evaluation import evaluate as judge

    document = _document(file)
    given = _answers(answers)
    day = today.date() if today else clock.now().date()
    verdict = judge(document.questionnaire, to_ours(document, given), today=day)
    told = _verdict(document, verdict)
    told["scores"] = _scores(document, scheme, verdict.accepted)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=_plain))


def _verdict(document: Document, verdict: Any) -> dict[str, Any]:
    """An evaluation in the file's own names and values."""
    from manyi.surveys.codecs.answers import name_of, to_theirs
    from manyi.surveys.question_types import TYPES

    order = document.questionnaire.questions
    computed = {code for code in verdict.asked if TYPES.get(order[code].type).computes(order[code])}

    def named(codes: frozenset[str]) -> list[str]:
        return [name_of(document, code) for code in order if code in codes]

    accepted = to_theirs(document, verdict.accepted)
    return {
        "visible": named(verdict.visible),
        "required": named(verdict.required),
        "errors": {
            name_of(document, code): {"zh": what.zh, "en": what.en} for code, what in verdict.errors.items()
        },
        "accepted": accepted,
        "calculated": {
            name: accepted.get(name)
            for name in (name_of(document, code) for code in order if code in computed)
        },
        "set_aside": {
            name_of(document, code): {"value": value, "zh": why.zh, "en": why.en}
            for code, (value, why) in verdict.set_aside.items()
        },
    }


def _scores(document: Document, scheme: Path | None, accepted: dict[str, Any]) -> dict[str, Any]:
    """What a scheme makes of accepted answers; empty without one."""
    if scheme is None:
        return {}
    from manyi.measures.scheme_files import scheme_from_dict
    from manyi.measures.scoring import score
    from manyi.organisation.errors import Invalid
    from manyi.surveys.codecs.document import Source
    from manyi.surveys.codecs.toml import read
    from manyi.surveys.rules import scheme_problems

    rules = scheme_from_dict(read(Source.of(scheme).text()))
    if problems := scheme_problems(rules, document.questionnaire):
        raise Invalid(problems)
    result = score(rules, accepted)
    items = {code: {"points": float(i.points), "satisfied": i.satisfied} for code, i in result.items.items()}
    total = None if result.total is None else float(result.total)
    return {"total": total, "grade": result.grade, "items": items}


@telling
def convert(
    source: Annotated[Path, typer.Argument(help="输入文件 The file to read.")],
    target: Annotated[Path, typer.Argument(help="输出文件 The file to write; its ending says the format.")],
    to: Annotated[str, typer.Option(help="输出格式 The format, where the ending leaves it open.")] = "",
    report: Annotated[
        Path | None, typer.Option(help="报告(JSON) Where to write what was not carried.")
    ] = None,
) -> None:
    """转换其他工具的文件 Convert a file of another tool; 列出所有损失 every loss is named."""
    from manyi.surveys.codecs import codec_to

    document = _document(source)
    codec = codec_to(target, to)
    try:
        losses = [*document.losses, *codec.write(document, target)]
    except OSError as error:
        fail(Label(f"无法写入 {target}:{error.strerror}。", f"Cannot write {target}: {error.strerror}."))
    _tell_losses(losses)
    if report is not None:
        lines = [{"place": loss.place, "zh": loss.what.zh, "en": loss.what.en} for loss in losses]
        report.write_text(json.dumps(lines, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    count = len(document.questionnaire.questions)
    words = Label(
        f"已写出 {target}:{count} 道题,{len(losses)} 处没有照原样带过去。",
        f"Wrote {target}: {count} questions, {len(losses)} things not carried as they were.",
    )
    typer.echo(both(words))


def _document(file: Path) -> Document:
    from manyi.surveys.codecs import Source, read

    return read(Source.of(file))


def _tell_losses(losses: list[Loss]) -> None:
    for loss in losses:
        typer.echo(f"{loss.place}: {both(loss.what)}", err=True)


def _answers(file: Path) -> dict[str, Any]:
    from manyi.surveys.codecs.document import Source, Unreadable

    try:
        given = json.loads(Source.of(file).text())
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            Label(f"答案不是有效的 JSON:{error}。", f"The answers are no JSON: {error}.")
        ) from error
    if not isinstance(given, dict):
        raise Unreadable(Label("答案应是“题目: 值”的表。", "The answers should be a table by question."))
    return given


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
