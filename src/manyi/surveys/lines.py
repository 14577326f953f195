"""Lines: one answer for every row of a question, the good ones kept beside a bad one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.surveys.question_types import BY_ROW, Checked, in_row, rows_open, unknown_row
from manyi.surveys.tree import Row


def check_lines(rows: Sequence[Row], value: Any, judge: Callable[[Any], Checked]) -> Checked:
    """Every line judged alike; unknown lines and wrong answers are named, the good ones stay."""
    if not isinstance(value, Mapping):
        return Checked(None, BY_ROW)
    titles = {row.code: row.title for row in rows}
    kept: dict[str, Any] = {}
    problem: Label | None = None
    for row, given in value.items():
        if row not in titles:
            problem = problem or unknown_row(row)
            continue
        checked = Checked(None) if is_empty(given) else judge(given)
        if not is_empty(checked.value):
            kept[row] = checked.value
        if checked.problem is not None:
            problem = problem or in_row(titles[row], checked.problem)
    return Checked(kept or None, problem)


def lines_open(rows: Sequence[Row], value: Any) -> Label | None:
    """The lines that are still to be answered, named; None when all are."""
    given = value if isinstance(value, Mapping) else {}
    return rows_open([row.title for row in rows if is_empty(given.get(row.code))])
