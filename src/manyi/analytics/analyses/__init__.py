"""Analyses, one plug-in file each: what is asked, of which data, and what is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from manyi.analytics.data.table import Table
from manyi.analytics.results import Result
from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry

__all__ = ["ANALYSES", "GROUPS", "Analysis"]

#: The chapters under which methods are offered and documented: what managers ask most stands first.
GROUPS = {
    "scoring": Label("评分与指数", "Scores and indices"),
    "tables": Label("表格与比较", "Tables and comparisons"),
    "relations": Label("关系与驱动因素", "Relations and drivers"),
    "time": Label("趋势与效果", "Trend and effect"),
    "scales": Label("量表与结构模型", "Scales and structural models"),
    "estimation": Label("估计", "Estimation"),
    "samples": Label("样本", "Samples"),
}


class Analysis(ABC):
    """One method.

    ``question`` is what a manager asks, ``method`` what is computed and after whom, ``caution`` when not to
    believe it. ``config`` is a frozen dataclass (see ``surveys.configuration``); ``example`` is a whole
    specification in TOML that runs on ``example_data``: a table of columns by name, made up.
    """

    id: str
    label: Label
    group: str
    question: Label
    method: Label
    caution: Label
    config: type[Any]
    example: str
    #: Columns by name, long enough for the method to have something to say.
    example_data: ClassVar[dict[str, list[Any]]] = {}
    #: Whether it needs a table at all: the size of a sample does not.
    needs_data: bool = True

    @abstractmethod
    def run(self, table: Table, config: Any) -> Result:
        """The result on a table; raises Refused or measures' NotComputable, never gives a wrong figure."""


ANALYSES: Registry[Analysis] = Registry("analysis", "manyi.analytics.analyses")
