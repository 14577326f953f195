"""What a clock, a place in the tree of categories, and the state of a case are called for people."""

from __future__ import annotations

import math
from collections.abc import Iterable

from manyi.cases.choices import AMOUNT_UNITS, CLOCKS, label_of
from manyi.cases.models import Category
from manyi.cases.rules import Reading
from manyi.kernel.labels import Label

#: For the complainant: where their matter stands, and what comes next.
PUBLIC_STATES: dict[str, tuple[Label, Label]] = {
    "registered": (
        Label("已收到", "Received"),
        Label("我们会在一个工作日内受理。", "We will accept it within one working day."),
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
            "如果问题没有解决,请补充说明,我们会重新办理。",
            "If it is not solved, write to us here and we reopen it.",
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


def clock_words(reading: Reading) -> Label:
    """A clock as staff read it: 答复:第 6/10 个工作日."""
    name, amount, used = label_of(CLOCKS, reading.name), reading.target.amount, math.floor(reading.used)
    if reading.late:
        over = amount_words(max(1, math.ceil(reading.used - amount)), reading.target.unit)
        return Label(f"{name.zh}:已超期 {over.zh}", f"{name.en}: {over.en} late")
    if reading.target.unit == "minutes":
        return Label(
            f"{name.zh}:已用 {used}/{amount} 工作分钟", f"{name.en}: {used} of {amount} working minutes"
        )
    zh, en = {"working_days": ("个工作日", "working day"), "calendar_days": ("天", "day")}[
        reading.target.unit
    ]
    return Label(f"{name.zh}:第 {used}/{amount} {zh}", f"{name.en}: {en} {used} of {amount}")


def late_words(number: str, clock: str, *, late: bool) -> Label:
    """A warning in one line: which case, which clock, near or over."""
    name = label_of(CLOCKS, clock)
    if late:
        return Label(f"{number}“{name.zh}”已超期", f"{number}: {name.en.lower()} is overdue")
    return Label(f"{number}“{name.zh}”即将到期", f"{number}: {name.en.lower()} is due soon")


def amount_words(amount: int, unit: str) -> Label:
    """So much time: 10 个工作日, 1 working day."""
    words = label_of(AMOUNT_UNITS, unit)
    return Label(
        f"{amount} {words.zh}", f"{amount} {words.en.removesuffix('s') if amount == 1 else words.en}"
    )


def category_choices(rows: Iterable[Category]) -> list[tuple[int, Label]]:
    """Categories as choices, each behind the one above it: 售后服务 / 等待时间."""
    by_id = {row.pk: row for row in rows}

    def path(row: Category) -> list[Category]:
        above = by_id.get(row.parent_id) if row.parent_id else None
        return [*path(above), row] if above else [row]

    return [
        (
            row.pk,
            Label(
                " / ".join(each.name for each in path(row)),
                " / ".join(each.name_en or each.name for each in path(row)),
            ),
        )
        for row in by_id.values()
    ]
