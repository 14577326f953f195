"""Ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.choices import limits_problem, option_of
from manyi.surveys.columns import Column
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, below, unknown_option
from manyi.surveys.tree import Question
from manyi.surveys.typed_text import as_code, said


@dataclass(frozen=True, slots=True)
class RankingConfig:
    """How many options must and may be put in order; ``at_least`` None is all, ``at_most`` None no limit."""

    at_least: int | None = None
    at_most: int | None = None

    def problem(self) -> tuple[str, Label] | None:
        """A lower limit above the upper one."""
        return limits_problem(self.at_least or 0, self.at_most)


@TYPES.register
class Ranking(QuestionType):
    """Options in the order of preference; stored as the list of their codes, the first one best.

    A form sends the place of each option as ``name.option``: 1 is best.
    """

    id = "ranking"
    label = Label("排序题", "Ranking")
    config = RankingConfig
    layout = "plain"
    measures = ("mean", "distribution")
    uses_options = True
    least_options = 2
    example = """
code = "priorities"
type = "ranking"
title = "请按重要程度排序"
title_en = "Please rank by importance"
options = [
    { code = "price", title = "价格", title_en = "Price" },
    { code = "quality", title = "质量", title_en = "Quality" },
    { code = "service", title = "服务", title_en = "Service" },
]
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The options, each with a place."""
        config = RankingConfig(**question.config)
        most = min(config.at_most or len(question.options), len(question.options))
        return (Part("rank", options=question.options, settings={"most": most}),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The place of each option that was given one."""
        return below(form, name) or None

    def check(self, question: Question, value: Any) -> Checked:
        """A list of known options, none twice; or their places, none twice and none left out between."""
        if isinstance(value, Mapping):
            places = _places(question, value)
            if isinstance(places, Label):
                return Checked(None, places)
            value = places
        given = list(value) if isinstance(value, list | tuple) else [value]
        found = [option_of(question, each) for each in given]
        ranked = [option.code for option in found if option is not None]
        if None in found:
            return Checked(None, unknown_option(given[found.index(None)]))
        if len(set(ranked)) < len(ranked):
            return Checked(None, Label("每个选项只能排一个名次。", "An option can only have one place."))
        limits = self._limits(question, len(ranked))
        return Checked(None, limits) if limits else Checked(ranked)

    def _limits(self, question: Question, count: int) -> Label | None:
        config = RankingConfig(**question.config)
        most = min(config.at_most or len(question.options), len(question.options))
        least = min(most if config.at_least is None else config.at_least, most)
        if count < least:
            return Label(f"请至少排出 {least} 项。", f"Please rank at least {least}.")
        if count > most:
            return Label(f"最多排 {most} 项。", f"Please rank at most {most}.")
        return None

    def columns(self, question: Question) -> list[Column]:
        """The place of each option, from 1; nothing where it was left out."""
        code = question.code
        return [Column(f"{code}.{o.code}", code, o.title, "number", option=o.code) for o in question.options]


def _places(question: Question, given: Mapping[Any, Any]) -> list[str] | Label:
    """The codes in the order of their places, or what is wrong with the places."""
    by_place: dict[int, str] = {}
    for code, place in given.items():
        if question.option(str(code)) is None:
            return unknown_option(code)
        number = as_code(place)
        if not (number.isascii() and number.isdigit()) or not 1 <= int(number[:4]) <= len(question.options):
            most = len(question.options)
            return Label(
                f"名次“{said(place)}”应是 1 到 {most} 的整数。",
                f"The place “{said(place)}” must be a whole number from 1 to {most}.",
            )
        if int(number[:4]) in by_place:
            return Label(f"名次 {number} 用了两次。", f"The place {number} is given twice.")
        by_place[int(number[:4])] = str(code)
    if sorted(by_place) != list(range(1, len(by_place) + 1)):
        return Label("名次要从 1 开始连续填写。", "Please number the places from 1 without a gap.")
    return [by_place[place] for place in sorted(by_place)]
