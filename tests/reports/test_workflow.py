"""Whatever people try in whatever order: a published report had three pairs of hands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from manyi.kernel.workflow import WorkflowError
from manyi.reports.workflow import REPORT, Parties

VERBS = {"reports.write", "reports.approve", "reports.publish"}
STEPS = st.lists(
    st.tuples(st.sampled_from([t.name for t in REPORT.transitions]), st.integers(1, 4)), max_size=30
)


@given(STEPS)
def test_no_walk_ends_published_by_the_author_or_the_approver(steps: list[tuple[str, int]]) -> None:
    state, approver, frozen = "draft", None, False
    for name, actor in steps:
        thing = Parties(author=1, approver=approver, frozen=frozen)
        try:
            step = REPORT.check(thing, state, name, verbs=VERBS, actor=actor, facts={"why": "x"})
        except WorkflowError:
            continue
        if "freeze" in step.effects:
            assert actor == 1
            frozen = True
        if "thaw" in step.effects:
            approver, frozen = None, False
        if "note_approver" in step.effects:
            approver = actor
        state = step.target
        if state in ("approved", "published"):
            assert frozen
            assert approver not in (None, 1)
        if state == "published":
            assert actor not in (1, approver)


def test_a_published_report_stays_published() -> None:
    assert REPORT.leaving("published") == []
