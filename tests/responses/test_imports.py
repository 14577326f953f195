"""Answers from elsewhere: a file and a mapping, judged like everybody's answers."""

from __future__ import annotations

import copy
import csv
import gzip
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manyi.customers.models import Segment
from manyi.organisation import jobs
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from manyi.responses.imports import import_responses
from manyi.responses.models import Response, ResponseImport, Score
from tests import personas
from tests.personas import House

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
AIRLINE = tomllib.loads((ROOT / "examples" / "airline.toml").read_text(encoding="utf-8"))

VISITS = tomllib.loads("""
key = "no"
product = "model"
[columns]
"waiting" = "rated.waiting"
"price" = "rated.price"
"again" = "again"
[values."again"]
"是" = "yes"
"否" = "no"
[missing]
"*" = ["0"]
[unit]
column = "shop"
[segments."type"]
"老客户" = "old"
[date]
column = "day"
[filters]
"kind" = ["visit"]
[questionnaire]
title = "到店"
title_en = "Visits"
[[questionnaire.sections]]
code = "s"
questions = [
  { code = "rated", type = "matrix", title = "评分", title_en = "Rate", required = true, rows = [
      { code = "waiting", title = "等候", title_en = "Waiting" },
      { code = "price", title = "价格", title_en = "Price" } ] },
  { code = "again", type = "single", title = "还来吗", title_en = "Again?", options = [
      { code = "yes", title = "是", title_en = "Yes" }, { code = "no", title = "否", title_en = "No" } ] },
]
[scheme]
items = [
  { question = "rated.waiting", points = { 1 = 20, 2 = 40, 3 = 60, 4 = 80, 5 = 100 } },
  { question = "rated.price", points = { 1 = 20, 2 = 40, 3 = 60, 4 = 80, 5 = 100 } },
]
""")
HEADER = "no,kind,shop,type,model,day,waiting,price,again"
GOOD = "1,visit,HC-E-A,老客户,M1,2026-01-05,4,5,是"

Run = Callable[..., ResponseImport]


@pytest.fixture
def house() -> House:
    return personas.house()


@pytest.fixture
def run(tmp_path: Path, house: House) -> Run:
    def import_lines(*lines: str, mapping: dict[str, Any] = VISITS, actor: Any = house.li) -> ResponseImport:
        path = tmp_path / "visits.csv"
        path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        return import_responses(
            actor=actor,
            path=path,
            questionnaire="visits",
            mapping=mapping,
            round=None,
            progress=jobs.Silent(),
        )

    return import_lines


def test_a_row_becomes_a_scored_response_with_its_unit_segment_and_day(run: Run, house: House) -> None:
    record = run(GOOD)
    assert (record.rows, record.added, record.errors) == (1, 1, [])
    response = Response.objects.get()
    assert response.answers == {"rated": {"waiting": 4, "price": 5}, "again": "yes"}
    assert (response.unit, response.segments, response.product) == (
        house.tree.east_service, ["old"], "M1",
    )  # fmt: skip
    assert response.submitted_at is not None
    assert response.submitted_at.isoformat() == "2026-01-04T16:00:00+00:00"
    assert Score.objects.get().total == 90
    assert Segment.objects.get(code="old").name == "老客户"


def test_a_second_run_adds_nothing_and_a_longer_file_only_the_new_rows(run: Run) -> None:
    run(GOOD)
    again = run(GOOD, GOOD.replace("1,", "2,", 1))
    assert (again.added, again.repeated) == (1, 1)
    assert Response.objects.count() == 2


def test_a_key_twice_in_one_file_counts_once(run: Run) -> None:
    record = run(GOOD, GOOD)
    assert (record.added, record.repeated) == (1, 1)


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (GOOD.replace(",4,", ",9,"), "waiting", "9"),
        (GOOD.replace("是", "也许"), "again", "也许"),
        (GOOD.replace("2026-01-05", "soon"), "day", "日期"),
        (GOOD.replace("HC-E-A", "HC-W-A"), "shop", "HC-W-A"),
        (GOOD.replace("1,visit", ",visit", 1), "no", "唯一标识"),
    ],
)
def test_a_bad_row_is_listed_with_its_reason_and_does_not_stop_the_good_ones(
    run: Run, line: str, column: str, word: str
) -> None:
    record = run(line, GOOD.replace("1,", "2,", 1))
    assert record.added == 1
    assert [(error["row"], error["field"]) for error in record.errors] == [(2, column)]
    assert word in record.errors[0]["zh"]


def test_a_missing_code_is_no_answer_and_a_missing_answer_no_fault(run: Run) -> None:
    record = run(GOOD.replace(",4,", ",0,"))
    assert record.errors == []
    assert Response.objects.get().answers["rated"] == {"price": 5}


def test_rows_that_the_filter_leaves_out_are_counted(run: Run) -> None:
    record = run(GOOD, GOOD.replace("1,visit", "2,call", 1))
    event = Event.objects.get(kind="response.imported")
    assert record.added == 1
    assert event.data == {
        "round": record.round_id, "sha256": record.sha256,
        "rows": 2, "added": 1, "repeated": 0, "bad": 0, "left_out": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"key": "number"}, "number"),
        ({"columns": {"waiting": "rated.roof"}}, "waiting"),
        ({"colums": {}}, "colums"),
        ({"columns": {}}, "columns"),
        ({"values": "x"}, "values"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(run: Run, change: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        run(GOOD, mapping={**copy.deepcopy(VISITS), **change})
    assert place in [path for path, _ in caught.value.problems]
    assert Response.objects.count() == 0


def test_without_a_questionnaire_the_mapping_must_bring_one(run: Run) -> None:
    mapping = {name: table for name, table in VISITS.items() if name != "questionnaire"}
    with pytest.raises(Refused) as caught:
        run(GOOD, mapping=mapping)
    assert caught.value.field == "questionnaire"


def test_only_who_may_import_imports(run: Run, house: House) -> None:
    run(GOOD)
    with pytest.raises(NotPermitted):
        run(GOOD, actor=house.zheng)


def test_an_excel_list_in_gb18030_is_read_too(house: House, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}".encode("gb18030"))
    record = import_responses(
        actor=house.li, path=path, questionnaire="visits", mapping=VISITS, round=None, progress=jobs.Silent()
    )
    assert (record.added, Response.objects.get().segments) == (1, ["old"])


def test_the_airline_table_comes_in_and_a_second_run_adds_nothing(shared_data: Path, house: House) -> None:
    path = shared_data / "surveys" / "airline_passenger_satisfaction.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def run() -> ResponseImport:
        return import_responses(
            actor=None,
            path=path,
            questionnaire="airline",
            mapping=AIRLINE,
            round=None,
            progress=jobs.Silent(),
        )

    first = run()
    assert (first.rows, first.added, first.repeated, first.errors) == (129_880, 129_880, 0, [])
    second = run()
    assert (second.added, second.repeated) == (0, 129_880)
    responses = Response.objects.filter(round=first.round)
    assert responses.count() == len(rows) == 129_880
    assert responses.filter(answers__overall="satisfied").count() == 56_428
    given = [int(row["Seat Comfort"]) for row in rows if row["Seat Comfort"] != "0"]
    stored = [seat for seat in responses.values_list("answers__service__seat", flat=True) if seat is not None]
    assert (len(stored), sum(stored)) == (len(given), sum(given))
    assert Score.objects.count() == 129_880
