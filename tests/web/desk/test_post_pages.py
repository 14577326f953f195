"""The pages of chat and posts: sources in the settings, what came, and what a person decides about it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from manyi.cases.models import Case, PostSource, ReceivedPost
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import fresh
from tests.cases.posts.pushed import a_post, a_source, pushed, with_wecom
from tests.personas import House, browser_of


@pytest.fixture
def admin(house: House) -> Client:
    return browser_of(personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group))


def body_of(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_source_is_made_and_its_secret_is_shown_once(house: House, admin: Client) -> None:
    given = {"name": "官网客服", "kind": "chat", "sample": "chatwoot", "case_kind": "help",
             "unit": str(house.tree.east_service.pk)}  # fmt: skip
    answer = admin.post(reverse("desk:post_source_new"), given)
    source = PostSource.objects.get()
    assert answer["Location"] == reverse("desk:post_source", args=[source.pk])
    first, second = (body_of(admin, "desk:post_source", source.pk) for _ in range(2))
    assert source.secret in first
    assert source.secret not in second
    assert f"/hooks/cases/{source.key}/" in second
    old = source.secret
    admin.post(reverse("desk:post_source_secret", args=[source.pk]))
    source.refresh_from_db()
    assert source.secret != old
    assert source.secret in body_of(admin, "desk:post_source", source.pk)


def test_a_mapping_is_tried_corrected_and_what_waited_is_taken_in(
    house: House, monday: datetime, admin: Client
) -> None:
    source = a_source(house)
    pushed(source, {"post": {"no": 7, "words": "排队两小时"}})
    body = json.dumps(a_post(text="亮灯了"), ensure_ascii=False)
    tried = admin.post(reverse("desk:post_source", args=[source.pk]), {"body": body}).content.decode()
    assert "亮灯了" in tried
    assert not Case.objects.exists()
    wrong = admin.post(reverse("desk:post_source_change", args=[source.pk]), {"name": "采集"})
    assert wrong.status_code == 422
    given = {
        "name": "采集", "kind": "social", "case_kind": "help", "unit": str(source.unit.pk),
        "signing": "manyi", "map_id": "post.no", "map_text": "post.words",
    }  # fmt: skip
    assert admin.post(reverse("desk:post_source_change", args=[source.pk]), given).status_code == 302
    admin.post(reverse("desk:post_source_again", args=[source.pk]))
    assert (Case.objects.get().demand, Case.objects.get().kind) == ("排队两小时", "help")


def test_what_was_set_aside_is_shown_as_it_came_and_read_again(house: House, monday: datetime) -> None:
    source = a_source(house)
    pushed(source, {"post": "<script>alert(1)</script>"})
    post, browser = ReceivedPost.objects.get(), browser_of(fresh("zhou"))
    assert reverse("desk:post", args=[post.pk]) in body_of(browser, "desk:posts")
    shown = body_of(browser, "desk:post", post.pk)
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    PostSource.objects.update(mapping={"id": "post", "text": "post"})
    browser.post(reverse("desk:post_again", args=[post.pk]))
    post.refresh_from_db()
    assert post.state == "message"
    assert reverse("desk:post", args=[post.pk]) in body_of(browser, "desk:case", post.case_id)


def test_a_source_is_paused_put_back_and_removed(house: House, monday: datetime, admin: Client) -> None:
    source = a_source(house)
    pushed(source, a_post())
    address = reverse("desk:post_source_switch", args=[source.pk])
    for state in ("paused", "active", "removed"):
        admin.post(address, {"state": state})
        source.refresh_from_db()
        assert source.state == state
    assert source.name not in body_of(admin, "desk:post_sources")
    assert admin.get(reverse("desk:post_source", args=[source.pk])).status_code == 404


def test_wecom_says_what_is_missing_and_where_to_set_it_up(house: House, admin: Client) -> None:
    source = a_source(house, kind="wecom")
    assert reverse("settings:channel", args=["wecom"]) in body_of(admin, "desk:post_source", source.pk)
    source = with_wecom(house)
    shown = body_of(admin, "desk:post_source", source.pk)
    assert f"/hooks/wecom/{source.key}/" in shown
    assert reverse("settings:channel", args=["wecom"]) not in shown
