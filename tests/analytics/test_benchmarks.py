"""Benchmarks: what may be written, how they come in from a file, and what a figure beside them says."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from manyi.analytics.benchmark_actions import (
    change_benchmark,
    enter_benchmark,
    import_benchmarks,
    remove_benchmark,
    restore_benchmark,
)
from manyi.analytics.benchmark_rules import Given, Verdict, checked, figure_of, verdict
from manyi.analytics.benchmarks import compared
from manyi.analytics.models import Benchmark
from manyi.analytics.queries import round_view
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.intervals import wilson
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event, Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

MakePerson = Callable[[Role, Unit], Person]
METRICS = {"csat": Label("总体满意率", "Overall satisfied"), "nps": Label("净推荐值", "NPS")}
GOOD = {
    "kind": "竞争对手",
    "name": "同城乙店",
    "metric": "总体满意率",
    "value": "86.5%",
    "n": "400",
    "since": "2026/1/1",
    "until": "2026-06-30",
    "source": "行业协会 2026 年报",
}


def test_codes_names_and_spreadsheet_habits_are_read() -> None:
    given, problems = checked(GOOD, METRICS)
    assert problems == []
    assert given == Given(
        "competitor", "同城乙店", "csat", 86.5, None, None, 400, date(2026, 1, 1), date(2026, 6, 30),
        "行业协会 2026 年报",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"source": " "}, "source"),
        ({"kind": "朋友"}, "kind"),
        ({"metric": "利润"}, "metric"),
        ({"value": "很高"}, "value"),
        ({"value": "101"}, "value"),
        ({"metric": "NPS", "value": "-101"}, "value"),
        ({"n": "3.5"}, "n"),
        ({"n": "0"}, "n"),
        ({"low": "80"}, "high"),
        ({"low": "87", "high": "90"}, "value"),
        ({"since": "去年"}, "since"),
        ({"since": "2026-02-30"}, "since"),
        ({"until": "2025-12-31"}, "until"),
        ({"name": "很" * 81}, "name"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(changes: dict[str, str], field: str) -> None:
    given, problems = checked(GOOD | changes, METRICS)
    assert given is None
    assert [name for name, _ in problems] == [field]


def figure(value: float, half: float | None) -> Figure:
    if half is None:
        return Figure(value, 100, 100, None, None, "t", "mean")
    return Figure(value, 100, 100, value - half, value + half, "t", "mean")


@pytest.mark.parametrize(
    ("own", "other", "said"),
    [
        (figure(80, 3), figure(84, None), "below"),
        (figure(80, 3), figure(82.9, None), "open"),
        (figure(80, 3), figure(84, 3), "open"),  # the root of 9 + 9 is 4.24
        (figure(80, 3), figure(84.3, 3), "below"),
        (figure(80, 3), figure(75, 4), "open"),  # exactly 5: not beyond
        (figure(80, 3), figure(74.9, 4), "above"),
        (figure(80, None), figure(50, 1), "none"),
    ],
)
def test_a_difference_is_clear_beyond_both_intervals(own: Figure, other: Figure, said: Verdict) -> None:
    assert verdict(own, other) == said


def test_a_share_with_known_n_has_wilsons_interval() -> None:
    given, _ = checked(GOOD, METRICS)
    assert given
    found, expected = figure_of(given), wilson(346, 400)
    assert expected
    assert (found.value, found.low, found.high) == pytest.approx((0.865, expected.low, expected.high))


@pytest.fixture
def round(open_round: Callable[..., Round], east: Unit) -> Round:
    made = open_round()
    for n in range(20):
        answer(made, east, sheet(5 - n % 2, 4, 4, 4 - n % 4, 9))
    return made


@pytest.fixture
def manager(round: Round, person_at: MakePerson) -> Person:
    return person_at(Role.SURVEY_MANAGER, round.unit)


def test_every_act_is_in_the_event_log(manager: Person, round: Round) -> None:
    row = enter_benchmark(actor=manager, programme=round.programme, texts=GOOD)
    change_benchmark(actor=manager, row=row, texts=GOOD | {"value": "90"})
    remove_benchmark(actor=manager, row=row)
    assert compared(round_view(round=round, roots=["/"]), round.programme) == []
    restore_benchmark(actor=manager, row=row)
    kinds = ["benchmark.entered", "benchmark.changed", "benchmark.removed", "benchmark.restored"]
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == kinds
    changed = Event.objects.get(kind="benchmark.changed").data
    assert (changed["before"]["value"], changed["after"]["value"]) == (86.5, 90)


def test_only_who_edits_surveys_may_enter(round: Round, person_at: MakePerson) -> None:
    with pytest.raises(NotPermitted):
        enter_benchmark(actor=person_at(Role.AUDITOR, round.unit), programme=round.programme, texts=GOOD)


def test_own_figures_stand_beside_the_newest_of_each(manager: Person, round: Round) -> None:
    programme = round.programme
    enter_benchmark(actor=manager, programme=programme, texts=GOOD)
    newer = {"value": "88", "since": "2026-07-01", "until": "2026-12-31"}
    enter_benchmark(actor=manager, programme=programme, texts=GOOD | newer)
    item = {"kind": "target", "name": "集团目标", "metric": "维修等待时间", "value": "95", "n": ""}
    enter_benchmark(actor=manager, programme=programme, texts=GOOD | item)
    found = compared(round_view(round=round, roots=["/"]), programme)
    assert [(each.metric, [other.given.value for other in each.others]) for each in found] == [
        ("csat", [88.0]),
        ("item:wait", [95.0]),
    ]
    assert found[0].others[0].verdict == "below"


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["类别", "名称", "指标", "数值", "样本量", "开始日期", "结束日期", "来源"])
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


LINE = ["竞争对手", "同城乙店", "净推荐值", 32, 210, date(2026, 1, 1), date(2026, 6, 30), "年报"]


def test_a_file_comes_in_and_can_be_sent_again(manager: Person, round: Round) -> None:
    content = workbook(LINE, ["行业平均", "行业", "维修等待时间", 81.5, None, *LINE[5:]], [None] * 8)
    programme = round.programme
    taken = import_benchmarks(actor=manager, programme=programme, name="a.xlsx", content=content)
    assert taken == (2, 0, [])
    again = import_benchmarks(actor=manager, programme=programme, name="a.xlsx", content=content)
    assert again == (0, 2, [])
    assert set(Benchmark.objects.values_list("metric", "value", "n")) == {
        ("nps", 32.0, 210), ("item:wait", 81.5, None),
    }  # fmt: skip


def test_one_bad_row_keeps_the_whole_file_out_and_every_fault_is_told(manager: Person, round: Round) -> None:
    bad = ["竞争对手", "", "净推荐值", "许多", 210, *LINE[5:]]
    added, changed, problems = import_benchmarks(
        actor=manager, programme=round.programme, name="a.xlsx", content=workbook(LINE, bad)
    )
    assert (added, changed) == (0, 0)
    assert [(each.row, each.field) for each in problems] == [(3, "name"), (3, "value")]
    assert not Benchmark.objects.exists()
    assert not Event.objects.filter(kind="benchmark.imported").exists()


def test_files_without_rows_and_what_is_no_file_are_refused(manager: Person, round: Round) -> None:
    with pytest.raises(Invalid):
        import_benchmarks(actor=manager, programme=round.programme, name="a.xlsx", content=workbook())
    with pytest.raises(Refused):
        import_benchmarks(actor=manager, programme=round.programme, name="a.csv", content=b"")
