"""The few statements of the analyses, as trees: joint histograms, filtered rows, open answers.

Values come from code books and unit ids and enter as literals of the tree; nothing is pasted as text. The
same tree is rendered for DuckDB or for Spark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import expressions as exp

from manyi.analytics.condition import Condition

#: The columns of every histogram row after the keys: rows, rows with a total, Σ total, Σ total².
SUMS = ("n", "totals", "total_sum", "total_squares")


def where(condition: Condition) -> exp.Expr:
    """The condition as a tree; ``TRUE`` when it asks nothing."""
    wanted: list[exp.Expr] = []
    if condition.valid is not None:
        wanted.append(_equal("valid", int(condition.valid)))
    if condition.units is not None:
        wanted.append(_among("unit", condition.units))
    for name in ("channel", "grade"):
        value = getattr(condition, name)
        if value is not None:
            wanted.append(_equal(name, value))
    if condition.segment is not None:
        wanted.append(_equal(condition.segment, 1))
    if condition.since is not None:
        wanted.append(exp.GTE(this=exp.column("day"), expression=_number(_days(condition.since))))
    if condition.until is not None:
        wanted.append(exp.LTE(this=exp.column("day"), expression=_number(_days(condition.until))))
    wanted += [_among(column, places) for column, places in condition.answers]
    return exp.and_(*wanted) if wanted else exp.true()


def histograms(columns: Sequence[str], sets: Sequence[tuple[str, ...]], condition: Condition) -> exp.Select:
    """For each set of columns the joint counts and the sums of the total.

    The joint cells of all columns are counted once, and summed for each set: an engine counts into a dense
    array, and many sets of few cells cost nothing. Row: for each column whether it was rolled up, its value
    for each, then SUMS.
    """
    named = [exp.column(column) for column in columns]
    cells = exp.select(*named, *_sums()).from_("answers").where(where(condition))
    if columns:
        cells = cells.group_by(*(each.copy() for each in named))
    tuples = [exp.Tuple(expressions=[exp.column(c) for c in each]) for each in sets]
    added = [exp.alias_(exp.Sum(this=exp.column(name)), name) for name in SUMS]
    marks = [_rolled_up(column) for column in columns]
    query = exp.select(*marks, *(each.copy() for each in named), *added).from_(cells.subquery("cells"))
    query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=tuples)]))
    return query


def _rolled_up(column: str) -> exp.Expr:
    """1 where a row sums over all values of the column."""
    return exp.alias_(exp.Anonymous(this="GROUPING", expressions=[exp.column(column)]), f"g_{column}")


def rows(condition: Condition, *, offset: int, limit: int) -> exp.Select:
    """The ids of matching responses, newest first."""
    query = exp.select("response").from_("answers").where(where(condition))
    newest = exp.Ordered(this=exp.column("response"), desc=True)
    return query.order_by(newest).offset(offset).limit(limit)


def count(condition: Condition) -> exp.Select:
    """How many responses match."""
    return exp.select(exp.Count(this=exp.Star())).from_("answers").where(where(condition))


def texts(condition: Condition, *, limit: int) -> exp.Select:
    """The open answers of matching responses, newest first: number of the question, text, response."""
    query = exp.select("texts.question", "texts.text", "response").from_("texts")
    query = query.join("answers", using=["response"], join_type="inner").where(where(condition))
    return query.order_by(exp.Ordered(this=exp.column("response"), desc=True)).limit(limit)


def _sums() -> list[exp.Expr]:
    total = exp.column("total")
    wide = exp.cast(total.copy(), "DECIMAL(18,0)")  # the product has 36 digits and never overflows
    square = exp.Mul(this=wide, expression=wide.copy())
    made: list[exp.Expr] = [exp.Count(this=exp.Star()), exp.Count(this=total)]
    made += [exp.Sum(this=total.copy()), exp.Sum(this=square)]
    return [exp.alias_(each, name) for each, name in zip(made, SUMS, strict=True)]


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _equal(column: str, value: int) -> exp.Expr:
    return exp.EQ(this=exp.column(column), expression=_number(value))


def _among(column: str, values: Sequence[int]) -> exp.Expr:
    """Membership; in an empty list nothing is."""
    if not values:
        return exp.false()
    return exp.In(this=exp.column(column), expressions=[_number(value) for value in values])
