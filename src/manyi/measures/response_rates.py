"""Response, cooperation, refusal and contact rates by their standard names.

Formulas: AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th
edition (2023). I complete, P partial, R refusal and break-off, NC non-contact, O other non-response,
UH and UO of unknown eligibility, NE not eligible; e is the share of the unknown taken for eligible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.indicators import FEW
from manyi.measures.intervals import wilson

Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
GROUPS: dict[Group, Label] = {
    "I": Label("完成", "Complete"),
    "P": Label("部分完成", "Partial"),
    "R": Label("拒绝或中断", "Refused or broken off"),
    "NC": Label("未联系上", "Not reached"),
    "O": Label("其他未答", "Other non-response"),
    "UH": Label("是否可达未知", "Unknown whether there is anybody"),
    "UO": Label("是否合格未知", "Unknown eligibility"),
    "NE": Label("不合格", "Not eligible"),
}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many of the persons asked ended in each group; none is negative."""

    I: int = 0  # noqa: E741 - AAPOR's own letters
    P: int = 0
    R: int = 0
    NC: int = 0
    O: int = 0  # noqa: E741
    UH: int = 0
    UO: int = 0
    NE: int = 0

    def __post_init__(self) -> None:
        if min(getattr(self, name) for name in GROUPS) < 0:
            raise ValueError("an outcome cannot be counted below nought")

    @property
    def asked(self) -> int:
        """All persons, whatever became of them."""
        return sum(getattr(self, name) for name in GROUPS)

    @property
    def known(self) -> int:
        """The persons known to be eligible."""
        return self.I + self.P + self.R + self.NC + self.O

    @property
    def unknown(self) -> int:
        """The persons of whom that is not known."""
        return self.UH + self.UO

    @property
    def eligible_share(self) -> float:
        """e by proportional allocation: the eligible among those of whom it is known; 1 when of none."""
        settled = self.known + self.NE
        return self.known / settled if settled else 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """One named rate: which answers count, over which base."""

    label: Label
    top: tuple[Group, ...]
    base: tuple[Group, ...]
    unknown: Literal["all", "e", "none"]


_IP: tuple[Group, ...] = ("I", "P")
_KNOWN: tuple[Group, ...] = ("I", "P", "R", "NC", "O")
RATES: dict[str, Rate] = {
    "RR1": Rate(Label("最低回收率 RR1", "Minimum response rate RR1"), ("I",), _KNOWN, "all"),
    "RR2": Rate(Label("回收率 RR2(含部分完成)", "Response rate RR2 (partials count)"), _IP, _KNOWN, "all"),
    "RR3": Rate(Label("回收率 RR3(估计合格率)", "Response rate RR3 (estimated e)"), ("I",), _KNOWN, "e"),
    "RR4": Rate(Label("回收率 RR4(含部分完成,估计合格率)", "Response rate RR4"), _IP, _KNOWN, "e"),
    "RR5": Rate(Label("最高回收率 RR5", "Maximum response rate RR5"), ("I",), _KNOWN, "none"),
    "RR6": Rate(Label("最高回收率 RR6(含部分完成)", "Response rate RR6"), _IP, _KNOWN, "none"),
    "COOP1": Rate(Label("合作率 COOP1", "Cooperation rate COOP1"), ("I",), ("I", "P", "R", "O"), "none"),
    "COOP2": Rate(Label("合作率 COOP2", "Cooperation rate COOP2"), _IP, ("I", "P", "R", "O"), "none"),
    "COOP3": Rate(Label("合作率 COOP3", "Cooperation rate COOP3"), ("I",), ("I", "P", "R"), "none"),
    "COOP4": Rate(Label("合作率 COOP4", "Cooperation rate COOP4"), _IP, ("I", "P", "R"), "none"),
    "REF1": Rate(Label("拒绝率 REF1", "Refusal rate REF1"), ("R",), _KNOWN, "all"),
    "REF2": Rate(Label("拒绝率 REF2", "Refusal rate REF2"), ("R",), _KNOWN, "e"),
    "REF3": Rate(Label("拒绝率 REF3", "Refusal rate REF3"), ("R",), _KNOWN, "none"),
    "CON1": Rate(Label("联系率 CON1", "Contact rate CON1"), ("I", "P", "R", "O"), _KNOWN, "all"),
    "CON2": Rate(Label("联系率 CON2", "Contact rate CON2"), ("I", "P", "R", "O"), _KNOWN, "e"),
    "CON3": Rate(Label("联系率 CON3", "Contact rate CON3"), ("I", "P", "R", "O"), _KNOWN, "none"),
}


def outcome_rate(
    name: str, outcomes: Outcomes, *, e: float | None = None, confidence: float = 0.95
) -> Figure:
    """A rate by its name (a key of RATES) as a share 0 to 1; ``e`` None estimates it from the outcomes.

    The base may be a fraction where e is one; the interval is Wilson's on it, as if the persons asked were a
    sample of all who might be. Raises KeyError for an unknown name, ValueError for an e outside 0 to 1.
    """
    rate = RATES[name]
    share = outcomes.eligible_share if e is None else e
    if not 0 <= share <= 1:
        raise ValueError(f"e lies between 0 and 1, not {e}")
    hits = sum(getattr(outcomes, group) for group in rate.top)
    counted = {"all": 1.0, "e": share, "none": 0.0}[rate.unknown]
    base = sum(getattr(outcomes, group) for group in rate.base) + counted * outcomes.unknown
    band = wilson(hits, base, confidence)
    if band is None:
        return Figure(None, outcomes.asked, 0, None, None, "wilson", name, "share", warnings=("no_base",))
    warnings = ("few_answers",) if base < FEW else ()
    return Figure(
        hits / base,
        outcomes.asked,
        math.floor(base),
        band.low,
        band.high,
        "wilson",
        name,
        "share",
        warnings=warnings,
    )
