"""Cells: small questions inside a question, once each or once for every row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.surveys.columns import Column
from manyi.surveys.lines import check_lines
from manyi.surveys.parts import Part
from manyi.surveys.question_types import (
    BY_ROW,
    TYPES,
    Checked,
    Fault,
    Form,
    in_row,
    rows_open,
    unknown_row,
)
from manyi.surveys.tree import Question, Row, Text


def cell_parts(columns: Sequence[Question], row: Row | None = None) -> tuple[Part, ...]:
    """The parts of the cells, each with its place below the question."""
    path = f"{row.code}." if row else ""
    return tuple(
        replace(part, path=f"{path}{column.code}", title=column.title)
        for column in columns
        for part in TYPES.get(column.type).parts(column)
    )


def parse_cells(form: Form, name: str, columns: Sequence[Question]) -> dict[str, Any] | None:
    """The answers of the cells that have one; each stands as ``name.column``."""
    found = {c.code: TYPES.get(c.type).parse(form, f"{name}.{c.code}", c) for c in columns}
    return {code: value for code, value in found.items() if value is not None} or None


def check_cells(columns: Sequence[Question], value: Any) -> Checked:
    """Each cell judged by its own type; the good ones are kept beside a bad one."""
    if not isinstance(value, Mapping):
        return Checked(None, BY_ROW)
    known = {column.code: column for column in columns}
    kept: dict[str, Any] = {}
    problem: Label | None = None
    for code, given in value.items():
        column = known.get(code)
        if column is None:
            problem = problem or unknown_row(code)
        elif not is_empty(given):
            checked = TYPES.get(column.type).check(column, given)
            if not is_empty(checked.value):
                kept[code] = checked.value
            if checked.problem is not None:
                problem = problem or in_row(column.title, checked.problem)
    return Checked(kept or None, problem)


def check_table(rows: Iterable[Row], columns: Sequence[Question], value: Any) -> Checked:
    """Each row's cells judged; the good ones are kept beside a bad one."""
    return check_lines(list(rows), value, lambda given: check_cells(columns, given))


def cells_open(columns: Sequence[Question], given: Any) -> list[Question]:
    """The required cells without an answer."""
    given = given if isinstance(given, Mapping) else {}
    return [column for column in columns if column.required and is_empty(given.get(column.code))]


def table_open(rows: Iterable[Row], columns: Sequence[Question], value: Any) -> Label | None:
    """The rows with a required cell that is still open; where none is required, every row with no answer."""
    given = value if isinstance(value, Mapping) else {}
    if any(column.required for column in columns):
        return rows_open([row.title for row in rows if cells_open(columns, given.get(row.code))])
    return rows_open([row.title for row in rows if is_empty(given.get(row.code))])


def shown_cells(question: Question, value: Any, language: str) -> str:
    """The cells in words, ``column: answer``; those of a table row by row."""
    if not isinstance(value, Mapping):
        return ""
    colon, stop = (":", ";") if language.startswith("zh") else (": ", "; ")
    rows = {row.code: row.title.text(language) for row in question.rows}
    columns = {column.code: column for column in question.columns}
    lines = []
    for place, each in value.items():
        column = columns.get(place)
        if place in rows:
            lines.append(f"{rows[place]}({shown_cells(question, each, language)})")
        elif column is not None:
            words = TYPES.get(column.type).shown(column, each, language)
            lines.append(f"{column.title.text(language)}{colon}{words}")
    return stop.join(lines)


def cell_columns(question: Question, row: Row | None = None) -> list[Column]:
    """The analytic columns of the cells, named and titled by their place."""
    found = []
    for column in question.columns:
        place = f"{question.code}.{row.code}.{column.code}" if row else f"{question.code}.{column.code}"
        inner = TYPES.get(column.type).columns(replace(column, code=place))
        found += [replace(each, title=_titled(row, column, each)) for each in inner]
    return found


def _titled(row: Row | None, column: Question, each: Column) -> Text:
    parts = [row.title] if row else []
    parts += [column.title] if each.title is column.title else [column.title, each.title]
    return Text(" – ".join(part.text("zh") for part in parts), " – ".join(part.text("en") for part in parts))


def cell_faults(question: Question) -> Iterator[Fault]:
    """Columns that are missing, or of a type that does not fit into a cell."""
    if not question.columns:
        yield "columns", Label("至少要有一列。", "At least one column is needed.")
    for column in question.columns:
        if column.type in TYPES and not TYPES.get(column.type).fits_cells:
            words = Label("这个题型不能放在表格里。", "This type does not fit into a cell.")
            yield f"columns.{column.code}.type", words
