"""Question types, one plug-in file each: how an answer is asked for, read, judged and analysed, said once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry
from manyi.measures.answers import COMMENT
from manyi.surveys.columns import Column
from manyi.surveys.parts import FileLimits, Part
from manyi.surveys.tree import Question, Questionnaire, Text
from manyi.surveys.typed_text import said
from manyi.surveys.wording import worded

#: A submitted form: every field with all its values, as HTML sends it without script.
Form = Mapping[str, Sequence[str]]
#: A place in a question (``rows``, ``options.a``) and what is wrong there.
Fault = tuple[str, Label]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was accepted of an answer (None: nothing), and what was wrong with the rest."""

    value: Any
    problem: Label | None = None


class QuestionType(ABC):
    """One type of question; a plug-in fills in the class attributes and says how an answer is judged.

    ``layout`` names the template that arranges its parts: ``widgets/<layout>.html`` on the web, with and
    without script, ``paper/<layout>.html`` in print and ``phone/<layout>.html`` for an interviewer; where
    there is none of that name, ``plain.html`` puts one part below the other. ``asks`` is False where nobody
    is asked (information, calculated, hidden); ``fits_cells`` where
    the type may stand in a cell of a table.
    """

    id: str
    label: Label
    config: ClassVar[type[Any]]
    layout: ClassVar[str]
    measures: ClassVar[tuple[str, ...]]
    example: ClassVar[str]
    uses_options: ClassVar[bool] = False
    uses_rows: ClassVar[bool] = False
    uses_columns: ClassVar[bool] = False
    least_options: ClassVar[int] = 0
    asks: ClassVar[bool] = True
    fits_cells: ClassVar[bool] = False

    def computes(self, question: Question) -> str:
        """The expression whose value is the answer; empty where people answer."""
        return ""

    def silent(self, question: Question) -> bool:
        """Whether respondents see nothing of the question, so that it makes no page by itself."""
        return False

    @abstractmethod
    def parts(self, question: Question) -> tuple[Part, ...]:
        """What of the question is filled in, in order; the same for every form."""

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The answer in a form under the field ``name``, as it was typed; None when there is none."""
        return one(form, name)

    @abstractmethod
    def check(self, question: Question, value: Any) -> Checked:
        """The judged answer in its stored form. Never drops: what is not accepted is a problem in words."""

    def missing(self, question: Question, value: Any) -> Label | None:
        """What a required question still lacks although something was accepted; None when it is whole."""
        return None

    @abstractmethod
    def columns(self, question: Question) -> list[Column]:
        """The analytic columns of a question of this type; its coded ones are what a scheme can score."""

    def takes_files(self, question: Question) -> FileLimits | None:
        """Which files can be the answer; None where none can."""
        return None

    def shown(self, question: Question, value: Any, language: str) -> str:
        """A stored answer in words: as it is piped into other questions and read by staff."""
        return worded(question, value, language)

    def faults(self, question: Question) -> Iterator[Fault]:
        """What stands against publishing a question of this type besides what holds for every type."""
        return iter(())


TYPES: Registry[QuestionType] = Registry("question_type", "manyi.surveys.question_types")


def columns_of(questionnaire: Questionnaire) -> list[Column]:
    """All analytic columns of a questionnaire, in the order in which it asks."""
    return [column for question in questionnaire.questions.values() for column in all_columns(question)]


def all_columns(question: Question) -> list[Column]:
    """The analytic columns of one question, with the words beside the answer last."""
    columns = TYPES.get(question.type).columns(question)
    if question.takes_comment:
        title = Text(f"{question.title.zh}(说明)", f"{question.title.en} (comment)")
        columns.append(Column(f"{question.code}_comment", question.code + COMMENT, title, "text"))
    return columns


def one(form: Form, name: str) -> str | None:
    """The single value of a form field; None when it is missing or empty."""
    values = [value.strip() for value in form.get(name, ()) if value.strip()]
    return values[-1] if values else None


def below(form: Form, name: str) -> dict[str, str]:
    """The single values of all fields ``name.…`` by what follows the point, empty ones left out."""
    prefix = f"{name}."
    found = {key.removeprefix(prefix): one(form, key) for key in form if key.startswith(prefix)}
    return {place: value for place, value in found.items() if value is not None}


def unknown_option(value: Any) -> Label:
    """What to tell about an answer that is none of the choices."""
    return Label(
        f"没有“{said(value)}”这个选项,请重新选择。",
        f"“{said(value)}” is not one of the choices; please choose again.",
    )


def unknown_row(code: Any) -> Label:
    """What to tell about an answer to a line that the question does not have."""
    return Label(f"没有“{said(code)}”这一项。", f"There is no item “{said(code)}”.")


#: What to tell about an answer that is no table by row or field.
BY_ROW = Label("请逐项作答。", "Please answer item by item.")


def in_row(title: Text, problem: Label) -> Label:
    """A problem with the line that it is about."""
    return Label(f"{title.text('zh')}:{problem.zh}", f"{title.text('en')}: {problem.en}")


def rows_open(titles: Sequence[Text]) -> Label | None:
    """What is still to be answered, named; None when nothing is."""
    zh, en = "、".join(t.text("zh") for t in titles), ", ".join(t.text("en") for t in titles)
    return Label(f"还有未回答的项目:{zh}。", f"Still to be answered: {en}.") if titles else None
