"""Choices: how one or several of a question's options are found in an answer."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column
from manyi.surveys.question_types import Checked, Form, unknown_option
from manyi.surveys.tree import Option, Question
from manyi.surveys.typed_text import as_code, as_text


def option_of(question: Question, value: Any) -> Option | None:
    """The option that a value names, full-width digits and 5.0 understood."""
    return question.option(as_text(value)) or question.option(as_code(value))


def check_one(question: Question, value: Any) -> Checked:
    """One option of the question, by its code."""
    option = option_of(question, value)
    return Checked(option.code) if option else Checked(None, unknown_option(value))


def check_many(question: Question, value: Any, least: int = 0, most: int | None = None) -> Checked:
    """Options of the question in their order, an exclusive one only alone; unknown ones are named."""
    given = list(value) if isinstance(value, list | tuple) else [value]
    found = {option.code for each in given if (option := option_of(question, each))}
    chosen = [option for option in question.options if option.code in found]
    kept = [option.code for option in chosen] or None
    strange = [each for each in given if option_of(question, each) is None]
    if strange:
        return Checked(kept, unknown_option(strange[0]))
    alone = next((option for option in chosen if option.exclusive), None)
    if alone is None:
        limits = count_problem(len(chosen), least, most)
        return Checked(None, limits) if limits else Checked(kept)
    if len(chosen) == 1:
        return Checked(kept)
    return Checked(
        None,
        Label(
            f"“{alone.title.text('zh')}”不能与其他选项同时选择。",
            f"“{alone.title.text('en')}” cannot be chosen together with others.",
        ),
    )


def count_problem(count: int, least: int, most: int | None) -> Label | None:
    """What is wrong with the number of chosen things; None when it is within the limits."""
    if count < least:
        return Label(f"请至少选择 {least} 项。", f"Please choose at least {least}.")
    if most is not None and count > most:
        return Label(f"最多选择 {most} 项。", f"Please choose at most {most}.")
    return None


def ticked(form: Form, name: str) -> list[str] | None:
    """All ticked codes of a field; None when there are none."""
    return [value.strip() for value in form.get(name, ()) if value.strip()] or None


def flag_columns(question: Question) -> list[Column]:
    """One flag for each option of a multiple choice."""
    code = question.code
    return [Column(f"{code}.{o.code}", code, o.title, "flag", option=o.code) for o in question.options]


def limits_problem(least: int, most: int | None) -> tuple[str, Label] | None:
    """A lower limit above the upper one."""
    if least < 0 or (most is not None and most < max(least, 1)):
        return "at_most", Label("最多选择数不能小于最少选择数。", "The most must not be below the least.")
    return None
