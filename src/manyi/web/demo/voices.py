"""How the demo's customers answer: made-up opinions that follow a plot.

Waiting time is bad until the express lane opens (before the third round) and then improves; clear prices stay
weak although something was tried; West City repairs a little less well than the others.
"""

from __future__ import annotations

import random
from typing import Any

LEVEL = {
    "booking": 4.62,
    "reception": 4.72,
    "waiting": 3.62,
    "quality": 4.74,
    "price": 3.98,
    "punctual": 4.52,
    "lounge": 4.5,
    "clean": 4.6,
}
WAITING_AFTER_EXPRESS_LANE = 4.45
EXPRESS_LANE_FROM_ROUND = 3
UNIT_EFFECT = {"HX-E-AS": 0.05, "HX-W-AS": -0.18, "HX-S-AS": 0.02}

REASONS = {
    "waiting": (
        "等了一个多小时才有人接待。",
        "预约了还要排队,希望真正按时间接车。",
        "休息区等了一下午,没人告诉我进度。",
    ),
    "price": ("结算时才知道多了两项费用。", "工时费怎么算的没有讲清楚。", "报价和最后结账差了三百多。"),
    "quality": ("异响没有解决,第二天又来了一趟。", "换完刹车片还是有声音。"),
    "punctual": ("说好四点交车,六点才拿到。", "配件没到也不提前通知。"),
    "lounge": ("休息区太吵,空调也不凉。",),
    "reception": ("接待的人一直在看手机。", "问诊太快,没听我说完。"),
    "booking": ("电话打了三次才约上。",),
    "clean": ("洗完车里面还有油手印。",),
}
PRAISE = (
    "服务顾问讲解很耐心。",
    "师傅手艺好,一次就修好了。",
    "交车很准时。",
    "前台小姑娘热情。",
    "快保通道真快,四十分钟就好了。",
)
COMPLAINTS = (
    ("complaint", "发动机异响维修两次仍未解决", "请求重新检测并免费返修。", "service.quality", "high"),
    ("complaint", "结算金额与报价不一致", "请说明差额并退还多收的费用。", "service.price", "normal"),
    ("complaint", "预约后仍等候两小时", "希望按预约时间接车。", "service.waiting", "normal"),
    ("complaint", "交车时车内有油污", "请重新清洁。", "service.handback", "low"),
    ("enquiry", "咨询延保是否包含电池", "想知道纯电车延保范围。", "product.equipment", "low"),
    ("suggestion", "建议增加周日快保", "工作日没有时间保养。", "service.booking", "low"),
    ("praise", "表扬服务顾问", "下雨天主动送我到地铁站。", "general.attitude", "low"),
    ("complaint", "配件一个月未到", "车一直停着,请给出明确时间。", "parts.stock", "high"),
)
#: What began to be complained about in the last weeks: a batch of cabin filters.
FILTER_SMELL = (
    ("更换空调滤芯后车内异味", "换了空调滤芯,一开空调就有异味,请更换。"),
    ("空调异味", "上周保养换的滤芯,空调异味很重,孩子头晕。"),
    ("空调出风有异味", "刚做完保养,空调异味散不掉,要求检查滤芯。"),
)


def answers(rng: random.Random, unit: str, round_number: int) -> dict[str, dict[str, Any]]:
    """One customer's answers, by section code and question code, as a form would send them."""
    mood = rng.gauss(0.08, 0.45) + UNIT_EFFECT[unit]
    if rng.random() < 0.035:
        mood -= 2.2  # something went wrong on that day
    grades = {item: _grade(rng, item, mood, round_number) for item in LEVEL}
    overall = _clip(sum(grades.values()) / len(grades) + rng.gauss(0.05, 0.35))
    recommend = min(10, max(0, round(overall * 2 + rng.gauss(0.0, 0.9))))
    whole: dict[str, Any] = {"overall": overall, "recommend": recommend}
    worst = min(grades, key=lambda item: grades[item])
    if overall <= 3 or recommend <= 6:
        whole["reason"] = rng.choice(REASONS[worst])
    return {
        "visit": {
            "purpose": rng.choices(("maintenance", "repair", "body", "recall"), (62, 24, 9, 5))[0],
            "waited": int(max(0, rng.gauss(48 if grades["waiting"] < 4 else 14, 10))),
        },
        "items": {"service": grades},
        "whole": whole,
        "more": _more(rng, grades, overall),
    }


def _grade(rng: random.Random, item: str, mood: float, round_number: int) -> int:
    level = LEVEL[item]
    if item == "waiting" and round_number >= EXPRESS_LANE_FROM_ROUND:
        level = WAITING_AFTER_EXPRESS_LANE
    return _clip(level + mood + rng.gauss(0, 0.45))


def _clip(value: float) -> int:
    return min(5, max(1, round(value)))


def _more(rng: random.Random, grades: dict[str, int], overall: int) -> dict[str, Any]:
    wishes = [
        code
        for code, item in (("time", "waiting"), ("price", "price"), ("explain", "reception"))
        if grades[item] < 4
    ]
    if rng.random() < 0.15:
        wishes.append("pickup")
    more: dict[str, Any] = {"wishes": wishes or ["none"]}
    if overall == 5 and rng.random() < 0.2:
        more["comment"] = rng.choice(PRAISE)
    return more
