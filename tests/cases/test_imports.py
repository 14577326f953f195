"""Cases from elsewhere: true times, working days, bad rows, and a second run that adds nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from manyi.cases.imports import import_cases, time_used
from manyi.cases.models import Case, CaseImport
from manyi.organisation import events
from manyi.organisation.errors import Invalid, NotPermitted
from manyi.organisation.jobs import Silent
from manyi.organisation.models import Event
from tests.cases.house import at, fresh
from tests.personas import House

ROOT = Path(__file__).resolve().parents[2]
MAPPING: dict[str, Any] = {
    "name": "old-system",
    "key": "no",
    "columns": {"what": "body", "in": "received_at", "out": "answered_at", "reply": "answer"},
}
ROWS = """no,what,in,out,reply
1,空调不凉,2026-02-10 10:00,2026-03-02 09:00,已修好
2,等待太久,2026/2/10,,
3,,2026-02-10,,
4,收费不明,昨天,,
5,态度不好,2026-02-10,2026-02-09,已道歉
1,空调不凉,2026-02-10 10:00,2026-03-02 09:00,已修好
"""


def run(house: House, path: Path, **changes: Any) -> CaseImport:
    given: dict[str, Any] = {"actor": fresh("wu"), "mapping": MAPPING, "unit": house.tree.east_service}
    return import_cases(path=path, progress=Silent(), **{**given, **changes})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old.csv"
    path.write_text(ROWS, encoding="gb18030")
    return path


def test_good_rows_come_in_with_their_true_times_and_bad_ones_are_listed(house: House, file: Path) -> None:
    record = run(house, file)
    assert (record.rows, record.added, record.repeated) == (6, 2, 1)
    assert [(e["row"], e["field"]) for e in record.errors] == [(4, "what"), (5, "in"), (6, "out")]
    answered, waiting = Case.objects.order_by("import_key")
    assert (answered.number, answered.state, waiting.state) == ("2026-000001", "closed", "registered")
    assert (answered.received_at, answered.closed_at) == (at("2026-02-10T10:00"), at("2026-03-02T09:00"))
    assert [m.body for m in answered.messages.all()] == ["空调不凉", "已修好"]
    result = answered.clock_results.get()
    assert (int(result.used), result.met, result.due_at) == (10, True, at("2026-03-02T18:00"))


def test_an_import_is_one_event_and_a_second_one_adds_nothing(house: House, file: Path) -> None:
    run(house, file)
    before = set(Case.objects.values_list("number", flat=True))
    again = run(house, file)
    assert (again.added, again.repeated) == (0, 3)
    assert set(Case.objects.values_list("number", flat=True)) == before
    assert Event.objects.filter(kind="case.imported").count() == 2
    assert not Event.objects.filter(kind="case.registered").exists()
    assert events.verify() == Event.objects.count()


def test_a_wrong_mapping_is_told_before_anything_is_written(house: House, file: Path) -> None:
    with pytest.raises(Invalid) as caught:
        run(house, file, mapping={"key": "no", "colour": 1, "columns": {"what": "text"}})
    assert [place for place, _ in caught.value.problems] == [
        "colour",
        "columns.text",
        "name",
        "columns.body",
        "columns.received_at",
    ]
    with pytest.raises(Invalid, match="no column “number”"):
        run(house, file, mapping={**MAPPING, "key": "number"})
    with pytest.raises(NotPermitted):
        run(house, file, unit=house.tree.west)
    assert CaseImport.objects.count() == 0


def test_1426_citizen_messages_over_ten_chinese_years(house: House, shared_data: Path) -> None:
    mapping = tomllib.loads((ROOT / "examples" / "citizen-messages.toml").read_text(encoding="utf-8"))
    path = shared_data / "complaints" / "cn_gov_messages_with_replies.csv.gz"
    record = run(house, path, mapping=mapping)
    assert (record.rows, record.added, record.errors) == (1426, 1426, [])
    used = time_used(record)
    assert (used.cases, used.median) == (1426, 8)
    assert used.within == {5: 565, 10: 890, 15: 1064}
    again = run(house, path, mapping=mapping)
    assert (again.added, again.repeated, Case.objects.count()) == (0, 1426, 1426)


def test_posts_of_social_media_come_with_author_time_and_link(house: House, tmp_path: Path) -> None:
    mapping = tomllib.loads((ROOT / "examples" / "social-posts.toml").read_text(encoding="utf-8"))
    path = tmp_path / "posts.csv"
    rows = (
        "post_id,text,posted_at,author,url\nw-1,排队两小时,2026-02-10 10:00,小满,https://social.example/1\n"
    )
    path.write_text(rows, encoding="utf-8")
    record = run(house, path, mapping=mapping)
    case = Case.objects.get()
    assert (record.added, case.channel, case.contact_name) == (1, "social", "小满")
    assert (case.subject, case.received_at) == ("排队两小时", at("2026-02-10T10:00"))
    assert case.demand == "排队两小时\n原帖:https://social.example/1"
    with pytest.raises(Invalid) as refused:
        run(house, path, mapping={**mapping, "channel": "rumour"})
    assert refused.value.field == "channel"
