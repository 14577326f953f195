"""The life of a round: planned, open, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition

_FIELD = ("surveys.field",)


def _ends_later(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    """``facts`` carry ``now`` and, when the step sets it, the new end."""
    end, now = facts.get("closes_at") or getattr(thing, "closes_at", None), facts.get("now")
    if isinstance(end, datetime) and isinstance(now, datetime) and end > now:
        return None
    return Label(
        "结束时间必须晚于现在,请先修改结束时间。",
        "The round must end after now; please change its end first.",
    )


def _has_begun(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    begin, now = getattr(thing, "opens_at", None), facts.get("now")
    if isinstance(begin, datetime) and isinstance(now, datetime) and begin <= now:
        return None
    return Label("还没有到开始时间。", "The beginning has not come yet.")


def _is_over(thing: object, actor: int | None, facts: Mapping[str, object]) -> Label | None:
    return (
        None if _ends_later(thing, actor, facts) else Label("还没有到结束时间。", "The end has not come yet.")
    )


ROUND = Machine(
    name="round",
    label=Label("调查轮次", "Survey round"),
    states=(
        State("planned", Label("计划中", "Planned")),
        State("open", Label("进行中", "Open")),
        State("closed", Label("已结束", "Closed"), open=False),
        State("cancelled", Label("已取消", "Cancelled"), open=False),
    ),
    transitions=(
        Transition(
            "open",
            Label("开放", "Open"),
            ("planned",),
            "open",
            _FIELD,
            guards=(_ends_later,),
            help=Label("开放后客户可以作答。", "Customers can answer from now on."),
        ),
        Transition(
            "open_on_time",
            Label("到期开放", "Open on time"),
            ("planned",),
            "open",
            (),
            guards=(_has_begun, _ends_later),
            automatic=True,
        ),
        Transition(
            "close",
            Label("结束", "Close"),
            ("open",),
            "closed",
            _FIELD,
            help=Label("结束后不再接收答卷。", "No more answers are taken afterwards."),
        ),
        Transition(
            "close_on_time",
            Label("到期结束", "Close on time"),
            ("open",),
            "closed",
            (),
            guards=(_is_over,),
            automatic=True,
        ),
        Transition(
            "reopen",
            Label("重新开放", "Open again"),
            ("closed",),
            "open",
            _FIELD,
            needs=(
                Need("closes_at", Label("新的结束日期", "New last day"), kind="date"),
                Need("why", Label("原因", "Reason")),
            ),
            guards=(_ends_later,),
            dangerous=True,
        ),
        Transition(
            "cancel",
            Label("取消", "Cancel"),
            ("planned",),
            "cancelled",
            _FIELD,
            needs=(Need("why", Label("原因", "Reason")),),
            dangerous=True,
        ),
    ),
)
