"""Matrix of ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, one
from manyi.surveys.question_types.rating import RatingConfig, check_step, steps
from manyi.surveys.tree import Question


@TYPES.register
class RatingMatrix(QuestionType):
    """Several items rated on one scale; stored as a table from row code to whole number."""

    id = "matrix"
    label = Label("矩阵评分题", "Matrix of ratings")
    config = RatingConfig
    widget = "public/widgets/matrix.html"
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

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The chosen step of every row that has one; rows stand as ``name.row``."""
        prefix = f"{name}."
        found = {key.removeprefix(prefix): one(form, key) for key in form if key.startswith(prefix)}
        return {row: value for row, value in found.items() if value is not None} or None

    def check(self, question: Question, value: Any) -> Checked:
        """Known rows with steps of the scale; good rows are kept beside a bad one."""
        if not isinstance(value, Mapping):
            return Checked(None, Label("请按行作答。", "Please answer row by row."))
        titles = {row.code: row.title for row in question.rows}
        scale = RatingConfig(**question.config)
        kept: dict[str, Any] = {}
        problem: Label | None = None
        for row, step in value.items():
            checked = check_step(scale, step)
            if row not in titles:
                problem = problem or Label(f"没有“{row}”这一行。", f"There is no row “{row}”.")
            elif checked.problem is None:
                kept[row] = checked.value
            else:
                zh, en = titles[row].text("zh"), titles[row].text("en")
                problem = problem or Label(f"{zh}:{checked.problem.zh}", f"{en}: {checked.problem.en}")
        return Checked(kept or None, problem)

    def missing(self, question: Question, value: Any) -> Label | None:
        """The rows that are still to be rated, named; None when all are."""
        given = value if isinstance(value, Mapping) else {}
        open_rows = [row for row in question.rows if row.code not in given]
        if not open_rows:
            return None
        zh = "、".join(row.title.text("zh") for row in open_rows)
        en = ", ".join(row.title.text("en") for row in open_rows)
        return Label(f"还有未评分的项目:{zh}。", f"Still to be rated: {en}.")

    def columns(self, question: Question) -> list[Column]:
        """One coded column for each row."""
        codes = tuple(
            (option.code, option.title) for option in steps(question, RatingConfig(**question.config))
        )
        paths = ((f"{question.code}.{row.code}", row.title) for row in question.rows)
        return [Column(path, path, title, "code", codes) for path, title in paths]
