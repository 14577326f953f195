"""What to mind about a figure: the warnings of measures in words."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label

_WARNINGS = {
    "expected_below_5": Label(
        "有单元格期望频数小于 5,卡方检验仅供参考。",
        "Some expected counts are below 5; take the chi-squared test as a hint only.",
    ),
    "small_n": Label("样本少于 30,区间仅供参考。", "Fewer than 30 answers: the interval is a hint."),
}


class _Facts(dict[str, Any]):
    """Facts for a text; one that is not known leaves a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def warning_of(code: str, **facts: Any) -> Label:
    """What to mind about a figure, in both languages; an unknown code is told as it is."""
    if code not in _WARNINGS:
        told = " ".join([code, *(f"{name}={value}" for name, value in facts.items())])
        return Label(told, told)
    words, given = _WARNINGS[code], _Facts(facts)
    return Label(words.zh.format_map(given), words.en.format_map(given))
