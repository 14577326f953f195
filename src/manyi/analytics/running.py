"""Run a specification on a table: the one way to a result, for the command line, the pages and reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from manyi.analytics.data.table import Table
from manyi.analytics.noticing import absent_values, columns_without_spread
from manyi.analytics.protection import protected, require_shown
from manyi.analytics.results import Result
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.organisation.errors import Refused

#: So many values are looked at once more in a moment, to tell of columns that are empty or constant.
_LOOKED_AT = 5_000_000


def run(specification: Specification, table: Table) -> Result:
    """The result; raises Refused in words where the data do not allow it."""
    absent = absent_values(specification, table)
    chosen = table.where(specification.choice.where)
    table = _shown(table, chosen, specification.config) if table.minimum else chosen
    if specification.analysis.needs_data and not table.rows:
        raise Refused(Label("没有符合条件的数据。", "No rows meet the conditions."), field="data")
    try:
        result = specification.analysis.run(table, specification.config)
    except NotComputable as problem:
        raise Refused(_explained(problem, specification, table), field="data") from problem
    plain = columns_without_spread(specification.config, table, most=_LOOKED_AT)
    told = (*table.warnings, *absent, *plain)
    noticed = [each for each in told if each not in result.warnings]
    return replace(result, warnings=(*noticed, *result.warnings))


def _shown(whole: Table, chosen: Table, config: Any) -> Table:
    """The chosen rows without the groups that must not be shown. What cannot be protected is not analysed."""
    require_shown(whole, chosen)
    return protected(chosen, config)


def _explained(problem: NotComputable, specification: Specification, table: Table) -> Label:
    """The reason with the row of the source, and the columns that are empty or constant: mostly the cause."""
    row = problem.facts.get("row")
    if isinstance(row, int) and row < table.rows:
        problem.facts["row"] = table.data_row(row)
    reason = problem.label
    more = columns_without_spread(specification.config, table)
    new = [each for each in more if each.zh[: each.zh.index("”") + 1] not in reason.zh]
    return Label(
        "".join([reason.zh, *(each.zh for each in new)]), " ".join([reason.en, *(each.en for each in new)])
    )
