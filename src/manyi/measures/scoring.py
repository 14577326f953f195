"""What a scoring scheme says of answers: points, total, grade, validity, targets, doubts, cases."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from manyi.kernel.labels import Label
from manyi.measures.answers import answer_at, code_of, is_empty
from manyi.measures.scales import exact, grade_of, round_half_up, weighted_mean
from manyi.measures.scheme_files import scheme_from_dict, scheme_to_dict
from manyi.measures.schemes import Problem, Scheme, SchemeError, SchemeItem

__all__ = [
    "CaseReason",
    "ItemScore",
    "Problem",
    "RoundValidity",
    "Scheme",
    "SchemeError",
    "SchemeItem",
    "Score",
    "TargetMiss",
    "case_reasons",
    "quality_flags",
    "round_validity",
    "scheme_from_dict",
    "scheme_to_dict",
    "score",
    "targets_met",
]


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one answered item gave."""

    points: Fraction
    satisfied: bool
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one response: exact ``total`` as it was graded, items by question, answered ``of`` all.

    ``total`` is None when too little was answered; it is already rounded when the scheme rounds.
    ``grade`` is None without a total or below all bands.
    """

    total: Fraction | None
    grade: str | None
    items: dict[str, ItemScore]
    answered: int
    of: int


def score(scheme: Scheme, answers: Mapping[str, Any]) -> Score:
    """The score of the answers (by question code, matrix rows flat or nested) under a scheme."""
    items = {item.question: found for item in scheme.items if (found := _item_score(item, answers))}
    enough = len(items) >= scheme.missing.share * len(scheme.items)
    total = weighted_mean([(item.points, item.weight) for item in items.values()]) if enough else None
    if total is not None and scheme.round_to is not None:
        total = round_half_up(total, scheme.round_to)
    band = grade_of(scheme.bands, total)
    return Score(total, band.grade if band else None, items, len(items), len(scheme.items))


def _item_score(item: SchemeItem, answers: Mapping[str, Any]) -> ItemScore | None:
    value = answer_at(answers, item.question)
    if is_empty(value) or (code := code_of(value)) not in item.points:
        return None
    return ItemScore(item.points[code], code in item.satisfied, item.weight)


@dataclass(frozen=True, slots=True)
class RoundValidity:
    """Whether a round counts, its exact rates (None without a base), and what was missed in words."""

    valid: bool
    return_rate: Fraction | None
    invalid_rate: Fraction | None
    misses: tuple[Label, ...]


def round_validity(scheme: Scheme, *, invited: int, returned: int, invalid: int) -> RoundValidity:
    """The verdict on a round: returned of invited, and invalid of returned, against the scheme's limits.

    A limit whose rate has no base counts as missed. Raises ValueError for impossible counts.
    """
    if not 0 <= invalid <= returned or invited < 0:
        raise ValueError(f"impossible counts: invited {invited}, returned {returned}, invalid {invalid}")
    rate = Fraction(returned, invited) if invited else None
    bad = Fraction(invalid, returned) if returned else None
    least, most = scheme.validity.return_rate_at_least, scheme.validity.invalid_at_most
    misses = []
    if least is not None and (rate is None or rate < least):
        share, goal = _percent(rate, math.floor), _percent(least, round)
        zh, en = (
            f"回收率为 {share},要求不低于 {goal}。",
            f"The return rate is {share}; at least {goal} is required.",
        )
        misses.append(Label(zh, en))
    if most is not None and (bad is None or bad > most):
        share, goal = _percent(bad, math.ceil), _percent(most, round)
        zh, en = (
            f"无效答卷占 {share},要求不高于 {goal}。",
            f"{share} of the answers are invalid; at most {goal} may be.",
        )
        misses.append(Label(zh, en))
    return RoundValidity(not misses, rate, bad, tuple(misses))


@dataclass(frozen=True, slots=True)
class TargetMiss:
    """One target not reached: of an item's ``question``, or of the average when that is None."""

    question: str | None
    value: Fraction
    target: Fraction
    consequence: str


def targets_met(
    scheme: Scheme, average: Fraction | None, items: Mapping[str, Fraction]
) -> tuple[TargetMiss, ...]:
    """The targets that exact means (in points) miss, the average first; empty when all are met.

    A mean that does not exist misses nothing: whether there are enough answers is for ``round_validity``.
    """
    targets, misses = scheme.targets, []
    goal = targets.average_at_least
    if goal is not None and average is not None and average < goal:
        misses.append(TargetMiss(None, average, goal, targets.consequence))
    goal = targets.item_at_least
    if goal is not None:
        misses += [
            TargetMiss(question, value, goal, targets.consequence)
            for question, value in items.items()
            if value < goal
        ]
    return tuple(misses)


def quality_flags(scheme: Scheme, answers: Mapping[str, Any], seconds: float | None) -> tuple[str, ...]:
    """The doubts about an answer sheet: ``speed`` and ``straight_line``, in this order.

    Speed: fewer ``seconds`` than the scheme's seconds per answered item (None: not timed). Straight
    line: one and the same code on all answered items, and on enough of them.
    """
    found = [answer_at(answers, item.question) for item in scheme.items]
    codes = [code_of(value) for value in found if not is_empty(value)]
    pace, least = scheme.quality.speed_seconds_per_item, scheme.quality.straight_line_min_items
    flags = []
    if pace is not None and seconds is not None and exact(seconds) < pace * len(codes):
        flags.append("speed")
    if least is not None and len(codes) >= least and len(set(codes)) == 1:
        flags.append("straight_line")
    return tuple(flags)


@dataclass(frozen=True, slots=True)
class CaseReason:
    """One rule of the case trigger that a response met: its ``value`` against the ``limit``.

    ``question`` is None for the total.
    """

    rule: Literal["total_below", "item_below", "nps_at_most"]
    question: str | None
    value: Fraction
    limit: Fraction

    def words(self, titles: Mapping[str, str]) -> Label:
        """The reason in words; ``titles`` gives question titles by code."""
        # Rounded down, so that 59.999 is not shown as “60, below 60”.
        value, limit = f"{math.floor(self.value * 100) / 100:g}", f"{float(self.limit):g}"
        title = titles.get(self.question or "", self.question)
        if self.rule == "nps_at_most":
            return Label(f"“{title}”为 {value},不高于 {limit}。", f"“{title}” is {value}, at most {limit}.")
        zh, en = ("总分", "The total") if title is None else (f"“{title}”", f"“{title}”")
        return Label(f"{zh}为 {value} 分,低于 {limit} 分。", f"{en} is {value} points, below {limit}.")


def case_reasons(scheme: Scheme, result: Score, answers: Mapping[str, Any]) -> tuple[CaseReason, ...]:
    """Why a response opens a case: the total, then items, then the NPS answer; empty when it opens none."""
    trigger, reasons = scheme.case_trigger, []
    limit = trigger.total_below
    if limit is not None and result.total is not None and result.total < limit:
        reasons.append(CaseReason("total_below", None, result.total, limit))
    limit = trigger.item_below
    if limit is not None:
        reasons += [
            CaseReason("item_below", question, item.points, limit)
            for question, item in result.items.items()
            if item.points < limit
        ]
    limit = trigger.nps_at_most
    likely = _whole_number(answer_at(answers, trigger.nps_question))
    if limit is not None and likely is not None and likely <= limit:
        reasons.append(CaseReason("nps_at_most", trigger.nps_question, Fraction(likely), limit))
    return tuple(reasons)


def _whole_number(value: Any) -> int | None:
    try:
        return None if isinstance(value, bool) else int(value)
    except (TypeError, ValueError):
        return None


def _percent(rate: Fraction | None, towards: Callable[[Fraction], int]) -> str:
    """A rate in percent with one decimal, rounded towards the missed side, so that a miss looks like one."""
    return "–" if rate is None else f"{towards(rate * 1000) / 10:g} %"
