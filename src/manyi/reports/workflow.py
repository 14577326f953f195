"""The life of a report: draft, submitted, approved, published; each step by another person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has had a hand in a report so far, by id, and whether its content is there to be judged."""

    author: int
    approver: int | None
    frozen: bool


def _not_author(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    if isinstance(thing, Parties) and actor != thing.author:
        return None
    return Label(
        "不能审批或发布自己编写的报告,请由他人处理。",
        "A report is not approved or published by its author; please ask somebody else.",
    )


def _not_approver(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    if isinstance(thing, Parties) and actor != thing.approver:
        return None
    return Label(
        "审批人不能同时发布,请由另一人发布。",
        "Who approved a report does not publish it; please ask somebody else.",
    )


def _own(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    if isinstance(thing, Parties) and actor == thing.author:
        return None
    return Label("只有编写人可以提交或收回报告。", "Only its author can submit a report or take it back.")


def _frozen(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    if isinstance(thing, Parties) and thing.frozen:
        return None
    return Label("报告内容还没有生成。", "The report has no content yet.")


_WHY = Need("why", Label("原因", "Reason"))
WRITE, APPROVE, PUBLISH = ("reports.write",), ("reports.approve",), ("reports.publish",)

REPORT = Machine(
    name="report",
    label=Label("报告", "Report"),
    states=(
        State("draft", Label("草稿", "Draft")),
        State("submitted", Label("待审批", "Submitted")),
        State("approved", Label("已审批", "Approved")),
        State("published", Label("已发布", "Published"), open=False),
    ),
    transitions=(
        Transition(
            "submit",
            Label("提交审批", "Submit"),
            ("draft",),
            "submitted",
            WRITE,
            guards=(_own,),
            effects=("freeze",),
            help=Label(
                "提交后内容固定,审批的就是将要发布的。",
                "From now on the content stands still: what is approved is what is published.",
            ),
        ),
        Transition(
            "approve",
            Label("审批通过", "Approve"),
            ("submitted",),
            "approved",
            APPROVE,
            guards=(_frozen, _not_author),
            effects=("note_approver",),
        ),
        Transition(
            "publish",
            Label("发布", "Publish"),
            ("approved",),
            "published",
            PUBLISH,
            guards=(_frozen, _not_author, _not_approver),
            effects=("note_publisher",),
        ),
        Transition(
            "send_back",
            Label("退回修改", "Send back"),
            ("submitted", "approved"),
            "draft",
            (*APPROVE, *PUBLISH),
            needs=(_WHY,),
            guards=(_not_author,),
            effects=("thaw",),
            dangerous=True,
        ),
        Transition(
            "take_back",
            Label("收回修改", "Take back"),
            ("submitted", "approved"),
            "draft",
            WRITE,
            needs=(_WHY,),
            guards=(_own,),
            effects=("thaw",),
            dangerous=True,
        ),
    ),
)
