"""Ready mappings for the bodies that common tools push, each with an example of such a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class Sample:
    """How one tool writes: its mapping, how it signs (signing.SCHEMES), and an example of a body."""

    id: str
    label: Label
    signing: str
    mapping: Mapping[str, str]
    body: Mapping[str, Any]


GENERIC = Sample(
    "generic",
    Label("通用 JSON", "Plain JSON"),
    "manyi",
    {
        "id": "id", "text": "text", "subject": "title", "thread": "thread", "author": "author.name",
        "author_id": "author.id", "phone": "author.phone", "time": "time", "url": "url",
        "files": "attachments[*].url",
    },
    {
        "id": "weibo-5021", "text": "保养完回家路上仪表盘又亮灯,打电话没人接。", "title": "",
        "thread": "weibo-5021", "author": {"id": "u-88", "name": "东湖小车主", "phone": ""},
        "time": "2026-03-02T09:10:00+08:00", "url": "https://social.example/status/5021",
        "attachments": [{"url": "https://social.example/p/5021-1.jpg"}],
    },
)  # fmt: skip
CHATWOOT = Sample(
    "chatwoot",
    Label("Chatwoot", "Chatwoot"),
    "chatwoot",
    {
        "id": "id", "text": "content", "thread": "conversation.id", "author": "sender.name",
        "author_id": "sender.id", "phone": "sender.phone_number", "email": "sender.email",
        "time": "created_at", "files": "attachments[*].data_url",
        "only": "{event} = 'message_created' and {message_type} = 'incoming' and {private} <> true",
    },
    {
        "event": "message_created", "id": 4711, "content": "取车时发现右前门有划痕。",
        "message_type": "incoming", "private": False, "created_at": "2026-03-02T01:10:00.000Z",
        "sender": {"id": 31, "name": "李女士", "email": "", "phone_number": "+8613800000000"},
        "conversation": {"id": 96, "status": "open"}, "attachments": [],
    },
)  # fmt: skip
ZAMMAD = Sample(
    "zammad",
    Label("Zammad", "Zammad"),
    "zammad",
    {
        "id": "article.id", "text": "article.body", "subject": "ticket.title", "thread": "ticket.id",
        "author": "article.from", "author_id": "ticket.customer.id", "phone": "ticket.customer.phone",
        "email": "ticket.customer.email", "time": "article.created_at",
        "files": "article.attachments[*].url",
        "only": "{article.sender} = 'Customer' and {article.internal} <> true",
    },
    {
        "ticket": {
            "id": 81, "title": "发票抬头开错了",
            "customer": {"id": 7, "email": "wang@example.com", "phone": ""},
        },
        "article": {
            "id": 104, "body": "抬头应为公司名称,请重开。", "from": "王先生", "sender": "Customer",
            "internal": False, "created_at": "2026-03-02T01:10:00.000Z", "attachments": [],
        },
    },
)  # fmt: skip
SAMPLES: Mapping[str, Sample] = {each.id: each for each in (GENERIC, CHATWOOT, ZAMMAD)}
