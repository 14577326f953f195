"""Chapters six to ten: the figures, the report, the complaints, the cause put right and proved."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from manyi.cases.models import Case
from manyi.improvement.models import Finding
from manyi.organisation import clock
from manyi.surveys.models import Round
from tests.journeys.town import Town
from tests.journeys.visitors import Visitor, said

WAITING = "等待时间"


def the_round_ends_and_is_read(town: Town, name: str) -> None:
    """The manager closes the round; the director reads it, from a figure down to one customer's answers."""
    li, zhao = town.staff("li"), town.staff("zhao")
    li.go(round_path(name))
    li.act("close")
    town.meanwhile()
    zhao.go("/insight/")
    zhao.look("insight")
    zhao.follow(name)
    expect(zhao.page.locator("[data-chart=items-chart] svg").first).to_be_visible()
    zhao.look("round")
    zhao.page.locator("#items td.lead a", has_text=WAITING).click()
    expect(zhao.page.locator("h1")).to_contain_text(name)
    zhao.look("answers")
    zhao.page.locator("main td.lead a").first.click()
    zhao.see(WAITING)
    zhao.look("answer")


def round_path(name: str) -> str:
    """The page of a round by its name."""
    return f"/surveys/rounds/{Round.objects.get(title=name).pk}/"


def the_report_passes_through_three_hands(town: Town, name: str) -> None:
    """Written by the manager, approved by the director, published by the head; as page, PDF and Word."""
    li, zhao, zhou = town.staff("li"), town.staff("zhao"), town.staff("zhou")
    li.go("/reports/")
    li.check()
    li.follow(said("New report"))
    li.send("Begin the report")
    li.check()
    li.send("Save", summary="等待时间是失分最多的环节,建议调整高峰排班。")
    li.act("submit")
    expect(li.acts("approve")).to_have_count(0)
    address = li.page.url
    zhao.go(address)
    zhao.act("approve")
    expect(zhao.acts("publish")).to_have_count(0)
    zhou.go(address)
    zhou.act("publish")
    zhou.see("已发布")
    zhou.see(name)
    zhou.look("report")
    assert zhou.download("PDF").read_bytes().startswith(b"%PDF-")
    assert zhou.download("Word").read_bytes().startswith(b"PK")


def the_low_score_became_a_case(town: Town) -> None:
    """Accepted and assigned by one, investigated by another, approved by a third, called back by a fourth."""
    wang, zhou, zhao, sun = (town.staff(name) for name in ("wang", "zhou", "zhao", "sun"))
    case = f"/cases/{Case.objects.get(channel='survey').pk}/"
    wang.go("/cases/")
    wang.look("cases")
    wang.go(case)
    wang.see("等了三个小时")
    wang.act("acknowledge")
    wang.act("assign", owner="周涛", category=first_choice(wang, "assign", "category"), severity="high")
    zhou.go("/")
    zhou.look("today")
    zhou.go(case)
    zhou.act("start", note="已致电客户,核对了进厂和出厂时间。")
    zhou.act(
        "propose",
        founded="founded",
        facts="进厂 9:02,出厂 12:40;工单 7731。",
        cause="高峰时段只有一名技师,没有告知进度。",
        remedy="apology",
        solution="致歉,赠送一次保养,并安排专人跟进。",
        cost="200",
    )
    expect(zhou.acts("approve")).to_have_count(0)
    expect(zhou.acts("send_back")).to_have_count(0)
    zhao.go(case)
    zhao.act("approve", note="同意。")
    zhou.go(case)
    zhou.act("execute")
    zhou.act("finish", evidence="客户已签收保养券。")
    zhou.act("answer", message="非常抱歉让您久等,我们已调整排班并为您准备了一次免费保养。")
    zhou.act("hand_over")
    town.meanwhile()
    sun.go("/cases/due/")
    sun.check()
    sun.go(case)
    sun.act("call", outcome="reached", resolved="yes", satisfied="yes", comment="满意,谢谢。")
    sun.act("close", finding_waiver="与本轮“等待时间”改进项一并整改。")
    sun.see("已办结")
    sun.look("case")


def first_choice(visitor: Visitor, act: str, name: str) -> str:
    """The first thing that can be chosen in a step's list."""
    option = visitor.acts(act).locator(f"select[name={name}] option:not([value=''])").first
    return option.get_attribute("value") or ""


def a_passer_by_complains_and_follows_it(town: Town) -> None:
    """The public form gives number and code; with both anyone sees how it goes, and what was answered."""
    guest, wang = town.guest(), town.staff("wang")
    guest.go("/voice/")
    guest.look("voice")
    place = (
        guest.page.locator("select[name=unit] option", has_text="售后部").first.get_attribute("value") or ""
    )
    guest.send("Send", unit=place, body="休息区空调坏了,等得很难受。", contact_name="过路人", consent="yes")
    number, code = guest.page.locator(".receipt strong").all_inner_texts()
    guest.look("voice-thanks")
    wang.go(f"/cases/{Case.objects.get(number=number).pk}/")
    wang.act("acknowledge", message="已收到,我们今天就检查空调。")
    elsewhere = town.guest()
    elsewhere.go("/track/")
    elsewhere.check()
    elsewhere.send("Show", number=number, code="WRONG123")
    expect(elsewhere.page.locator("[role=alert]")).to_be_visible()
    elsewhere.send("Show", number=number, code=code)
    elsewhere.see("我们今天就检查空调")
    elsewhere.look("track")


def the_cause_is_found_and_put_right(town: Town) -> str:
    """From the missed item to its cause, its proof and an action that somebody else approved and did."""
    zhao, zhou, wang = town.staff("zhao"), town.staff("zhou"), town.staff("wang")
    finding = f"/improvement/{Finding.objects.get(metric__item='service.waiting').pk}/"
    zhao.go("/improvement/")
    zhao.look("improvement")
    zhao.go(finding)
    zhao.see(WAITING)
    zhao.act("confirm", owner="周涛")
    zhou.go(finding)
    zhou.act("analyse")
    zhou.send(
        "Write down",
        text="高峰时段技师不足",
        fishbone="people",
        whys="排班按全天平均\n没有看预约数据\n预约和排班是两套表",
        proof="两周工单:九点到十一点平均排队 68 分钟。",
    )
    zhou.act("plan")
    due = (clock.today("Asia/Shanghai") + timedelta(days=14)).isoformat()
    zhou.send("Plan an action", text="按预约量排班,九点加派两名技师", owner="王强", due_on=due)
    expect(zhou.acts("approve")).to_have_count(0)
    zhao.go(finding)
    zhao.act("approve")
    zhou.go(finding)
    zhou.act("implement")
    wang.go(finding)
    wang.send("Done", evidence="新排班表已执行一周,排队 19 分钟。")
    zhou.page.reload()
    zhou.look("finding")
    zhou.act("verify")
    return finding


def the_effect_is_proved(town: Town, finding: str, name: str) -> None:
    """The same item in the next round is better beyond chance; only then can the finding be closed."""
    zhao, zhou = town.staff("zhao"), town.staff("zhou")
    zhou.go(finding)
    expect(zhou.page.locator("form[action$='/check/']")).to_have_count(0)
    zhao.go(finding)
    expect(zhao.acts("close")).to_have_count(0)
    zhao.send("Check the effect", after=name, note="九点排班已固定。")
    expect(zhao.page.locator(".check .badge-ok")).to_have_text(re.compile("有效"))
    zhao.act("close", systemic="写入《售后排班管理办法》第 4 条。")
    expect(zhao.page.locator(".page-head .badge-ok, .badge-ok").first).to_have_text(re.compile("已关闭"))
    zhao.see("新排班表已执行一周")
    zhao.look("finding-closed")
