"""Our expressions against survey-core's, on thousands of random ones: the same spelling, the same worth."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from manyi.measures.expressions import evaluate, parse

EXPRESSIONS = 3000
ANSWERS: dict[str, Callable[[random.Random], Any]] = {
    "n": lambda dice: dice.choice([0, 1, 2, 5, 6, 9, 10, 3.5, -2]),
    "k": lambda dice: dice.choice(["0", "3", "10", "007", "5.5"]),
    "s": lambda dice: dice.choice(["a", "b", "item1", "Item10", "满意", "yes"]),
    "c": lambda dice: dice.sample(["a", "b", "c", "item1"], dice.randint(1, 3)),
    "f": lambda dice: dice.random() < 0.5,
    "d": lambda dice: dice.choice(["2026-01-31", "1990-05-06", "2026-11-22"]),
    "m": lambda dice: {"r1": dice.randint(1, 5), "r2": dice.randint(1, 5)},
}
OPERANDS = ["{n}", "{k}", "{s}", "{c}", "{f}", "{unasked}"]
VALUES = [*OPERANDS, "'a'", "'item1'", "'5'", "5", "true", "['a','b']", "['item1']", "'A'", "item1"]
ON_DATES = [
    "dateDiff({d}, '2026-03-05')",
    "dateDiff({d}, '2026-03-05', 'months')",
    "dateDiff({d}, '2025-03-05', 'years')",
    "age({d})",
]


def a_number(dice: random.Random, depth: int) -> str:
    kind = dice.random()
    if depth <= 0 or kind < 0.4:
        return dice.choice(["{n}", "{k}", "{m.r1}", "{m.r2}", "{unasked}", "0", "2", "10", "3.5"])
    left, right = a_number(dice, depth - 1), a_number(dice, depth - 1)
    if kind < 0.7:
        return f"({left} {dice.choice('+-*/')} {right})"
    if kind < 0.9:
        return f"{dice.choice(['sum', 'avg', 'min', 'max', 'count'])}({left}, {right})"
    if kind < 0.95:
        return f"iif({a_condition(dice, depth - 1)}, {left}, {right})"
    return dice.choice([*ON_DATES, "round({n} * 1.5)", "round({n} / 3, 2)"])


def a_condition(dice: random.Random, depth: int) -> str:
    kind = dice.random()
    if kind < 0.3:
        operator = dice.choice(["<", "<=", ">", ">=", "=", "<>"])
        return f"{a_number(dice, depth)} {operator} {a_number(dice, depth)}"
    if kind < 0.6:
        operators = ["=", "<>", "contains", "notcontains", "anyof", "allof", "noneof"]
        return f"{dice.choice(OPERANDS)} {dice.choice(operators)} {dice.choice(VALUES)}"
    if kind < 0.7:
        return f"{dice.choice([*OPERANDS, '{m}', '{m.r1}'])} {dice.choice(['empty', 'notempty'])}"
    if kind < 0.75 or depth <= 0:
        return f"{{d}} {dice.choice(['<', '<=', '>', '=', '>='])} '2026-01-31'"
    left, right = a_condition(dice, depth - 1), a_condition(dice, depth - 1)
    return f"({left} {dice.choice(['and', 'or'])} {right})" if kind < 0.95 else f"!({left})"


def some_answers(dice: random.Random) -> dict[str, Any]:
    return {code: draw(dice) for code, draw in ANSWERS.items() if dice.random() < 0.7}


def test_random_expressions_are_worth_the_same(survey_core: Callable[..., dict[str, Any]]) -> None:
    dice = random.Random(20260301)
    cases = [
        ((a_condition if dice.random() < 0.6 else a_number)(dice, 2), some_answers(dice))
        for _ in range(EXPRESSIONS)
    ]
    theirs = survey_core({"expressions": cases})["expressions"]
    assert len(theirs) == EXPRESSIONS
    different = []
    for (text, answers), their in zip(cases, theirs, strict=True):
        ours = evaluate(parse(text, names=str), answers, date.today())  # noqa: DTZ011 - survey-core's day
        if not same(ours, their):
            different.append((text, answers, ours, their))
    assert different == []


def same(ours: Any, theirs: Any) -> bool:
    """Equal, a truth being any value that counts as one and decimals close as floats can be."""
    if isinstance(ours, bool):
        return ours == bool(theirs)
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return ours == pytest.approx(theirs, rel=1e-9)
    return bool(ours == theirs)
