"""Question types, one plug-in file each: how an answer is read, judged, shown and analysed, said once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry
from manyi.measures.answers import COMMENT
from manyi.surveys.columns import Column
from manyi.surveys.tree import Question, Questionnaire, Text

#: A submitted form: every field with all its values, as HTML sends it without script.
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was accepted of an answer (None: nothing), and what was wrong with the rest."""

    value: Any
    problem: Label | None = None


class QuestionType(ABC):
    """One type of question; a plug-in fills in the class attributes and says how an answer is judged."""

    id: str
    label: Label
    config: ClassVar[type[Any]]
    widget: ClassVar[str]
    measures: ClassVar[tuple[str, ...]]
    example: ClassVar[str]
    uses_options: ClassVar[bool] = False
    uses_rows: ClassVar[bool] = False
    uses_columns: ClassVar[bool] = False

    def computes(self, question: Question) -> str:
        """The expression whose value is the answer; empty where people answer."""
        return ""

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
        """The analytic columns of a question of this type."""


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


@dataclass(frozen=True, slots=True)
class NoConfig:
    """Nothing to configure."""


def config_problems(kind: type[Any], given: Mapping[str, Any]) -> list[tuple[str, Label]]:
    """What is wrong with a configuration: unknown names, values of another type, impossible combinations."""
    known = {item.name: item for item in fields(kind)}
    problems = [
        (name, Label(f"没有“{name}”这个配置项。", f"There is no setting “{name}”."))
        for name in given.keys() - known.keys()
    ]
    problems += [
        (name, Label("配置值的类型不对。", "The setting has a value of the wrong type."))
        for name in given.keys() & known.keys()
        if not _fits(str(known[name].type), given[name])
    ]
    if not problems:
        check = getattr(kind(**given), "problem", None)
        wrong = check() if check else None
        problems += [wrong] if wrong else []
    return problems


def _fits(annotation: str, value: Any) -> bool:
    """Whether a value fits one of the few types that configurations use."""
    kinds: dict[str, type | tuple[type, ...]] = {"int": int, "bool": bool, "str": str, "float": (int, float)}
    for name in (part.strip() for part in annotation.split("|")):
        if name == "None" and value is None:
            return True
        if name in kinds and isinstance(value, kinds[name]) and isinstance(value, bool) == (name == "bool"):
            return True
    return False


def one(form: Form, name: str) -> str | None:
    """The single value of a form field; None when it is missing or empty."""
    values = [value.strip() for value in form.get(name, ()) if value.strip()]
    return values[-1] if values else None


def unknown_option(value: Any) -> Label:
    """What to tell about an answer that is none of the choices."""
    return Label(
        f"没有“{value}”这个选项,请重新选择。", f"“{value}” is not one of the choices; please choose again."
    )
