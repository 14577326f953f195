"""A small group with two dealerships and an after-sales survey, answered by as many as a test wants."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from manyi.measures.scoring import score
from manyi.organisation.models import Person, RoleGrant, Unit
from manyi.organisation.roles import Role
from manyi.responses.models import Response, Score
from manyi.surveys.models import (
    Programme,
    Questionnaire,
    QuestionnaireVersion,
    Round,
    Scheme,
    SchemeVersion,
)
from manyi.surveys.queries import scheme_of

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
_numbers = itertools.count(1)

SCALE = [{"code": str(n), "title": f"{n} 分", "title_en": f"{n} points"} for n in range(1, 6)]
QUESTIONS = {
    "code": "after_sales",
    "title": "售后服务满意度",
    "title_en": "After-sales satisfaction",
    "sections": [
        {
            "code": "visit",
            "title": "本次到店",
            "title_en": "Your visit",
            "questions": [
                {"code": "wait", "type": "rating", "title": "维修等待时间", "title_en": "Waiting time"},
                {
                    "code": "people",
                    "type": "matrix",
                    "title": "人员",
                    "title_en": "People",
                    "rows": [
                        {"code": "greeting", "title": "迎接", "title_en": "Greeting"},
                        {"code": "skill", "title": "技术水平", "title_en": "Skill"},
                    ],
                },
                {
                    "code": "overall",
                    "type": "rating",
                    "title": "总体满意度",
                    "title_en": "Overall",
                    "role": "overall",
                },
                {
                    "code": "recommend",
                    "type": "nps",
                    "title": "推荐意愿",
                    "title_en": "Would you recommend us",
                    "role": "nps",
                },
                {"code": "why", "type": "text_long", "title": "原因", "title_en": "Why", "role": "reason"},
            ],
        }
    ],
}
POINTS = {"1": 20, "2": 40, "3": 60, "4": 80, "5": 100}
SCHEME = {
    "items": [
        {"question": name, "points": POINTS, "satisfied": ["4", "5"]}
        for name in ("wait", "people.greeting", "people.skill")
    ],
    "bands": [
        {"grade": "A", "label": {"zh": "优秀", "en": "Excellent"}, "at_least": 90},
        {"grade": "B", "label": {"zh": "良好", "en": "Good"}, "at_least": 70},
        {"grade": "C", "label": {"zh": "较差", "en": "Poor"}, "at_least": 0},
    ],
    "validity": {"return_rate_at_least": 0.5, "invalid_at_most": 0.1},
    "targets": {"average_at_least": 80, "item_at_least": 75, "consequence": "review_meeting"},
}


def make_unit(code: str, name: str, parent: Unit | None) -> Unit:
    unit = Unit.objects.create(code=code, name=name, name_en=name.title(), parent=parent, path="")
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save()
    return unit


@pytest.fixture
def group(db: None) -> Unit:
    return make_unit("group", "远山集团", None)


@pytest.fixture
def east(group: Unit) -> Unit:
    return make_unit("east", "城东店", group)


@pytest.fixture
def west(group: Unit) -> Unit:
    return make_unit("west", "城西店", group)


@pytest.fixture
def person_at() -> Callable[[Role, Unit], Person]:
    """Makes a member of staff with one role over one subtree."""

    def make(role: Role, unit: Unit) -> Person:
        name = f"{role.value}-{next(_numbers)}"
        person = Person.objects.create(username=name, display_name=name)
        RoleGrant.objects.create(person=person, role=role.value, unit=unit, granted_at=NOON)
        return person

    return make


@pytest.fixture
def programme(group: Unit) -> Programme:
    return Programme.objects.create(code="after_sales", title="售后满意度", unit=group, created_at=NOON)


@pytest.fixture
def open_round(programme: Programme, group: Unit) -> Callable[..., Round]:
    """Makes the next round of the programme, with a published questionnaire and scheme."""
    sheet = Questionnaire.objects.create(code="after_sales", title="售后", unit=group, created_at=NOON)
    version = QuestionnaireVersion.objects.create(
        questionnaire=sheet,
        number=1,
        definition=QUESTIONS,
        published_at=NOON,
        updated_at=NOON,
        sha256="q1",
    )
    scheme = Scheme.objects.create(code="points", title="计分", questionnaire=sheet, unit=group)
    scored = SchemeVersion.objects.create(
        scheme=scheme, number=1, definition=SCHEME, published_at=NOON, updated_at=NOON, sha256="s1"
    )

    def make(**changes: Any) -> Round:
        number = programme.rounds.count() + 1
        fields: dict[str, Any] = {
            "title": f"第 {number} 轮",
            "title_en": f"Round {number}",
            "unit": group,
            "questionnaire": version,
            "scheme": scored,
            "state": "closed",
            "opens_at": NOON,
            "closes_at": NOON + timedelta(days=14),
            "created_at": NOON,
        }
        return Round.objects.create(programme=programme, number=number, **{**fields, **changes})

    return make


def answer(
    round: Round,
    unit: Unit,
    answers: dict[str, Any],
    *,
    segments: Iterable[str] = (),
    channel: str = "email",
    valid: bool = True,
    at: datetime = NOON,
) -> Response:
    """One submitted response with its score."""
    number = next(_numbers)
    response = Response.objects.create(
        round=round,
        questionnaire=round.questionnaire,
        unit=unit,
        channel=channel,
        key=f"key-{number}",
        state="submitted",
        receipt=f"R{number}",
        answers=answers,
        segments=list(segments),
        started_at=at,
        saved_at=at,
        submitted_at=at,
        valid=valid,
    )
    if round.scheme:
        found = score(scheme_of(round.scheme), answers)
        total = None if found.total is None else round_to_six(found.total)
        Score.objects.create(response=response, scheme=round.scheme, total=total, grade=found.grade or "")
    return response


def round_to_six(total: Any) -> Decimal:
    """A fraction as the score's column keeps it."""
    return (Decimal(total.numerator) / Decimal(total.denominator)).quantize(Decimal("0.000001"))


def sheet(
    wait: int, greeting: int, skill: int, overall: int, recommend: int, why: str = ""
) -> dict[str, Any]:
    """A complete set of answers."""
    given = {
        "wait": wait,
        "people": {"greeting": greeting, "skill": skill},
        "overall": overall,
        "recommend": recommend,
    }
    return {**given, "why": why} if why else given
