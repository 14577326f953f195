"""What a posted form means to a workflow, and which acts a page offers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Need, State, Transition
from manyi.organisation.errors import Invalid
from manyi.web.acts import facts_of, possible

WORDS = Label("字", "word")
STEP = Transition(
    "go", WORDS, ("a",), "b", ("x",),
    needs=(
        Need("day", WORDS, "date"), Need("cost", WORDS, "number"), Need("who", WORDS, "person"),
        Need("sure", WORDS, "yes_no"), Need("text", WORDS),
    ),
)  # fmt: skip
GIVEN = {"day": "2026-03-02", "cost": "12.50", "who": "7", "sure": "no", "text": " 好 "}


def test_each_fact_has_the_type_of_its_need() -> None:
    assert facts_of(STEP, GIVEN) == {
        "day": date(2026, 3, 2), "cost": Decimal("12.50"), "who": 7, "sure": False, "text": "好",
    }  # fmt: skip
    assert facts_of(STEP, {}) == dict.fromkeys(GIVEN)


@pytest.mark.parametrize(
    ("name", "text"), [("day", "soon"), ("cost", "NaN"), ("cost", "a lot"), ("who", "x"), ("sure", "maybe")]
)
def test_what_cannot_be_read_is_told_by_its_field(name: str, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        facts_of(STEP, {**GIVEN, name: text})
    assert [place for place, _ in caught.value.problems] == [name]


def test_an_act_that_a_guard_refuses_is_not_offered() -> None:
    refused = Transition("stay", WORDS, ("a",), "a", ("x",), guards=(lambda thing, actor, facts: WORDS,))
    machine = Machine("m", WORDS, (State("a", WORDS), State("b", WORDS)), (STEP, refused))
    assert possible(machine, None, "a", {"x"}, 1) == [STEP]
    assert possible(machine, None, "a", {"y"}, 1) == []
