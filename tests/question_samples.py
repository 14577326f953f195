"""One answer for every type of question, as a form sends it and as it is stored."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from manyi.surveys.definition import Question, from_dict
from manyi.surveys.question_types import QuestionType

PICTURE = {"sha256": "ab" * 32, "name": "车.jpg", "type": "image/jpeg", "size": 2048}
#: For each type: a form as HTML sends it, the answer that is stored, and a value that must be refused.
SAMPLES: dict[str, tuple[dict[str, list[str]], Any, Any]] = {
    "single": ({"a": ["service"]}, "service", "zzz"),
    "dropdown": ({"a": ["sh"]}, "sh", "zzz"),
    "multiple": ({"a": ["web", "friend"]}, ["friend", "web"], ["web", "zzz"]),
    "picture": ({"a": ["desk"]}, "desk", "zzz"),
    "rating": ({"a": ["4"]}, 4, "99"),
    "nps": ({"a": ["10"]}, 10, 11),
    "effort": ({"a": ["７"]}, 7, 0),
    "matrix": ({"a.greeting": ["4"], "a.waiting": [" 5 "]}, {"greeting": 4, "waiting": 5}, {"greeting": 9}),
    "matrix_single": ({"a.pickup": ["never"]}, {"pickup": "never"}, {"pickup": "daily"}),
    "matrix_multiple": (
        {"a.east": ["friendly", "clean"]},
        {"east": ["clean", "friendly"]},
        {"north": ["clean"]},
    ),
    "matrix_dual": (
        {"a.tidy.expected": ["5"], "a.tidy.found": ["3"]},
        {"tidy": {"expected": 5, "found": 3}},
        {"tidy": {"expected": 6}},
    ),
    "table": (
        {"a.first.yuan": ["350"], "a.first.at": ["东城店"], "a.second.yuan": ["８００"]},
        {"first": {"yuan": 350, "at": "东城店"}, "second": {"yuan": 800}},
        {"first": {"yuan": "dear"}},
    ),
    "fields": ({"a.model": ["轿车"], "a.km": ["12000"]}, {"model": "轿车", "km": 12000}, {"km": "many"}),
    "sum": ({"a.price": ["60"], "a.quality": ["40"]}, {"price": 60, "quality": 40}, {"price": 99}),
    "ranking": (
        {"a.price": ["2"], "a.quality": ["1"], "a.service": ["3"]},
        ["quality", "price", "service"],
        {"price": "1", "quality": "1", "service": "2"},
    ),
    "slider": ({"a": ["35"]}, 35, 37),
    "number": ({"a": ["１２"]}, 12, "a dozen"),
    "text_short": ({"a": ["  轿车 "]}, "轿车", "长" * 61),
    "text_long": ({"a": ["第一行\r\n第二行"]}, "第一行\n第二行", "长" * 2001),
    "phone": ({"a": ["+86 138-0013-8000"]}, "13800138000", "1380013800"),
    "email": ({"a": ["Min.Li@Example.COM"]}, "Min.Li@example.com", "min.li@localhost"),
    "id_number": ({"a": ["11010519491231002x"]}, "11010519491231002X", "110105194912310021"),
    "date": ({"a": ["2026/3/5"]}, "2026-03-05", "2026-02-30"),
    "time": ({"a": ["9点05分"]}, "09:05", "23:00"),
    "datetime": ({"a": ["2026年3月5日 9:05"]}, "2026-03-05T09:05", "2026-03-05"),
    "photo": ({"a": [json.dumps(PICTURE)]}, [PICTURE], [{**PICTURE, "type": "text/html"}]),
    "file": ({"a": [json.dumps(PICTURE)]}, [PICTURE], [{**PICTURE, "size": 6 << 20}]),
    "signature": ({"a": ["王芳"]}, "王芳", [{"name": "sign.png"}]),
    "location": (
        {"a.place": ["东城店"], "a.latitude": ["39.9042"], "a.longitude": ["116.4074"]},
        {"place": "东城店", "latitude": 39.9042, "longitude": 116.4074},
        {"latitude": 91, "longitude": 0},
    ),
    "yes_no": ({"a": ["yes"]}, "yes", "perhaps"),
    "consent": ({"a": ["yes"]}, "yes", "perhaps"),
    "hidden": ({"a": ["E12"]}, "E12", "长" * 201),
}
#: Nobody types these: a text to read, and a value that the evaluator computes.
UNASKED = {"information", "calculated"}


def example(kind: QuestionType) -> Question:
    """The question of a type's own example."""
    question = tomllib.loads(kind.example)
    tree = from_dict({"code": "q", "title": "问", "title_en": "Q", "sections": [section(question)]})
    return tree.questions[question["code"]]


def section(*questions: dict[str, Any]) -> dict[str, Any]:
    """One section of a definition."""
    return {"code": "s", "questions": list(questions)}
