"""The machine of a case: 受理 → 派单 → 调查 → 方案 → 审批 → 执行 → 答复 → 回访 → 办结.

Guards look at a ``CaseFile``, the plain facts of a case, so that the whole table can be tested and walked
without a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from manyi.cases.choices import (
    FOUNDED,
    OUTCOMES,
    PAUSE_REASONS,
    REJECT_REASONS,
    REMEDIES,
    SEVERITIES,
)
from manyi.kernel.labels import Label
from manyi.kernel.workflow import Guard, Machine, Need, State, Transition

Facts = Mapping[str, object]

MAX_RETURNS = 2
FAILED_CALLS, FAILED_DAYS = 3, 2
#: Kinds that are answered without a solution to approve, and those that end without a call-back.
ANSWERED_DIRECTLY = frozenset({"suggestion", "enquiry", "help"})
WITHOUT_CALL_BACK = frozenset({"suggestion", "enquiry"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call-back attempt of the present cycle."""

    day: date
    outcome: str
    resolved: bool | None = None
    satisfied: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the guards know of a case. Persons are ids; ``days_closed`` is None while it is open."""

    kind: str
    today: date
    owner: int | None = None
    about_person: int | None = None
    returned: int = 0
    founded: str = ""
    proposer: int | None = None  # of the solution that waits for a decision or was approved last
    has_solution: bool = False
    evidence: str = ""
    calls: tuple[Call, ...] = ()
    days_closed: int | None = None
    reopen_days: int = 30


def call_back_settles(calls: tuple[Call, ...]) -> bool:
    """Whether the calls end the case: the last one reached and content, or enough failed attempts."""
    if calls and calls[-1].outcome == "reached":
        return bool(calls[-1].resolved and calls[-1].satisfied)
    failed = [call for call in calls if call.outcome != "reached"]
    return len(failed) >= FAILED_CALLS and len({call.day for call in failed}) >= FAILED_DAYS


def _file(thing: object) -> CaseFile:
    return cast("CaseFile", thing)


def _kind_in(kinds: frozenset[str], zh: str, en: str) -> Guard:
    def guard(thing: object, actor: int | None, facts: Facts) -> Label | None:
        return None if _file(thing).kind in kinds else Label(zh, en)

    return guard


def _owner_not_accused(thing: object, actor: int | None, facts: Facts) -> Label | None:
    accused = _file(thing).about_person
    if accused is not None and accused == facts.get("owner"):
        return Label(
            "被投诉的人不能承办这件诉求,请换一位承办人(回避)。",
            "The person complained of cannot handle the case; choose somebody else.",
        )
    return None


def _by_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if actor is not None and actor != _file(thing).owner:
        return Label(
            "只有承办人可以办这一步;需要时请改派。",
            "Only the handler can do this; reassign the case if need be.",
        )
    return None


def _returns_left(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if _file(thing).returned >= MAX_RETURNS:
        return Label(
            f"这件诉求已退单 {MAX_RETURNS} 次,不能再退,请与派单人商定。",
            f"The case was returned {MAX_RETURNS} times already; settle it with the dispatcher.",
        )
    return None


def _date_ahead(thing: object, actor: int | None, facts: Facts) -> Label | None:
    expected = facts.get("expected")
    if isinstance(expected, date) and expected <= _file(thing).today:
        return Label("预计日期应在今天之后。", "The expected date must lie after today.")
    return None


def _cost_not_negative(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if float(str(facts.get("cost") or 0)) < 0:
        return Label("费用不能是负数。", "The cost cannot be negative.")
    return None


def _has_solution(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if not _file(thing).has_solution:
        return Label("还没有处理方案。", "There is no solution to decide on yet.")
    return None


def _founded_set(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if not _file(thing).founded:
        return Label("请先写明是否属实。", "Say first whether it is founded.")
    return None


def _not_own_solution(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if actor is None or actor in {_file(thing).proposer, _file(thing).owner}:
        return Label(
            "方案不能由提出人或承办人自己审批,请由另一位审批人处理。",
            "A solution is not decided by its proposer or the handler; another approver must do it.",
        )
    return None


def _not_accused(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if actor is not None and actor == _file(thing).about_person:
        return Label("被投诉的人不能办理这一步(回避)。", "The person complained of cannot do this.")
    return None


def _not_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if actor is not None and actor == _file(thing).owner:
        return Label(
            "回访和办结不能由承办人自己做,请由回访专员处理。",
            "The handler does not call back or close; a call-back agent does.",
        )
    return None


def _call_complete(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if facts.get("outcome") == "reached" and (
        facts.get("resolved") is None or facts.get("satisfied") is None
    ):
        return Label(
            "已接通时,请填写“问题已解决”和“满意”。",
            "When the customer was reached, say whether it is resolved and whether they are satisfied.",
        )
    return None


def _call_back_settles(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if not call_back_settles(_file(thing).calls):
        return Label(
            f"办结前须回访成功且顾客满意,或在 {FAILED_DAYS} 天里至少 {FAILED_CALLS} 次未接通;"
            "否则请重办,或由负责人写明理由后办结。",
            f"Closing needs a call-back in which the customer is content, or {FAILED_CALLS} failed attempts "
            f"on {FAILED_DAYS} days; otherwise reopen it, or the lead closes it with a note.",
        )
    return None


def _has_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if _file(thing).owner is None:
        return Label(
            "这件诉求没有承办人,不能重办,请新登记一件。",
            "The case has no handler, so it cannot be reopened; register a new one.",
        )
    return None


def _reopened_in_time(thing: object, actor: int | None, facts: Facts) -> Label | None:
    days, limit = _file(thing).days_closed, _file(thing).reopen_days
    if days is not None and days > limit:
        return Label(
            f"办结已超过 {limit} 天,请新登记一件诉求。",
            f"The case was closed more than {limit} days ago; register a new one.",
        )
    return None


_TAKES_SOLUTION = _kind_in(
    frozenset({"complaint", "help"}), "这类诉求不需要方案。", "This kind needs no solution."
)
_DIRECT = _kind_in(
    ANSWERED_DIRECTLY, "投诉须先有批准的方案。", "A complaint needs an approved solution first."
)
_PRAISE = _kind_in(frozenset({"praise"}), "只有表扬可以这样办结。", "Only praise ends this way.")
_NOT_PRAISE = _kind_in(
    frozenset({"complaint", "suggestion", "enquiry", "help"}),
    "表扬不用派单,请直接感谢并转达。",
    "Praise needs no handler; thank and pass it on.",
)
_ENDS_SHORT = _kind_in(WITHOUT_CALL_BACK, "这类诉求须先回访。", "This kind needs a call-back first.")
_CALLED_BACK = _kind_in(
    frozenset({"complaint", "help"}), "这类诉求不需要回访。", "This kind needs no call-back."
)

DISPATCH, HANDLE, APPROVE, CALL = (
    ("cases.dispatch",),
    ("cases.handle",),
    ("cases.approve",),
    ("cases.callback",),
)
_REASON = Need("reason", Label("理由", "Reason"))
_NOTE = Need("note", Label("说明", "Note"), required=False)
_OWNER = Need("owner", Label("承办人", "Handler"), "person")


def _state(state_id: str, zh: str, en: str, *, is_open: bool = True, pauses: bool = False) -> State:
    return State(state_id, Label(zh, en), open=is_open, pauses=pauses)


STATES = (
    _state("registered", "已登记", "Registered"),
    _state("acknowledged", "已受理", "Accepted"),
    _state("assigned", "已派单", "Assigned"),
    _state("investigating", "调查中", "Investigating"),
    _state("waiting", "等待中", "Waiting", pauses=True),
    _state("proposed", "方案待审", "Solution to approve"),
    _state("approved", "方案已批", "Solution approved"),
    _state("executing", "执行中", "Carrying out"),
    _state("executed", "已执行", "Carried out"),
    _state("answered", "已答复", "Answered"),
    _state("call_back", "待回访", "To call back"),
    _state("closed", "已办结", "Closed", is_open=False),
    _state("rejected", "不予受理", "Not accepted", is_open=False),
    _state("duplicate", "重复", "Duplicate", is_open=False),
)
TRANSITIONS = (
    Transition(
        "acknowledge", Label("受理", "Accept"), ("registered",), "acknowledged", DISPATCH,
        needs=(Need("message", Label("告知顾客的话", "Words to the customer"), required=False),),
        effects=("tell_customer", "note_acknowledged"),
        help=Label("留空则发送标准的受理告知。", "Left empty, the standard words are sent."),
    ),
    Transition(
        "reject", Label("不予受理", "Do not accept"), ("registered",), "rejected", DISPATCH,
        needs=(
            Need("why", Label("原因", "Ground"), choices=REJECT_REASONS),
            Need("message", Label("告知顾客的话", "Words to the customer")),
        ),
        effects=("tell_customer", "end"), dangerous=True,
    ),
    Transition(
        "merge", Label("并入另一件", "Merge into another"), ("registered", "acknowledged", "assigned"),
        "duplicate", DISPATCH,
        needs=(Need("into", Label("主诉求编号", "Number of the main case"), "line"),),
        effects=("merge",), dangerous=True,
    ),
    Transition(
        "assign", Label("派单", "Assign"), ("acknowledged",), "assigned", DISPATCH,
        needs=(
            _OWNER,
            Need("category", Label("分类", "Category"), "pick"),
            Need("severity", Label("严重程度", "Severity"), choices=SEVERITIES),
            _NOTE,
        ),
        guards=(_NOT_PRAISE, _owner_not_accused), effects=("classify", "assign"),
    ),
    Transition(
        "reassign", Label("改派", "Reassign"), ("assigned", "investigating"), "assigned", DISPATCH,
        needs=(_OWNER, _REASON), guards=(_owner_not_accused,), effects=("assign",),
    ),
    Transition(
        "return", Label("退单", "Return"), ("assigned",), "acknowledged", HANDLE,
        needs=(_REASON,), guards=(_by_owner, _returns_left), effects=("return",), dangerous=True,
    ),
    Transition(
        "start", Label("开始调查", "Begin to investigate"), ("assigned",), "investigating", HANDLE,
        needs=(Need("note", Label("首次联系的内容或查到的第一个事实", "First contact or first fact")),),
        guards=(_by_owner,), effects=("keep_note", "note_response"),
    ),
    Transition(
        "pause", Label("暂停等待", "Wait"), ("investigating",), "waiting", HANDLE,
        needs=(
            Need("waiting_for", Label("等待什么", "Waiting for"), choices=PAUSE_REASONS),
            Need("expected", Label("预计到", "Expected on"), "date"),
            _NOTE,
        ),
        guards=(_by_owner, _date_ahead), effects=("keep_note", "pause"),
    ),
    Transition(
        "resume", Label("继续调查", "Go on"), ("waiting",), "investigating", HANDLE,
        guards=(_by_owner,), effects=("resume",),
    ),
    Transition(
        "propose", Label("提交方案", "Propose a solution"), ("investigating",), "proposed", HANDLE,
        needs=(
            Need("founded", Label("是否属实", "Founded"), choices=FOUNDED),
            Need("cause", Label("原因", "Cause")),
            Need("remedy", Label("处理方式", "Remedy"), choices=REMEDIES),
            Need("solution", Label("处理方案", "Solution")),
            Need("cost", Label("费用(元)", "Cost (yuan)"), "number", required=False),
        ),
        guards=(_TAKES_SOLUTION, _by_owner, _not_accused, _cost_not_negative), effects=("propose",),
    ),
    Transition(
        "approve", Label("批准方案", "Approve"), ("proposed",), "approved", APPROVE,
        needs=(_NOTE,), guards=(_has_solution, _founded_set, _not_own_solution, _not_accused),
        effects=("decide",),
    ),
    Transition(
        "send_back", Label("退回修改", "Send back"), ("proposed",), "investigating", APPROVE,
        needs=(_REASON,), guards=(_has_solution, _not_own_solution, _not_accused), effects=("decide",),
    ),
    Transition(
        "execute", Label("开始执行", "Carry out"), ("approved",), "executing", HANDLE, guards=(_by_owner,)
    ),
    Transition(
        "finish", Label("执行完毕", "Carried out"), ("executing",), "executed", HANDLE,
        needs=(Need("evidence", Label("执行的证据", "Evidence")),),
        guards=(_by_owner,), effects=("keep_evidence",),
    ),
    Transition(
        "answer", Label("答复顾客", "Answer the customer"), ("executed",), "answered", HANDLE,
        needs=(Need("message", Label("答复内容", "Answer")),),
        guards=(_by_owner,), effects=("tell_customer", "note_answer"),
    ),
    Transition(
        "answer_directly", Label("直接答复", "Answer directly"), ("investigating",), "answered", HANDLE,
        needs=(Need("message", Label("答复内容", "Answer")),),
        guards=(_DIRECT, _by_owner), effects=("tell_customer", "note_answer"),
    ),
    Transition(
        "hand_over", Label("转回访", "Pass on to call back"), ("answered",), "call_back",
        HANDLE + CALL, guards=(_CALLED_BACK,),
    ),
    Transition(
        "call", Label("记录回访", "Record a call"), ("call_back",), "call_back", CALL,
        needs=(
            Need("outcome", Label("结果", "Outcome"), choices=OUTCOMES),
            Need("resolved", Label("问题已解决", "Resolved"), "yes_no", required=False),
            Need("satisfied", Label("顾客满意", "Satisfied"), "yes_no", required=False),
            Need("comment", Label("顾客的话", "What the customer said"), required=False),
        ),
        guards=(_not_owner, _not_accused, _call_complete), effects=("call",),
    ),
    Transition(
        "close", Label("办结", "Close"), ("call_back",), "closed", CALL,
        guards=(_not_owner, _call_back_settles), effects=("end",),
    ),
    Transition(
        "waive", Label("说明理由后办结", "Close with a note"), ("call_back",), "closed", APPROVE,
        needs=(Need("waiver", Label("不再回访的理由", "Why there is no further call")),),
        guards=(_not_owner, _not_accused), effects=("waive", "end"), dangerous=True,
    ),
    Transition(
        "reopen", Label("重办", "Reopen"), ("call_back", "closed"), "investigating", CALL + DISPATCH,
        needs=(_REASON,), guards=(_has_owner, _reopened_in_time), effects=("reopen",),
    ),
    Transition(
        "thank", Label("感谢并转达", "Thank and pass on"), ("acknowledged",), "closed", DISPATCH,
        needs=(Need("message", Label("感谢的话", "Words of thanks")),),
        guards=(_PRAISE,), effects=("tell_customer", "no_call_back", "end"),
    ),
    Transition(
        "close_short", Label("办结", "Close"), ("answered",), "closed", DISPATCH + HANDLE,
        guards=(_ENDS_SHORT,), effects=("no_call_back", "end"),
    ),
)  # fmt: skip
MACHINE = Machine("case", Label("诉求办理", "Case"), STATES, TRANSITIONS)

OPEN_STATES = tuple(state.id for state in STATES if state.open)
ENDED_STATES = tuple(state.id for state in STATES if not state.open)
