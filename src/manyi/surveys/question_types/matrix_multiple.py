"""Matrix of multiple choices."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import check_many, ticked
from manyi.surveys.columns import Column
from manyi.surveys.lines import check_lines, lines_open
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType
from manyi.surveys.question_types.multiple import MultipleConfig
from manyi.surveys.tree import Question, Text


@TYPES.register
class MultipleMatrix(QuestionType):
    """The same options for several items, any of them for each; stored as a table from row code to list."""

    id = "matrix_multiple"
    label = Label("矩阵多选题", "Matrix of multiple choices")
    config = MultipleConfig
    layout = "grid"
    measures = ("share", "crosstab")
    uses_options = uses_rows = True
    least_options = 2
    example = """
code = "image"
type = "matrix_multiple"
title = "以下说法适合哪些门店?"
title_en = "Which statements fit which shop?"
options = [
    { code = "clean", title = "整洁", title_en = "Clean" },
    { code = "friendly", title = "热情", title_en = "Friendly" },
]
rows = [
    { code = "east", title = "东城店", title_en = "East" },
    { code = "west", title = "西城店", title_en = "West" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The options once for each row, any of which can be ticked."""
        config = MultipleConfig(**question.config)
        limits = {"least": config.at_least, "most": config.at_most}
        return tuple(
            Part("many", row.code, row.title, question.options, look="chips", settings=limits)
            for row in question.rows
        )

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The ticked options of every row that has some; rows stand as ``name.row``."""
        prefix = f"{name}."
        found = {key.removeprefix(prefix): ticked(form, key) for key in form if key.startswith(prefix)}
        return {row: codes for row, codes in found.items() if codes} or None

    def check(self, question: Question, value: Any) -> Checked:
        """Known rows with known options; good rows are kept beside a bad one."""
        config = MultipleConfig(**question.config)
        least, most = config.at_least, config.at_most
        return check_lines(question.rows, value, lambda codes: check_many(question, codes, least, most))

    def missing(self, question: Question, value: Any) -> Label | None:
        """The rows that are still to be answered."""
        return lines_open(question.rows, value)

    def columns(self, question: Question) -> list[Column]:
        """One flag for each option of each row."""
        return [
            Column(
                f"{question.code}.{row.code}.{option.code}",
                f"{question.code}.{row.code}",
                _titled(row.title, option.title),
                "flag",
                option=option.code,
            )
            for row in question.rows
            for option in question.options
        ]


def _titled(row: Text, option: Text) -> Text:
    return Text(f"{row.text('zh')} – {option.text('zh')}", f"{row.text('en')} – {option.text('en')}")
