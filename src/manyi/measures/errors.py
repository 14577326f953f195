"""Why a figure cannot be computed, or is to be read with care: a code, its facts, and both in words."""

from __future__ import annotations

from manyi.kernel.labels import Label


class MeasureError(ValueError):
    """A figure that cannot be computed: ``code`` names why, ``facts`` what a person needs to repair it."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(self.label.en)

    @property
    def label(self) -> Label:
        """The reason and what to do, in both languages."""
        return Label(*(text.format_map(self.facts) for text in REASONS[self.code]))


#: Code → what is wrong and what to do (Chinese, English); the braces are filled from the facts.
REASONS: dict[str, tuple[str, str]] = {
    "no_values": (
        "“{variable}”没有可用的数值,请检查该列或筛选条件。",
        "“{variable}” has no usable value; check the column or the filter.",
    ),
    "not_numeric": (
        "“{variable}”含有不是数字的内容({example}),请先改为数字。",
        "“{variable}” holds what is not a number ({example}); turn it into numbers first.",
    ),
    "different_lengths": (
        "“{variable}”有 {found} 行,应为 {expected} 行。",
        "“{variable}” has {found} rows instead of {expected}.",
    ),
    "too_few": (
        "“{variable}”只有 {found} 个可用回答,至少需要 {needed} 个。",
        "“{variable}” has {found} usable answers; at least {needed} are needed.",
    ),
    "constant": (
        "“{variable}”的值全部相同,无法计算。",
        "All values of “{variable}” are the same; nothing can be computed from it.",
    ),
    "too_many_categories": (
        "“{variable}”有 {found} 个类别,最多 {most} 个;请先合并类别。",
        "“{variable}” has {found} categories; at most {most} are allowed. Merge some first.",
    ),
    "impossible_option": (
        "“{option}”不能是 {found};可以是:{allowed}。",
        "“{option}” cannot be {found}; allowed: {allowed}.",
    ),
}
