"""What an old phone has to fetch before somebody can answer: page, style and script, without compression."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client
from django.utils import translation

from manyi.organisation import clock
from manyi.surveys.question_types import TYPES
from manyi.web.public.fields import Drawing, field_of
from tests.all_types import PAGES, open_door
from tests.question_samples import example
from tests.survey_world import START

pytestmark = pytest.mark.django_db
MOST = 60_000


def assets() -> int:
    """The bytes of style and script."""
    found = [finders.find(f"public/{name}") for name in ("respond.css", "respond.js")]
    return sum(Path(str(path)).stat().st_size for path in found)


def test_every_page_of_the_questionnaire_with_all_types_is_light(client: Client) -> None:
    with clock.at(START):
        begun = client.post(open_door(START))["Location"]
        for section in PAGES:
            page = client.get(begun.replace("/choices/", f"/{section}/"))
            assert page.status_code == 200
            assert len(page.content) + assets() < MOST


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_twenty_questions_of_any_types_are_light(language: str) -> None:
    heaviest = []
    with translation.override(language):
        for kind in TYPES:
            question = example(kind)
            if not kind.silent(question):
                field = field_of(question, None, None, Drawing(language))
                html = get_template("public/questions.html").render({"fields": [field]})
                heaviest.append(len(html.encode()))
    assert sum(sorted(heaviest)[-20:]) + assets() < MOST
