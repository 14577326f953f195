"""What one answer becomes in a table of answers: a column of codes, numbers, text or dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from manyi.measures.answers import answer_at, is_empty
from manyi.surveys.tree import Question, Text

Kind = Literal["code", "number", "flag", "text", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One analytic column: where its value stands in the answers, and the code book of its values.

    ``flag`` columns say whether ``option`` was chosen in a multiple choice.
    """

    name: str
    path: str
    title: Text
    kind: Kind
    codes: tuple[tuple[str, Text], ...] = ()
    option: str = ""

    def read(self, answers: Mapping[str, Any]) -> Any:
        """The value of this column in one set of answers; None when not answered."""
        value = answer_at(answers, self.path)
        if is_empty(value):
            return None
        return self.option in value if self.kind == "flag" else value


def code_column(question: Question, codes: tuple[tuple[str, Text], ...]) -> Column:
    """The column of a question with one coded answer."""
    return Column(question.code, question.code, question.title, "code", codes)
