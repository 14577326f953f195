"""Parts of a report, one plug-in file each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from manyi.analytics.views import RoundView
from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry
from manyi.measures.scoring import Scheme
from manyi.reports.blocks import Block
from manyi.surveys.models import Round
from manyi.surveys.tree import Questionnaire


@dataclass(frozen=True, slots=True)
class Context:
    """What a section may look at: the round as its readers see it, under the unit paths ``roots``."""

    round: Round
    view: RoundView
    questionnaire: Questionnaire
    scheme: Scheme | None
    roots: Sequence[str]
    now: datetime


class ReportSection(Protocol):
    """One part of a report."""

    id: str
    label: Label

    def fill(self, context: Context) -> list[Block]:
        """The blocks of this part; an empty list leaves the part out."""


SECTIONS: Registry[ReportSection] = Registry("report_section", "manyi.reports.sections")

#: The parts of a report on a round, in the order in which they are printed.
ROUND_REPORT = (
    "scope",
    "return",
    "indicators",
    "items",
    "groups",
    "problems",
    "cases",
    "actions",
    "open_answers",
    "questionnaire",
)
