"""The order in which choices, rows and questions are shown: fixed, shuffled or rotated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from manyi.surveys.tree import Question

T = TypeVar("T")


def arranged(items: Sequence[T], order: str, seed: int, code: str) -> tuple[T, ...]:
    """The items in one of ``tree.ORDERS``; the same seed and code always give the same order.

    ``random`` shuffles, ``rotated`` begins at another item and goes round. Options that exclude the others or
    ask for words (“none of these”, “other”) stay last, in their own order.
    """
    last = tuple(item for item in items if _is_anchored(item))
    free = [item for item in items if not _is_anchored(item)]
    dice = Random(f"{seed}:{code}")
    if order == "random":
        dice.shuffle(free)
    elif order == "rotated" and free:
        start = dice.randrange(len(free))
        free = free[start:] + free[:start]
    else:
        return tuple(items)
    return (*free, *last)


def arranged_question(question: Question, seed: int) -> Question:
    """The question with its rows, or its options where it has no rows, in their order."""
    if not question.order:
        return question
    if question.rows:
        return replace(question, rows=arranged(question.rows, question.order, seed, question.code))
    return replace(question, options=arranged(question.options, question.order, seed, question.code))


def _is_anchored(item: object) -> bool:
    return bool(getattr(item, "exclusive", False) or getattr(item, "free", False))
