"""Sums and products of complete rows from an engine, piece by piece; kept where a piece keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlglot import expressions as exp

from manyi.analytics.data import engine_statements as statements
from manyi.analytics.data.engines import Engine
from manyi.analytics.data.shifted import Handed, ShiftedSums
from manyi.analytics.data.table import Floats, Moments

#: So many rows tell where the means lie about.
SOME_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a statement; ``narrow`` as it lies there, where it stands for what it ``meant``."""

    tree: exp.Expr
    narrow: exp.Expr
    meant: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Some numbers with their weight; ``width`` bytes of a row."""

    each: Sequence[Number]
    weight: exp.Expr | None
    width: int

    @property
    def trees(self) -> list[exp.Expr]:
        """Each as a number."""
        return [number.tree for number in self.each]


class SummedProducts:
    """Sums numbers with an engine, about centres that are near the means of each piece.

    The means of some rows serve; where they turn out to lie far away, the true means do in a second pass.
    """

    def __init__(self, engine: Engine, source: exp.Expr, condition: exp.Expr, numbers: Numbers) -> None:
        self._engine, self._source, self._condition, self._numbers = engine, source, condition, numbers

    def moments(self) -> Moments:
        """The sums about the means."""
        rows, sums = zip(*(self._of_piece(piece) for piece in self._engine.pieces), strict=True)
        return ShiftedSums.together(sums).moments(sum(rows))

    def _of_piece(self, piece: Engine) -> tuple[int, ShiftedSums]:
        """How many rows there are, and the sums of the complete ones."""
        question = self._question() if piece.keeps else ""
        kept = piece.kept(question)
        if kept is not None:
            return kept[0], ShiftedSums.from_json(kept[1])
        rows = int(piece.rows(statements.count(self._source, self._condition))[0][0])
        sums = self._summed(piece, rows)
        piece.keep({question: [rows, sums.to_json()]})
        return rows, sums

    def _question(self) -> str:
        """What the sums are, in the words of statements."""
        rows = statements.complete(self._source, self._condition, self._numbers.trees, self._numbers.weight)
        return f"products\n{rows.sql()}"

    def _summed(self, piece: Engine, rows: int) -> ShiftedSums:
        """By blocks of columns where these are here sooner than the engine makes products of them."""
        by_blocks = 0 < rows * self._numbers.width <= piece.hands_over
        narrow = [number.narrow for number in self._numbers.each]
        numbers = narrow if by_blocks else self._numbers.trees
        complete = statements.complete(self._source, self._condition, numbers, self._numbers.weight)
        return self._by_blocks(piece, complete) if by_blocks else self._by_statement(piece, complete)

    def _by_blocks(self, piece: Engine, rows: exp.Subquery) -> ShiftedSums:
        """Over columns that are handed over; about whole centres at first."""
        columns = piece.narrow(statements.gathered(rows))
        weights = columns.pop().astype(np.float64) if self._numbers.weight is not None else None
        pairs = zip(columns, self._numbers.each, strict=True)
        handed = [Handed(column, number.meant) for column, number in pairs]
        found = ShiftedSums.of_columns(handed, weights, np.array([_about(each) for each in handed]))
        return ShiftedSums.of_columns(handed, weights, found.means) if found.far else found

    def _by_statement(self, piece: Engine, rows: exp.Subquery) -> ShiftedSums:
        """Where the rows lie."""
        size, weighted = len(self._numbers.each), self._numbers.weight is not None
        (first,) = piece.rows(statements.first_means(rows, size, SOME_ROWS))

        def about(centres: Floats) -> ShiftedSums:
            chosen = centres.tolist()
            query = statements.products(rows, chosen, weighted=weighted)
            return ShiftedSums.of_row(piece.rows(query)[0], chosen, weighted=weighted)

        found = about(np.round([value or 0.0 for value in first]))
        return about(found.means) if found.far else found


def _about(column: Handed) -> float:
    """A whole number near the mean of the first rows."""
    first = column.numbers(slice(SOME_ROWS))
    given = first[~np.isnan(first)]
    return float(np.round(given.mean())) if len(given) else 0.0
