"""A questionnaire that holds every question type once, made of the examples that the types give."""

from __future__ import annotations

import tomllib

from manyi.surveys.definition import Questionnaire, from_dict
from manyi.surveys.question_types import TYPES


def every_type() -> Questionnaire:
    """One section, one question of each registered type; codes are the types' ids."""
    questions = [{**tomllib.loads(kind.example), "code": f"q_{kind.id}"} for kind in TYPES]
    section = {"code": "all", "questions": questions}
    return from_dict(
        {"code": "every_type", "title": "全部题型", "title_en": "Every type", "sections": [section]}
    )
