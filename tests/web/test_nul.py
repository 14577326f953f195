"""A NUL from a broken scanner or a curious stranger neither breaks a page nor costs what stands around it."""

from __future__ import annotations

import pytest

from manyi.cases.models import Case
from tests import personas

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_a_search_goes_on_without_it() -> None:
    house = personas.house()
    answer = personas.browser_of(house.li).get("/search/?q=%00li")
    assert answer.status_code == 200
    assert 'value="li"' in answer.content.decode()


def test_an_address_with_it_does_not_exist() -> None:
    assert personas.browser_of(None).get("/s/%00/").status_code == 404


def test_what_was_typed_around_it_is_kept() -> None:
    house = personas.house()
    form = {
        "kind": "complaint",
        "unit": str(house.tree.east.pk),
        "body": "车门\x00关不严",
        "identity": "anonymous",
        "consent": "yes",
    }
    answer = personas.browser_of(None).post("/voice/", form)
    assert answer.status_code < 500
    assert Case.objects.get().messages.get(direction="in").body == "车门关不严"


def test_the_api_refuses_it_with_words() -> None:
    house = personas.house()
    case = {"unit": house.tree.east.code, "kind": "complaint", "body": "车门\x00关不严"}
    answer = personas.browser_of(house.wang).post("/api/cases", case, content_type="application/json")
    assert answer.status_code == 400
    assert "NUL" in answer.json()["error"]["en"]
    assert not Case.objects.exists()
