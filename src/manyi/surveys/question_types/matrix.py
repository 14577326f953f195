"""Matrix of ratings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.lines import check_lines, lines_open
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Fault, Form, QuestionType, below
from manyi.surveys.scales import ScaleConfig, check_step, off_scale, scale_codes, scale_part
from manyi.surveys.tree import Question


@TYPES.register
class RatingMatrix(QuestionType):
    """Several items rated on one scale; stored as a table from row code to whole number."""

    id = "matrix"
    label = Label("矩阵评分题", "Matrix of ratings")
    config = ScaleConfig
    layout = "plain"
    measures = ("mean", "satisfied_share", "distribution", "drivers", "reliability")
    uses_options = uses_rows = True
    example = """
code = "reception"
type = "matrix"
title = "请为接待服务的各环节评分"
title_en = "Please rate each step of your reception"
required = true
options = [
    { code = "1", title = "很不满意", title_en = "Very dissatisfied" },
    { code = "5", title = "很满意", title_en = "Very satisfied" },
]
rows = [
    { code = "greeting", title = "迎接", title_en = "Greeting" },
    { code = "waiting", title = "等候时间", title_en = "Waiting time" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One scale for each row."""
        scale = ScaleConfig(**question.config)
        return tuple(scale_part(question, scale, row.code, row.title) for row in question.rows)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The chosen step of every row that has one; rows stand as ``name.row``."""
        return below(form, name) or None

    def check(self, question: Question, value: Any) -> Checked:
        """Known rows with steps of the scale; good rows are kept beside a bad one."""
        scale = ScaleConfig(**question.config)
        return check_lines(question.rows, value, lambda step: check_step(scale, step))

    def missing(self, question: Question, value: Any) -> Label | None:
        """The rows that are still to be rated."""
        return lines_open(question.rows, value)

    def columns(self, question: Question) -> list[Column]:
        """One coded column for each row."""
        codes = scale_codes(question, ScaleConfig(**question.config))
        paths = ((f"{question.code}.{row.code}", row.title) for row in question.rows)
        return [Column(path, path, title, "code", codes) for path, title in paths]

    def faults(self, question: Question) -> Iterator[Fault]:
        """Labels beside the scale."""
        yield from off_scale(question, [c for c, _ in scale_codes(question, ScaleConfig(**question.config))])
