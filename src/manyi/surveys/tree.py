"""A questionnaire as a tree: sections hold questions, questions hold options and rows; every node has a code.

The same tree is stored with a version, written to a readable file and read back. Text stands in Chinese
with its English beside it, ``title = "…"``, ``title_en = "…"``; any other language follows the same way,
``title_fr = "…"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

ROLES = ("", "overall", "nps", "reason")
#: In which order choices, rows or questions are shown; the seed of the response decides the latter two.
ORDERS = ("", "random", "rotated")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the questionnaire in Chinese and English, and in ``more`` languages by code.

    Where the asked language is missing, another one stands in.
    """

    zh: str = ""
    en: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def text(self, language: str) -> str:
        """The wording for a language code such as ``zh-hans``, ``en-gb`` or ``de``."""
        asked = language.lower()
        exact = next((words for code, words in self.more if words and code.lower() == asked), "")
        first, other = (self.zh, self.en) if asked.startswith("zh") else (self.en, self.zh)
        return exact or first or other or next((words for _, words in self.more if words), "")

    def __getitem__(self, language: str) -> str:
        return self.text(language)

    def __str__(self) -> str:
        return self.text("zh")

    def __bool__(self) -> bool:
        return bool(self.languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages in which something is written."""
        own = (("zh", self.zh), ("en", self.en), *self.more)
        return tuple(code for code, words in own if words)

    def within(self, language: str) -> str:
        """The wording in exactly this language; empty where there is none."""
        return {"zh": self.zh, "en": self.en, **dict(self.more)}.get(language, "")

    def saying(self, language: str, words: str) -> Text:
        """The text with other words in one language."""
        if language == "zh":
            return replace(self, zh=words)
        if language == "en":
            return replace(self, en=words)
        others = {**dict(self.more), language: words}
        return replace(self, more=tuple(sorted((code, said) for code, said in others.items() if said)))


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question.

    ``exclusive`` excludes every other (“none of these”); ``free`` asks for words beside it (“other: …”),
    which are the answer ``question-Comment``; ``image`` is the key of a stored picture.
    """

    code: str
    title: Text
    exclusive: bool = False
    free: bool = False
    visible_if: str = ""
    image: str = ""


#: The answer “does not apply to me”: a code without points, so it counts as not answered when scored.
NOT_APPLICABLE = Option("na", Text("不适用", "Not applicable"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix; its answer is addressed ``matrix.row``, a cell of it ``matrix.row.column``."""

    code: str
    title: Text
    visible_if: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold for an answer once it is given, and what to tell when it does not."""

    expression: str
    message: Text = Text()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``type`` names a plug-in of ``question_types``, ``config`` configures it.

    ``role`` says what the answer is for the regulation: overall satisfaction, recommendation, open reason.
    ``columns`` are the questions that are asked for every row of a table, or once each in a group of fields.
    ``order`` (one of ORDERS) arranges options, or rows where there are any; ``comment`` invites words beside
    the answer, which are the answer ``question-Comment``; ``default`` stands in the form until it is changed.
    """

    code: str
    type: str
    title: Text
    help: Text = Text()
    required: bool = False
    required_if: str = ""
    visible_if: str = ""
    role: str = ""
    order: str = ""
    comment: bool = False
    default: Any = None
    config: dict[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[Question, ...] = ()
    checks: tuple[Check, ...] = ()

    def option(self, code: str) -> Option | None:
        """The option with this code."""
        return next((option for option in self.options if option.code == code), None)

    @property
    def takes_comment(self) -> bool:
        """Whether words may stand beside the answer."""
        return self.comment or any(option.free for option in self.options)

    @property
    def expressions(self) -> tuple[str, ...]:
        """The expressions that decide what of this question is shown: its own, its options', its rows'."""
        return tuple(expression for expression in (self.visible_if, *self._of_parts()) if expression)

    @property
    def has_conditional_parts(self) -> bool:
        """Whether some of its options, rows or columns are offered under a condition only."""
        return any(self._of_parts())

    def _of_parts(self) -> Iterator[str]:
        yield from (option.visible_if for option in self.options)
        yield from (row.visible_if for row in self.rows)
        yield from (column.visible_if for column in self.columns)


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the questionnaire; ``help`` stands below its title, ``order`` arranges its questions."""

    code: str
    title: Text = Text()
    help: Text = Text()
    visible_if: str = ""
    order: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """How many answers of one kind are wanted; a round takes it over and counts. See ``surveys.models``."""

    code: str
    title: Text
    condition: str
    limit: int


@dataclass(frozen=True)
class Questionnaire:
    """The whole tree of one version."""

    code: str
    title: Text
    intro: Text = Text()
    thanks: Text = Text()
    sections: tuple[Section, ...] = ()
    quotas: tuple[Quota, ...] = ()
    contradictions: tuple[Check, ...] = ()  # what answers should not say together

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
                for column in question.columns:
                    words = f"{row.title.text(language)} – {column.title.text(language)}"
                    yield f"{code}.{row.code}.{column.code}", words
            for column in () if question.rows else question.columns:
                yield f"{code}.{column.code}", column.title.text(language)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages in which it is offered, Chinese and English first.

        The title decides; without one, every language in which something is written counts.
        """
        found = self.title.languages or {code for text in self.texts() for code in text.languages}
        return tuple(sorted(found, key=lambda code: (code != "zh", code != "en", code)))

    def texts(self) -> Iterator[Text]:
        """Every text of the tree."""
        yield from (self.title, self.intro, self.thanks)
        yield from (quota.title for quota in self.quotas)
        for section in self.sections:
            yield from (section.title, section.help)
            for question in section.questions:
                yield from _texts_of(question)


def _texts_of(question: Question) -> Iterator[Text]:
    yield from (question.title, question.help)
    yield from (option.title for option in question.options)
    yield from (row.title for row in question.rows)
    yield from (check.message for check in question.checks)
    for column in question.columns:
        yield from _texts_of(column)
