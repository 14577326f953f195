"""The satisfaction index against expectation, and SERVQUAL gaps item by item."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.indices import expectation_index, servqual_gap

INDEX = headings(
    ("form", "形式", "Form", "text"),
    ("value", "指数", "Index", "number"),
)
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


@dataclass(frozen=True, slots=True)
class ExpectationConfig:
    """The questions on expectation and on satisfaction, pair by pair in the same order."""

    expected: tuple[str, ...]
    perceived: tuple[str, ...]
    confidence: float = 0.95

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
        "差距:感知减期望,配对 t 检验,不加权。",
        "Weighted index: mean satisfaction of items weighted by mean expectation; ratio index: mean "
        "satisfaction over mean expectation × 100; gap: perceived less expected, paired t test, unweighted.",
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
            line = {"item": found, "title": table.title(found), "weight": index.weights[hoped]}
            try:
                gap = servqual_gap(
                    table.numbers(hoped), table.numbers(found), column=found, confidence=config.confidence
                )
                line |= {h.id: getattr(gap, h.id) for h in GAPS[3:-1]}
            except NotComputable as reason:
                line |= {"note": reason.label}
            rows.append(line)
        both = (
            {"form": Label("期望加权", "Weighted by expectation"), "value": index.weighted},
            {"form": Label("满意 ÷ 期望 × 100", "Satisfaction over expectation"), "value": index.ratio},
        )
        told = f"{index.weighted:.1f}"
        tables = (
            ResultTable("index", Label("指数", "Index"), INDEX, both),
            ResultTable("gaps", Label("差距", "Gaps"), GAPS, tuple(rows)),
        )
        sentence = Label(f"期望加权满意指数为 {told}。", f"The expectation-weighted index is {told}.")
        return Result(table.rows, tables, sentence=sentence)
