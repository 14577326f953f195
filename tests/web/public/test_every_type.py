"""Every question type is drawn in every form and language; a new plug-in file is tested by being there."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import select_template
from django.utils import translation

from manyi.kernel.labels import Label
from manyi.surveys.question_types import TYPES, QuestionType
from manyi.web.public.fields import FORMS, Drawing, field_of
from tests.question_samples import SAMPLES, UNASKED, example

ALL = [kind for kind in TYPES if not kind.silent(example(kind))]
by_type = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.id)
LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Page(HTMLParser):
    """The words of a page, its fields, and whether its tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.fields, self.open = "", list[dict[str, str | None]](), list[str]()
        self.labelled = set[str | None]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.fields.append({**given, "wrapped": "yes" if "label" in self.open else None})
        if tag == "label":
            self.labelled.add(given.get("for"))
        if tag not in {"input", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"use", "path"}:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of its own, such as ``<use/>``."""

    def handle_data(self, data: str) -> None:
        self.words += data


def drawn(kind: QuestionType, form: str, language: str, value: Any, error: Label | None = None) -> Page:
    with translation.override(LANGUAGES[language]):
        field = field_of(example(kind), value, error, Drawing(language, form))
        return Page(select_template(field.templates).render({"field": field}))


def stored(kind: QuestionType) -> Any:
    return 42 if kind.id in UNASKED else SAMPLES[kind.id][1]


@by_type
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_every_type_is_drawn_whole_in_every_form(kind: QuestionType, form: str, language: str) -> None:
    question = example(kind)
    for value in (None, stored(kind)):
        page = drawn(kind, form, language, value)
        assert page.open == []
        assert question.title.text(language) in page.words
        assert "None" not in page.words.replace("None of these", "")
        titles = [option.title for option in question.options] + [row.title for row in question.rows]
        for title in titles + [column.title for column in question.columns]:
            if kind.id not in {"rating", "nps", "effort", "matrix", "slider"}:
                assert title.text(language) in page.words


@by_type
@pytest.mark.parametrize("form", ["web", "phone"])
def test_every_field_has_a_name_for_the_form_and_one_for_assistive_technology(
    kind: QuestionType, form: str
) -> None:
    page = drawn(kind, form, "en", stored(kind), Label("不对。", "Wrong."))
    for field in page.fields:
        assert str(field["name"]).startswith("a.")
        assert field.get("aria-label") or field["wrapped"] or field["id"] in page.labelled
    assert bool(page.fields) == kind.asks
    if kind.asks:
        assert "Wrong." in page.words


@by_type
@pytest.mark.parametrize("form", ["web", "phone"])
def test_what_is_drawn_with_an_answer_sends_the_same_answer(kind: QuestionType, form: str) -> None:
    page = drawn(kind, form, "zh", stored(kind))
    sent: dict[str, list[str]] = {}
    for field in page.fields:
        chosen = field.get("type") not in {"radio", "checkbox"} or "checked" in field
        if chosen and field.get("type") != "file" and field.get("value"):
            sent.setdefault(str(field["name"]), []).append(str(field["value"]))
    if (
        kind.id in {"text_long", "dropdown", "location"} or not kind.asks
    ):  # these do not send by ``value`` alone
        return
    question = example(kind)
    assert kind.check(question, kind.parse(sent, f"a.{question.code}", question)).value == stored(kind)


@by_type
def test_an_interviewer_can_answer_everything_by_voice_and_keys(kind: QuestionType) -> None:
    question, page = example(kind), drawn(kind, "phone", "zh", None)
    spoken = SAMPLES[kind.id][0] if kind.asks else {}
    form: dict[str, list[str]] = {}
    for field in page.fields:
        assert field.get("type") != "file", "nobody sends a file by voice"
        name = str(field["name"])
        chosen = field.get("type") in {"radio", "checkbox"}
        words = (
            [str(field["value"])] if chosen else spoken.get(name.replace(f"a.{question.code}", "a", 1), [])
        )
        if words and name not in form:
            form[name] = words
    if kind.asks:
        checked = kind.check(question, kind.parse(form, f"a.{question.code}", question))
        assert checked.problem is None
        assert checked.value not in (None, "", [], {})


@by_type
def test_a_printed_form_has_a_box_with_its_code_for_every_choice(kind: QuestionType) -> None:
    question = example(kind)
    page = drawn(kind, "paper", "zh", None)
    assert page.fields == []
    for part in kind.parts(question):
        for option in part.options if part.kind in {"one", "many", "pick", "scale", "rank"} else ():
            assert option.code in page.words


def test_an_interviewer_chooses_by_one_key() -> None:
    kind = TYPES.get("nps")
    keys = [field["data-key"] for field in drawn(kind, "phone", "zh", None).fields]
    assert keys == [*"0123456789", "t"]
    keys = [field["data-key"] for field in drawn(TYPES.get("multiple"), "phone", "zh", None).fields[:4]]
    assert keys == [*"1234"]


def test_what_a_respondent_typed_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>\"'"
    for kind in ALL:
        for value in (evil, [evil], {"place": evil, "model": evil}, [{"sha256": "x", "name": evil}]):
            field = field_of(example(kind), value, None, Drawing("en"), words=evil)
            assert "<script" not in select_template(field.templates).render({"field": field})
