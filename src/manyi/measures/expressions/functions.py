"""The functions of the language, one table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.measures.expressions import dates
from manyi.measures.expressions.values import amount, flat, items, number, plain

_ANY_NUMBER = 10_000
Compute = Callable[[Sequence[Any], date], Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of evaluated arguments and today's date, and how many arguments it takes."""

    label: Label
    least: int
    most: int
    compute: Compute


def _numbers(arguments: Sequence[Any]) -> list[Fraction]:
    return [found for value in flat(arguments) if (found := amount(value)) is not None]


def _sum(arguments: Sequence[Any], _: date) -> Any:
    return plain(sum(_numbers(arguments), Fraction()))


def _average(arguments: Sequence[Any], _: date) -> Any:
    found = _numbers(arguments)
    return plain(sum(found, Fraction()) / len(found)) if found else 0


def _extreme(choose: Callable[[Any], Any]) -> Compute:
    def compute(arguments: Sequence[Any], _: date) -> Any:
        found = _numbers(arguments)
        if found:
            return plain(choose(found))
        texts = [value for value in flat(arguments) if isinstance(value, str)]
        return choose(texts) if texts else None

    return compute


def _count(arguments: Sequence[Any], _: date) -> Any:
    return sum(1 for _value in flat(arguments))


def _round(arguments: Sequence[Any], _: date) -> Any:
    """To so many places, halves up."""
    value = number(arguments[0])
    places = number(arguments[1]) if len(arguments) > 1 else Fraction()
    if value is None or places is None or not -15 <= places <= 15:
        return None
    scale = Fraction(10) ** int(places)
    return plain(math.floor(value * scale + Fraction(1, 2)) / scale)


def _truncate(arguments: Sequence[Any], _: date) -> Any:
    """To so many places, towards zero."""
    value = number(arguments[0])
    places = number(arguments[1]) if len(arguments) > 1 else Fraction()
    if value is None or places is None or not 0 <= places <= 15:
        return None
    scale = Fraction(10) ** int(places)
    return plain(Fraction(math.trunc(value * scale)) / scale)


def _choose(arguments: Sequence[Any], _: date) -> Any:
    return arguments[1] if arguments[0] else (arguments[2] if len(arguments) > 2 else None)


def _over_cells(function: Compute) -> Compute:
    """A function over one column of a table, whose name is the second argument."""

    def compute(arguments: Sequence[Any], today: date) -> Any:
        rows = [row for row in items(arguments[0]) if isinstance(row, Mapping)]
        cells = [row.get(arguments[1]) for row in rows] if isinstance(arguments[1], str) else []
        return function([[cell for cell in cells if not is_empty(cell)]], today)

    return compute


_LEAST, _MOST = _extreme(min), _extreme(max)

FUNCTIONS: dict[str, Function] = {
    "iif": Function(Label("若…则…否则", "if … then … else"), 2, 3, _choose),
    "sum": Function(Label("合计", "the sum of"), 1, _ANY_NUMBER, _sum),
    "avg": Function(Label("平均", "the average of"), 1, _ANY_NUMBER, _average),
    "min": Function(Label("最小值", "the least of"), 1, _ANY_NUMBER, _LEAST),
    "max": Function(Label("最大值", "the greatest of"), 1, _ANY_NUMBER, _MOST),
    "count": Function(Label("已填个数", "the number given of"), 1, _ANY_NUMBER, _count),
    "round": Function(Label("四舍五入", "rounded"), 1, 2, _round),
    "trunc": Function(Label("截尾", "cut off"), 1, 2, _truncate),
    "sumInArray": Function(Label("列合计", "the column sum of"), 2, 2, _over_cells(_sum)),
    "avgInArray": Function(Label("列平均", "the column average of"), 2, 2, _over_cells(_average)),
    "minInArray": Function(Label("列最小值", "the column's least of"), 2, 2, _over_cells(_LEAST)),
    "maxInArray": Function(Label("列最大值", "the column's greatest of"), 2, 2, _over_cells(_MOST)),
    "countInArray": Function(
        Label("列已填个数", "the number given in a column of"), 2, 2, _over_cells(_count)
    ),
    "age": Function(Label("年龄", "the age from"), 1, 2, dates.age),
    "today": Function(Label("今天", "today"), 0, 1, dates.today_plus),
    "currentDate": Function(Label("当前日期", "the current date"), 0, 0, dates.today_plus),
    "dateDiff": Function(Label("日期间隔", "the time between"), 2, 3, dates.difference),
    "diffDays": Function(Label("相隔天数", "the days between"), 2, 2, dates.days_between),
    "dateAdd": Function(Label("日期加", "the date after"), 2, 3, dates.add),
    "year": Function(Label("年份", "the year of"), 0, 1, dates.part(lambda at: at.year)),
    "month": Function(Label("月份", "the month of"), 0, 1, dates.part(lambda at: at.month)),
    "day": Function(Label("日", "the day of"), 0, 1, dates.part(lambda at: at.day)),
    "weekday": Function(
        Label("星期几(周日为 0)", "the weekday of"), 0, 1, dates.part(lambda at: (at.weekday() + 1) % 7)
    ),
    "getYear": Function(Label("年份", "the year of"), 1, 1, dates.part(lambda at: at.year)),
    "currentYear": Function(Label("今年", "the current year"), 0, 0, dates.part(lambda at: at.year)),
}
