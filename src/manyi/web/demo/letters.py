"""The demo's last days at the register: mail of every kind, a matter of many, and work around one case."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from functools import partial

from manyi.cases import demand_actions, escalations, extension_actions, group_actions, task_actions
from manyi.cases.actions import advance, register
from manyi.cases.mail.boxes import save_box
from manyi.cases.mail.intake import take_in
from manyi.cases.models import Case, Category
from manyi.organisation import clock
from manyi.web.demo import front_desk
from manyi.web.demo.cast import DOMAIN, Cast
from manyi.web.demo.timeline import Timeline

BOX = f"service@{DOMAIN}"
#: Sender, subject, words, further headers.
MAILS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("韩梅 <hanmei@mail.example>", "交车时间一拖再拖", "原定周二交车,到今天没有通知,请给个准确时间。", {}),
    ("邮件系统 <mailer-daemon@mail.example>", "退信通知", "无法投递。", {"Return-Path": "<>"}),
    ("方源 <fangyuan@mail.example>", "自动回复:休假中", "下周一回复。", {"Auto-Submitted": "auto-replied"}),
    ("汽车周刊 <news@weekly.example>", "本周车市", "点击查看本周车市。", {"Precedence": "bulk"}),
)  # fmt: skip
ALIKE = (
    "洗车区的排水沟堵了一个星期,污水流到人行道上,路过的人都要绕行,请尽快疏通。",
    "你们店洗车区排水沟堵住了,污水流到人行道,大家只能绕行,麻烦尽快疏通!",
    "洗车区污水流到人行道上好几天了,排水沟堵塞,请疏通,不要再让路人绕行。",
)


def plan_last_days(cast: Cast, timeline: Timeline) -> None:
    """Plan what the register shows beside its ordinary cases."""
    timeline.plan(timeline.end - timedelta(days=2, hours=2), partial(receive, cast))
    timeline.plan(timeline.end - timedelta(days=1, hours=3), partial(gather, cast))
    # So late that nobody of the demo goes on with it before the year ends.
    timeline.plan(timeline.end - timedelta(minutes=25), partial(front_desk.set_up, cast))
    timeline.plan(timeline.end - timedelta(minutes=20), partial(work_around, cast))


def receive(cast: Cast) -> None:
    """Set up a box that is not read (nobody answers there), and take in what would have been in it."""
    access = {
        "address": BOX, "kind": "complaint", "protocol": "imap", "host": f"imap.{DOMAIN}", "port": "993",
        "encryption": "ssl", "user": "service", "password": "demo", "active": False,
    }  # fmt: skip
    box = save_box(actor=None, unit=cast.root, given=access)
    for sender, subject, words, headers in MAILS:
        take_in(_mail(sender, subject, words, headers), unit=box.unit, box=box)
    take_in(b"\x89not a mail at all", unit=box.unit, box=box)


def _mail(sender: str, subject: str, words: str, headers: dict[str, str]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, BOX, subject, clock.now()
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(words)
    return mail.as_bytes()


def gather(cast: Cast) -> None:
    """Three neighbours complain of one thing; the first case leads."""
    unit = cast.units["HX-S-AS"]
    cases = [
        register(
            actor=None,
            unit=unit,
            kind="complaint",
            channel="form",
            subject="",
            body=words,
            contact_name=name,
            language="zh-hans",
        )
        for words, name in zip(ALIKE, ("邹女士", "喻先生", "柏女士"), strict=True)
    ]
    group_actions.make_group(
        actor=cast.staff["wangqiang"], lead=cases[0], cases=cases[1:], title="洗车区排水沟堵塞"
    )


def work_around(cast: Cast) -> None:
    """One case under investigation: its demands, a question to a department, a request for more time."""
    handler = cast.staff["wangqiang"]
    case = _investigated(cast)
    first, _ = demand_actions.list_demands(actor=handler, case=case, text="说明原因\n减免本次工时费")
    demand_actions.answer_demand(actor=handler, demand=first, outcome="granted", answer="已当面说明经过。")
    task_actions.ask(
        actor=handler,
        case=case,
        unit=cast.units["HX-E"],
        text="请提供该车当天的派工记录和质检照片。",
        amount=2,
        amount_unit="working_days",
    )
    extension_actions.ask(actor=handler, case=case, amount=3, reason="等待厂家的检测报告。")
    escalations.escalate(actor=handler, case=case, level=1, reason="repeated", note="客户一周内第三次来电。")


def _investigated(cast: Cast) -> Case:
    """A case that its handler has begun to look into."""
    handler = cast.staff["wangqiang"]
    case = register(
        actor=handler,
        unit=cast.units["HX-W-AS"],
        kind="complaint",
        channel="phone",
        subject="刹车异响,检测三次没有结论",
        body="刹车异响送检三次都没有结论,要求说明原因,并减免本次工时费。",
        contact_name="章女士",
        contact_phone="19900000000",
        language="zh-hans",
    )
    category = Category.objects.get(code="service.quality")
    steps: tuple[tuple[str, dict[str, object]], ...] = (
        ("acknowledge", {}),
        ("assign", {"owner": handler.pk, "category": category.pk, "severity": "normal"}),
        ("start", {"note": "已致电章女士,约次日到店复检。"}),
    )
    for name, facts in steps:
        case = advance(case=case, name=name, actor=handler, facts=facts)
    return case
