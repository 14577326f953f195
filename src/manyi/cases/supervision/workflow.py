"""Two machines: of a supervision sample (评查 → 完成), and of a case in it (评查 → 确认或异议 → 裁定).

Guards look at plain facts. Nobody assesses what they had a part in, or decides on their own objection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition

Facts = Mapping[str, object]
LEAD, ASSESS = ("cases.sample",), ("cases.assess",)
HANDLER = ("cases.view", "cases.register")


@dataclass(frozen=True, slots=True)
class SampleFile:
    """What the guards know of a sample: cases not assessed yet, assessed, and with an open objection."""

    waiting: int = 0
    assessed: int = 0
    objections: int = 0


@dataclass(frozen=True, slots=True)
class AssessmentFile:
    """What the guards know of one drawn case. Persons are ids; ``leads``: the actor leads the supervision."""

    handler: int
    involved: frozenset[int] = frozenset()  # handled, proposed, decided, called back, or were complained of
    assessor: int | None = None
    sample_state: str = "drawn"
    leads: bool = False


def _sample(thing: object) -> SampleFile:
    return cast("SampleFile", thing)


def _file(thing: object) -> AssessmentFile:
    return cast("AssessmentFile", thing)


def nothing_assessed(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """A sample is withdrawn only before the first result: nobody draws until the result pleases."""
    if _sample(thing).assessed:
        return Label(
            "已有评查结果,不能撤回;结果有误请更正。",
            "There are results already; it cannot be withdrawn. Correct a result that is wrong.",
        )
    return None


def all_assessed(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Every case that was drawn is assessed: none is left out because it is awkward."""
    count = _sample(thing).waiting
    return Label(f"还有 {count} 件没有评查。", f"{count} cases are not assessed yet.") if count else None


def no_objection(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """No objection waits for a decision."""
    count = _sample(thing).objections
    return (
        Label(f"还有 {count} 件异议没有裁定。", f"{count} objections wait for a decision.") if count else None
    )


def no_part_in_it(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Whoever handled, approved or called, or was complained of, does not assess (回避)."""
    if actor is None or actor == _file(thing).handler or actor in _file(thing).involved:
        return Label(
            "承办、审批、回访过这件诉求或被投诉的人不能评查(回避)。",
            "Whoever handled, approved or called in this case, or was complained of, does not assess it.",
        )
    return None


def under_way(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The sample was not withdrawn."""
    if _file(thing).sample_state == "withdrawn":
        return Label("这次抽查已撤回。", "This sample was withdrawn.")
    return None


def not_finished(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The sample is not finished: its figures stand until somebody takes it up again."""
    if _file(thing).sample_state == "finished":
        return Label("这次抽查已完成,请先重新开启。", "This sample is finished; take it up again first.")
    return None


def by_handler(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The handler answers for themselves."""
    if actor != _file(thing).handler:
        return Label("只有承办人本人可以反馈。", "Only the handler answers.")
    return None


def assessor_or_lead(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Whoever assessed it decides on the objection, or who leads the supervision."""
    if actor != _file(thing).assessor and not _file(thing).leads:
        return Label(
            "异议由评查人或抽查负责人裁定。", "The assessor, or who leads the supervision, decides on it."
        )
    return None


_REASON = Need("reason", Label("理由", "Reason"))
_DECISION = Need("decision", Label("裁定理由", "Grounds of the decision"))

SAMPLE = Machine(
    "supervision_sample",
    Label("督查抽查", "Supervision sample"),
    (
        State("drawn", Label("评查中", "Under way")),
        State("finished", Label("已完成", "Finished"), open=False),
        State("withdrawn", Label("已撤回", "Withdrawn"), open=False),
    ),
    (
        Transition(
            "finish", Label("完成抽查", "Finish"), ("drawn",), "finished", LEAD,
            guards=(all_assessed, no_objection), effects=("end",),
        ),
        Transition(
            "take_up", Label("重新开启", "Take up again"), ("finished",), "drawn", LEAD, needs=(_REASON,),
            effects=("reopen",),
        ),
        Transition(
            "withdraw", Label("撤回抽查", "Withdraw"), ("drawn",), "withdrawn", LEAD, needs=(_REASON,),
            guards=(nothing_assessed,), effects=("end",), dangerous=True,
        ),
    ),
)  # fmt: skip

_GUARDS = (under_way, not_finished)
ASSESSMENT = Machine(
    "assessment",
    Label("案件评查", "Assessment of a case"),
    (
        State("waiting", Label("待评查", "To assess")),
        State("assessed", Label("待本人反馈", "Handler may answer"), open=False),
        State("accepted", Label("本人无异议", "Accepted by the handler"), open=False),
        State("objected", Label("有异议,待裁定", "Objection to decide")),
        State("settled", Label("异议已裁定", "Objection decided"), open=False),
    ),
    (
        Transition(
            "assess", Label("评查", "Assess"), ("waiting",), "assessed", ASSESS,
            guards=(*_GUARDS, no_part_in_it), effects=("take_results",),
        ),
        Transition(
            "correct", Label("更正结果", "Correct the results"), ("assessed", "accepted", "settled"),
            "assessed", ASSESS, needs=(_REASON,), guards=(*_GUARDS, no_part_in_it, assessor_or_lead),
            effects=("keep_before", "take_results", "ask_anew"),
        ),
        Transition(
            "accept", Label("无异议", "No objection"), ("assessed",), "accepted", HANDLER,
            needs=(Need("comment", Label("说明", "Comment"), required=False),),
            guards=(under_way, by_handler), effects=("take_comment",),
        ),
        Transition(
            "object", Label("提出异议", "Object"), ("assessed",), "objected", HANDLER,
            needs=(Need("comment", Label("异议理由", "Grounds of the objection")),),
            guards=(*_GUARDS, by_handler), effects=("take_comment",),
        ),
        Transition(
            "keep", Label("维持结果", "Keep the results"), ("objected",), "settled", ASSESS + LEAD,
            needs=(_DECISION,), guards=(*_GUARDS, no_part_in_it, assessor_or_lead), effects=("decide",),
        ),
        Transition(
            "change", Label("采纳异议,改判", "Uphold and change the results"), ("objected",), "settled",
            ASSESS + LEAD, needs=(_DECISION,), guards=(*_GUARDS, no_part_in_it, assessor_or_lead),
            effects=("keep_before", "take_results", "decide"),
        ),
    ),
)  # fmt: skip
