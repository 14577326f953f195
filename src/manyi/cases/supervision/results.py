"""The figures of a supervision sample: shares by criterion and unit, with n and interval. No Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manyi.cases.supervision.rules import Criterion, fulfilled, passed
from manyi.measures.figure import Figure
from manyi.measures.finite import hypergeometric
from manyi.measures.intervals import wilson

#: Weights that differ by less are the same.
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """One drawn case: its unit, the number of cases that it stands for, and the answers (empty: none yet)."""

    unit: int
    weight: float
    results: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a criterion (None: whether the case passes), over all, and by unit."""

    criterion: Criterion | None
    whole: Figure
    units: dict[int, Figure]


def table(criteria: Sequence[Criterion], judged: Sequence[Judged], population: dict[int, int]) -> list[Row]:
    """The shares fulfilled; ``population``: how many cases of each unit stood in the frame."""
    found = []
    for criterion in (None, *criteria):
        answers = [(each, _answer(each, criterion, criteria)) for each in judged]
        name = criterion.code if criterion else "passed"
        whole = share(name, answers, sum(population.values()))
        units = {
            unit: share(name, [pair for pair in answers if pair[0].unit == unit], size)
            for unit, size in population.items()
        }
        found.append(Row(criterion, whole, units))
    return found


def _answer(each: Judged, criterion: Criterion | None, criteria: Sequence[Criterion]) -> bool | None:
    return fulfilled(each.results, criterion.code) if criterion else passed(criteria, each.results)


def share(name: str, answers: Sequence[tuple[Judged, bool | None]], population: int) -> Figure:
    """The share of yes among those to whom it applies.

    Where every case stands for as many others, the interval is the exact one of the finite population when
    all were judged, and Wilson's when some were not yet, or it did not apply to them: how many of the
    population it concerns is not known then. Where they stand for different numbers (strata), they count by
    these, and Wilson's interval takes Kish's effective n.
    """
    known: list[tuple[Judged, bool]] = [(each, answer) for each, answer in answers if answer is not None]
    base: dict[str, Any] = {
        "n": len(answers), "valid_n": len(known), "definition": f"supervision.{name}", "unit": "share"
    }  # fmt: skip
    if not known:
        return Figure(value=None, low=None, high=None, method="none", **base)
    hits = sum(answer for _, answer in known)
    weights = [each.weight for each, _ in known]
    if max(weights) - min(weights) > SAME:
        value = sum(each.weight for each, answer in known if answer) / sum(weights)
        effective = sum(weights) ** 2 / sum(weight * weight for weight in weights)
        found, how = wilson(value * effective, effective), "wilson_weighted"
    elif len(known) == len(answers) <= population:
        value, found, how = hits / len(known), hypergeometric(hits, len(known), population), "hypergeometric"
    else:
        value, found, how = hits / len(known), wilson(hits, len(known)), "wilson"
    low, high = (found.low, found.high) if found else (None, None)
    return Figure(value=value, low=low, high=high, method=how, **base)
