"""Run a specification on a table: the one way to a result, for the command line, the pages and reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from manyi.analytics.data.table import Table
from manyi.analytics.protection import protected, require_shown
from manyi.analytics.results import Result
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.organisation.errors import Refused


def run(specification: Specification, table: Table) -> Result:
    """The result; raises Refused in words where the data do not allow it."""
    absent = _absent(specification, table)
    chosen = table.where(specification.choice.where)
    table = _shown(table, chosen, specification.config) if table.minimum else chosen
    if specification.analysis.needs_data and not table.rows:
        raise Refused(Label("没有符合条件的数据。", "No rows meet the conditions."), field="data")
    try:
        result = specification.analysis.run(table, specification.config)
    except NotComputable as problem:
        row = problem.facts.get("row")
        if isinstance(row, int) and row < table.rows:
            problem.facts["row"] = table.data_row(row)
        raise Refused(problem.label, field="data") from problem
    told = (*table.warnings, *absent)
    noticed = [each for each in told if each not in result.warnings]
    return replace(result, warnings=(*noticed, *result.warnings))


def _shown(whole: Table, chosen: Table, config: Any) -> Table:
    """The chosen rows without the groups that must not be shown. What cannot be protected is not analysed."""
    require_shown(whole, chosen)
    return protected(chosen, config)


def _absent(specification: Specification, table: Table) -> list[Label]:
    """What the conditions and the domain name and the data do not have: mostly a slip of the pen.

    Nothing is said where small groups are hidden: it would tell which of them hold somebody.
    """
    if table.minimum:
        return []
    named = [(each.column, (*each.among, *each.without)) for each in specification.choice.where]
    named += list(getattr(specification.config, "domain", {}).items())
    told = []
    for column, values in named:
        known = {level.code for level in table.bases(column, ()).levels} if values else set()
        if lacking := [value for value in values if value not in known]:
            zh = f"“{column}”没有这样的取值:{'、'.join(lacking)}。"
            en = f"“{column}” has no value {', '.join(lacking)}."
            told.append(Label(zh, en))
    return told
