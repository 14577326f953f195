"""Multiple choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import code_of
from manyi.surveys.columns import Column
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, unknown_option
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class MultipleConfig:
    """How many options must and may be chosen; None for ``at_most`` is no limit."""

    at_least: int = 0
    at_most: int | None = None

    def problem(self) -> tuple[str, Label] | None:
        """A lower limit above the upper one."""
        if self.at_least < 0 or (self.at_most is not None and self.at_most < max(self.at_least, 1)):
            return "at_most", Label("最多选择数不能小于最少选择数。", "The most must not be below the least.")
        return None


@TYPES.register
class MultipleChoice(QuestionType):
    """Any of several options, some excluding the others; stored as a list of codes in option order."""

    id = "multiple"
    label = Label("多选题", "Multiple choice")
    config = MultipleConfig
    widget = "public/widgets/multiple.html"
    measures = ("share", "crosstab")
    uses_options = True
    example = """
code = "heard"
type = "multiple"
title = "您从哪些渠道了解我们?"
title_en = "Where did you hear of us?"
options = [
    { code = "friend", title = "朋友介绍", title_en = "A friend" },
    { code = "web", title = "网络", title_en = "The web" },
    { code = "none", title = "都不是", title_en = "None of these", exclusive = true },
]
[config]
at_most = 2
"""

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """All ticked codes."""
        return [value.strip() for value in form.get(name, ()) if value.strip()] or None

    def check(self, question: Question, value: Any) -> Checked:
        """Known options, an exclusive one only alone, within the limits; unknown ones are named."""
        given = [code_of(item) for item in (value if isinstance(value, list | tuple) else [value])]
        chosen = [option for option in question.options if option.code in given]
        kept = [option.code for option in chosen] or None
        strange = [code for code in given if question.option(code) is None]
        if strange:
            return Checked(kept, unknown_option("、".join(strange)))
        alone = next((option for option in chosen if option.exclusive), None)
        if alone is not None and len(chosen) > 1:
            return Checked(
                None,
                Label(
                    f"“{alone.title.text('zh')}”不能与其他选项同时选择。",
                    f"“{alone.title.text('en')}” cannot be chosen together with others.",
                ),
            )
        limits = None if alone is not None else _limits(MultipleConfig(**question.config), len(chosen))
        return Checked(None, limits) if limits else Checked(kept)

    def columns(self, question: Question) -> list[Column]:
        """One flag for each option."""
        return [
            Column(f"{question.code}.{o.code}", question.code, o.title, "flag", option=o.code)
            for o in question.options
        ]


def _limits(config: MultipleConfig, count: int) -> Label | None:
    if count < config.at_least:
        return Label(f"请至少选择 {config.at_least} 项。", f"Please choose at least {config.at_least}.")
    if config.at_most is not None and count > config.at_most:
        return Label(f"最多选择 {config.at_most} 项。", f"Please choose at most {config.at_most}.")
    return None
