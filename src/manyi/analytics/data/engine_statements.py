"""The statements behind a table on an engine, as trees: joint histograms, sums of products, values.

Columns are named by the code and values enter as literals of the tree; nothing is pasted as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

from sqlglot import expressions as exp


def column(name: str) -> exp.Expr:
    """A column by name, whatever characters the name has."""
    return exp.column(name, quoted=True)


def double(value: exp.Expr) -> exp.Expr:
    """A value as a floating number."""
    return exp.cast(value, "DOUBLE")


def literal(value: Any) -> exp.Expr:
    """A value of the data; a float keeps every digit."""
    if isinstance(value, float):
        return double(exp.Literal.string(repr(value)))
    return exp.convert(value)


def among(value: exp.Expr, chosen: Sequence[Any]) -> exp.Expr:
    """Membership; in an empty list nothing is."""
    return exp.In(this=value, expressions=[literal(each) for each in chosen]) if chosen else exp.false()


def number(value: exp.Expr, *, floating: bool, missing: Sequence[float]) -> exp.Expr:
    """A stored number, NULL where it is no number or one that means no answer."""
    wide = double(value)
    gone: list[exp.Expr] = [exp.IsNan(this=wide.copy())] if floating else []
    gone += [among(wide.copy(), missing)] if missing else []
    return exp.Case().when(exp.or_(*gone), exp.null()).else_(wide) if gone else wide


def mapped(value: exp.Expr, numbers: Mapping[Any, float]) -> exp.Expr:
    """The numbers that stored values stand for, NULL for any other value."""
    if not numbers:
        return double(exp.null())
    case = exp.Case(this=value)
    for stored, meant in numbers.items():
        case = case.when(literal(stored), literal(float(meant)))
    return case


def _from(query: exp.Select, source: exp.Expr, where: exp.Expr) -> exp.Select:
    """The query over the rows that count. Builders copy the whole tree at each step unless told not to."""
    return query.from_(source.copy(), copy=False).where(where.copy(), copy=False)


def count(source: exp.Expr, where: exp.Expr) -> exp.Select:
    """How many rows."""
    return _from(exp.select(exp.Count(this=exp.Star())), source, where)


def bases(source: exp.Expr, where: exp.Expr, key: exp.Expr, given: Sequence[exp.Expr]) -> exp.Select:
    """How many rows each value has, and in how many of them each of ``given`` is not NULL."""
    named = {"k": key, **{f"g{place}": each for place, each in enumerate(given)}}
    counted = [exp.Count(this=exp.column(name)) for name in named if name != "k"]
    query = exp.select(exp.column("k"), exp.Count(this=exp.Star()), *counted)
    return query.from_(_chosen(source, where, named, None), copy=False).group_by(exp.column("k"), copy=False)


def unfit(source: exp.Expr, where: exp.Expr, weight: exp.Expr) -> exp.Select:
    """How many rows have no weight or one that is negative or infinite, and the sum of all."""
    infinite = exp.EQ(this=exp.Abs(this=weight.copy()), expression=double(exp.Literal.string("Infinity")))
    bad = exp.or_(
        exp.Is(this=weight.copy(), expression=exp.null()),
        exp.LT(this=weight.copy(), expression=literal(0)),
        infinite,
    )
    flagged = exp.Case().when(bad, literal(1)).else_(literal(0))
    return _from(exp.select(exp.Sum(this=flagged), exp.Sum(this=weight.copy())), source, where)


def distinct(source: exp.Expr, where: exp.Expr, value: exp.Expr) -> exp.Select:
    """Every different value."""
    query = exp.select(exp.alias_(value.copy(), "value")).distinct()
    return _from(query, source, where)


def values(source: exp.Expr, where: exp.Expr, wanted: Mapping[str, exp.Expr], order: str) -> exp.Select:
    """Some columns of every row; in the order of the source, or of a column."""
    query = exp.select(*(exp.alias_(each.copy(), name, quoted=True) for name, each in wanted.items()))
    query = _from(query, source, where)
    return query.order_by(column(order)) if order else query


def cells(
    source: exp.Expr, where: exp.Expr, keys: Mapping[str, exp.Expr], weight: exp.Expr | None
) -> exp.Select:
    """The joint cells of ``keys``: their values, then n and, with weights, Σw and Σw²."""
    query = exp.select(*(exp.column(each) for each in keys), *_named_sums(weight is not None))
    query = query.from_(_chosen(source, where, keys, weight), copy=False)
    return query.group_by(*(exp.column(each) for each in keys), copy=False)


def grouping_sets(
    source: exp.Expr,
    where: exp.Expr,
    keys: Mapping[str, exp.Expr],
    sets: Sequence[Sequence[str]],
    weight: exp.Expr | None,
) -> exp.Select:
    """The joint cells of several sets of ``keys`` in one pass; ``g_KEY`` is 1 where a key was rolled up."""
    marks: list[exp.Expr] = [
        exp.alias_(exp.Anonymous(this="GROUPING", expressions=[exp.column(each)]), f"g_{each}")
        for each in keys
    ]
    query = exp.select(*marks, *(exp.column(each) for each in keys), *_named_sums(weight is not None))
    tuples = [exp.Tuple(expressions=[exp.column(each) for each in one]) for one in sets]
    query = query.from_(_chosen(source, where, keys, weight), copy=False)
    query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=tuples)]))
    return query


def where_given(value: exp.Expr, given: exp.Expr) -> exp.Expr:
    """A value where ``given`` is not NULL, else NULL."""
    return exp.Case().when(exp.Is(this=given, expression=exp.null()).not_(), value)


def ranges(source: exp.Expr, where: exp.Expr, keys: Mapping[str, exp.Expr]) -> exp.Select:
    """How many rows; then the least and the greatest value of each of some whole numbers."""
    ends = [end(this=value.copy()) for value in keys.values() for end in (exp.Min, exp.Max)]
    return _from(exp.select(exp.Count(this=exp.Star()), *ends), source, where)


def _chosen(
    source: exp.Expr, where: exp.Expr, keys: Mapping[str, exp.Expr], weight: exp.Expr | None
) -> exp.Subquery:
    named = [exp.alias_(value.copy(), name) for name, value in keys.items()]
    if weight is not None:
        named.append(exp.alias_(weight.copy(), "w"))
    named = named or [exp.alias_(literal(1), "one")]
    return _from(exp.select(*named), source, where).subquery("chosen", copy=False)


def _named_sums(weighted: bool) -> list[exp.Expr]:
    return [exp.alias_(each, name) for each, name in zip(_sums(weighted), ("n", "sw", "sw2"), strict=False)]


def _sums(weighted: bool) -> list[exp.Expr]:
    counted: list[exp.Expr] = [exp.Count(this=exp.Star())]
    if weighted:
        counted += [exp.Sum(this=exp.column("w")), exp.Sum(this=_times("w", "w"))]
    return counted


def complete(
    source: exp.Expr, where: exp.Expr, numbers: Sequence[exp.Expr], weight: exp.Expr | None
) -> exp.Subquery:
    """The rows in which all numbers are given: x0, x1, … and, with weights, w above nought."""
    named = [exp.alias_(each.copy(), f"x{place}") for place, each in enumerate(numbers)]
    if weight is not None:
        named.append(exp.alias_(weight.copy(), "w"))
    inside = _from(exp.select(*named), source, where)
    given: list[exp.Expr] = [
        exp.Is(this=exp.column(f"x{place}"), expression=exp.null()).not_() for place in range(len(numbers))
    ]
    if weight is not None:
        given.append(exp.GT(this=exp.column("w"), expression=literal(0)))
    chosen = exp.select("*").from_(inside.subquery("chosen", copy=False), copy=False)
    return chosen.where(*given, copy=False).subquery("complete", copy=False)


def gathered(rows: exp.Subquery) -> exp.Select:
    """The numbers of complete rows themselves."""
    return exp.select(exp.Star()).from_(rows, copy=False)


def first_means(rows: exp.Subquery, size: int, most: int) -> exp.Select:
    """The plain mean of each number in some rows, wherever an engine finds these first."""
    some = exp.select("*").from_(rows.copy(), copy=False).limit(most, copy=False).subquery("some", copy=False)
    means = [exp.Avg(this=exp.column(f"x{place}")) for place in range(size)]
    return exp.select(*means).from_(some, copy=False)


def products(rows: exp.Subquery, centres: Sequence[float], *, weighted: bool) -> exp.Select:
    """n; with weights Σw and Σw²; Σw(x - c) for each number; Σw(x - c)(y - c) for each pair in order."""
    away = [
        exp.alias_(exp.Sub(this=exp.column(f"x{place}"), expression=literal(float(centre))), f"d{place}")
        for place, centre in enumerate(centres)
    ]
    kept = [exp.column("w")] if weighted else []
    shifted = exp.select(*away, *kept).from_(rows.copy(), copy=False).subquery("shifted", copy=False)
    sides = range(len(centres))
    heavy = [_times("w", f"d{place}") if weighted else exp.column(f"d{place}") for place in sides]
    sums = [exp.Sum(this=each) for each in heavy]
    for one, other in combinations_with_replacement(sides, 2):
        sums.append(exp.Sum(this=exp.Mul(this=heavy[one].copy(), expression=exp.column(f"d{other}"))))
    return exp.select(*_sums(weighted), *sums).from_(shifted, copy=False)


def _times(one: str, other: str) -> exp.Expr:
    return exp.Mul(this=exp.column(one), expression=exp.column(other))
