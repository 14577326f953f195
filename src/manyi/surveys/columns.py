"""What one answer becomes in a table of answers: a column of codes, numbers, text or dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from manyi.measures.answers import answer_at, is_empty
from manyi.surveys.tree import Question, Text

#: ``text`` is for reading (reasons, suggestions); ``string`` is a value as it stands: a telephone number, a
#: name, a file. Figures are made of codes, numbers and flags only.
Kind = Literal["code", "number", "flag", "text", "string", "date", "time", "datetime"]


@dataclass(frozen=True, slots=True)
class Column:
    """One analytic column: where its value stands in the answers, and the code book of its values.

    ``flag`` columns say whether ``option`` was chosen in a multiple choice; ``number`` columns with an
    ``option`` the place that it was given in a ranking, from 1.
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
        if self.kind == "flag":
            return self.option in value
        if self.option:
            return value.index(self.option) + 1 if self.option in value else None
        return value


def code_column(question: Question, codes: tuple[tuple[str, Text], ...]) -> Column:
    """The column of a question with one coded answer."""
    return Column(question.code, question.code, question.title, "code", codes)


def value_column(question: Question, kind: Kind) -> Column:
    """The column of a question with one answer that stands for itself."""
    return Column(question.code, question.code, question.title, kind)


def codes_of(question: Question) -> tuple[tuple[str, Text], ...]:
    """The code book of a question's options."""
    return tuple((option.code, option.title) for option in question.options)
