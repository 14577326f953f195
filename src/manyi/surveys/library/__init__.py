"""The library of ready questionnaires, written by us: one readable file each, to be copied and adapted."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from manyi.kernel.labels import Label
from manyi.surveys.definition import Questionnaire, from_dict
from manyi.surveys.tree import Text

INDUSTRIES = {
    "dealership": Label("汽车经销商", "Car dealers"),
    "hospital": Label("医院", "Hospitals"),
    "property": Label("物业与地产", "Property"),
    "manufacturer": Label("制造企业", "Manufacturers"),
    "hotel": Label("酒店", "Hotels"),
    "bank": Label("银行", "Banks"),
    "employees": Label("员工", "Employees"),
    "complaints": Label("投诉处理", "Complaint handling"),
    "general": Label("通用", "Any trade"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One ready questionnaire: for whom, and when to use it."""

    questionnaire: Questionnaire
    industry: str
    summary: Text

    @property
    def code(self) -> str:
        """What it is called in addresses and commands."""
        return self.questionnaire.code

    @property
    def minutes(self) -> int:
        """A rough length: four questions or rows a minute."""
        lines = sum(
            max(len(q.rows) * max(len(q.columns), 1), 1) for q in self.questionnaire.questions.values()
        )
        return max(1, round(lines / 8))


@cache
def entries() -> tuple[Entry, ...]:
    """All ready questionnaires, by industry as INDUSTRIES lists them."""
    found = []
    for file in files(__name__).iterdir():
        if not file.name.endswith(".toml"):
            continue
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        about = data.pop("library")
        summary = Text(about["summary"], about["summary_en"])
        found.append(Entry(from_dict(data), about["industry"], summary))
    order = list(INDUSTRIES)
    return tuple(sorted(found, key=lambda entry: (order.index(entry.industry), entry.code)))


def entry(code: str) -> Entry | None:
    """The ready questionnaire with this code."""
    return next((each for each in entries() if each.code == code), None)
