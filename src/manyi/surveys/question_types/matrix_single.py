"""Matrix of single choices."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import check_one
from manyi.surveys.columns import Column, codes_of
from manyi.surveys.configuration import NoConfig
from manyi.surveys.lines import check_lines, lines_open
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, below
from manyi.surveys.tree import Question


@TYPES.register
class SingleMatrix(QuestionType):
    """The same options for several items, one for each; stored as a table from row code to option code."""

    id = "matrix_single"
    label = Label("矩阵单选题", "Matrix of single choices")
    config = NoConfig
    layout = "grid"
    measures = ("distribution", "crosstab")
    uses_options = uses_rows = True
    least_options = 2
    example = """
code = "frequency"
type = "matrix_single"
title = "您多久使用一次以下服务?"
title_en = "How often do you use these services?"
options = [
    { code = "often", title = "经常", title_en = "Often" },
    { code = "seldom", title = "偶尔", title_en = "Seldom" },
    { code = "never", title = "从不", title_en = "Never" },
]
rows = [
    { code = "pickup", title = "上门取车", title_en = "Pick-up" },
    { code = "loaner", title = "代步车", title_en = "Courtesy car" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The options once for each row."""
        return tuple(
            Part("one", row.code, row.title, question.options, look="chips") for row in question.rows
        )

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The chosen option of every row that has one; rows stand as ``name.row``."""
        return below(form, name) or None

    def check(self, question: Question, value: Any) -> Checked:
        """Known rows with known options; good rows are kept beside a bad one."""
        return check_lines(question.rows, value, lambda code: check_one(question, code))

    def missing(self, question: Question, value: Any) -> Label | None:
        """The rows that are still to be answered."""
        return lines_open(question.rows, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column for each row."""
        paths = ((f"{question.code}.{row.code}", row.title) for row in question.rows)
        return [Column(path, path, title, "code", codes_of(question)) for path, title in paths]
