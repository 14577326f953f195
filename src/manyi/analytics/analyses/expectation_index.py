"""The satisfaction index against expectation, and SERVQUAL gaps item by item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Floats, Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.telling import cautions, common_title, weights_if_any
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.indices import expectation_index, servqual_gap

INDEX = headings(
    ("form", "形式", "Form", "text"),
    ("value", "指数", "Index", "number"),
)
#: The highest answers on two scales alike differ by no more than this factor.
_ALIKE = 1.5
GAPS = headings(
    ("item", "项目", "Item", "text"),
    ("title", "名称", "Label", "text"),
    ("weight", "期望权重", "Expectation weight", "share"),
    ("n", "两问都答的 n", "n of pairs", "count"),
    ("expected", "期望", "Expected", "number"),
    ("perceived", "感知", "Perceived", "number"),
    ("gap", "差距", "Gap", "number"),
    ("low", "区间下限", "Low", "number"),
    ("high", "区间上限", "High", "number"),
    ("t", "t", "t", "number"),
    ("p", "p", "p", "p"),
    ("note", "说明", "Note", "text"),
)
DIMENSIONS = (
    *headings(("dimension", "维度", "Dimension", "text"), ("items", "题数", "Items", "count")),
    *GAPS[3:],
)
COLON = re.compile("[:\uff1a]")


@dataclass(frozen=True, slots=True)
class ExpectationConfig:
    """The questions on expectation and on satisfaction, pair by pair in the same order.

    ``dimensions``: items whose titles are alike before a colon are one dimension; a gap of each is told too.
    """

    expected: tuple[str, ...]
    perceived: tuple[str, ...]
    confidence: float = 0.95
    dimensions: bool = True

    def problem(self) -> tuple[str, Label] | None:
        """Lists of different length."""
        if len(self.expected) != len(self.perceived) or not self.expected:
            words = "期望与满意的问题要一一对应。", "Each expectation needs one satisfaction question."
            return "perceived", Label(*words)
        return None


@ANALYSES.register
class Expectation(Analysis):
    """How far what customers get lies from what they expect."""

    id = "expectation_index"
    label = Label("期望加权指数与差距(SERVQUAL)", "Expectation index and gaps (SERVQUAL)")
    group = "scoring"
    question = Label("实际感受与期望差多少?", "How far is what they get from what they expect?")
    method = Label(
        "期望加权指数:权重为各项平均期望之比,乘各项平均满意后求和;比值指数:平均满意 ÷ 平均期望 × 100;"
        "差距:感知减期望,配对 t 检验(有权重时为加权均值及其设计误差);"
        "维度差距为每人在该维度(标题冒号前相同)各项差距的均值。",
        "Weighted index: mean satisfaction of items weighted by mean expectation; ratio index: mean "
        "satisfaction over mean expectation × 100; gap: perceived less expected, paired t test (with weights "
        "of the weighted mean); "
        "the gap of a dimension (titles alike before a colon) is each person's mean over its items.",
    )
    caution = Label(
        "人们常把一切都说成重要:期望接近上限时,权重几乎相同。",
        "People call everything important: near the top of the scale all weights are alike.",
    )
    config = ExpectationConfig
    example = """
method = "expectation_index"

[config]
expected = ["e1", "e2"]
perceived = ["s1", "s2"]
"""
    example_data = {
        "e1": [90, 85, 95, 88, 92, 80],
        "s1": [70, 65, 80, 72, 75, 60],
        "e2": [80, 75, 85, 90, None, 70],
        "s2": [82, 70, 78, 85, 66, 71],
    }

    def run(self, table: Table, config: ExpectationConfig) -> Result:
        """Both indices, and one line for each pair."""
        pairs = list(zip(config.expected, config.perceived, strict=True))
        index = expectation_index(
            {name: table.numbers(name) for name in config.expected},
            {name: table.numbers(name) for name in config.perceived},
            table.weights(),
        )
        rows = []
        for hoped, found in pairs:
            title = common_title(table.title(hoped), table.title(found))
            line = {"item": found, "title": title, "weight": index.weights[hoped]}
            rows.append(line | _gap(table, table.numbers(hoped), table.numbers(found), found, config))
        both = (
            {"form": Label("期望加权", "Weighted by expectation"), "value": index.weighted},
            {"form": Label("满意 ÷ 期望 × 100", "Satisfaction over expectation"), "value": index.ratio},
        )
        groups = _dimensions(rows) if config.dimensions else {}
        grouped = [_dimension(table, title, places, pairs, config) for title, places in groups.items()]
        tables = (
            ResultTable("dimensions", Label("各维度的差距", "Gaps by dimension"), DIMENSIONS, tuple(grouped)),
            ResultTable("gaps", Label("各项差距", "Gaps by item"), GAPS, tuple(rows)),
            ResultTable("index", Label("指数", "Index"), INDEX, both, shape="figures"),
        )
        sentence = _sentence(index.weighted, [*grouped, *rows])
        return Result(table.rows, tables, sentence=sentence, warnings=_warnings(pairs, table))


def _warnings(pairs: Sequence[tuple[str, str]], table: Table) -> tuple[Label, ...]:
    """The ends of both scales as far as answers reach: a gap between two scales means nothing."""
    ends = [[float(np.nanmax(table.numbers(name))) for name in side] for side in zip(*pairs, strict=True)]
    least, most = sorted(map(max, ends))
    return cautions(("scales_differ",)) if most > _ALIKE * least else ()


def _gap(table: Table, hoped: Floats, found: Floats, name: str, config: ExpectationConfig) -> dict[str, Any]:
    weights = weights_if_any(table)
    try:
        gap = servqual_gap(hoped, found, weights=weights, column=name, confidence=config.confidence)
    except NotComputable as reason:
        return {"note": reason.label}
    return {heading.id: getattr(gap, heading.id) for heading in GAPS[3:-1]}


def _dimensions(rows: Sequence[Mapping[str, Any]]) -> dict[Label, list[int]]:
    """The places of the items of each dimension, where there are several of more than one item."""
    found: dict[Label, list[int]] = {}
    for place, row in enumerate(rows):
        title: Label = row["title"]
        name = Label(*(COLON.split(text)[0].strip() for text in (title.zh, title.en)))
        if name not in (title, Label("", "")):
            found.setdefault(name, []).append(place)
    return found if len(found) > 1 else {}


def _dimension(
    table: Table,
    title: Label,
    places: Sequence[int],
    pairs: Sequence[tuple[str, str]],
    config: ExpectationConfig,
) -> dict[str, Any]:
    """Each person's means over the items of which both scales are answered."""
    hoped = np.column_stack([table.numbers(pairs[place][0]) for place in places])
    found = np.column_stack([table.numbers(pairs[place][1]) for place in places])
    both = ~np.isnan(hoped) & ~np.isnan(found)
    given = both.sum(axis=1)
    hoped_mean, found_mean = (
        np.divide(
            np.where(both, each, 0).sum(axis=1), given, out=np.full(len(given), np.nan), where=given > 0
        )
        for each in (hoped, found)
    )
    return {"dimension": title, "items": len(places), **_gap(table, hoped_mean, found_mean, title.zh, config)}


def _sentence(index: float, rows: Sequence[Mapping[str, Any]]) -> Label:
    """The index, and the widest gap below expectation whose interval leaves no doubt."""
    head = Label(f"期望加权满意指数为 {index:.1f}", f"The expectation-weighted index is {index:.1f}")
    clear = [row for row in rows if row.get("high") is not None and row["high"] < 0]
    if not clear:
        return Label(f"{head.zh};没有一项明显低于期望。", f"{head.en}; nothing is clearly below expectation.")
    worst = min(clear, key=lambda row: row["gap"])
    name: Label = worst.get("dimension") or worst["title"]
    return Label(
        f"{head.zh};离期望最远的是“{name.zh}”({worst['gap']:+.2f})。",
        f"{head.en}; furthest below expectation is “{name.en}” ({worst['gap']:+.2f}).",
    )
