"""What the complainant reads: where their matter stands, what comes next, what was promised until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from manyi.cases import clocks
from manyi.cases.guards import WITHOUT_CALL_BACK
from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.organisation.calendars import calendar_for

#: For the complainant: where their matter stands, and what comes next.
STATES: dict[str, tuple[Label, Label]] = {
    "registered": (
        Label("已收到", "Received"),
        Label("接下来会有专人受理。", "Next somebody will accept it."),
    ),
    "acknowledged": (
        Label("已受理", "Accepted"),
        Label("接下来会指定专人负责。", "Next a person in charge will be named."),
    ),
    "assigned": (
        Label("已安排专人负责", "Somebody is in charge"),
        Label("承办人会与您联系,了解情况。", "The person in charge will contact you."),
    ),
    "investigating": (
        Label("正在调查", "Being looked into"),
        Label("查清后我们会给出处理办法。", "When the facts are clear we will propose a solution."),
    ),
    "waiting": (
        Label("等待中", "Waiting"),
        Label(
            "我们在等待您或第三方的回复;收到后继续办理。",
            "We wait for word from you or a third party, then go on.",
        ),
    ),
    "proposed": (
        Label("处理办法审批中", "Solution under approval"),
        Label("批准后立即执行。", "It starts once approved."),
    ),
    "approved": (
        Label("处理办法已批准", "Solution approved"),
        Label("即将开始执行。", "It is about to be carried out."),
    ),
    "executing": (
        Label("正在处理", "Being carried out"),
        Label("处理完毕后会答复您。", "We will answer you when it is done."),
    ),
    "executed": (Label("已处理", "Carried out"), Label("我们会尽快答复您。", "We will answer you soon.")),
    "answered": (
        Label("已答复", "Answered"),
        Label("我们会打电话问您是否满意。", "We will call to ask whether you are content."),
    ),
    "call_back": (
        Label("待回访", "Call to come"),
        Label("我们会打电话问您是否满意。", "We will call to ask whether you are content."),
    ),
    "review": (
        Label("复核中", "Under review"),
        Label("由没有参与过的人重新查看。", "Somebody who had no part in it looks at it again."),
    ),
    "closed": (
        Label("已办结", "Closed"),
        Label(
            "感谢您的反映。请告诉我们您对办理是否满意。",
            "Thank you. Please tell us whether you are content with the handling.",
        ),
    ),
    "rejected": (
        Label("未予受理", "Not accepted"),
        Label("理由见下面的答复。", "The reason is in our answer below."),
    ),
    "duplicate": (
        Label("已与另一件合并", "Joined with another matter"),
        Label("我们会在那一件里一并答复。", "We answer both together."),
    ),
}
#: How the handling is rated.
STARS: tuple[tuple[int, Label], ...] = (
    (1, Label("很不满意", "Not at all")),
    (2, Label("不满意", "Not content")),
    (3, Label("一般", "So-so")),
    (4, Label("满意", "Content")),
    (5, Label("很满意", "Very content")),
)
ANSWERED = {"answered", "call_back"}
_NO_CALL = Label("感谢您的反映。", "Thank you for telling us.")
_CALL_UNKNOWN = Label(
    "您没有留下电话,请在这里告诉我们是否满意。",
    "You left no telephone number; please tell us here whether you are content.",
)
#: What each clock promises the complainant, the day to be put in.
_PROMISES: dict[str, tuple[str, str]] = {
    "acknowledge": ("{day}前受理", "accepted by {day}"),
    "respond": ("{day}前与您首次联系", "a first word to you by {day}"),
    "resolve": ("{day}前答复您", "an answer to you by {day}"),
    "call_back": ("{day}前电话回访", "a call to you by {day}"),
    "review": ("{day}前告知复核结果", "the result of the review by {day}"),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that was promised until a day; ``late`` when the day has passed without it."""

    words: Label
    late: bool
    provisional: bool  # the official holidays of that year are not known yet


def standing(case: Case) -> tuple[Label, Label]:
    """Where the case stands, and what comes next."""
    state, coming = STATES[case.state]
    if case.state in ANSWERED and case.kind in WITHOUT_CALL_BACK:
        return state, _NO_CALL
    if case.state in ANSWERED and not case.contact_phone:
        return state, _CALL_UNKNOWN
    return state, coming


def promises(case: Case, now: datetime) -> list[Promise]:
    """What the running clocks promise, the nearest first; nothing while they stand still."""
    local = calendar_for(case.unit).local_date
    dated = [(reading, reading.due.at) for reading in clocks.readings(case, now) if reading.due.at]
    return [
        Promise(_promise(reading.name, local(due), local(now)), reading.late, reading.due.provisional)
        for reading, due in sorted(dated, key=lambda pair: pair[1])
        if reading.name in _PROMISES and not (reading.name == "call_back" and not case.contact_phone)
    ]


def _promise(name: str, day: date, today: date) -> Label:
    zh, en = _PROMISES[name]
    year_zh, year_en = ("", "") if day.year == today.year else (f"{day.year}年", f" {day.year}")
    return Label(
        zh.format(day=f"{year_zh}{day.month}月{day.day}日"), en.format(day=f"{day.day} {day:%B}{year_en}")
    )
