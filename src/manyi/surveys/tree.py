"""A questionnaire as a tree: sections hold questions, questions hold options and rows; every node has a code.

The same tree is stored with a version, written to a readable file and read back. Text stands in Chinese
with its English beside it: ``title = "…"``, ``title_en = "…"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ROLES = ("", "overall", "nps", "reason")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the questionnaire in both languages; either may stand for the other while one is missing."""

    zh: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        """The wording for a language code such as ``zh-hans`` or ``en-gb``."""
        first, other = (self.en, self.zh) if language.lower().startswith("en") else (self.zh, self.en)
        return first or other

    def __getitem__(self, language: str) -> str:
        return self.text(language)

    def __str__(self) -> str:
        return self.zh or self.en

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question; ``exclusive`` means that it excludes every other (“none of these”)."""

    code: str
    title: Text
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix; its answer is addressed ``matrix.row``."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``type`` names a plug-in of ``question_types``, ``config`` configures it.

    ``role`` says what the answer is for the regulation: overall satisfaction, recommendation, open reason.
    """

    code: str
    type: str
    title: Text
    help: Text = Text()
    required: bool = False
    visible_if: str = ""
    role: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()

    def option(self, code: str) -> Option | None:
        """The option with this code."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the questionnaire."""

    code: str
    title: Text = Text()
    visible_if: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    """The whole tree of one version."""

    code: str
    title: Text
    intro: Text = Text()
    thanks: Text = Text()
    sections: tuple[Section, ...] = ()

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by code, in the order in which they are asked."""
        return {question.code: question for section in self.sections for question in section.questions}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section in which each question stands, by question code."""
        return {question.code: section for section in self.sections for question in section.questions}

    def section(self, code: str) -> Section | None:
        """The section with this code."""
        return next((section for section in self.sections if section.code == code), None)

    def with_role(self, role: str) -> Question | None:
        """The first question with this role."""
        return next((q for q in self.questions.values() if q.role == role), None)

    def titles(self, language: str) -> dict[str, str]:
        """Title by code and, for rows of a matrix, by ``matrix.row``: what expressions are printed with."""
        return dict(self._titles(language))

    def _titles(self, language: str) -> Iterator[tuple[str, str]]:
        for code, question in self.questions.items():
            yield code, question.title.text(language)
            for row in question.rows:
                yield f"{code}.{row.code}", row.title.text(language)
