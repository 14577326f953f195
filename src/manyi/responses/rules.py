"""Pure decisions of intake: the receipt, whether a doubtful answer sheet counts, what a scheme says of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.scoring import Scheme, quality_flags, score
from manyi.surveys.tree import Questionnaire

FLAGS = {
    "speed": Label("作答过快", "Answered too fast"),
    "straight_line": Label("全部同一选项", "The same answer throughout"),
}
LATE = Label("本轮已结束后提交,未计入。", "Given after the round had closed; not counted.")

#: Digits and letters that nobody confuses when a receipt is read out on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def receipt() -> str:
    """A receipt number such as ``7KQ2-M9XD-4T``: about 49 random bits, so it cannot be guessed."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def counts(flags: tuple[str, ...]) -> bool:
    """Whether a flagged answer sheet counts until a person judges it.

    One doubt alone is not enough: a content customer gives fives throughout, a regular one answers fast.
    Both together are what a careless sheet looks like.
    """
    return not {"speed", "straight_line"} <= set(flags)


@dataclass(frozen=True, slots=True)
class OnPaper:
    """Answers on paper: the copy's ``serial`` is their receipt, ``unread`` is what nobody could read."""

    serial: str
    unread: Mapping[str, tuple[Any, Label]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scheme says of one answer sheet, in the form in which it is stored."""

    total: Decimal | None = None
    grade: str = ""
    items: dict[str, list[Any]] = field(default_factory=dict)  # question → [points, satisfied]
    flags: tuple[str, ...] = ()


def outcome(scheme: Scheme, answers: Mapping[str, Any], seconds: float | None) -> Outcome:
    """Score and doubts of accepted answers; points are written as numbers, the total to 6 decimals."""
    result = score(scheme, answers)
    items = {code: [_number(item.points), item.satisfied] for code, item in result.items.items()}
    total = None if result.total is None else to_decimal(result.total)
    return Outcome(total, result.grade or "", items, quality_flags(scheme, answers, seconds))


def to_decimal(value: Fraction) -> Decimal:
    """An exact number to 6 decimals, halves to even."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"))


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def nps_of(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> int | None:
    """The answer to the question whose role is recommendation."""
    question = questionnaire.with_role("nps")
    value = answers.get(question.code) if question else None
    return value if isinstance(value, int) else None


def set_aside(entries: Mapping[str, tuple[Any, Label]]) -> dict[str, Any]:
    """Values that were not accepted, with their reasons, in the form in which they are stored."""
    return {
        code: {"value": value, "reason": {"zh": reason.zh, "en": reason.en}}
        for code, (value, reason) in entries.items()
    }


def shown(total: Decimal | None) -> str | None:
    """A total as events carry it: ``86.2``, without needless noughts."""
    return None if total is None else f"{total.normalize():f}"
