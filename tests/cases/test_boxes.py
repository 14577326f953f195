"""Suggestion boxes: words and a photo without a name become a case that its code follows up."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manyi.cases.box_actions import open_box, put_into, switch_box
from manyi.cases.models import Case, SuggestionBox
from manyi.organisation import attachments, clock
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event
from tests.personas import House, house
from tests.survey_world import START

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 200


@pytest.fixture
def people() -> House:
    with clock.at(START):
        return house()


@pytest.fixture
def box(people: House) -> SuggestionBox:
    with clock.at(START):
        return open_box(actor=people.wang, unit=people.tree.east, label="休息区门口")


def test_words_without_a_contact_become_an_anonymous_case_of_the_boxs_unit(box: SuggestionBox) -> None:
    with clock.at(START):
        case = put_into(box=box, kind="suggestion", body="请增加热水", contact={})
    assert (case.unit, case.channel, case.confidentiality) == (box.unit, "box", "anonymous")
    assert case.box == box
    assert case.tracking_code


def test_a_contact_makes_it_a_named_case(box: SuggestionBox) -> None:
    with clock.at(START):
        case = put_into(box=box, kind="praise", body="小王很耐心", contact={"contact_phone": "13800138000"})
    assert (case.confidentiality, case.contact_phone) == ("named", "13800138000")


def test_a_photo_is_judged_by_content_and_kept_with_the_case(box: SuggestionBox) -> None:
    with clock.at(START):
        photos = [("a.jpg", len(PHOTO), io.BytesIO(PHOTO))]
        case = put_into(box=box, kind="complaint", body="地面湿滑", contact={}, photos=photos)
        script = [("a.jpg", 30, io.BytesIO(b"<svg onload=alert(1)>"))]
        with pytest.raises(Refused, match="no photo"):
            put_into(box=box, kind="complaint", body="x", contact={}, photos=script)
    assert attachments.held_by(case).get().content_type == "image/jpeg"
    assert Case.objects.count() == 1


def test_a_box_out_of_use_takes_nothing_and_can_be_put_back(people: House, box: SuggestionBox) -> None:
    with clock.at(START):
        switch_box(actor=people.wang, box=box, active=False)
        with pytest.raises(Refused, match="out of use"):
            put_into(box=box, kind="suggestion", body="x", contact={})
        assert Client().get(reverse("public:box", args=[box.token])).status_code == 404
        switch_box(actor=people.wang, box=box, active=True)
        put_into(box=box, kind="suggestion", body="x", contact={})
    kinds = list(Event.objects.filter(kind__startswith="box.").values_list("kind", flat=True))
    assert kinds == ["box.opened", "box.switched", "box.switched"]


def test_only_who_dispatches_cases_there_puts_up_a_box(people: House) -> None:
    with pytest.raises(NotPermitted):
        open_box(actor=people.zheng, unit=people.tree.east, label="前台")


def test_from_the_scan_to_the_code(box: SuggestionBox) -> None:
    visitor = Client()
    address = reverse("public:box", args=[box.token])
    page = visitor.get(address).content.decode()
    assert "休息区门口" in page
    photo = SimpleUploadedFile("a.jpg", PHOTO)
    given = {"kind": "suggestion", "body": "请增加充电桩", "photos": photo}
    thanks = visitor.post(address, given, follow=True).content.decode()
    case = Case.objects.get()
    assert case.number in thanks
    assert case.tracking_code in thanks


def test_an_empty_slip_is_asked_for_its_words(box: SuggestionBox) -> None:
    answer = Client().post(reverse("public:box", args=[box.token]), {"kind": "suggestion", "body": " "})
    assert answer.status_code == 422
    assert "请写明" in answer.content.decode()


def test_the_list_counts_what_came_in(people: House, box: SuggestionBox) -> None:
    with clock.at(START):
        put_into(box=box, kind="suggestion", body="x", contact={})
    client = Client()
    client.force_login(people.wang, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk:boxes")).content.decode()
    assert "建议 1" in page
    made = client.post(reverse("desk:box_new"), {"unit": people.tree.east.pk, "label": "前台"}, follow=True)
    assert "<svg" in made.content.decode()
