"""Three matters from their first word to the end: a complaint by mail, a word in a box, a wave of forty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.cases.mail.intake import take_in
from manyi.cases.models import Case, CaseGroup
from manyi.cases.policy_actions import install_defaults
from manyi.distribution.models import Message
from manyi.organisation import events
from manyi.organisation.models import Event
from manyi.organisation.roles import Role
from tests import personas, survey_world
from tests.cases import low_scores
from tests.cases.mail.written import written
from tests.journeys.act_chapters import first_choice
from tests.journeys.town import Town
from tests.journeys.visitors import DESK, PHONE, Gallery, said
from tests.survey_world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SOLUTION = {
    "founded": "founded",
    "facts": "进厂 9:02,出厂 12:40;工单 7731。",
    "cause": "高峰时段只有一名技师。",
    "remedy": "apology",
    "solution": "致歉并赠送一次保养。",
    "cost": "200",
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    """The dealership, with somebody new for each second look, and a round that opened yesterday."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr(low_scores, "START", yesterday)
    made = survey_world.build(opens_at=yesterday)
    personas.china_calendar(made.house.tree.group, 2026)
    install_defaults()
    personas.staff("feng", "冯磊", Role.CASE_HANDLER, made.shop)
    personas.staff("director", "陈立", Role.QUALITY_DIRECTOR, made.house.tree.group)
    return made


@pytest.fixture
def town(
    world: World,
    browser: Browser,
    live_server: LiveServer,
    gallery: Gallery,
    settings: Settings,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Town]:
    """The house on the screen and in the language that the test names."""
    language, width = getattr(request, "param", ("zh", DESK))
    settings.BASE_URL, settings.MEDIA_ROOT = live_server.url, tmp_path / "files"
    made = Town(browser, live_server.url, gallery, language=language, width=width)
    yield made
    made.close()


def assigned(town: Town, path: str) -> None:
    """王强 accepts a case and gives it to 冯磊."""
    wang = town.staff("wang")
    wang.go(path)
    wang.act("acknowledge")
    category = first_choice(wang, "assign", "category")
    wang.act("assign", owner="冯磊", category=category, severity="normal")


def carried_out(town: Town, path: str) -> None:
    """From the approved solution to the evidence that it was done."""
    feng = town.staff("feng")
    town.staff("zhao").go(path)
    town.staff("zhao").act("approve", note="同意。")
    feng.go(path)
    feng.act("execute")
    feng.act("finish", evidence="客户已签收保养券。")


@pytest.mark.parametrize("town", [("zh", DESK), ("en", PHONE)], indirect=True, ids=["zh-1440", "en-390"])
def test_a_complaint_by_mail_to_the_end_of_its_review(town: Town, world: World) -> None:
    survey, mail = a_customer_scores_low_and_then_writes(town, world)
    path = f"/cases/{survey.pk}/"
    the_two_are_merged(town, mail, survey)
    assigned(town, path)
    a_department_gives_its_part(town, world, path)
    more_time_is_granted(town, path)
    the_solution_is_sent_back_and_approved(town, path)
    the_customer_is_answered_and_not_content(town, path)
    the_customer_asks_for_a_review(town, mail, path)
    survey.refresh_from_db()
    assert (survey.state, survey.reviews.get().outcome) == ("closed", "confirmed")
    assert [row.stars for row in survey.ratings.all()] == [2]
    assert events.verify() == Event.objects.count()
    assert town.faults() == []


def a_customer_scores_low_and_then_writes(town: Town, world: World) -> tuple[Case, Case]:
    """The answer sheet opens a case; a mail of the same person makes another."""
    low_scores.answered(low_scores.strict_round(world=world)[0], grade=1, recommend=2)
    raw = written(
        "等待太久",
        "我上周来保养,等了三个小时没人管,很不满意,请给我一个说法。",
        sender="何芳 <customer1@example.com>",
        Date=datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000"),
    )
    take_in(raw, unit=world.house.tree.east_service)
    town.meanwhile()
    return Case.objects.get(channel="survey"), Case.objects.get(channel="mail")


def the_two_are_merged(town: Town, mail: Case, survey: Case) -> None:
    """The mail's page shows the other case of the same person; one click joins them."""
    wang = town.staff("wang")
    wang.go(f"/cases/{mail.pk}/")
    expect(wang.page.locator("#alike")).to_contain_text(survey.number)
    expect(wang.page.locator("#alike .badge-warn")).to_have_text(said("same person", town.language))
    wang.glance("merge")
    wang.send("Merge into it")
    expect(wang.page).to_have_url(re.compile(f"/cases/{survey.pk}/"))
    mail.refresh_from_db()
    assert (mail.state, mail.merged_into) == ("duplicate", survey)


def a_department_gives_its_part(town: Town, world: World, path: str) -> None:
    """The handler asks the workshop; its head answers on a page of their own."""
    feng, zhou = town.staff("feng"), town.staff("zhou")
    feng.go(path)
    feng.act("start", note="已致电客户,核对了进厂和出厂时间。")
    unit = str(world.house.tree.east_service.pk)
    feng.send("Ask", unit=unit, text="请提供当天的派工记录。", amount="2")
    zhou.go("/cases/tasks/")
    zhou.page.locator("main td.lead a").first.click()
    zhou.glance("task")
    zhou.send("Send the answer", text="当天九点到十一点只有一名技师。")
    feng.page.reload()
    feng.see("只有一名技师")


def more_time_is_granted(town: Town, path: str) -> None:
    """Asked for by the handler, granted by the director."""
    feng, zhao = town.staff("feng"), town.staff("zhao")
    feng.page.locator("#extensions summary").click()
    form = feng.page.locator("#extensions form")
    form.locator("[name=amount]").fill("3")
    form.locator("[name=reason]").fill("等待总部核对工单")
    with feng.page.expect_navigation():
        form.locator("button").click()
    zhao.go(path)
    zhao.glance("extension")
    zhao.send("Grant", note="同意延期。")
    expect(zhao.page.locator("#extensions .badge-ok")).to_be_visible()


def the_solution_is_sent_back_and_approved(town: Town, path: str) -> None:
    """The first proposal is too thin; the second is approved and carried out."""
    feng, zhao = town.staff("feng"), town.staff("zhao")
    feng.go(path)
    feng.act("propose", **{**SOLUTION, "solution": "口头致歉。", "cost": "0"})
    zhao.go(path)
    zhao.act("send_back", reason="顾客等了三个小时,口头致歉不够。")
    feng.go(path)
    feng.see("口头致歉不够")
    feng.act("propose", **SOLUTION)
    carried_out(town, path)


def the_customer_is_answered_and_not_content(town: Town, path: str) -> None:
    """The answer goes out by mail; on the telephone it is not good enough, and the director closes it."""
    feng, sun, zhao = (town.staff(name) for name in ("feng", "sun", "zhao"))
    feng.act("answer", message="非常抱歉让您久等,我们为您准备了一次免费保养。")
    feng.act("hand_over")
    town.meanwhile()
    letter = Message.objects.filter(recipient="customer1@example.com").order_by("-pk").first()
    assert letter is not None
    assert "免费保养" in letter.body
    sun.go(path)
    sun.act("call", outcome="reached", resolved="yes", satisfied="no", comment="还是觉得处理得太慢。")
    expect(sun.acts("close")).to_have_count(0)
    zhao.go(path)
    zhao.act("waive", waiver="补偿已到位,顾客希望由别人再看一次。")


def the_customer_asks_for_a_review(town: Town, mail: Case, path: str) -> None:
    """With number and code of the mail, the customer rates and asks; somebody new decides."""
    guest, director = town.guest(), town.staff("director")
    guest.go("/track/")
    guest.send("Show", number=mail.number, code=mail.tracking_code)
    guest.glance("tracked-closed")
    guest.send("Rate", stars="2", words="太慢")
    guest.page.locator("#review > summary").click()
    guest.send("Ask for a review", reason="三个小时只换一次保养,我不同意。")
    guest.glance("tracked-review")
    director.go(path)
    director.see("三个小时只换一次保养")
    director.act("confirm", message="经复核,处理得当;如不同意,您可向 12315 平台反映。")
    director.glance("reviewed")
    guest.page.reload()
    guest.see("12315")


@pytest.mark.parametrize("town", [("zh", PHONE), ("en", DESK)], indirect=True, ids=["zh-390", "en-1440"])
def test_a_word_in_a_box_is_followed_by_its_code(town: Town, world: World) -> None:
    wang, feng, guest, elsewhere = town.staff("wang"), town.staff("feng"), town.guest(), town.guest()
    wang.go("/cases/boxes/")
    wang.send("New box", unit=str(world.shop.pk), label="休息区门口")
    guest.go(wang.page.locator(".qr-address").inner_text())
    guest.glance("box")
    guest.send("Send", kind="suggestion", body="休息区请加一台饮水机。")
    number, code = guest.page.locator(".receipt strong").all_inner_texts()
    case = Case.objects.get(number=number)
    assert (case.confidentiality, case.contact_phone) == ("anonymous", "")
    path = f"/cases/{case.pk}/"
    assigned(town, path)
    feng.go(path)
    feng.act("start", note="已现场查看。")
    elsewhere.go("/track/")
    elsewhere.send("Show", number=number, code=code)
    expect(elsewhere.page.locator("#promises")).to_be_visible()
    elsewhere.send("Send", body="二楼也需要。")
    elsewhere.glance("tracked-open")
    feng.go(path)
    feng.see("二楼也需要。")
    feng.act("answer_directly", message="两层都已加装饮水机,谢谢您的建议。")
    feng.act("close_short")
    elsewhere.page.reload()
    elsewhere.see("已加装饮水机")
    elsewhere.send("Rate", stars="5")
    feng.go(path)
    feng.see("5/5")
    feng.glance("case-rated")
    assert town.faults() == []


@pytest.mark.parametrize("town", [("zh", DESK), ("en", PHONE)], indirect=True, ids=["zh-1440", "en-390"])
def test_forty_equal_complaints_become_one_group_with_single_answers(town: Town, world: World) -> None:
    forty_people_complain_of_one_thing(world)
    group = they_become_one_group(town)
    path = f"/cases/{group.lead_id}/"
    assigned(town, path)
    feng = town.staff("feng")
    feng.go(path)
    feng.act("start", note="已联系物业,施工队夜间打桩属实。")
    feng.act("propose", **SOLUTION)
    carried_out(town, path)
    feng.act("answer", message="夜间施工已停止。")
    feng.go(f"/cases/groups/{group.pk}/")
    feng.glance("group")
    feng.send("Answer all", words="{name}您好,您反映的 {number} 已处理:夜间施工已停止。")
    expect(feng.page.locator(".note-success")).to_contain_text("39")
    town.meanwhile()
    members = Case.objects.exclude(pk=group.lead_id)
    assert members.filter(state="answered").count() == 39
    letters = Message.objects.filter(body__contains="您好,您反映的")
    assert len({letter.recipient for letter in letters}) == 39, "each has a letter of their own"
    one = members.get(contact_name="住户07")
    guest = town.guest()
    guest.go("/track/")
    guest.send("Show", number=one.number, code=one.tracking_code)
    guest.see(f"住户07您好,您反映的 {one.number} 已处理")
    expect(guest.page.locator("main")).not_to_contain_text("住户08")
    expect(guest.page.locator("main")).not_to_contain_text(group.lead.number)
    guest.glance("group-member")
    assert town.faults() == []


def forty_people_complain_of_one_thing(world: World) -> None:
    """By the public form, each from a place of their own."""
    for n in range(40):
        form = {
            "kind": "complaint",
            "unit": world.house.tree.east_service.pk,
            "body": f"北门施工队夜里十一点以后还在打桩,第 {n} 户孩子没法睡,请尽快停止夜间施工!",
            "identity": "named",
            "contact_name": f"住户{n:02}",
            "contact_email": f"home{n:02}@example.com",
            "consent": "yes",
        }
        assert Client(REMOTE_ADDR=f"10.0.0.{n}").post("/voice/", form).status_code == 302
    events.dispatch_pending()


def they_become_one_group(town: Town) -> CaseGroup:
    """All that are listed are ticked, and one click makes them a group."""
    wang = town.staff("wang")
    page = wang.page
    wang.go("/cases/?tab=all")
    for box in page.locator("input[form=gather]").all():
        box.check()
    wang.glance("wave")
    with page.expect_navigation():
        page.locator("button[form=gather]:not([formaction])").click()
    group = CaseGroup.objects.get()
    assert group.members.count() == 40
    return group
