"""Rounds of the ready questionnaires that special questions need, answered by made-up people with a seed."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from importlib.resources import files
from typing import Any

from manyi.organisation.models import Unit
from manyi.surveys.models import Programme, Questionnaire, QuestionnaireVersion, Round, SchemeVersion
from tests.after_sales import NOON, answer

GAP_ROWS = (
    "tangibles",
    "materials",
    "promise",
    "right",
    "prompt",
    "willing",
    "trust",
    "skill",
    "care",
    "hours",
)
FEATURES = ("pickup", "progress", "price", "wash", "lounge", "parts")
CSI_ROWS = ("product", "service", "price", "delivery", "communication")


def study(unit: Unit, code: str, *, scheme: SchemeVersion | None = None) -> Round:
    """An open round on the ready questionnaire ``code`` in a programme of its own."""
    text = (files("manyi.surveys.library") / f"{code}.toml").read_text(encoding="utf-8")
    definition = tomllib.loads(text)
    definition.pop("library")
    sheet = Questionnaire.objects.create(code=code, title=definition["title"], unit=unit, created_at=NOON)
    version = QuestionnaireVersion.objects.create(
        questionnaire=sheet, number=1, definition=definition, published_at=NOON, updated_at=NOON, sha256=code
    )
    programme = Programme.objects.create(code=code, title=definition["title"], unit=unit, created_at=NOON)
    return Round.objects.create(
        programme=programme, number=1, title="第一轮", title_en="Round 1", unit=unit, questionnaire=version,
        scheme=scheme, state="closed", opens_at=NOON, closes_at=NOON + timedelta(days=9), created_at=NOON,
    )  # fmt: skip


def answered(round: Round, units: Sequence[Unit], sheets: Iterable[dict[str, Any]]) -> None:
    """The sheets in turn by unit."""
    for number, sheet in enumerate(sheets):
        answer(round, units[number % len(units)], sheet)


def gap_sheets(count: int) -> Iterable[dict[str, Any]]:
    """Expectation near the top; what is found lags behind most in promptness."""
    draw = random.Random(4)
    for _ in range(count):
        rows = {}
        for row in GAP_ROWS:
            lag = 2 if row in ("prompt", "willing") else 0
            found = max(1, 6 - lag - draw.randrange(2))
            rows[row] = {"expected": 6 + draw.randrange(2), "perceived": found}
        yield {"gap": rows}


#: With and without: what people of each kind say of a feature.
SAID = {"M": (3, 5), "O": (1, 5), "A": (1, 3), "I": (3, 3)}


def kano_sheets(count: int) -> Iterable[dict[str, Any]]:
    """A firm price must be there, progress pays by degree, collecting delights, nobody minds the parts."""
    draw = random.Random(5)
    kinds = {"price": "M", "progress": "O", "pickup": "A", "wash": "A", "lounge": "I", "parts": "I"}
    for _ in range(count):
        rows = {}
        for feature in FEATURES:
            kind = kinds[feature] if draw.random() < 0.8 else draw.choice("MOAI")
            rows[feature] = dict(zip(("with", "without"), SAID[kind], strict=True))
        yield {"kano": rows, "overall": 4}


def csi_sheets(count: int) -> Iterable[dict[str, Any]]:
    """Quality moves value, both move satisfaction, and that moves loyalty."""
    draw = random.Random(6)

    def step(value: float, low: int = 1) -> int:
        return min(10, max(low, round(value + draw.gauss(0, 0.9))))

    for _ in range(count):
        hoped = draw.gauss(8, 1)
        quality = 0.4 * hoped + draw.gauss(4, 1.2)
        value = 0.7 * quality + draw.gauss(2, 0.8)
        satisfied = 0.5 * quality + 0.4 * value + draw.gauss(0.8, 0.5)
        loyal = 0.9 * satisfied + draw.gauss(0.6, 0.7)
        yield {
            "csi": {row: {"expected": step(hoped), "perceived": step(quality)} for row in CSI_ROWS},
            "value_price": step(value), "value_quality": step(value), "overall": step(satisfied),
            "ideal": step(satisfied), "complained": "no", "again": step(loyal), "recommend": step(loyal, 0),
        }  # fmt: skip
