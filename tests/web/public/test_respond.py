"""The respondent's pages, without script: from the letter to the receipt, and every shut door."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from manyi.customers.models import OptOut
from manyi.distribution import actions as distribution
from manyi.distribution import links
from manyi.distribution.models import Invitation
from manyi.organisation import clock
from manyi.responses.models import Response, Score
from manyi.surveys import actions as surveys
from tests.survey_world import QUESTIONNAIRE, START, World, build, invite

pytestmark = pytest.mark.django_db

SERVICE = {
    "shown": ["reception", "channels"],
    "a.reception.greeting": "5",
    "a.reception.waiting": "4",
    "a.reception.price": "na",
    "a.channels": ["friend", "web"],
}
OVERALL = {"shown": ["satisfied", "recommend"], "a.satisfied": "4", "a.recommend": "9", "last": "1"}


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


@pytest.fixture
def link(world: World) -> str:
    with clock.at(START):
        return f"/s/{invite(world)[0].token}/"


@pytest.fixture
def phone() -> Client:
    return Client(headers={"accept-language": "zh-CN"}, enforce_csrf_checks=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_whole_way_from_the_letter_to_the_receipt(phone: Client, link: str) -> None:
    with clock.at(START):
        welcome = text(phone.get(link))
        assert "售后服务满意度调查" in welcome
        assert "您的回答仅用于改进服务" in welcome
        assert phone.post(link)["Location"] == f"{link}p/service/"
        page = text(phone.get(f"{link}p/service/"))
        assert "第 1 部分,共 2 部分" in page
        assert phone.post(f"{link}p/service/", SERVICE)["Location"] == f"{link}p/overall/"
        done = phone.post(f"{link}p/overall/", OVERALL)
        receipt = Response.objects.get().receipt
        assert done["Location"] == f"/receipt/{receipt}/"
        assert str(receipt) in text(phone.get(done["Location"]))
    assert Score.objects.get().grade == "B"
    assert not phone.cookies


def test_an_optional_question_that_comes_up_on_the_last_page_is_shown_before_the_end(phone: Client) -> None:
    with clock.at(START):
        definition = QUESTIONNAIRE.replace(
            'visible_if = "{recommend} <= 6"\nrequired = true', 'visible_if = "{recommend} <= 6"'
        )
        link = f"/s/{invite(build(definition=definition))[0].token}/"
        phone.post(link)
        phone.post(f"{link}p/service/", SERVICE)
        low = {**OVERALL, "a.recommend": "3"}
        assert phone.post(f"{link}p/overall/", low)["Location"] == f"{link}p/overall/#q-why"
        seen = {**low, "shown": ["satisfied", "recommend", "why"]}
        assert "/receipt/" in phone.post(f"{link}p/overall/", seen)["Location"]


def test_submitting_twice_and_coming_back_lead_to_the_same_receipt(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        phone.post(f"{link}p/service/", SERVICE)
        first, second = (phone.post(f"{link}p/overall/", OVERALL) for _ in range(2))
        assert first["Location"] == second["Location"] == phone.get(link)["Location"]
    assert Response.objects.count() == 1


def test_in_an_anonymous_round_the_used_link_says_so_and_a_double_tap_still_gets_its_receipt(
    phone: Client,
) -> None:
    with clock.at(START):
        link = f"/s/{invite(build(anonymous=True))[0].token}/"
        assert "匿名" in text(phone.get(link))
        phone.post(link)
        key = Response.objects.get().key
        phone.post(f"{link}p/service/", SERVICE)
        first, second = (phone.post(f"{link}p/overall/", {**OVERALL, "key": key}) for _ in range(2))
        assert first["Location"] == second["Location"]
        later = phone.get(link)
    assert later.status_code == 409
    assert "每个链接只能提交一次" in text(later)


def test_a_condition_inside_a_section_works_without_script(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        phone.post(f"{link}p/service/", SERVICE)
        assert "请告诉我们原因" not in text(phone.get(f"{link}p/overall/"))
        low = {**OVERALL, "a.recommend": "3"}
        back = phone.post(f"{link}p/overall/", low)
        assert back["Location"] == f"{link}p/overall/#q-why"
        assert "请告诉我们原因" in text(phone.get(f"{link}p/overall/"))
        missing = phone.post(f"{link}p/overall/", {**low, "shown": ["satisfied", "recommend", "why"]})
        assert missing.status_code == 422
        whole = {**low, "shown": ["satisfied", "recommend", "why"], "a.why": "等太久"}
        assert "/receipt/" in phone.post(f"{link}p/overall/", whole)["Location"]
    assert Response.objects.get().answers["why"] == "等太久"


def test_the_script_gets_only_the_questions(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        part = phone.post(f"{link}p/overall/", {**OVERALL, "a.recommend": "2", "go": "refresh"})
    assert part.status_code == 200
    assert "<html" not in text(part)
    assert "请告诉我们原因" in text(part)


def test_mistakes_are_shown_beside_the_question_and_nothing_typed_is_lost(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        wrong = {**SERVICE, "a.reception.waiting": "99", "a.channels": ["friend", "none"]}
        page = phone.post(f"{link}p/service/", wrong)
        assert page.status_code == 422
        shown = text(page)
        assert '<a href="#q-reception">' in shown
        assert "“99”不在 1 到 5 之间" in shown
        assert "“都不是”不能与其他选项同时选择" in shown
        assert 'id="a.reception.greeting-5" value="5" checked' in shown
        assert 'id="a.channels-none" value="none" checked' in shown
    kept = Response.objects.get()
    assert kept.set_aside["reception"]["value"]["waiting"] == "99"
    assert kept.answers["reception"]["greeting"] == 5


def test_a_forged_field_is_kept_aside_and_does_not_break_the_page(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        phone.post(f"{link}p/service/", {**SERVICE, "a.colour": "red", "a.why": "hidden"})
        phone.post(f"{link}p/overall/", OVERALL)
    response = Response.objects.get()
    assert response.state == "submitted"
    assert {code: kept["value"] for code, kept in response.set_aside.items()} == {
        "colour": "red",
        "why": "hidden",
    }


def test_going_back_asks_for_nothing(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        phone.post(f"{link}p/service/", SERVICE)
        back = phone.post(f"{link}p/overall/", {"shown": ["satisfied"], "go": "back"})
        assert back["Location"] == f"{link}p/service/"
        assert 'value="friend" checked' in text(phone.get(f"{link}p/service/"))


def test_the_link_resumes_where_something_is_open(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        phone.post(f"{link}p/service/", SERVICE)
        assert "继续作答" in text(phone.get(link))
        assert phone.post(link)["Location"] == f"{link}p/overall/"


def test_the_language_can_be_changed_and_stays(phone: Client, link: str) -> None:
    with clock.at(START):
        assert "After-sales satisfaction" in text(phone.get(f"{link}?lang=en"))
        begun = phone.post(f"{link}?lang=en")
        assert begun["Location"] == f"{link}p/service/?lang=en"
        page = text(phone.get(f"{link}p/service/"))
    assert "Please rate each step" in page
    assert '<html lang="en">' in page


def shut(phone: Client, url: str, status: int, words: str) -> None:
    answer = phone.get(url)
    assert answer.status_code == status
    assert words in text(answer)


def test_every_shut_door_has_its_status_and_its_words(phone: Client, world: World, link: str) -> None:
    place = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
    shut(phone, "/s/nobody/", 404, "链接无效")
    shut(phone, "/s/nobody/stop/", 404, "链接无效")
    shut(phone, "/o/nobody/", 404, "链接无效")
    shut(phone, "/receipt/NONE/", 404, "链接无效")
    with clock.at(START):
        shut(phone, f"{link}p/nowhere/", 404, "链接无效")
        distribution.close_open_link(actor=None, link=place)
        shut(phone, f"/o/{place.token}/", 410, "链接已停用")
    with clock.at(START + timedelta(days=31)):
        shut(phone, link, 410, "调查已经结束")


def test_before_the_beginning_the_page_says_when(phone: Client, world: World) -> None:
    place = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
    with clock.at(START - timedelta(days=1)):
        shut(phone, f"/o/{place.token}/", 403, "2026-03-02 09:00")


def test_answers_that_come_after_the_end_are_kept(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        phone.post(f"{link}p/service/", SERVICE)
    with clock.at(START + timedelta(days=31)):
        late = phone.post(f"{link}p/overall/", OVERALL)
    assert late.status_code == 410
    assert "已填写的内容已保留" in text(late)
    assert Response.objects.get().set_aside["satisfied"]["value"] == "4"


def test_opting_out_and_back_in_by_the_link(phone: Client, world: World) -> None:
    with clock.at(START):
        surveys.draw_sample(actor=None, round=world.round, method="census", filters={})
        surveys.advance_round(actor=None, round=world.round, name="open")
        distribution.create_invitations(actor=None, round=world.round, channel="email")
        invitation = Invitation.objects.order_by("pk")[0]
        link = f"/s/{invitation.token}/"
        assert "不想再收到" in text(phone.get(f"{link}stop/"))
        assert OptOut.objects.count() == 0
        phone.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"})
        assert OptOut.objects.count() == 1
        shut(phone, link, 403, "您已退订")
        assert "欢迎回来" in text(phone.post(f"{link}stop/", {"again": "1"}))
        assert phone.get(link).status_code == 200
    assert OptOut.objects.count() == 0


def test_an_open_link_is_resumed_by_its_own_address(phone: Client, world: World) -> None:
    with clock.at(START):
        surveys.advance_round(actor=None, round=world.round, name="open")
        place = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
        begun = phone.post(f"/o/{place.token}/")["Location"]
        assert phone.post(begun, SERVICE)["Location"] != begun
        distribution.close_open_link(actor=None, link=place)
        overall = begun.replace("service", "overall")
        assert phone.get(overall).status_code == 200
        assert "/receipt/" in phone.post(overall, OVERALL)["Location"]
    assert Response.objects.get().open_link == place


def test_the_addresses_in_letters_are_those_of_the_pages(world: World, link: str, settings: Any) -> None:
    token = link.split("/")[2]
    assert links.personal(token) == f"{settings.BASE_URL}{link}"
    assert links.stop(token) == f"{settings.BASE_URL}{link}stop/"
    assert links.open_to_all("x") == f"{settings.BASE_URL}/o/x/"


def test_a_page_and_its_submission_cost_few_statements(
    phone: Client, link: str, django_assert_max_num_queries: Any
) -> None:
    with clock.at(START):
        other = Invitation.objects.order_by("pk").last()
        assert other is not None
        for door in (f"/s/{other.token}/", link):  # the first one fills the process's caches
            phone.post(door)
            phone.post(f"{door}p/service/", SERVICE)
            with django_assert_max_num_queries(16 if door != link else 12):
                phone.get(f"{door}p/overall/")
                done = phone.post(f"{door}p/overall/", OVERALL)
    assert "/receipt/" in done["Location"]


def test_the_first_page_is_light(phone: Client, link: str) -> None:
    with clock.at(START):
        phone.post(link)
        page = len(phone.get(f"{link}p/service/").content)
    sizes = {}
    for name in ("respond.css", "respond.js"):
        found = finders.find(f"public/{name}")
        assert isinstance(found, str)
        sizes[name] = Path(found).stat().st_size
    assert sizes["respond.css"] <= 12_000
    assert sizes["respond.js"] <= 9_000
    assert page + sum(sizes.values()) < 60_000
