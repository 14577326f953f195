"""A questionnaire that asks every type of question once, for tests that look at all of them."""

from __future__ import annotations

import hashlib
import io
import tomllib
from datetime import datetime, timedelta
from typing import Any

from manyi.distribution import actions as distribution
from manyi.surveys import actions as surveys
from manyi.surveys import pictures
from manyi.surveys.definition import from_dict
from manyi.surveys.question_types import TYPES
from tests import personas

#: What each page holds, so that none is too long to look at.
PAGES = {
    "choices": ("consent", "single", "dropdown", "multiple", "picture", "yes_no"),
    "scales": ("rating", "nps", "effort", "slider", "matrix", "matrix_dual"),
    "grids": ("matrix_single", "matrix_multiple", "table", "fields", "sum", "ranking"),
    "entries": (
        "number",
        "text_short",
        "text_long",
        "phone",
        "email",
        "id_number",
        "date",
        "time",
        "datetime",
    ),
    "others": ("information", "calculated", "photo", "file", "signature", "location", "hidden"),
}
TITLES = {
    "choices": ("选择", "Choices"),
    "scales": ("量表", "Scales"),
    "grids": ("表格与排序", "Tables and ranking"),
    "entries": ("填写", "Entries"),
    "others": ("其他", "Others"),
}
#: One pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def definition() -> dict[str, Any]:
    """The examples of all types, page by page; only conditions that need another question are left out."""
    return {
        "code": "all_types",
        "title": "全部题型",
        "title_en": "All types",
        "sections": [
            {
                "code": page,
                "title": TITLES[page][0],
                "title_en": TITLES[page][1],
                "questions": [_question(name) for name in names],
            }
            for page, names in PAGES.items()
        ],
    }


def _question(name: str) -> dict[str, Any]:
    question = tomllib.loads(TYPES.get(name).example)
    question.pop("visible_if", None)
    for option in question.get("options", ()) if name == "picture" else ():
        option["image"] = hashlib.sha256(PIXEL).hexdigest()
    return question


def open_door(opens_at: datetime) -> str:
    """The address of an open link to a round that asks all types."""
    house = personas.house()
    li, shop = house.li, house.tree.east
    draft = surveys.create_questionnaire(actor=li, unit=shop, definition=from_dict(definition()))
    version = surveys.publish_questionnaire(actor=li, version=draft)
    asks, pixel = version.questionnaire, io.BytesIO(PIXEL)
    pictures.keep_picture(actor=li, questionnaire=asks, name="a.png", size=len(PIXEL), content=pixel)
    programme = surveys.create_programme(actor=li, unit=shop, code="all", title="全部题型")
    row = surveys.create_round(
        actor=li,
        programme=programme,
        questionnaire=version,
        scheme=None,
        title="全部题型",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=1),
    )
    surveys.advance_round(actor=li, round=row, name="open")
    link = distribution.create_open_link(actor=li, round=row, unit=shop, label="前台")
    return f"/o/{link.token}/"
