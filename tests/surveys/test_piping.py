"""Earlier answers inside later texts, in the respondent's language."""

from __future__ import annotations

import pytest

from manyi.surveys.definition import from_dict
from manyi.surveys.piping import piped

TREE = from_dict(
    {
        "code": "q",
        "title": "问",
        "sections": [
            {
                "code": "s",
                "questions": [
                    {
                        "code": "visit",
                        "type": "single",
                        "title": "目的",
                        "options": [
                            {"code": "buy", "title": "看车", "title_en": "buying a car"},
                            {"code": "other", "title": "其他", "title_en": "other", "free": True},
                        ],
                    },
                    {"code": "name", "type": "text_short", "title": "称呼"},
                    {
                        "code": "rated",
                        "type": "matrix",
                        "title": "评分",
                        "rows": [{"code": "price", "title": "价格"}],
                        "options": [{"code": "5", "title": "很满意", "title_en": "very satisfied"}],
                    },
                    {
                        "code": "car",
                        "type": "fields",
                        "title": "车",
                        "columns": [{"code": "new", "type": "yes_no", "title": "新车"}],
                    },
                ],
            }
        ],
    }
)
ANSWERS = {"visit": "buy", "name": "<b>王</b>", "rated": {"price": 5}, "car": {"new": "yes"}}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("关于{visit}", "关于看车", "关于buying a car"),
        ("{rated.price}", "很满意", "very satisfied"),
        ("{car.new}", "是", "Yes"),
        ("{name}您好", "<b>王</b>您好", "<b>王</b>您好"),
        ("{visit-Comment}", "…", "…"),
        ("{nothing} {} { x }", "{nothing} {} { x }", "{nothing} {} { x }"),
    ],
)
def test_an_answer_stands_in_the_text_in_words(text: str, zh: str, en: str) -> None:
    assert piped(text, TREE, ANSWERS, "zh-hans") == zh
    assert piped(text, TREE, ANSWERS, "en") == en


def test_what_is_not_answered_is_an_ellipsis_and_the_words_of_other_stand_by_themselves() -> None:
    assert piped("{visit}/{name}", TREE, {}, "zh-hans") == "…/…"
    assert piped("{visit-Comment}", TREE, {"visit": "other", "visit-Comment": "充电"}, "en") == "充电"


def test_an_answer_that_looks_like_a_place_is_not_replaced_again() -> None:
    assert piped("{name}", TREE, {"name": "{visit}", "visit": "buy"}, "en") == "{visit}"
