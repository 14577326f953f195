"""The answers of a round as a table on the engine: they stay in its snapshot, and sums are made there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import expressions as exp

from manyi.analytics import statements
from manyi.analytics.codebook import Codebook, Field
from manyi.analytics.comparison import segment_names
from manyi.analytics.data.engine_statements import column
from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.stacking import ROUND, title_of
from manyi.analytics.data.stored import Stored
from manyi.analytics.data.table import Variable
from manyi.analytics.encoding import TOTAL_SCALE, first_of_month, months_of_days
from manyi.analytics.reading import Reading
from manyi.analytics.snapshot import ANSWERS
from manyi.analytics.views import Filters
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused

WEIGHT = Variable("weight", Label("权重", "Weight"))
DIMENSIONS = {
    "channel": Label("渠道", "Channel"),
    "source": Label("来源", "Source"),
    "product": Label("产品", "Product"),
    "grade": Label("等级", "Grade"),
}
_BOTH = {"1": Label("是", "Yes"), "0": Label("否", "No")}


def engine_table(
    open_round: Reading, filters: Filters, *, weighted: bool, weight: str = "", missing: Sequence[str] = ()
) -> EngineTable:
    """The rows of a round that the filters leave, ``weighted`` by its weights in use or by a variable.

    Raises Refused where it has no weights in use, or they lag behind.
    """
    engine, condition = open_round.kept_store(), statements.where(open_round.condition(filters))
    source = exp.to_table(ANSWERS)
    (days,) = engine.sums(exp.select(*_ends("day")).from_(source).where(condition))
    stored = list(stored_of(open_round, *days))
    if weighted:
        counts = (exp.Count(this=exp.Star()), exp.Count(this=column(WEIGHT.name)))
        every, weighed = engine.sums(exp.select(*counts).from_(source).where(condition))[0]
        require_weights(open_round, every - weighed)
        stored.insert(-1, Stored(WEIGHT, WEIGHT.name, "number", floating=True))
    table = EngineTable(
        engine,
        stored,
        source=source,
        weight=WEIGHT.name if weighted else weight,
        missing=missing,
        condition=condition,
        order="response",
        minimum=open_round.minimum,
    )
    return table.require_weights()


def stored_of(open_round: Reading, first_day: int | None, last_day: int | None) -> Iterator[Stored]:
    """The variables of a round as its snapshot holds them, between two days since 1970-01-01."""
    book = open_round.book
    yield from (_question(field) for field in book.fields.values())
    total = Variable("total", Label("总分", "Total score"))
    yield Stored(total, "total", "number", floating=True, scale=TOTAL_SCALE)
    # By code: paths hold numbers of rows, and “/10/” comes before “/9/”.
    units = sorted(open_round.units, key=lambda unit: unit.code)
    titles = {unit.code: Label(unit.name, unit.name_en or unit.name) for unit in units}
    yield _coded("unit", Label("部门", "Unit"), "unit", {unit.pk: unit.code for unit in units}, titles)
    for name, title in DIMENSIONS.items():
        yield _coded(name, title, name, dict(enumerate(book.values[name])), {})
    month = _coded("month", Label("月份", "Month"), "day", months_of_days(first_day, last_day), {})
    yield replace(month, alike=first_of_month)
    yield from _segments(book)
    # Every row that counts is valid: this mark of it stands for the round.
    of_round, label = str(open_round.round.pk), title_of(open_round.round, [open_round.round])
    yield Stored(ROUND, "valid", "text", codes={1: of_round}, labels={of_round: label})


def require_weights(open_round: Reading, lacking: int) -> None:
    """Raise Refused where a round has no weights in use, or ``lacking`` answers have none."""
    if open_round.row.weight_set is None:
        words = Label("本轮没有选用的权重。", "This round has no weights in use.")
        raise Refused(words, field="data.weight")
    if lacking:
        words = Label(
            f"{lacking} 份答卷在生成权重之后才收到,请重新生成权重。",
            f"{lacking} answer sheets came after the weights were made; please make them again.",
        )
        raise Refused(words, field="data.weight")


def _question(field: Field) -> Stored:
    variable = Variable(field.name, Label(field.title.text("zh"), field.title.text("en")))
    if field.kind == "number":
        return Stored(variable, field.column, "number", floating=True)
    labels = {code: Label(words.text("zh"), words.text("en")) for code, words in field.codes}
    places = {place: code for place, (code, _) in enumerate(field.codes)}
    return Stored(variable, field.column, "text", codes=places, labels=labels, width=2)


def _coded(name: str, title: Label, column: str, codes: dict[int, str], labels: dict[str, Label]) -> Stored:
    return Stored(Variable(name, title), column, "text", codes=codes, labels=labels, width=4)


def _segments(book: Codebook) -> Iterator[Stored]:
    named = segment_names()
    for place, code in enumerate(book.segments):
        name = named.get(code, Label(code, code))
        title = Label(f"客群:{name.zh}", f"Segment: {name.en}")
        yield _coded(f"segment:{code}", title, f"s{place}", {1: "1", 0: "0"}, _BOTH)


def _ends(name: str) -> list[exp.Expr]:
    return [exp.Min(this=column(name)), exp.Max(this=column(name))]
