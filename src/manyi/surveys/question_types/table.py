"""Table of cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.cells import (
    cell_columns,
    cell_faults,
    cell_parts,
    check_table,
    parse_cells,
    shown_cells,
    table_open,
)
from manyi.surveys.columns import Column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, Form, QuestionType
from manyi.surveys.tree import Question


@TYPES.register
class Table(QuestionType):
    """Rows times columns, each column a small question of its own; stored by row, then by column.

    A number column can ask for its total (``config.total``), which the evaluator puts below the table.
    """

    id = "table"
    label = Label("表格题", "Table")
    config = NoConfig
    layout = "cells"
    measures = ("mean", "distribution", "crosstab")
    uses_rows = uses_columns = True
    example = """
code = "costs"
type = "table"
title = "请填写两次保养的费用"
title_en = "Please give the cost of your two services"
rows = [
    { code = "first", title = "首保", title_en = "First service" },
    { code = "second", title = "二保", title_en = "Second service" },
]
columns = [
    { code = "yuan", type = "number", title = "费用", title_en = "Cost", config = { total = "sum" } },
    { code = "at", type = "text_short", title = "地点", title_en = "Place" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The cells, row by row."""
        return tuple(part for row in question.rows for part in cell_parts(question.columns, row))

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The answers of the cells that have one; they stand as ``name.row.column``."""
        found = {row.code: parse_cells(form, f"{name}.{row.code}", question.columns) for row in question.rows}
        return {row: cells for row, cells in found.items() if cells} or None

    def check(self, question: Question, value: Any) -> Checked:
        """Each cell judged by its own type; the good ones are kept beside a bad one."""
        return check_table(question.rows, question.columns, value)

    def missing(self, question: Question, value: Any) -> Label | None:
        """The rows in which something is still open."""
        return table_open(question.rows, question.columns, value)

    def columns(self, question: Question) -> list[Column]:
        """The columns of every cell."""
        return [column for row in question.rows for column in cell_columns(question, row)]

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The cells in words."""
        return shown_cells(question, value, language)

    def faults(self, question: Question) -> Iterator[Fault]:
        """Columns that are missing, or of a type that does not fit into a cell."""
        yield from cell_faults(question)
