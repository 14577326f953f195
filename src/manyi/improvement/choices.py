"""The words of findings: where they come from, kinds of cause, verdicts."""

from __future__ import annotations

from manyi.kernel.labels import Label

Choices = tuple[tuple[str, Label], ...]

SOURCES: Choices = (
    ("item_below_target", Label("指标未达标", "Below target")),
    ("repeated_cases", Label("同类诉求反复出现", "Repeated cases")),
    ("complaint_trend", Label("诉求明显增多", "Rising complaints")),
    ("single_case", Label("单件诉求", "Single case")),
    ("audit", Label("审核或检查", "Audit or inspection")),
    ("manual", Label("人工提出", "Raised by hand")),
)
FISHBONE: Choices = (
    ("people", Label("人", "People")),
    ("machine", Label("机(设备)", "Machine")),
    ("material", Label("料(物料、配件)", "Material")),
    ("method", Label("法(流程、标准)", "Method")),
    ("environment", Label("环(环境)", "Environment")),
    ("measurement", Label("测(检查、数据)", "Measurement")),
)
VERDICTS: Choices = (
    ("effective", Label("有效", "Effective")),
    ("not_effective", Label("无效", "Not effective")),
    ("too_few", Label("样本不足", "Too few answers")),
)


def label_of(choices: Choices, value: str) -> Label:
    """The words of a stored value; the value itself when it is not in the list."""
    return dict(choices).get(value, Label(value, value))
