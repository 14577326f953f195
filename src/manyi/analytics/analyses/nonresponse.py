"""Weights for those who did not answer, by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import categories
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import percent, plain
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.weighting import kish_effect, response_factors

HEADINGS = headings(
    ("group", "类", "Class", "text"),
    ("invited", "受邀", "Invited", "count"),
    ("answered", "回答", "Answered", "count"),
    ("rate", "加权应答率", "Weighted response rate", "share"),
    ("factor", "无回答系数", "Factor", "number"),
)


@dataclass(frozen=True, slots=True)
class NonresponseConfig:
    """The classes, and the column that is 1 for those who answered and 0 for the others."""

    by: str
    answered: str


@ANALYSES.register
class Nonresponse(Analysis):
    """Who did not answer, and what it does to the weights."""

    id = "nonresponse"
    label = Label("无回答加权", "Weights for non-response")
    group = "samples"
    question = Label("谁没有回答,权重要怎样补偿?", "Who did not answer, and how do weights make up for it?")
    method = Label(
        "每类系数 = 受邀者权重之和 ÷ 回答者权重之和;有效样本量按 Kish(1965)。",
        "Factor of a class: sum of weights of the invited over that of those who answered; effective n by "
        "Kish (1965).",
    )
    caution = Label(
        "只有同一类里答与不答的人意见相近时才有效;无人回答的类要并入相近的类。",
        "It helps only where those who answer and those who do not think alike within a class; merge a class "
        "in which nobody answered.",
    )
    config = NonresponseConfig
    example = """
method = "nonresponse"

[config]
by = "shop"
answered = "answered"
"""
    example_data = {
        "shop": ["A"] * 6 + ["B"] * 6,
        "answered": [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0],
    }

    def run(self, table: Table, config: NonresponseConfig) -> Result:
        """One line for each class."""
        found, weights = categories(table, config.by), table.weights()
        given = table.numbers(config.answered)
        wild = np.flatnonzero(np.isnan(given) | ((given != 0) & (given != 1)))
        if len(wild):
            row = int(wild[0])
            raise NotComputable("out_of_range", column=config.answered, row=row, value=f"{given[row]:g}")
        inside = found.codes >= 0
        asked = list(zip(found.codes[inside].tolist(), weights[inside].tolist(), strict=True))
        told = [each for each, answer in zip(asked, given[inside], strict=True) if answer]
        if not told:
            raise NotComputable("all_missing", column=config.answered)
        factors = response_factors(asked, told)
        rows = [_line(label, code, asked, told, factors) for code, label in enumerate(found.labels)]
        final = [weight * factors[code] for code, weight in told if code in factors]
        effective = len(final) / kish_effect(final)
        notes = (Label(f"有效样本量 {effective:.1f}。", f"Effective n {effective:.1f}."),)
        shown = ResultTable("classes", self.label, HEADINGS, tuple(rows), notes)
        return Result(table.rows, (shown,), sentence=_sentence(rows, effective), warnings=_silent(rows))


def _sentence(rows: Sequence[Mapping[str, Any]], effective: float) -> Label:
    """The return, where it is lowest, and what the weights leave of the sample."""
    asked, answered = (sum(row[end] for row in rows) for end in ("invited", "answered"))
    least = min(rows, key=lambda row: float(row["rate"]))
    whole, low, name = percent(answered / asked), percent(least["rate"]), least["group"]
    return Label(
        f"{asked:,} 人中 {answered:,} 人回答({whole});回答率最低的是“{name}”({low});"
        f"加权后有效样本量 {plain(effective)}。",
        f"{answered:,} of {asked:,} answered ({whole}), fewest in “{name}” ({low}); with these weights the "
        f"effective n is {plain(effective)}.",
    )


def _line(
    label: str,
    code: int,
    asked: list[tuple[int, float]],
    told: list[tuple[int, float]],
    factors: dict[int, float],
) -> dict[str, Any]:
    counts = {
        "invited": sum(each == code for each, _ in asked),
        "answered": sum(each == code for each, _ in told),
    }
    factor = factors.get(code)
    return {"group": label, **counts, "factor": factor, "rate": 1 / factor if factor else 0.0}


def _silent(rows: list[dict[str, Any]]) -> tuple[Label, ...]:
    """Classes in which nobody answered."""
    names = "、".join(row["group"] for row in rows if row["factor"] is None)
    if not names:
        return ()
    return (Label(f"无人回答的类:{names},请合并。", f"Nobody answered in: {names}; merge these classes."),)
