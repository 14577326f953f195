"""A refused act ends in words on the page that the person came from, never in a server error."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.web.conf.urls import urlpatterns as pages

REFUSALS = {
    "refused": Refused(Label("部门编号已被使用。", "The code is taken.")),
    "invalid": Invalid([("a", Label("缺姓名。", "No name.")), ("b", Label("缺电话。", "No phone."))]),
    "step": WorkflowError(Label("不能办结。", "It cannot be closed.")),
    "forbidden": NotPermitted("cases.handle"),
    "fault": ValueError("a mistake in the code"),
}


def refusing(request: HttpRequest, kind: str) -> HttpResponse:
    """A view whose action refuses."""
    raise REFUSALS[kind]


urlpatterns = [path("refusing/<kind>/", refusing), *pages]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("kind", "words"), [("refused", "编号已被使用"), ("invalid", "缺姓名。 缺电话。"), ("step", "不能办结")]
)
def test_after_a_post_the_person_is_back_with_the_reason(client: Client, kind: str, words: str) -> None:
    response = client.post(f"/refusing/{kind}/", headers={"referer": "http://testserver/cases/7/"})
    assert (response.status_code, response["location"]) == (302, "http://testserver/cases/7/")
    assert words in said(response)[0]


def test_the_way_back_never_leads_to_another_site(client: Client) -> None:
    response = client.post("/refusing/refused/", headers={"referer": "https://evil.example/cases/7/"})
    assert response["location"] == "/"


def test_a_page_that_cannot_be_shown_says_why_without_a_loop(client: Client) -> None:
    response = client.get("/refusing/refused/", headers={"accept-language": "en"})
    assert response.status_code == 422
    assert "The code is taken." in response.content.decode()


def test_htmx_gets_a_fragment(client: Client) -> None:
    response = client.post("/refusing/refused/", headers={"hx-request": "true"})
    assert response.status_code == 422
    assert response.content.decode().strip().startswith("<div")


def test_a_missing_permission_is_403_with_what_to_do(client: Client) -> None:
    response = client.post("/refusing/forbidden/")
    assert response.status_code == 403
    assert "请联系系统管理员" in response.content.decode()


def test_a_mistake_in_the_code_is_not_hidden(client: Client) -> None:
    with pytest.raises(ValueError, match="a mistake in the code"):
        client.get("/refusing/fault/")
