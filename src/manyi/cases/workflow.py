"""The machine of a case: 受理 → 派单 → 调查 → 方案 → 审批 → 执行 → 答复 → 回访 → 办结, and 复核 after it."""

from __future__ import annotations

from manyi.cases.choices import (
    ENDED_STATES,
    FOUNDED,
    OUTCOMES,
    PAUSE_REASONS,
    REJECT_REASONS,
    REMEDIES,
    SEVERITIES,
    URGENCIES,
)
from manyi.cases.guards import (
    CALLED_BACK,
    DIRECT,
    ENDS_SHORT,
    NOT_PRAISE,
    PRAISE,
    TAKES_SOLUTION,
    accepted_before,
    agreed_time,
    beyond_limit,
    by_owner,
    call_complete,
    calls_settle,
    cost_not_negative,
    date_ahead,
    demands_answered,
    founded_set,
    handler_new_to_it,
    has_owner,
    has_solution,
    new_to_it,
    no_open_tasks,
    not_accepted_before,
    not_accused,
    not_own_solution,
    not_owner,
    not_reviewed,
    only_the_software,
    owner_not_accused,
    reopened_in_time,
    returns_left,
    within_limit,
)
from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition

DISPATCH, HANDLE, APPROVE, CALL = (
    ("cases.dispatch",),
    ("cases.handle",),
    ("cases.approve",),
    ("cases.callback",),
)
APPROVE_LARGE = ("cases.approve_large",)
_REASON = Need("reason", Label("理由", "Reason"))
_NOTE = Need("note", Label("说明", "Note"), required=False)
_OWNER = Need("owner", Label("承办人", "Handler"), "person")
_FINDING_WAIVER = Need(
    "finding_waiver",
    Label(
        "不立改进项的理由(高风险或重复发生时填写)", "Why nothing is to be improved (high risk or repeated)"
    ),
    required=False,
)


def _state(state_id: str, zh: str, en: str, *, pauses: bool = False) -> State:
    return State(state_id, Label(zh, en), open=state_id not in ENDED_STATES, pauses=pauses)


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
    _state("review", "复核中", "Under review"),
    _state("closed", "已办结", "Closed"),
    _state("rejected", "不予受理", "Not accepted"),
    _state("duplicate", "重复", "Duplicate"),
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
        "unmerge", Label("撤销合并", "Take the merging back"), ("duplicate",), "acknowledged", DISPATCH,
        needs=(_REASON,), guards=(accepted_before,), effects=("unmerge",),
    ),
    Transition(
        "unmerge_new", Label("撤销合并", "Take the merging back"), ("duplicate",), "registered", DISPATCH,
        needs=(_REASON,), guards=(not_accepted_before,), effects=("unmerge",),
    ),
    Transition(
        "follow", Label("按群体主诉求处理", "As the lead case of its group"),
        ("acknowledged", "assigned", "investigating"), "executed", HANDLE,
        needs=(_OWNER,), guards=(only_the_software, owner_not_accused), effects=("assign", "note_response"),
        automatic=True,
    ),
    Transition(
        "assign", Label("派单", "Assign"), ("acknowledged",), "assigned", DISPATCH,
        needs=(
            _OWNER,
            Need("category", Label("分类", "Category"), "pick"),
            Need("severity", Label("严重程度", "Severity"), choices=SEVERITIES),
            Need("urgency", Label("紧急程度", "Urgency"), choices=URGENCIES, required=False),
            Need("safety", Label("涉及人身安全", "Somebody may be hurt"), "yes_no", required=False),
            _NOTE,
        ),
        guards=(NOT_PRAISE, owner_not_accused), effects=("classify", "assign"),
    ),
    Transition(
        "reassign", Label("改派", "Reassign"), ("assigned", "investigating"), "assigned", DISPATCH,
        needs=(_OWNER, _REASON), guards=(owner_not_accused,), effects=("assign",),
    ),
    Transition(
        "return", Label("退单", "Return"), ("assigned",), "acknowledged", HANDLE,
        needs=(_REASON,), guards=(by_owner, returns_left), effects=("return",), dangerous=True,
    ),
    Transition(
        "start", Label("开始调查", "Begin to investigate"), ("assigned",), "investigating", HANDLE,
        needs=(Need("note", Label("首次联系的内容或查到的第一个事实", "First contact or first fact")),),
        guards=(by_owner,), effects=("keep_note", "note_response"),
    ),
    Transition(
        "pause", Label("暂停等待", "Wait"), ("investigating",), "waiting", HANDLE,
        needs=(
            Need("waiting_for", Label("等待什么", "Waiting for"), choices=PAUSE_REASONS),
            Need("expected", Label("预计到", "Expected on"), "date"),
            _NOTE,
        ),
        guards=(by_owner, date_ahead), effects=("keep_note", "pause"),
    ),
    Transition(
        "resume", Label("继续调查", "Go on"), ("waiting",), "investigating", HANDLE,
        guards=(by_owner,), effects=("resume",),
    ),
    Transition(
        "propose", Label("提交方案", "Propose a solution"), ("investigating",), "proposed", HANDLE,
        needs=(
            Need("founded", Label("是否属实", "Founded"), choices=FOUNDED),
            Need("facts", Label("查明的事实和证据", "Facts and evidence")),
            Need("cause", Label("原因", "Cause")),
            Need("remedy", Label("处理方式", "Remedy"), choices=REMEDIES),
            Need("solution", Label("处理方案", "Solution")),
            Need("cost", Label("费用(元)", "Cost (yuan)"), "number", required=False),
        ),
        guards=(
            TAKES_SOLUTION, by_owner, not_accused, cost_not_negative, demands_answered, no_open_tasks,
        ),
        effects=("propose",),
    ),
    Transition(
        "approve", Label("批准方案", "Approve"), ("proposed",), "approved", APPROVE,
        needs=(_NOTE,),
        guards=(has_solution, founded_set, within_limit, not_own_solution, not_accused),
        effects=("decide",),
    ),
    Transition(
        "approve_large", Label("批准方案(大额或重大)", "Approve (large or grave)"), ("proposed",), "approved",
        APPROVE_LARGE, needs=(_NOTE,),
        guards=(has_solution, founded_set, beyond_limit, not_own_solution, not_accused),
        effects=("decide",),
    ),
    Transition(
        "send_back", Label("退回修改", "Send back"), ("proposed",), "investigating", APPROVE,
        needs=(_REASON,), guards=(has_solution, not_own_solution, not_accused), effects=("decide",),
    ),
    Transition(
        "execute", Label("开始执行", "Carry out"), ("approved",), "executing", HANDLE, guards=(by_owner,)
    ),
    Transition(
        "finish", Label("执行完毕", "Carried out"), ("executing",), "executed", HANDLE,
        needs=(Need("evidence", Label("执行的证据", "Evidence")),),
        guards=(by_owner,), effects=("keep_evidence",),
    ),
    Transition(
        "answer", Label("答复顾客", "Answer the customer"), ("executed",), "answered", HANDLE,
        needs=(Need("message", Label("答复内容", "Answer")),),
        guards=(by_owner,), effects=("tell_customer", "note_answer"),
    ),
    Transition(
        "answer_directly", Label("直接答复", "Answer directly"), ("investigating",), "answered", HANDLE,
        needs=(Need("message", Label("答复内容", "Answer")),),
        guards=(DIRECT, by_owner), effects=("tell_customer", "note_answer"),
    ),
    Transition(
        "hand_over", Label("转回访", "Pass on to call back"), ("answered",), "call_back",
        HANDLE + CALL, guards=(CALLED_BACK,),
    ),
    Transition(
        "call", Label("记录回访", "Record a call"), ("call_back",), "call_back", CALL,
        needs=(
            Need("outcome", Label("结果", "Outcome"), choices=OUTCOMES),
            Need("resolved", Label("问题已解决", "Resolved"), "yes_no", required=False),
            Need("satisfied", Label("顾客满意", "Satisfied"), "yes_no", required=False),
            Need("again_at", Label("约定再次回访的时间", "Call again on"), "moment", required=False),
            Need("comment", Label("顾客的话", "What the customer said"), required=False),
        ),
        guards=(not_owner, not_accused, call_complete, agreed_time), effects=("call",),
    ),
    Transition(
        "close", Label("办结", "Close"), ("call_back",), "closed", CALL,
        needs=(_FINDING_WAIVER,),
        guards=(not_owner, calls_settle), effects=("settle_finding", "end"),
    ),
    Transition(
        "waive", Label("说明理由后办结", "Close with a note"), ("call_back",), "closed", APPROVE,
        needs=(Need("waiver", Label("不再回访的理由", "Why there is no further call")), _FINDING_WAIVER),
        guards=(not_owner, not_accused), effects=("waive", "settle_finding", "end"), dangerous=True,
    ),
    Transition(
        "reopen", Label("重办", "Reopen"), ("call_back", "closed"), "investigating", CALL + DISPATCH,
        needs=(_REASON,), guards=(has_owner, reopened_in_time), effects=("reopen",),
    ),
    Transition(
        "ask_review", Label("申请复核", "Ask for a review"), ("closed",), "review", CALL + DISPATCH,
        needs=(_REASON,), guards=(has_owner, CALLED_BACK, reopened_in_time, not_reviewed),
        effects=("ask_review",),
    ),
    Transition(
        "uphold", Label("复核成立,重办", "Uphold and reopen"), ("review",), "assigned", APPROVE,
        needs=(_OWNER, _REASON), guards=(new_to_it, not_accused, owner_not_accused, handler_new_to_it),
        effects=("decide_review", "reopen", "assign"),
    ),
    Transition(
        "confirm", Label("维持原处理", "Confirm the answer"), ("review",), "closed", APPROVE,
        needs=(
            Need("message", Label("告知顾客的话", "Words to the customer")),
        ),
        guards=(new_to_it, not_accused), effects=("tell_customer", "decide_review"),
        help=Label(
            "请写明理由,并告知还可以向哪些外部机构反映。",
            "Give the reasons, and name the outside bodies to which the customer may turn.",
        ),
    ),
    Transition(
        "thank", Label("感谢并转达", "Thank and pass on"), ("acknowledged",), "closed", DISPATCH,
        needs=(Need("message", Label("感谢的话", "Words of thanks")),),
        guards=(PRAISE,), effects=("tell_customer", "no_call_back", "end"),
    ),
    Transition(
        "close_short", Label("办结", "Close"), ("answered",), "closed", DISPATCH + HANDLE,
        guards=(ENDS_SHORT,), effects=("no_call_back", "end"),
    ),
)  # fmt: skip
MACHINE = Machine("case", Label("诉求办理", "Case"), STATES, TRANSITIONS)

OPEN_STATES = tuple(state.id for state in STATES if state.open)
