"""The pages on benchmarks: enter, correct, remove, undo, take in a file, and see them where they matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manyi.analytics.models import Benchmark
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet
from tests.analytics.test_benchmarks import GOOD
from tests.web.insight.test_ready_views import page_of, reader

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def round(open_round: Callable[..., Round], east: Unit) -> Round:
    made = open_round()
    for n in range(20):
        answer(made, east, sheet(5 - n % 2, 4, 4, 4 - n % 4, 9))
    return made


@pytest.fixture
def manager(round: Round, person_at: MakePerson) -> Client:
    return reader(person_at(Role.SURVEY_MANAGER, round.unit))


def test_a_competitor_is_entered_and_stands_beside_our_figure(manager: Client, round: Round) -> None:
    assert "这里把竞争对手" in page_of(manager, "/insight/beside/")
    form = f"/insight/beside/new/{round.programme_id}/"
    wrong = manager.post(form, {**GOOD, "kind": "competitor", "metric": "csat", "value": "很高"})
    assert "“很高”应是数字" in wrong.content.decode()
    assert "同城乙店" in wrong.content.decode(), "what was typed is kept"
    done = manager.post(form, {**GOOD, "kind": "competitor", "metric": "csat"}, follow=True)
    page = done.content.decode()
    assert 'id="beside-csat"' in page
    assert "▼ 明显低于" in page
    assert "同城乙店" in page_of(manager, "/insight/overview/")


def test_an_item_shows_what_stands_beside_it(manager: Client, round: Round) -> None:
    texts = {**GOOD, "kind": "target", "metric": "item:wait", "value": "80", "n": ""}
    manager.post(f"/insight/beside/new/{round.programme_id}/", texts)
    assert 'id="beside-item-wait"' in page_of(manager, "/insight/items/?item=wait")
    assert 'id="beside-item-wait"' not in page_of(manager, "/insight/items/?item=people.skill")


def test_it_is_changed_removed_and_brought_back(manager: Client, round: Round) -> None:
    manager.post(
        f"/insight/beside/new/{round.programme_id}/", {**GOOD, "kind": "competitor", "metric": "csat"}
    )
    row = Benchmark.objects.get()
    manager.post(f"/insight/beside/{row.pk}/", {**GOOD, "kind": "industry", "metric": "nps", "value": "-5"})
    row.refresh_from_db()
    assert (row.kind, row.metric, row.value) == ("industry", "nps", -5)
    removed = manager.post(f"/insight/beside/{row.pk}/act/", {"act": "remove"}, follow=True)
    assert "已删除“同城乙店”" in removed.content.decode()
    manager.post(f"/insight/beside/{row.pk}/act/", {"act": "restore"})
    row.refresh_from_db()
    assert row.removed_at is None


def test_a_file_with_faults_names_rows_and_a_good_one_comes_in(manager: Client, round: Round) -> None:
    address = f"/insight/beside/import/{round.programme_id}/"
    template = manager.get(f"{address}template.csv").content.decode("utf-8-sig").splitlines()
    assert "净推荐值" in "".join(template)
    header = template[0]
    line = "竞争对手,同城乙店,净推荐值,{},,,,2026-01-01,2026-06-30,年报"
    bad = SimpleUploadedFile("a.csv", f"{header}\n{line.format('多')}\n".encode())
    page = manager.post(address, {"file": bad}).content.decode()
    assert "1 处错误" in page
    assert "“多”应是数字" in page
    good = SimpleUploadedFile("a.csv", f"{header}\n{line.format('32')}\n".encode("gb18030"))
    assert manager.post(address, {"file": good}).status_code == 302
    assert Benchmark.objects.get().value == 32
    assert "请选择一个 CSV" in manager.post(address).content.decode()


def test_readers_see_the_table_without_ways_to_change_it(round: Round, person_at: MakePerson) -> None:
    auditor = reader(person_at(Role.AUDITOR, round.unit))
    page = page_of(auditor, "/insight/beside/")
    assert "/insight/beside/new/" not in page
    assert auditor.get(f"/insight/beside/new/{round.programme_id}/").status_code == 403
