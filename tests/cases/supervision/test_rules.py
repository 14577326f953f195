"""Drawing, judging and the figures of supervision, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.cases.supervision import rules
from manyi.cases.supervision.assessment_actions import EFFECTS as ASSESSMENT_EFFECTS
from manyi.cases.supervision.results import Judged, share, table
from manyi.cases.supervision.rules import Criterion, Frame
from manyi.cases.supervision.sample_actions import EFFECTS as SAMPLE_EFFECTS
from manyi.cases.supervision.workflow import ASSESSMENT, SAMPLE, AssessmentFile, SampleFile
from manyi.kernel.workflow import Machine, WorkflowError
from manyi.measures.finite import hypergeometric
from manyi.measures.intervals import wilson
from manyi.organisation.roles import VERBS

LIST = (
    Criterion("told", "受理告知及时"),
    Criterion("facts", "事实查清", weight=2, must=True),
    Criterion("call", "回访真实", must=True),
)


def answered(told: str, facts: str, call: str) -> dict[str, dict[str, str]]:
    given = {"told": told, "facts": facts, "call": call}
    return {
        code: {"answer": answer, "remark": "缺记录" if answer == "no" else ""}
        for code, answer in given.items()
    }


frames = st.lists(st.sampled_from([7, 8, 9]), min_size=3, max_size=60).map(
    lambda handlers: Frame(list(range(1, len(handlers) + 1)), handlers, [1] * len(handlers))
)


@given(
    frames, st.sampled_from([name for name, _ in rules.METHODS]), st.text(min_size=1, max_size=8), st.data()
)
def test_the_same_seed_and_population_give_the_same_sample(
    frame: Frame, method: str, seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(rules.least_size(frame, method), len(frame.cases)))
    drawn = rules.draw(frame, method, size, seed)
    assert drawn == rules.draw(Frame.unpacked(frame.packed()), method, size, seed)
    ids = [one.id for one in drawn]
    assert len(set(ids)) == size
    assert set(ids) <= set(frame.cases)
    assert sum(one.weight for one in drawn) == len(frame.cases), "together they stand for all"


def test_other_seeds_give_other_samples() -> None:
    frame = Frame(list(range(100)), [1] * 100, [1] * 100)
    found = {tuple(one.id for one in rules.draw(frame, "simple", 5, f"seed-{n}")) for n in range(50)}
    assert len(found) > 45


def test_every_handler_is_drawn_from_where_they_are_strata() -> None:
    frame = Frame(list(range(40)), [1] * 30 + [2] * 8 + [3] * 2, [1] * 40)
    handler = dict(zip(frame.cases, frame.handlers, strict=True))
    for method, wanted in (("equal", {1: 4, 2: 4, 3: 2}), ("proportional", {1: 7, 2: 2, 3: 1})):
        drawn = rules.draw(frame, method, 10, "a")
        assert Counter(handler[one.id] for one in drawn) == wanted
    assert rules.least_size(frame, "equal") == 3
    assert rules.least_size(frame, "simple") == 1


def test_every_criterion_needs_an_answer_and_a_no_its_reason() -> None:
    assert [code for code, _ in rules.result_problems(LIST, {})] == ["told", "facts", "call"]
    without = {**answered("yes", "no", "yes"), "facts": {"answer": "no", "remark": " "}}
    assert [code for code, _ in rules.result_problems(LIST, without)] == ["facts"]
    assert rules.result_problems(LIST, answered("yes", "no", "na")) == []
    assert rules.result_problems(LIST, answered("na", "na", "na")) != []


@pytest.mark.parametrize(
    ("answers", "points", "passes", "failed"),
    [
        (("yes", "yes", "yes"), 1.0, True, []),
        (("no", "yes", "yes"), 0.75, True, []),
        (("yes", "no", "yes"), 0.5, False, ["facts"]),
        (("yes", "yes", "na"), 1.0, True, []),
        (("yes", "na", "na"), 1.0, None, []),
    ],
)
def test_what_a_checklist_makes_of_a_case(
    answers: tuple[str, str, str], points: float, passes: bool | None, failed: list[str]
) -> None:
    results = answered(*answers)
    assert rules.points(LIST, results) == points
    assert rules.passed(LIST, results) is passes
    assert [each.code for each in rules.failed_musts(LIST, results)] == failed


def test_without_a_must_every_criterion_decides() -> None:
    soft = [Criterion("a", "甲"), Criterion("b", "乙")]
    assert rules.passed(soft, {"a": {"answer": "yes"}, "b": {"answer": "no"}}) is False
    assert rules.passed(soft, {"a": {"answer": "yes"}, "b": {"answer": "na"}}) is True


def test_a_checklist_names_the_row_that_is_wrong() -> None:
    wrong = [Criterion("a", "甲"), Criterion("b", "", weight=0), Criterion("c", "甲")]
    assert [place for place, _ in rules.checklist_problems(wrong)] == ["text_1", "weight_1", "text_2"]
    assert [place for place, _ in rules.checklist_problems([])] == ["text_0"]
    assert rules.checklist_problems(LIST) == []


def judged(answers: list[str], weights: list[float] | None = None) -> list[Judged]:
    return [
        Judged(1, (weights or [4.0] * len(answers))[place], answered("yes", answer, "yes") if answer else {})
        for place, answer in enumerate(answers)
    ]


def pairs(rows: list[Judged]) -> list[tuple[Judged, bool | None]]:
    return [(row, rules.fulfilled(row.results, "facts")) for row in rows]


def test_a_simple_draw_has_the_exact_interval_of_its_population() -> None:
    found = share("facts", pairs(judged(["yes"] * 9 + ["no"])), 40)
    exact = hypergeometric(9, 10, 40)
    assert exact is not None
    assert (found.value, found.low, found.high) == (0.9, exact.low, exact.high)
    assert (found.method, found.n, found.valid_n) == ("hypergeometric", 10, 10)


def test_what_does_not_apply_or_is_not_assessed_is_not_counted() -> None:
    found = share("facts", pairs(judged(["yes", "no", "na", ""])), 40)
    other = wilson(1, 2)
    assert other is not None
    assert (found.value, found.n, found.valid_n, found.low) == (0.5, 4, 2, other.low)
    assert share("facts", pairs(judged(["", ""])), 40).value is None


def test_cases_count_by_how_many_they_stand_for() -> None:
    found = share("facts", pairs(judged(["yes", "no"], [9.0, 1.0])), 10)
    effective = wilson(0.9 * 100 / 82, 100 / 82)
    assert effective is not None
    assert found.value == pytest.approx(0.9)
    assert (found.low, found.high) == pytest.approx((effective.low, effective.high))
    assert found.method == "wilson_weighted"


def test_the_table_has_a_line_for_passing_and_one_for_each_criterion() -> None:
    rows = [Judged(1, 1.0, answered("yes", "yes", "no")), Judged(2, 1.0, answered("no", "yes", "yes"))]
    first, told, facts, call = table(LIST, rows, {1: 1, 2: 1})
    assert first.criterion is None
    assert (first.whole.value, first.units[1].value, first.units[2].value) == (0.5, 0.0, 1.0)
    assert (told.units[2].value, facts.whole.value, call.units[1].value) == (0.0, 1.0, 0.0)
    assert (facts.whole.low, facts.whole.high) == (1.0, 1.0), "all were drawn: nothing is left to guess"


def refusal(file: object, machine: str, state: str, name: str, actor: int = 3, **facts: object) -> str:
    table_of = {"sample": SAMPLE, "assessment": ASSESSMENT}[machine]
    with pytest.raises(WorkflowError) as caught:
        table_of.check(file, state, name, verbs=VERBS, actor=actor, facts=facts)
    return caught.value.message.zh


@pytest.mark.parametrize(
    ("machine", "first", "effects"),
    [(SAMPLE, "drawn", SAMPLE_EFFECTS), (ASSESSMENT, "waiting", ASSESSMENT_EFFECTS)],
)
def test_the_tables_hold_together(machine: Machine, first: str, effects: Mapping[str, object]) -> None:
    states = {state.id for state in machine.states}
    assert {first} | {step.target for step in machine.transitions} == states, "every state can be reached"
    assert [state.id for state in machine.states if state.open and not machine.leaving(state.id)] == []
    for step in machine.transitions:
        assert {*step.sources, step.target} <= states
        assert set(step.who) <= set(VERBS)
        assert set(step.effects) <= set(effects)


def test_nobody_draws_until_the_result_pleases() -> None:
    assert "不能撤回" in refusal(SampleFile(3, 1), "sample", "drawn", "withdraw", reason="重抽")
    assert (
        SAMPLE.check(
            SampleFile(4), "drawn", "withdraw", verbs=VERBS, actor=3, facts={"reason": "范围选错"}
        ).target
        == "withdrawn"
    )


def test_a_sample_is_finished_when_all_is_assessed_and_decided() -> None:
    assert "2 件没有评查" in refusal(SampleFile(2, 3), "sample", "drawn", "finish")
    assert "1 件异议" in refusal(SampleFile(0, 5, 1), "sample", "drawn", "finish")


@pytest.mark.parametrize("actor", [7, 8])
def test_whoever_had_a_part_does_not_assess(actor: int) -> None:
    file = AssessmentFile(handler=7, involved=frozenset({8}))
    assert "回避" in refusal(file, "assessment", "waiting", "assess", actor)


def test_only_the_handler_answers_and_once() -> None:
    file = AssessmentFile(handler=7, assessor=3)
    assert "本人" in refusal(file, "assessment", "assessed", "accept", 3)
    for state in ("accepted", "objected", "settled"):
        assert "当前状态" in refusal(file, "assessment", state, "object", 7, comment="不同意")


def test_the_assessor_or_the_lead_decides() -> None:
    file = AssessmentFile(handler=7, assessor=3)
    assert "裁定" in refusal(file, "assessment", "objected", "keep", 4, decision="维持")
    lead = AssessmentFile(handler=7, assessor=3, leads=True)
    for each, actor in ((file, 3), (lead, 4)):
        found = ASSESSMENT.check(
            each, "objected", "keep", verbs=VERBS, actor=actor, facts={"decision": "维持"}
        )
        assert found.target == "settled"
    assert "回避" in refusal(lead, "assessment", "objected", "keep", 7, decision="维持")


@pytest.mark.parametrize("name", ["assess", "correct", "keep"])
def test_nothing_moves_in_a_sample_that_is_over(name: str) -> None:
    state = {"assess": "waiting", "correct": "assessed", "keep": "objected"}[name]
    for over in ("finished", "withdrawn"):
        file = AssessmentFile(handler=7, assessor=3, sample_state=over)
        assert "抽查" in refusal(file, "assessment", state, name, 3, reason="误判", decision="维持")
