"""Pareto's order and the map of units by parts: the numbers, the lists behind them, who sees what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.test import Client

from manyi.cases import actions as cases
from manyi.cases.models import Case, Category
from manyi.customers.actions import add_transaction
from manyi.improvement import actions as improvement
from manyi.improvement.models import Finding
from manyi.organisation import clock
from manyi.organisation.models import Person, Unit
from tests import personas
from tests.cases.house import at, fresh
from tests.personas import House, browser_of

FEBRUARY = "first=2026-02-01&last=2026-02-28"


def came(
    unit: Unit, when: str, category: str = "", *, kind: str = "complaint", subject: str = "不满意"
) -> Case:
    with clock.at(at(when)):
        return cases.register(
            actor=None, unit=unit, kind=kind, channel="phone", subject=subject, body=subject,
            category=Category.objects.filter(code=category).first(),
        )  # fmt: skip


@pytest.fixture
def february(house: House) -> Iterator[House]:
    """Ten complaints: at the east service four of quality, two of price, one of their branch; at the west
    service one of quality; at the east sales one of prices and one not classified. Two came in January."""
    east, west, sales = house.tree.east_service, house.tree.west_service, house.tree.east_sales
    for day in (2, 3, 4, 5):
        came(east, f"2026-02-{day:02}T10:00", "service.quality")
    for day in (9, 10):
        came(east, f"2026-02-{day:02}T10:00", "service.price")
    came(east, "2026-02-11T23:30", "service")
    came(west, "2026-02-11T10:00", "service.quality")
    came(sales, "2026-02-28T23:59", "sales.price")
    came(sales, "2026-02-01T00:00")
    came(sales, "2026-01-31T23:59", "sales.price")
    came(east, "2026-01-20T10:00", "service.price")
    came(east, "2026-02-12T10:00", "service.price", kind="praise")
    with clock.at(at("2026-03-02T09:30")):
        yield house


def rejected(case: Case) -> None:
    cases.advance(
        case=case, name="reject", actor=fresh("zhou"), facts={"why": "not_ours", "message": "不属于本店。"}
    )


def lines(browser: Client, address: str) -> dict[str, Any]:
    """The rows of the first panel by their first words."""
    panel = browser.get(address).context["panels"][0]
    return {row[0].text.zh: row for row in panel.rows}


def listed(browser: Client, address: str) -> int:
    page = browser.get(address)
    assert page.status_code == 200
    return int(page.context["page"].paginator.count)


@pytest.mark.parametrize("by", ["category-1", "category-2", "category-3", "causes", "cause"])
def test_each_bar_leads_to_just_its_cases(february: House, by: str) -> None:
    proven(february, Case.objects.filter(category__code="service.quality"), "没有终检")
    zhao = browser_of(february.zhao)
    rows = lines(zhao, f"/cases/figures/pareto/?{FEBRUARY}&by={by}")
    assert sum(row[1].number or int(row[1].text.zh) for row in rows.values()) == 10
    for row in rows.values():
        assert listed(zhao, row[0].href) == int(row[1].text.zh), row[0]


def test_bars_fall_and_say_what_was_before(february: House) -> None:
    page = browser_of(february.zhao).get(f"/cases/figures/pareto/?{FEBRUARY}")
    panel = page.context["panels"][0]
    assert [(row[0].text.zh, row[1].text.zh, row[4].text.zh) for row in panel.rows] == [
        ("维修质量", "5", "0"),
        ("维修收费", "2", "1"),
        ("价格与收费", "1", "1"),
        ("售后服务(未细分)", "1", "0"),
        ("尚未分类", "1", "0"),
    ]
    assert [row[2].text.zh for row in panel.rows] == ["50.0%", "20.0%", "10.0%", "10.0%", "10.0%"]
    assert [row[3].text.zh for row in panel.rows] == ["55.6%", "77.8%", "88.9%", "100.0%", "–"]
    assert panel.title.zh == "4 类中的 3 类占 88.9%:维修质量、维修收费、价格与收费"
    # 20 days from Monday to Friday, 6 of them holidays, and the working Saturdays 02-14 and 02-28
    assert "本期 16 个工作日" in panel.note.zh
    assert "不早于第一件登记)9 个工作日" in panel.note.zh, "the first case came on 2026-01-20"


def test_the_rejected_do_not_count_and_the_kind_is_chosen(february: House) -> None:
    rejected(Case.objects.filter(category__code="service.quality", unit__code="HC-E-A")[0])
    zhao = browser_of(february.zhao)
    assert lines(zhao, f"/cases/figures/pareto/?{FEBRUARY}")["维修质量"][1].text.zh == "4"
    assert lines(zhao, f"/cases/figures/pareto/?{FEBRUARY}&kind=all")["维修收费"][1].text.zh == "3"
    assert lines(zhao, f"/cases/figures/pareto/?{FEBRUARY}&kind=praise")["维修收费"][1].text.zh == "1"


def proven(
    house: House, found: Any, text: str, *, fishbone: str = "method", dismissed: bool = False
) -> Finding:
    finding = improvement.detect(
        actor=house.zhao, unit=house.tree.east, source="manual", title=text, cases=list(found)
    )
    if dismissed:
        improvement.advance(finding=finding, name="dismiss", actor=house.zhao, facts={"reason": "不是问题"})
        return finding
    for name, facts in (("confirm", {"owner": house.zhao.pk}), ("analyse", {})):
        finding = improvement.advance(finding=finding, name=name, actor=house.zhao, facts=facts)
    improvement.add_cause(
        actor=house.zhao, finding=finding, text=text, fishbone=fishbone, whys=(), proof="抽查 20 单"
    )
    return finding


def test_what_nobody_found_a_cause_for_is_a_line_of_its_own(february: House) -> None:
    quality = Case.objects.filter(category__code="service.quality", unit=february.tree.east_service)
    proven(february, quality, "没有终检")
    proven(february, quality[:1], "没有终检")  # the same words are one cause, and the case counts once
    proven(february, quality[:2], "配件不合格", fishbone="material")
    zhao = browser_of(february.zhao)
    rows = lines(zhao, f"/cases/figures/pareto/?{FEBRUARY}&by=cause")
    assert {name: row[1].text.zh for name, row in rows.items()} == {
        "没有终检": "4",
        "配件不合格": "2",
        "尚未查明原因": "6",
    }
    assert list(rows)[-1] == "尚未查明原因"
    kinds = lines(zhao, f"/cases/figures/pareto/?{FEBRUARY}&by=causes")
    assert {name: row[1].text.zh for name, row in kinds.items()} == {
        "法(流程、标准)": "4",
        "料(物料、配件)": "2",
        "尚未查明原因": "6",
    }


def test_causes_are_for_those_who_may_read_findings(february: House) -> None:
    page = browser_of(february.sun).get(f"/cases/figures/pareto/?{FEBRUARY}&by=cause")
    assert page.context["split"].id == "category-2"
    assert "cause" not in dict(page.context["splits"])


@pytest.mark.parametrize("by", ["category-1", "category-2", "causes"])
def test_each_cell_leads_to_just_its_cases(february: House, by: str) -> None:
    proven(february, Case.objects.filter(category__code="service.quality"), "没有终检")
    zhao = browser_of(february.zhao)
    heat = zhao.get(f"/cases/figures/heat/?{FEBRUARY}&by={by}").context["heat"]
    assert [line.name.zh for line in heat.lines] == ["东城店", "西城店"]
    assert sum(place.n for _line, place in heat.places) == 10
    for line, place in heat.places:
        assert listed(zhao, place.href) == place.n, (line.name, place)


def test_inside_a_store_its_departments_stand_beside_each_other(february: House) -> None:
    came(february.tree.east, "2026-02-10T10:00", "service.quality")
    zhao = browser_of(february.zhao)
    heat = zhao.get(f"/cases/figures/heat/?{FEBRUARY}&unit={february.tree.east.pk}").context["heat"]
    assert [(line.name.zh, line.n) for line in heat.lines] == [
        ("东城店(本级)", 1), ("东城店销售部", 2), ("东城店售后部", 7)
    ]  # fmt: skip
    assert all(listed(zhao, place.href) == place.n for _line, place in heat.places)


def visits(unit: Unit, n: int, prefix: str) -> None:
    customer = personas.customer(unit, prefix)
    for day in range(n):
        on = (datetime(2026, 2, 1) + timedelta(days=day % 28)).date()
        add_transaction(actor=None, customer=customer, unit=unit, kind="service", on=on)


def test_with_visits_the_map_shows_rates_and_compares_by_them(february: House) -> None:
    zhao = browser_of(february.zhao)
    address = f"/cases/figures/heat/?{FEBRUARY}"
    assert not zhao.get(address).context["heat"].by_volume
    visits(february.tree.east_service, 4, "K1")
    visits(february.tree.west_service, 96, "K2")
    heat = zhao.get(address).context["heat"]
    quality = {line.name.zh: line.places[0] for line in heat.lines}
    assert (quality["东城店"].text, quality["西城店"].text) == ("1000.0", "10.4")
    assert quality["东城店"].expected == pytest.approx(0.2)  # 5 × 4 of 100 visits
    assert quality["东城店"].place == 2  # (4 - 0.2) / √(0.2 × 0.96) = 8.7
    assert quality["西城店"].place == -2
    page = zhao.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert "远多于预期" in page


def test_files_hold_numbers(february: House) -> None:
    zhao = browser_of(february.zhao)
    book = openpyxl.load_workbook(
        io.BytesIO(zhao.get(f"/cases/figures/pareto/?{FEBRUARY}&file=xlsx").content)
    )
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[3][:4] == ["维修质量", 5, 0.5, pytest.approx(5 / 9)]
    text = zhao.get(f"/cases/figures/heat/?{FEBRUARY}&file=csv").content.decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text)))
    assert found[2][:3] == ["东城店", "维修质量", "4"]


def test_a_head_sees_only_their_own(february: House) -> None:
    rows = lines(browser_of(february.zhou), f"/cases/figures/pareto/?{FEBRUARY}")
    assert sum(int(row[1].text.zh) for row in rows.values()) == 7
    zheng = browser_of(february.zheng)
    west = zheng.get(f"/cases/figures/heat/?{FEBRUARY}&unit={february.tree.east.pk}").context["heat"]
    assert [(line.name.zh, line.n) for line in west.lines] == [("西城店售后部", 1)]


def test_empty_days_and_nonsense_are_no_error(february: House) -> None:
    zhao = browser_of(february.zhao)
    for page in ("pareto", "heat"):
        for query in (
            "first=2025-03-01&last=2025-03-02",
            "first=x&last=9999-99-99&unit=own-1&by=?&kind=",
            "unit=99",
        ):
            assert zhao.get(f"/cases/figures/{page}/?{query}").status_code == 200, query
    for query in (
        "unit=own-x",
        "category=own-",
        "cause=own-9",
        "cause=kind-",
        "owner=²",
        "due_by=x",
        "first=0001-01-01",
    ):
        assert zhao.get(f"/cases/?tab=all&{query}").status_code == 200, query


def test_the_list_says_what_it_was_narrowed_to(february: House) -> None:
    person: Person = february.wang
    service = Category.objects.get(code="service")
    query = f"tab=all&owner={person.pk}&cause=none&category=own-{service.pk}&due_by=2026-03-05"
    page = browser_of(february.zhao, language="zh-hans").get(f"/cases/?{query}").content.decode()
    for words in ("承办人:王强", "尚未查明原因", "只含“售后服务”本级", "2026-03-05 及以前到期"):
        assert words in page
    assert '<input type="hidden" name="owner"' in page


def test_such_a_list_can_be_kept(february: House) -> None:
    zhao = browser_of(february.zhao)
    query = f"tab=all&state=counted&cause=none&{FEBRUARY}"
    zhao.post(f"/cases/lists/keep/?{query}", {"name": "二月未查明"})
    kept = zhao.get("/cases/?tab=all").context["lists"]
    assert [dict(parse_qsl(address)) for _row, address, _here in kept] == [dict(parse_qsl(query))]
