"""The answers of several rounds below each other, each question in the place of its counterpart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from manyi.analytics.data.arrays import Column
from manyi.analytics.data.table import Variable
from manyi.kernel.labels import Label
from manyi.surveys.comparable import comparable
from manyi.surveys.models import Round

ROUND = Variable("round", Label("轮次", "Round"))
#: Columns that are no questions: their codes mean the same in every round.
_DIMENSIONS = frozenset({"total", "unit", "channel", "source", "product", "grade", "month", "weight"})
#: A round with its columns and its number of rows.
Part = tuple[Round, Sequence[Column], int]


def stacked(parts: Sequence[Part]) -> list[Column]:
    """The columns of the first part over the rows of all, and ``round`` with the rounds in the order of time.

    A question is followed to its name in another version; where it was split, merged or answered on another
    scale, its values of that round are missing, for they would not be comparable.
    """
    first, columns, _ = parts[0]
    made = [_joined(first, column, parts) for column in columns]
    return [*made, _rounds(parts)]


def _joined(first: Round, column: Column, parts: Sequence[Part]) -> Column:
    labels = dict(column.labels)
    pieces: list[npt.NDArray[Any]] = []
    for round, columns, rows in parts:
        found = column if round is first else _counterpart(first, column, round, columns)
        if found is None:
            pieces.append(_missing(column, rows))
        else:
            pieces.append(found.values)
            labels |= found.labels
    return Column(column.variable, np.concatenate(pieces), labels)


def _counterpart(first: Round, column: Column, round: Round, columns: Sequence[Column]) -> Column | None:
    """The column of another round that means the same; None where there is none."""
    known = {each.variable.name: each for each in columns}
    name = column.variable.name
    if name in _DIMENSIONS or name.startswith("segment:"):
        return known.get(name)
    here, there = comparable(name, first.questionnaire, round.questionnaire)
    if len(here) != 1 or len(there) != 1:
        # A part of something is not the whole, and what was not asked is missing.
        return None
    found = known.get(there[0])
    if found is None or found.values.dtype.kind != column.values.dtype.kind:
        return None
    return found if list(found.labels) == list(column.labels) else None


def _missing(column: Column, rows: int) -> npt.NDArray[Any]:
    if column.values.dtype.kind == "f":
        return np.full(rows, np.nan)
    return np.full(rows, "", dtype=object)


def _rounds(parts: Sequence[Part]) -> Column:
    codes = np.concatenate([np.full(rows, str(round.pk), dtype=object) for round, _, rows in parts])
    rounds = sorted((round for round, _, _ in parts), key=lambda each: (each.opens_at, each.pk))
    return Column(ROUND, codes, {str(each.pk): title_of(each, rounds) for each in rounds})


def title_of(round: Round, rounds: Sequence[Round]) -> Label:
    """Its own title among the rounds of one programme, the programme's where each is another's, else both."""
    programmes = [each.programme_id for each in rounds]
    title, programme = Label(round.title, round.title_en or round.title), round.programme
    name = Label(programme.title, programme.title_en or programme.title)
    if len(set(programmes)) == 1:
        return title
    if len(set(programmes)) == len(programmes):
        return name
    return Label(f"{name.zh} · {title.zh}", f"{name.en} · {title.en}")
