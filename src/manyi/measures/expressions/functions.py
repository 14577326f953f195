"""The functions of the language, one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.expressions.values import day, flat, number, plain
from manyi.measures.scales import round_half_up

_ANY_NUMBER = 10_000


@dataclass(frozen=True, slots=True)
class Function:
    """A function of evaluated arguments and today's date, and how many arguments it takes."""

    label: Label
    least: int
    most: int
    compute: Callable[[Sequence[Any], date], Any]


def _numbers(arguments: Sequence[Any]) -> list[Fraction]:
    return [found for value in flat(arguments) if (found := number(value)) is not None]


def _sum(arguments: Sequence[Any], _: date) -> Any:
    return plain(sum(_numbers(arguments), Fraction()))


def _average(arguments: Sequence[Any], _: date) -> Any:
    found = _numbers(arguments)
    return plain(sum(found, Fraction()) / len(found)) if found else None


def _least(arguments: Sequence[Any], _: date) -> Any:
    return plain(min(found)) if (found := _numbers(arguments)) else None


def _most(arguments: Sequence[Any], _: date) -> Any:
    return plain(max(found)) if (found := _numbers(arguments)) else None


def _count(arguments: Sequence[Any], _: date) -> Any:
    return sum(1 for _value in flat(arguments))


def _round(arguments: Sequence[Any], _: date) -> Any:
    value = number(arguments[0])
    places = number(arguments[1]) if len(arguments) > 1 else Fraction()
    if value is None or places is None or not 0 <= places <= 15:
        return None
    return plain(round_half_up(value, int(places)))


def _today(arguments: Sequence[Any], today: date) -> Any:
    offset = number(arguments[0]) if arguments else Fraction()
    if offset is None or abs(offset) > 100_000:
        return None
    return (today + timedelta(days=int(offset))).isoformat()


def _age(arguments: Sequence[Any], today: date) -> Any:
    born = day(arguments[0])
    return None if born is None else _whole_months(born, today) // 12


def _date_difference(arguments: Sequence[Any], _: date) -> Any:
    start, end = day(arguments[0]), day(arguments[1])
    unit = str(arguments[2]) if len(arguments) > 2 else "days"
    if start is None or end is None:
        return None
    sign, (start, end) = (1, (start, end)) if start <= end else (-1, (end, start))
    months = _whole_months(start, end)
    amounts = {"days": (end - start).days, "months": months, "years": months // 12}
    return sign * amounts[unit] if unit in amounts else None


def _whole_months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _choose(arguments: Sequence[Any], _: date) -> Any:
    return arguments[1] if arguments[0] else arguments[2]


FUNCTIONS: dict[str, Function] = {
    "iif": Function(Label("若…则…否则", "if … then … else"), 3, 3, _choose),
    "sum": Function(Label("合计", "the sum of"), 1, _ANY_NUMBER, _sum),
    "avg": Function(Label("平均", "the average of"), 1, _ANY_NUMBER, _average),
    "min": Function(Label("最小值", "the least of"), 1, _ANY_NUMBER, _least),
    "max": Function(Label("最大值", "the greatest of"), 1, _ANY_NUMBER, _most),
    "count": Function(Label("已填个数", "the number given of"), 1, _ANY_NUMBER, _count),
    "age": Function(Label("年龄", "the age from"), 1, 1, _age),
    "today": Function(Label("今天", "today"), 0, 1, _today),
    "dateDiff": Function(Label("日期间隔", "the time between"), 2, 3, _date_difference),
    "round": Function(Label("四舍五入", "rounded"), 1, 2, _round),
}
