"""The answers of a round as a table to analyse, narrowed to what its reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from manyi.analytics import engine
from manyi.analytics.codebook import Codebook, Field
from manyi.analytics.comparison import segment_names
from manyi.analytics.data.arrays import ArrayTable, Column
from manyi.analytics.data.stacking import ROUND, Part, stacked
from manyi.analytics.data.table import Floats, Variable
from manyi.analytics.encoding import EPOCH, TOTAL_SCALE
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.protection import TOO_FEW
from manyi.analytics.reading import Reading, reading
from manyi.analytics.specification import Choice
from manyi.analytics.views import Filters
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.settings import value
from manyi.surveys.models import Round

#: The ``weight`` of a specification that asks for the round's weights in use.
ROUND_WEIGHTS = "round"
_WEIGHT = "weight"
EVERYTHING = ("/",)


def round_table(choice: Choice, roots: Sequence[str] = EVERYTHING) -> ArrayTable:
    """The valid answers of a round for a reader of the units under ``roots``.

    Variables: every coded question, and total, grade, unit, channel, source, product, month and
    ``segment:CODE``, and ``round``; with rounds ``beside`` it the rows of all. Raises Refused where a round
    is unknown, or the narrowed group is too small; of the rounds beside one that is too small is left out.
    """
    filters, weighted = filters_of(choice.narrowed), choice.weight == ROUND_WEIGHTS
    first = _read(_round(choice.round, "round"), filters, roots, weighted=weighted)
    if first is None:
        raise Refused(TOO_FEW, field="data")
    alike = replace(filters, since=None, until=None)  # a period belongs to one round
    others = (
        _read(_round(each, "beside"), alike, roots, weighted=weighted)
        for each in dict.fromkeys(choice.beside)
        if each != choice.round
    )
    parts = [first, *(each for each in others if each is not None)]
    columns, rows = stacked(parts), sum(part[2] for part in parts)
    weight = _WEIGHT if weighted else choice.weight
    minimum = value("privacy.minimum_group")
    return ArrayTable(columns, weight=weight, missing=choice.missing, rows=rows, minimum=minimum)


def round_variables(round: Round, *, beside: bool = False) -> tuple[Variable, ...]:
    """What the table of a round holds, by name and title, without its answers."""
    brought_up_to_date(round)
    with reading(round, EVERYTHING) as open_round:
        known = tuple(column.variable for column in _columns(open_round, defaultdict(lambda: np.empty(0))))
    return (*known, ROUND) if beside else known


def _round(pk: int | None, field: str) -> Round:
    known = Round.objects.select_related("programme", "questionnaire", "scheme", "unit")
    round = known.filter(pk=pk or 0).first()
    if round is None:
        words = f"没有编号为 {pk} 的轮次。", f"There is no round {pk}."
        raise Refused(Label(*words), field=f"data.{field}")
    return round


def _read(round: Round, filters: Filters, roots: Sequence[str], *, weighted: bool) -> Part | None:
    """The columns of one round; None where what the filters leave is too small to be shown."""
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        if not open_round.permits(filters):
            return None
        found = engine.columns(open_round.connection, open_round.condition(filters))
        columns = _columns(open_round, found)
    if weighted:
        columns.append(_weights(open_round, found["weight"]))
    return round, columns, len(found["response"])


def filters_of(narrowed: Mapping[str, str]) -> Filters:
    """The filters of a specification; raises Refused for what is no date."""
    days: dict[str, date] = {}
    for name in ("since", "until"):
        if narrowed.get(name):
            try:
                days[name] = date.fromisoformat(narrowed[name])
            except ValueError as error:
                words = Label("日期请写成 2026-01-31。", "Write the date like 2026-01-31.")
                raise Refused(words, field=f"data.{name}") from error
    groups = {name: narrowed.get(name, "") for name in ("unit", "segment", "channel")}
    return Filters(**groups, since=days.get("since"), until=days.get("until"))


def _columns(open_round: Reading, found: Mapping[str, Any]) -> list[Column]:
    book = open_round.book
    made = [_question(field, found[field.column]) for field in book.fields.values()]
    total = np.where(np.isnan(found["total"]), np.nan, found["total"] / TOTAL_SCALE)
    made.append(Column(Variable("total", Label("总分", "Total score")), total))
    names = {unit.pk: unit for unit in open_round.units}
    units = [names[int(pk)] for pk in found["unit"]]
    # By code: paths hold numbers of rows, and “/10/” comes before “/9/”.
    by_code = sorted(open_round.units, key=lambda unit: unit.code)
    titles = {unit.code: Label(unit.name, unit.name_en or unit.name) for unit in by_code}
    codes = np.array([unit.code for unit in units], dtype=object)
    made.append(Column(Variable("unit", Label("部门", "Unit")), codes, titles))
    made += [_dimension(book, name, title, found[name]) for name, title in _DIMENSIONS.items()]
    months = (np.datetime64(EPOCH) + found["day"].astype(np.int64)).astype("datetime64[M]").astype(str)
    made.append(Column(Variable("month", Label("月份", "Month")), months.astype(object)))
    named = segment_names()
    for place, code in enumerate(book.segments):
        held = np.array(["1" if value else "0" for value in found[f"s{place}"]], dtype=object)
        name = named.get(code, Label(code, code))
        title = Label(f"客群:{name.zh}", f"Segment: {name.en}")
        made.append(Column(Variable(f"segment:{code}", title), held, _BOTH))
    return made


_DIMENSIONS = {
    "channel": Label("渠道", "Channel"),
    "source": Label("来源", "Source"),
    "product": Label("产品", "Product"),
    "grade": Label("等级", "Grade"),
}
_BOTH = {"1": Label("是", "Yes"), "0": Label("否", "No")}


def _question(field: Field, places: Any) -> Column:
    title = Label(field.title.text("zh"), field.title.text("en"))
    variable = Variable(field.name, title)
    if field.kind == "number":
        return Column(variable, places.astype(np.float64))
    labels = {code: Label(words.text("zh"), words.text("en")) for code, words in field.codes}
    known = np.array([code for code, _ in field.codes] + [""], dtype=object)
    return Column(variable, known[np.where(np.isnan(places), -1, places).astype(np.int64)], labels)


def _dimension(book: Codebook, name: str, title: Label, places: Any) -> Column:
    known = np.array([*book.values[name], ""], dtype=object)
    return Column(Variable(name, title), known[np.where(np.isnan(places), -1, places).astype(np.int64)])


def _weights(open_round: Reading, weights: Floats) -> Column:
    """The weights in use, by response; raises Refused where there are none or they lag behind."""
    if open_round.row.weight_set is None:
        words = Label("本轮没有选用的权重。", "This round has no weights in use.")
        raise Refused(words, field="data.weight")
    if np.isnan(weights).any():
        lacking = int(np.isnan(weights).sum())
        words = Label(
            f"{lacking} 份答卷在生成权重之后才收到,请重新生成权重。",
            f"{lacking} answer sheets came after the weights were made; please make them again.",
        )
        raise Refused(words, field="data.weight")
    return Column(Variable(_WEIGHT, Label("权重", "Weight")), weights)
