"""How the demo's register is set up beside its mail: sources of posts, rules, ready answers, categories."""

from __future__ import annotations

import json
from typing import Any

from manyi.cases.category_actions import merge_category, save_category
from manyi.cases.models import Category, PostSource
from manyi.cases.posts.intake import take_in
from manyi.cases.posts.sources import change_source, make_source
from manyi.cases.routing_actions import RuleFacts, save_rule
from manyi.cases.word_actions import save_template
from manyi.organisation import clock
from manyi.web.demo.cast import Cast

#: Id, conversation, author, words: two of one conversation, and one that an agent wrote.
CHAT: tuple[tuple[int, int, str, str, str], ...] = (
    (501, 61, "苗女士", "incoming", "预约了上午十点,到店等了一个半小时才接车。"),
    (502, 61, "客服小何", "outgoing", "您好,我先帮您登记。"),
    (503, 61, "苗女士", "incoming", "还有,交车时没有人讲解保养项目。"),
)
#: A chat tool in the own network, into which nobody has allowed answers yet: they stand as undelivered.
IN_HOUSE = "https://10.8.0.9/replies"
#: Where the pictures of posts lie; the name is reserved, so that nobody is ever there.
PICTURES = "img.social.example"
SOCIAL: tuple[tuple[str, str, str], ...] = (
    ("wb-7001", "车友老段", "#华星汽车# 换个机油收了我两次工时费,打客服一直占线。"),
    ("wb-7002", "小满同学", "给城东店的接待点赞,下雨天一路撑伞送到车上。"),
)
#: Name, category, words in Chinese and in English.
ANSWERS: tuple[tuple[str, str, str, str], ...] = (
    (
        "约定到店",
        "",
        "{name}您好,您反映的“{subject}”(编号 {number})由 {handler} 负责,将与您约定到店时间。",
        "Hello {name}, {handler} looks after your matter {number} and will agree on a time with you.",
    ),
    (
        "收费说明",
        "service.price",
        "{name}您好,本次收费明细已随信附上;与报价单不一致的,我们会按报价单退还差额。",
        "Hello {name}, the items of the bill are enclosed; what differs from the quotation is paid back.",
    ),
)


def set_up(cast: Cast) -> None:
    """Two sources with what they handed in, one push that needs a person, two rules, ready answers."""
    root = cast.root
    chat = _source(cast, "官网在线客服", "chat", "complaint", "chatwoot")
    _change(cast, chat, reply_url=IN_HOUSE)
    for number, thread, author, direction, words in CHAT:
        _push(chat, {
            "event": "message_created", "id": number, "content": words, "message_type": direction,
            "private": False, "created_at": clock.now().isoformat(),
            "sender": {"id": thread, "name": author}, "conversation": {"id": thread}, "attachments": [],
        })  # fmt: skip
    social = _source(cast, "微博采集", "social", "help", "generic")
    _change(cast, social, file_hosts=PICTURES)
    for code, author, words in SOCIAL:
        _push(social, {
            "id": code, "text": words, "thread": code, "author": {"id": author, "name": author},
            "time": clock.now().isoformat(), "url": f"https://social.example/status/{code}",
            "attachments": [{"url": f"https://{PICTURES}/{code}.jpg"}],
        })  # fmt: skip
    _push(social, {"status_id": "wb-7003", "content": "字段名改过的一条推送。"})
    _tidy_categories(cast)
    price = Category.objects.get(code="service.price")
    workshop = cast.units["HX-E-AS"]
    handler = cast.staff["wangqiang"]
    save_rule(actor=None, facts=RuleFacts("收费问题由客服中心办理", root, category=price, people=(handler,)))
    rule = RuleFacts("重大投诉由售后负责", workshop, kind="complaint", severity="grave", pool_unit=workshop)
    save_rule(actor=None, facts=rule)
    _write_answers(cast)


def _write_answers(cast: Cast) -> None:
    """The ready answers, one of them for one category only."""
    for name, code, words, words_en in ANSWERS:
        save_template(
            actor=cast.staff["chenning"],
            unit=cast.root,
            name=name,
            kind="",
            category=Category.objects.get(code=code) if code else None,
            words=words,
            words_en=words_en,
            active=True,
        )


def _tidy_categories(cast: Cast) -> None:
    """The tree after a year of use: one category more, one that nobody could tell from another merged."""
    admin = cast.staff["chenning"]
    above = Category.objects.get(code="service")
    save_category(
        actor=admin, code="service.rescue", name="道路救援", name_en="Roadside assistance", parent=above
    )
    merge_category(
        actor=admin,
        category=Category.objects.get(code="parts.quality"),
        into=Category.objects.get(code="product.fault"),
        note="客户分不清两者",
    )


def _source(cast: Cast, name: str, kind: str, case_kind: str, sample: str) -> PostSource:
    given = {"name": name, "kind": kind, "case_kind": case_kind, "sample": sample}
    return make_source(actor=cast.staff["chenning"], unit=cast.root, **given)


def _change(cast: Cast, source: PostSource, **given: str) -> None:
    paths = {f"map_{name}": path for name, path in source.mapping.items()}
    change_source(
        actor=cast.staff["chenning"],
        source=source,
        unit=source.unit,
        given={"name": source.name, **given, **paths},
        category=None,
    )


def _push(source: PostSource, body: dict[str, Any]) -> None:
    take_in(json.dumps(body, ensure_ascii=False).encode(), source=source)
