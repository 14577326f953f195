"""The library's pages: 李敏 reads a ready questionnaire and takes a copy; 赵静's auditor only reads."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from manyi.surveys.library import entries
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from tests.personas import House, house

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> House:
    return house()


def page_of(person: object, address: str) -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client.get(address).content.decode()


def test_every_ready_questionnaire_is_listed_and_can_be_read(people: House) -> None:
    listed = page_of(people.li, reverse("manage:library"))
    for each in entries():
        assert reverse("manage:ready", args=[each.code]) in listed
        page = page_of(people.li, reverse("manage:ready", args=[each.code]))
        assert each.questionnaire.title.zh in page
        assert all(question.title.zh in page for question in each.questionnaire.questions.values())


def test_conditions_are_read_in_plain_words(people: House) -> None:
    page = page_of(people.li, reverse("manage:ready", args=["dealership_service"]))
    assert "显示条件:“您是否提前预约?”等于“是”" in page


def test_a_copy_becomes_a_draft_and_a_second_one_gets_another_code(people: House) -> None:
    client = Client()
    client.force_login(people.li, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("manage:ready", args=["hotel_stay"])
    for wanted in ("hotel_stay", "hotel_stay_2"):
        answer = client.post(address, {"unit": people.tree.east.pk})
        assert answer.status_code == 302
        version = QuestionnaireVersion.objects.select_related("questionnaire").latest("pk")
        assert version.questionnaire.code == wanted
        assert version.questionnaire.unit == people.tree.east
        assert questionnaire_of(version).sections == entries_by_code("hotel_stay")
        assert answer.headers["Location"] == reverse("manage:editor", args=[version.pk])


def entries_by_code(code: str) -> object:
    return next(each.questionnaire.sections for each in entries() if each.code == code)


def test_who_may_not_edit_sees_no_button_and_an_unknown_code_is_not_found(people: House) -> None:
    assert "使用这份问卷" not in page_of(people.qian, reverse("manage:ready", args=["hotel_stay"]))
    client = Client()
    client.force_login(people.li, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("manage:ready", args=["nothing"])).status_code == 404
