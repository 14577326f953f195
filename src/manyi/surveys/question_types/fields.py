"""Group of fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.cells import (
    cell_columns,
    cell_faults,
    cell_parts,
    cells_open,
    check_cells,
    parse_cells,
    shown_cells,
)
from manyi.surveys.columns import Column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, Form, QuestionType, rows_open
from manyi.surveys.tree import Question


@TYPES.register
class Fields(QuestionType):
    """Several labelled fields under one question; stored as a table from column code to value."""

    id = "fields"
    label = Label("多项填空题", "Group of fields")
    config = NoConfig
    layout = "plain"
    measures = ("mean", "distribution")
    uses_columns = True
    example = """
code = "car"
type = "fields"
title = "请填写您的车辆信息"
title_en = "Please tell us about your car"
columns = [
    { code = "model", type = "text_short", title = "车型", title_en = "Model", required = true },
    { code = "km", type = "number", title = "里程(公里)", title_en = "Mileage in km", config = { low = 0 } },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One entry for each field."""
        return cell_parts(question.columns)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The fields that have an answer; they stand as ``name.column``."""
        return parse_cells(form, name, question.columns)

    def check(self, question: Question, value: Any) -> Checked:
        """Each field judged by its own type; the good ones are kept beside a bad one."""
        return check_cells(question.columns, value)

    def missing(self, question: Question, value: Any) -> Label | None:
        """The required fields that are still open."""
        return rows_open([column.title for column in cells_open(question.columns, value)])

    def columns(self, question: Question) -> list[Column]:
        """The columns of every field."""
        return cell_columns(question)

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The cells in words."""
        return shown_cells(question, value, language)

    def faults(self, question: Question) -> Iterator[Fault]:
        """Fields that are missing, or of a type that does not fit."""
        yield from cell_faults(question)
