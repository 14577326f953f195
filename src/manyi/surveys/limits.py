"""Questions for one day or time between two limits: what date, time and moment have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.moments import unreadable, within
from manyi.surveys.parts import Part
from manyi.surveys.question_types import Checked, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class Limits(ABC):
    """The first and last allowed value in ISO form; empty is no limit."""

    #: How it is written, as an example.
    pattern: ClassVar[str]

    first: str = ""
    last: str = ""

    @staticmethod
    @abstractmethod
    def iso(value: Any) -> str:
        """ISO form of what somebody wrote; empty when it cannot be read."""

    def problem(self) -> tuple[str, Label] | None:
        """A limit that is not in ISO form, or limits that run backwards."""
        for name in ("first", "last"):
            given = getattr(self, name)
            if given and self.iso(given) != given:
                wanted = self.iso(self.pattern)
                return name, Label(f"请写成 {wanted}。", f"Write it like {wanted}.")
        if self.first and self.last and self.first > self.last:
            return "last", Label("最晚不能早于最早。", "The last must not be before the first.")
        return None


class Limited(QuestionType):
    """One value within limits, stored in ISO form; part and column are called as the type is."""

    #: The id of the type names its part and its column too.
    id: Literal["date", "time", "datetime"]
    config: ClassVar[type[Limits]]
    layout = "plain"

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One field with its limits."""
        limits = self.config(**question.config)
        return (Part(self.id, settings={"low": limits.first, "high": limits.last}),)

    def check(self, question: Question, value: Any) -> Checked:
        """A value that can be read and lies within the limits."""
        limits, iso = self.config(**question.config), self.config.iso(value)
        return within(iso, limits.first, limits.last) if iso else unreadable(value, limits.pattern)

    def columns(self, question: Question) -> list[Column]:
        """One column."""
        return [value_column(question, self.id)]
