"""The usual way of a case through the people of 东城店售后部."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from manyi.cases.actions import advance
from manyi.cases.models import Case, Category
from manyi.organisation.models import Person
from tests.personas import House

Register = Callable[..., Case]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment on the clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def fresh(username: str) -> Person:
    """A person without the grants that an earlier request read."""
    return Person.objects.get(username=username)


def facts_for(name: str, house: House, **changes: Any) -> dict[str, Any]:
    """Sensible facts for a step."""
    usual: dict[str, dict[str, Any]] = {
        "assign": {
            "owner": house.wang.pk,
            "category": Category.objects.get(code="service.quality").pk,
            "severity": "normal",
        },
        "start": {"note": "已致电王女士,约周三到店。"},
        "pause": {"waiting_for": "customer", "expected": at("2026-03-06T00:00").date()},
        "propose": {
            "founded": "founded",
            "facts": "检测记录:低压侧泄漏;维修单 8790、8801。",
            "cause": "压缩机泄漏未查出",
            "remedy": "repair",
            "solution": "免费更换压缩机",
            "cost": "1200",
        },
        "send_back": {"reason": "请补充检测记录"},
        "finish": {"evidence": "工单 8812,出风口 6 ℃"},
        "answer": {"message": "已为您免费更换压缩机。"},
        "call": {"outcome": "reached", "resolved": True, "satisfied": True},
        "reopen": {"reason": "又不凉了"},
        "return": {"reason": "不是本组的车"},
        "reassign": {"owner": fresh("second").pk, "reason": "休假"},
        "waive": {"waiver": "顾客书面要求不再联系"},
        "ask_review": {"reason": "修理后仍不凉"},
        "uphold": {"owner": fresh("second").pk, "reason": "检测不充分"},
        "confirm": {"message": "经复核,处理得当;您可向 12315 平台反映。"},
        "thank": {"message": "谢谢您的表扬。"},
        "reject": {"why": "not_ours", "message": "这件事不属于本店。"},
        "answer_directly": {"message": "保养周期为 10,000 公里。"},
    }
    return {**usual.get(name, {}), **changes}


#: Who takes each step on the usual way to the end.
USUAL_WAY = (
    ("acknowledge", "zhou"),
    ("assign", "zhou"),
    ("start", "wang"),
    ("propose", "wang"),
    ("approve", "zhao"),
    ("execute", "wang"),
    ("finish", "wang"),
    ("answer", "wang"),
    ("hand_over", "sun"),
    ("call", "sun"),
    ("close", "sun"),
)


def walk(case: Case, house: House, until: str) -> Case:
    """Take the usual way up to and including a step."""
    for name, who in USUAL_WAY:
        case = advance(case=case, name=name, actor=fresh(who), facts=facts_for(name, house))
        if name == until:
            return case
    raise AssertionError(f"{until} is not on the usual way")
