"""Forms of the editor for what is rarer: contradictions, conditions of columns, pictures of options."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manyi.surveys import actions
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from tests import personas
from tests.all_types import PIXEL
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

TEXT = """
code = "cars"
title = "用车"
title_en = "Cars"
[[sections]]
code = "s1"
[[sections.questions]]
code = "content"
type = "rating"
title = "满意吗?"
title_en = "Content?"
[[sections.questions]]
code = "car"
type = "picture"
title = "哪一辆?"
title_en = "Which one?"
options = [
    { code = "red", title = "红", title_en = "Red" },
    { code = "blue", title = "蓝", title_en = "Blue" },
]
[[sections.questions]]
code = "visits"
type = "table"
title = "到店"
title_en = "Visits"
rows = [{ code = "first", title = "第一次", title_en = "First" }]
[[sections.questions.columns]]
code = "yuan"
type = "number"
title = "金额"
title_en = "Amount"
"""


class Draft:
    """李敏's draft and her browser."""

    def __init__(self) -> None:
        house = personas.house()
        self.version: QuestionnaireVersion = actions.create_questionnaire(
            actor=house.li, unit=house.tree.east, definition=questionnaire_from_toml(TEXT)
        )
        self.client: Client = browser_of(house.li, language="en")

    @property
    def tree(self) -> Questionnaire:
        self.version.refresh_from_db()
        return questionnaire_of(self.version)

    def page(self, at: str = "") -> str:
        return self.client.get(reverse("manage:editor", args=[self.version.pk]), {"at": at}).content.decode()

    def edit(self, edit: str, at: str = "", **fields: str) -> None:
        self.version.refresh_from_db()
        form = {"edit": edit, "at": at, "revision": self.version.revision, **fields}
        self.client.post(reverse("manage:editor_change", args=[self.version.pk]), form)

    def send(self, **files: Any) -> Any:
        self.version.refresh_from_db()
        form = {"revision": self.version.revision, **{k.replace("_", ".", 1): v for k, v in files.items()}}
        return self.client.post(reverse("manage:option_pictures", args=[self.version.pk, "car"]), form)


@pytest.fixture
def draft() -> Draft:
    return Draft()


def test_a_contradiction_is_added_worded_and_said_as_a_sentence(draft: Draft) -> None:
    draft.edit("head", add="contradictions")
    assert len(draft.tree.contradictions) == 1
    draft.edit(
        "head",
        **{
            "contradictions.given": "1",
            "contradictions.0.expression": "{content} = 5 and {visits} empty",
            "contradictions.0.message_en": "Content without a visit",
        },
    )
    (pair,) = draft.tree.contradictions
    assert (pair.expression, pair.message.en) == (
        "{content} = 5 and {visits} empty",
        "Content without a visit",
    )
    page = draft.page()
    assert "contradictions%5B1%5D" in page
    assert "“Content?” is 5" in page.replace("&#x27;", "'")
    draft.edit("head", **{"contradictions.given": "1"}, drop="contradictions:0")
    assert not draft.tree.contradictions


def test_the_condition_of_a_column_is_typed_and_chosen(draft: Draft) -> None:
    assert 'id="e-visible_if"' in draft.page("visits.yuan")
    assert 'id="e-required_if"' not in draft.page("visits.yuan")
    draft.edit("question", "visits.yuan", code="yuan", title="金额", visible_if="{content} <= 3")
    assert draft.tree.questions["visits"].columns[0].visible_if == "{content} <= 3"
    chooser = reverse("manage:condition", args=[draft.version.pk, "visits.columns.yuan.visible_if"])
    assert "at most" in draft.client.get(chooser).content.decode()


def test_pictures_are_taken_by_content_shown_to_respondents_and_taken_away(draft: Draft) -> None:
    wrong = draft.send(picture_red=SimpleUploadedFile("red.png", b"<svg onload=alert(1)>"))
    assert wrong.status_code == 422
    assert "at most 2 MB" in wrong.content.decode()
    large = SimpleUploadedFile("red.png", PIXEL + bytes(2 << 20))
    assert draft.send(picture_red=large, picture_blue=SimpleUploadedFile("b.png", PIXEL)).status_code == 422
    assert [option.image for option in draft.tree.questions["car"].options] == ["", ""]

    assert draft.send(picture_red=SimpleUploadedFile("red.png", PIXEL)).status_code == 302
    key = hashlib.sha256(PIXEL).hexdigest()
    assert [option.image for option in draft.tree.questions["car"].options] == [key, ""]
    shown = Client().get(reverse("public:picture", args=[key]))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert b"".join(shown) == PIXEL
    assert f"/picture/{key}/" in draft.page("car")
    assert draft.send(drop="red").status_code == 302
    assert draft.tree.questions["car"].options[0].image == ""


def test_an_edit_of_the_question_keeps_its_pictures(draft: Draft) -> None:
    draft.send(picture_red=SimpleUploadedFile("red.png", PIXEL))
    draft.edit("question", "car", **{"code": "car", "title": "哪辆?", "options.given": "1",
                                     "options.0.code": "red", "options.0.title": "红"})  # fmt: skip
    assert draft.tree.questions["car"].options[0].image
