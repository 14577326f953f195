"""The answers of a round as a table to analyse, narrowed to what its reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from manyi.analytics.data.arrays import ArrayTable
from manyi.analytics.data.engine_table import EngineTable
from manyi.analytics.data.round_engine import WEIGHT, engine_table, stored_of
from manyi.analytics.data.stacking import ROUND, Part, stacked
from manyi.analytics.data.table import Table, Variable
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.protection import TOO_FEW
from manyi.analytics.reading import reading
from manyi.analytics.specification import Choice
from manyi.analytics.views import Filters
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.models import Round

#: The ``weight`` of a specification that asks for the round's weights in use.
ROUND_WEIGHTS = "round"
EVERYTHING = ("/",)


def round_table(choice: Choice, roots: Sequence[str] = EVERYTHING) -> Table:
    """The valid answers of a round for a reader of the units under ``roots``.

    Variables: every coded question, and total, grade, unit, channel, source, product, month and
    ``segment:CODE``, and ``round``. The rows stay on the engine; with rounds ``beside`` it those of all come
    into memory. Raises Refused where a round is unknown, or the narrowed group is too small; of the rounds
    beside one that is too small is left out.
    """
    filters, weighted = filters_of(choice.narrowed), choice.weight == ROUND_WEIGHTS
    round = _round(choice.round, "round")
    own = "" if weighted or choice.beside else choice.weight
    first = _table(round, filters, roots, weighted=weighted, weight=own, missing=choice.missing)
    if first is None:
        raise Refused(TOO_FEW, field="data")
    if not choice.beside:
        return first
    alike = replace(filters, since=None, until=None)  # a period belongs to one round
    parts = [_part(round, first)]
    for pk in dict.fromkeys(choice.beside):
        if pk != choice.round:
            other = _round(pk, "beside")
            found = _table(other, alike, roots, weighted=weighted)
            parts += [_part(other, found)] if found is not None else []
    columns, rows = stacked(parts), sum(part[2] for part in parts)
    weight = WEIGHT.name if weighted else choice.weight
    return ArrayTable(columns, weight=weight, missing=choice.missing, rows=rows, minimum=first.minimum)


def round_variables(round: Round, *, beside: bool = False) -> tuple[Variable, ...]:
    """What the table of a round holds, by name and title, without its answers."""
    brought_up_to_date(round)
    with reading(round, EVERYTHING) as open_round:
        known = (each.variable for each in stored_of(open_round, None, None))
        return tuple(each for each in known if beside or each != ROUND)


def _round(pk: int | None, field: str) -> Round:
    known = Round.objects.select_related("programme", "questionnaire", "scheme", "unit")
    round = known.filter(pk=pk or 0).first()
    if round is None:
        words = f"没有编号为 {pk} 的轮次。", f"There is no round {pk}."
        raise Refused(Label(*words), field=f"data.{field}")
    return round


def _table(
    round: Round,
    filters: Filters,
    roots: Sequence[str],
    *,
    weighted: bool,
    weight: str = "",
    missing: Sequence[str] = (),
) -> EngineTable | None:
    """The table of one round; None where what the filters leave is too small to be shown."""
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        if not open_round.permits(filters):
            return None
        return engine_table(open_round, filters, weighted=weighted, weight=weight, missing=missing)


def _part(round: Round, table: EngineTable) -> Part:
    """A round in memory; which round it is, is said when all are put together."""
    columns = [column for column in table.columns() if column.variable != ROUND]
    return round, columns, table.rows


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
