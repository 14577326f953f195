"""Matrix of two scales."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.cells import cell_columns, cell_faults, cell_parts, check_table, parse_cells, shown_cells
from manyi.surveys.columns import Column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, Form, QuestionType, rows_open
from manyi.surveys.tree import Question


@TYPES.register
class DualMatrix(QuestionType):
    """Every item on two scales (expectation and perception, importance and performance), side by side.

    The scales are the two columns, each a rating or a single choice; stored by row, then by column.
    """

    id = "matrix_dual"
    label = Label("双量表矩阵题", "Matrix of two scales")
    config = NoConfig
    layout = "cells"
    measures = ("mean", "gap", "quadrant", "distribution", "drivers", "reliability")
    uses_rows = uses_columns = True
    example = """
code = "servqual"
type = "matrix_dual"
title = "请为每一项的期望和实际感受打分"
title_en = "Please rate what you expected and what you found"
rows = [
    { code = "tidy", title = "环境整洁", title_en = "Tidiness" },
    { code = "prompt", title = "响应及时", title_en = "Promptness" },
]
columns = [
    { code = "expected", type = "rating", title = "期望", title_en = "Expected" },
    { code = "found", type = "rating", title = "感受", title_en = "Found" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """Both scales for each row."""
        return tuple(part for row in question.rows for part in cell_parts(question.columns, row))

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The chosen steps of every row; they stand as ``name.row.column``."""
        found = {row.code: parse_cells(form, f"{name}.{row.code}", question.columns) for row in question.rows}
        return {row: cells for row, cells in found.items() if cells} or None

    def check(self, question: Question, value: Any) -> Checked:
        """Known rows with steps of both scales; good ones are kept beside a bad one."""
        return check_table(question.rows, question.columns, value)

    def missing(self, question: Question, value: Any) -> Label | None:
        """The rows of which a scale is still open."""
        whole = {c.code for c in question.columns}
        return rows_open([r.title for r in question.rows if not whole <= set(value.get(r.code, ()))])

    def columns(self, question: Question) -> list[Column]:
        """One coded column for each scale of each row."""
        return [column for row in question.rows for column in cell_columns(question, row)]

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The cells in words."""
        return shown_cells(question, value, language)

    def faults(self, question: Question) -> Iterator[Fault]:
        """Anything but two columns that are scales."""
        yield from cell_faults(question)
        if len(question.columns) != 2 or any(c.type not in {"rating", "single"} for c in question.columns):
            words = Label(
                "双量表需要两列,题型为评分或单选。", "Two columns are needed, ratings or single choices."
            )
            yield "columns", words
