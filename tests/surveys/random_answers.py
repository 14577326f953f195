"""Random answers to any questionnaire: what a crowd of respondents would give, by a seed."""

from __future__ import annotations

import random
from typing import Any

from manyi.surveys.question_types import TYPES
from manyi.surveys.question_types.number import NumberConfig
from manyi.surveys.question_types.slider import SliderConfig
from manyi.surveys.question_types.sum import SumConfig
from manyi.surveys.tree import Question, Questionnaire

WORDS = ["很好", "等太久", "too slow", "ok", "服务热情"]
FIXED = {
    "phone": ["13800138000", "13912345678"],
    "email": ["a@example.com", "wang@example.org"],
    "date": ["2026-01-31", "1990-05-06"],
    "datetime": ["2026-01-31T10:30"],
    "time": ["10:30"],
    "text_short": WORDS,
    "text_long": WORDS,
    "yes_no": ["yes", "no"],
}
#: How often a question is left open.
SILENT = 0.25


def random_answers(tree: Questionnaire, dice: random.Random) -> dict[str, Any]:
    """Answers by question code; some questions are left open, hidden ones are answered too."""
    found = {}
    for code, question in tree.questions.items():
        value = random_answer(question, dice) if dice.random() > SILENT else None
        if value is None:
            continue
        found[code] = value
        chosen = value if isinstance(value, list) else [value]
        if any(option.free and option.code in chosen for option in question.options):
            found[f"{code}-Comment"] = dice.choice(WORDS)
    return found


def random_answer(question: Question, dice: random.Random) -> Any:
    """A right answer to one question; None where the type asks nothing that can be made up."""
    kind, codes = question.type, [option.code for option in question.options]
    if kind in FIXED:
        return dice.choice(FIXED[kind])
    if kind in {"single", "dropdown", "matrix_single"} and not question.rows:
        return dice.choice(codes)
    if kind in {"multiple", "picture", "matrix_multiple"} and not question.rows:
        return _several(question, dice)
    if kind in {"rating", "nps", "effort"}:
        return _step(question, dice)
    if kind == "number":
        number = NumberConfig(**question.config)
        low = 0 if number.low is None else int(number.low)
        return dice.randint(low, int(number.high) if number.high is not None else low + 100)
    if kind == "slider":
        slider = SliderConfig(**question.config)
        return slider.low + slider.step * dice.randint(0, int((slider.high - slider.low) / slider.step))
    if kind == "ranking":
        return dice.sample(codes, len(codes))
    return _composed(question, dice)


def _composed(question: Question, dice: random.Random) -> Any:
    """The answer to a question with rows or columns."""
    kind, rows = question.type, [row.code for row in question.rows]
    if kind == "fields":
        return {column.code: random_answer(column, dice) for column in question.columns}
    if kind == "sum":
        total, shares = int(SumConfig(**question.config).total), dict[str, int]()
        for row in rows[1:]:
            shares[row] = dice.randint(0, total - sum(shares.values()))
        return {rows[0]: total - sum(shares.values()), **shares}
    if kind in {"table", "matrix_dual"}:
        cells = question.columns
        return {row: {column.code: random_answer(column, dice) for column in cells} for row in rows}
    if kind == "matrix":
        return {row: _step(question, dice) for row in rows}
    if kind == "matrix_single":
        return {row: dice.choice(question.options).code for row in rows}
    if kind == "matrix_multiple":
        return {row: _several(question, dice) for row in rows}
    return None


def _step(question: Question, dice: random.Random) -> int:
    codes = TYPES.get(question.type).columns(question)[0].codes
    return int(dice.choice([code for code, _ in codes if code.lstrip("-").isdigit()]))


def _several(question: Question, dice: random.Random) -> Any:
    """Some of the options in their order, an exclusive one only alone."""
    most = question.config.get("at_most") or len(question.options)
    if question.type == "picture" and not question.config.get("many"):
        return dice.choice(question.options).code
    least = max(1, question.config.get("at_least") or 0)
    open_ones = [option.code for option in question.options if not option.exclusive]
    alone = [option.code for option in question.options if option.exclusive]
    if alone and dice.random() < 0.15:
        return [dice.choice(alone)]
    count = dice.randint(min(least, len(open_ones)), min(most, len(open_ones)))
    chosen = set(dice.sample(open_ones, count))
    return [code for code in open_ones if code in chosen]
