"""The table of the finding machine, without a database."""

from __future__ import annotations

import pytest

from manyi.improvement.step_actions import EFFECTS
from manyi.improvement.workflow import MACHINE, OPEN_STATES, CauseFile, FindingFile, Measure
from manyi.kernel.workflow import WorkflowError
from manyi.organisation.roles import VERBS

DONE = Measure(owner=4, planner=2, done=True, evidence="照片")
READY = FindingFile((CauseFile(True, (DONE,)),), "effective")


def refusal(state: str, name: str, file: FindingFile, actor: int | None, **facts: object) -> str:
    with pytest.raises(WorkflowError) as caught:
        MACHINE.check(file, state, name, verbs=VERBS, actor=actor, facts=facts)
    return caught.value.message.zh


def test_every_state_can_be_reached_and_every_open_state_can_be_left() -> None:
    reached = {"detected"} | {t.target for t in MACHINE.transitions}
    assert reached == {state.id for state in MACHINE.states}
    assert [state for state in OPEN_STATES if not MACHINE.leaving(state)] == []


def test_every_step_names_known_verbs_states_and_effects() -> None:
    states = {state.id for state in MACHINE.states}
    for step in MACHINE.transitions:
        assert set(step.who) <= set(VERBS)
        assert {*step.sources, step.target} <= states
        assert set(step.effects) <= set(EFFECTS)


@pytest.mark.parametrize("causes", [(), (CauseFile(False),)])
def test_no_plan_without_a_proven_cause(causes: tuple[CauseFile, ...]) -> None:
    assert "至少一个原因" in refusal("cause", "plan", FindingFile(causes), 2)


def test_no_approval_while_a_proven_cause_has_no_action() -> None:
    bare = FindingFile((CauseFile(True, (DONE,)), CauseFile(True)))
    assert "都要有一项措施" in refusal("plan", "approve", bare, 9)


def test_no_approval_by_the_planner_nor_by_the_software() -> None:
    assert "制定人" in refusal("plan", "approve", READY, 2)
    assert "制定人" in refusal("plan", "approve", READY, None)
    assert MACHINE.check(READY, "plan", "approve", verbs=VERBS, actor=9, facts={}).target == "approved"


@pytest.mark.parametrize("measure", [Measure(4, 2), Measure(4, 2, done=True)])
def test_no_verification_before_everything_is_done_and_shown(measure: Measure) -> None:
    open_work = FindingFile((CauseFile(True, (DONE, measure)),))
    assert "没有完成" in refusal("implementing", "verify", open_work, 4)


@pytest.mark.parametrize(
    ("verdict", "words"), [("", "须有"), ("not_effective", "须有"), ("too_few", "样本不足")]
)
def test_no_closing_without_a_proven_effect(verdict: str, words: str) -> None:
    file = FindingFile(READY.causes, verdict)
    assert words in refusal("verifying", "close", file, 9, systemic="检查表")


def test_no_closing_by_the_owner_of_an_action() -> None:
    assert "负责人自己" in refusal("verifying", "close", READY, 4, systemic="检查表")


@pytest.mark.parametrize("verdict", ["", "effective", "too_few"])
def test_only_a_failed_effect_leads_back(verdict: str) -> None:
    file = FindingFile(READY.causes, verdict)
    assert "无效" in refusal("verifying", "again", file, 9, reason="再查")
