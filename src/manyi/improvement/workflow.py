"""The machine of a finding: 确认 → 原因分析 → 措施 → 批准 → 实施 → 效果验证 → 关闭, or back to the cause.

Guards look at a ``FindingFile``, the plain facts of the present iteration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Measure:
    """One corrective action: who owns it, who planned it, whether it is done and shown."""

    owner: int
    planner: int
    done: bool = False
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class CauseFile:
    """One cause with its actions."""

    proven: bool
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingFile:
    """What the guards know of a finding: this iteration's causes and the verdict of its last effect check."""

    causes: tuple[CauseFile, ...] = ()
    verdict: str = ""

    @property
    def measures(self) -> list[Measure]:
        """All actions of this iteration."""
        return [measure for cause in self.causes for measure in cause.measures]


def _file(thing: object) -> FindingFile:
    return cast("FindingFile", thing)


def _cause_proven(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if not any(cause.proven for cause in _file(thing).causes):
        return Label(
            "请先找到至少一个原因并写明证据,再制定措施。",
            "Find and prove at least one cause before planning actions.",
        )
    return None


def _each_cause_has_action(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if any(cause.proven and not cause.measures for cause in _file(thing).causes):
        return Label(
            "每个已证实的原因都要有一项措施,并指定负责人和期限。",
            "Every proven cause needs an action with an owner and a date.",
        )
    return None


def _not_planner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if actor is None or actor in {measure.planner for measure in _file(thing).measures}:
        return Label(
            "措施不能由制定人自己批准,请由另一位审批人处理。",
            "The plan is not approved by its author; another approver must do it.",
        )
    return None


def _all_done(thing: object, actor: int | None, facts: Facts) -> Label | None:
    measures = _file(thing).measures
    if not measures or not all(measure.done and measure.evidence for measure in measures):
        return Label(
            "还有措施没有完成或没有证据,完成后再验证效果。",
            "Some actions are not done or show no evidence; complete them before verifying.",
        )
    return None


def _not_an_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if actor is None or actor in {measure.owner for measure in _file(thing).measures}:
        return Label(
            "效果不能由措施负责人自己验证,请由其他人处理。",
            "The effect is not verified by the owner of an action; somebody else must do it.",
        )
    return None


def _effective(thing: object, actor: int | None, facts: Facts) -> Label | None:
    verdict = _file(thing).verdict
    if verdict == "effective":
        return None
    if verdict == "too_few":
        return Label(
            "样本不足,还不能判断;请等下一轮调查后再验证。",
            "There are too few answers to judge; check again after the next round.",
        )
    return Label(
        "关闭前须有本轮整改的效果验证,并且结论为“有效”。",
        "Closing needs an effect check of this iteration with the verdict “effective”.",
    )


def _not_effective(thing: object, actor: int | None, facts: Facts) -> Label | None:
    if _file(thing).verdict != "not_effective":
        return Label(
            "只有效果验证为“无效”时才回到原因分析。",
            "Only a check with the verdict “not effective” leads back to the causes.",
        )
    return None


MANAGE, APPROVE, VERIFY = ("findings.manage",), ("findings.approve",), ("findings.verify",)
IMPLEMENT = ("findings.manage", "findings.implement")
_REASON = Need("reason", Label("理由", "Reason"))

STATES = (
    State("detected", Label("已发现", "Detected")),
    State("confirmed", Label("已确认", "Confirmed")),
    State("containment", Label("临时措施", "Contained")),
    State("cause", Label("原因分析", "Finding causes")),
    State("plan", Label("制定措施", "Planning actions")),
    State("approved", Label("措施已批", "Plan approved")),
    State("implementing", Label("整改中", "Implementing")),
    State("verifying", Label("效果验证", "Verifying")),
    State("closed", Label("已关闭", "Closed"), open=False),
    State("dismissed", Label("不成立", "Dismissed"), open=False),
)
TRANSITIONS = (
    Transition(
        "confirm", Label("确认", "Confirm"), ("detected",), "confirmed", MANAGE,
        needs=(Need("owner", Label("负责人", "Owner"), "person"),), effects=("own",),
    ),
    Transition(
        "dismiss", Label("不成立", "Dismiss"), ("detected",), "dismissed", MANAGE,
        needs=(_REASON,), effects=("end",), dangerous=True,
    ),
    Transition(
        "contain", Label("采取临时措施", "Contain"), ("confirmed",), "containment", MANAGE,
        needs=(Need("containment", Label("临时措施", "Containment")),), effects=("contain",),
    ),
    Transition(
        "analyse", Label("分析原因", "Look for causes"), ("confirmed", "containment"), "cause", MANAGE
    ),
    Transition(
        "plan", Label("制定措施", "Plan actions"), ("cause",), "plan", MANAGE, guards=(_cause_proven,)
    ),
    Transition(
        "approve", Label("批准措施", "Approve the plan"), ("plan",), "approved", APPROVE,
        guards=(_cause_proven, _each_cause_has_action, _not_planner),
    ),
    Transition(
        "send_back", Label("退回", "Send back"), ("plan",), "cause", APPROVE,
        needs=(_REASON,), guards=(_not_planner,), dangerous=True,
    ),
    Transition("implement", Label("开始整改", "Implement"), ("approved",), "implementing", IMPLEMENT),
    Transition(
        "verify", Label("提交验证", "Submit for verification"), ("implementing",), "verifying", IMPLEMENT,
        guards=(_all_done,),
    ),
    Transition(
        "close", Label("关闭", "Close"), ("verifying",), "closed", VERIFY,
        needs=(
            Need(
                "systemic",
                Label("固化到哪个制度、培训或检查表", "Rule, training or checklist changed for good"),
            ),
        ),
        guards=(_effective, _not_an_owner), effects=("fix", "end"),
    ),
    Transition(
        "again", Label("回到原因分析", "Back to the causes"), ("verifying",), "cause", VERIFY,
        needs=(_REASON,), guards=(_not_effective, _not_an_owner), effects=("iterate",),
    ),
)  # fmt: skip
MACHINE = Machine("finding", Label("整改闭环", "Finding"), STATES, TRANSITIONS)

OPEN_STATES = tuple(state.id for state in STATES if state.open)
CHECK = Label("验证效果", "Check the effect")


def may_check(file: FindingFile, actor: int | None) -> Label | None:
    """Why this person must not check the effect, or None."""
    return _not_an_owner(file, actor, {})
