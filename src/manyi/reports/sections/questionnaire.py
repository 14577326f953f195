"""Appendix: the questionnaire."""

from __future__ import annotations

from manyi.kernel.labels import Label
from manyi.reports.blocks import Block, Cell, Table, words
from manyi.reports.sections import SECTIONS, Context
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Question

COLUMNS = (Label("题目", "Question"), Label("题型", "Type"), Label("选项", "Answers"))


@SECTIONS.register
class QuestionnaireAppendix:
    """The questions as they were asked, section by section."""

    id = "questionnaire"
    label = Label("附录:问卷", "Appendix: the questionnaire")

    def fill(self, context: Context) -> list[Block]:
        """A table for each section of the questionnaire."""
        return [
            Table(
                Label(section.title.text("zh") or section.code, section.title.text("en") or section.code),
                COLUMNS,
                tuple(_row(question) for question in section.questions),
            )
            for section in context.questionnaire.sections
        ]


def _row(question: Question) -> tuple[Cell, ...]:
    title = words(question.title.text("zh"), question.title.text("en"))
    return (
        title,
        Cell(TYPES.get(question.type).label),
        words(_answers(question, "zh"), _answers(question, "en")),
    )


def _answers(question: Question, language: str) -> str:
    """The rows of a matrix, then the labelled options."""
    rows = [row.title.text(language) for row in question.rows]
    options = [option.title.text(language) for option in question.options]
    mark = "、" if language == "zh" else ", "
    return " / ".join(mark.join(part) for part in (rows, options) if part) or "–"
