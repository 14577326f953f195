"""Three studies on ready questionnaires, and what staff think: gaps, wanted features, an index, a mirror.

They draw from a chance of their own, so that the rest of the year stays as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from manyi.distribution import actions as distribution
from manyi.organisation import clock
from manyi.responses import actions as responses
from manyi.surveys import actions as surveys
from manyi.surveys.library import entry
from manyi.surveys.models import Programme, QuestionnaireVersion, Round, SchemeVersion
from manyi.web.demo import voices
from manyi.web.demo.cast import WORKSHOPS, Cast

SEED = 41
EACH = 34
STAFF_EACH = 24
LENGTH = timedelta(days=14)
#: Where what customers find lags behind what they expect, in steps of a scale of seven.
LAGS = {"prompt": 1.9, "willing": 1.1, "hours": 0.9, "promise": 0.7, "right": 0.6}
GAP_ROWS = (
    "tangibles", "materials", "promise", "right", "prompt", "willing", "trust", "skill", "care", "hours",
)  # fmt: skip
ASPECTS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
#: The Kano class of each feature, and what people of a class say with it and without it.
FEATURES = {"pickup": "A", "progress": "O", "price": "M", "wash": "O", "lounge": "I", "parts": "M"}
SAID = {"M": ((2, 3), (5,)), "O": ((1,), (5,)), "A": ((1,), (3, 4)), "I": ((2, 3), (3, 4))}
CSI_ROWS = ("product", "service", "price", "delivery", "communication")
Answers = dict[str, Any]


def study(cast: Cast) -> None:
    """Ask the three, and close them."""
    draw = random.Random(SEED)
    for code, say in STUDIES.items():
        found = entry(code)
        if found is None:
            raise LookupError(code)
        li = cast.staff["limin"]
        version = surveys.create_questionnaire(actor=li, unit=cast.root, definition=found.questionnaire)
        surveys.publish_questionnaire(actor=li, version=version)
        title = found.questionnaire.title
        programme = surveys.create_programme(
            actor=li, unit=cast.root, code=code, title=title.text("zh"), title_en=title.text("en")
        )
        _held(cast, programme, version, None, [(unit, say(draw)) for _ in range(EACH) for unit in WORKSHOPS])


def ask_staff(cast: Cast, parts: tuple[Programme, QuestionnaireVersion, SchemeVersion]) -> None:
    """The after-sales questionnaire, answered by the staff of the workshops as they think customers feel."""
    draw = random.Random(SEED + 1)
    _, version, scheme = parts
    programme = surveys.create_programme(
        actor=cast.staff["limin"], unit=cast.root, code="staff", title="员工眼中的售后服务",
        title_en="After-sales as staff see it",
    )  # fmt: skip
    sheets = [(unit, _staff(draw, unit)) for _ in range(STAFF_EACH) for unit in WORKSHOPS]
    _held(cast, programme, version, scheme, sheets)


def _held(
    cast: Cast,
    programme: Programme,
    version: QuestionnaireVersion,
    scheme: SchemeVersion | None,
    sheets: list[tuple[str, Answers]],
) -> Round:
    """A round from its opening to its end, answered through one open link for each workshop."""
    li, now = cast.staff["limin"], clock.now()
    row = surveys.create_round(
        actor=li, programme=programme, questionnaire=version, scheme=scheme, title=f"{now:%Y-%m}",
        title_en=f"{now:%Y-%m}", opens_at=now, closes_at=now + LENGTH,
    )  # fmt: skip
    surveys.advance_round(actor=li, round=row, name="open")
    links = {
        code: distribution.create_open_link(
            actor=li, round=row, unit=cast.units[code], label=cast.units[code].name
        )
        for code in WORKSHOPS
    }
    for unit, answers in sheets:
        responses.submit(response=responses.begin(open_link=links[unit]), answers=answers)
    row.refresh_from_db()
    surveys.advance_round(actor=li, round=row, name="close")
    return row


def _step(draw: random.Random, value: float, high: int, low: int = 1) -> int:
    return min(high, max(low, round(value + draw.gauss(0, 0.8))))


def _gaps(draw: random.Random) -> Answers:
    rows = {
        row: {"expected": _step(draw, 6.2, 7), "perceived": _step(draw, 6.0 - LAGS.get(row, 0.1), 7)}
        for row in GAP_ROWS
    }
    points = draw.choice(((30, 25, 20, 15, 10), (20, 20, 30, 15, 15), (25, 30, 20, 15, 10)))
    overall = draw.choice((3, 4, 4, 5))
    whole = {"overall": overall, "recommend": min(10, 2 * overall + draw.randrange(2))}
    return {"gap": rows, "weights": dict(zip(ASPECTS, points, strict=True)), **whole}


def _features(draw: random.Random) -> Answers:
    rows = {}
    for feature, kind in FEATURES.items():
        held = kind if draw.random() < 0.72 else draw.choice("MOAI")
        there, absent = SAID[held]
        rows[feature] = {"with": draw.choice(there), "without": draw.choice(absent)}
    return {"kano": rows, "overall": _step(draw, 4.1, 5)}


def _index(draw: random.Random) -> Answers:
    hoped = draw.gauss(7.8, 0.9)
    quality = 0.4 * hoped + draw.gauss(4.1, 1.1)
    value = 0.7 * quality + draw.gauss(1.9, 0.8)
    satisfied = 0.5 * quality + 0.4 * value + draw.gauss(0.8, 0.5)
    loyal = 0.9 * satisfied + draw.gauss(0.6, 0.7)
    return {
        "csi": {
            row: {"expected": _step(draw, hoped, 10), "perceived": _step(draw, quality, 10)}
            for row in CSI_ROWS
        },
        "value_price": _step(draw, value, 10),
        "value_quality": _step(draw, value, 10),
        "overall": _step(draw, satisfied, 10),
        "ideal": _step(draw, satisfied, 10),
        "complained": "no",
        "again": _step(draw, loyal, 10),
        "recommend": _step(draw, loyal, 10, 0),
    }


STUDIES: Mapping[str, Callable[[random.Random], Answers]] = {
    "servqual": _gaps,
    "kano": _features,
    "csi_expectation": _index,
}


def _staff(draw: random.Random, unit: str) -> Answers:
    """Like a customer's answers of the last round, a little kinder."""
    given: Answers = {}
    for section in voices.answers(draw, unit, 5).values():
        given |= section
    given["service"] = {item: min(5, step + (draw.random() < 0.4)) for item, step in given["service"].items()}
    return given
