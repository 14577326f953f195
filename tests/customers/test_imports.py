"""Customers from a file: guessed, looked at, taken in, corrected, and sent in again without harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pytest_django.fixtures import Settings

from manyi.customers import actions, imports, privacy, queries
from manyi.customers.import_rows import check_mapping, guess
from manyi.customers.models import ContactPoint, Customer, CustomerImport, Transaction
from manyi.organisation import jobs
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.jobs import Silent
from manyi.organisation.models import Event
from tests.personas import House

GOOD = (
    "会员号,客户姓名,手机号,电子邮箱,类别,门店,同意回访,业务类型,日期,车型\n"
    "K1,何芳,138 0000 0001,he@example.com,贵宾,,是,购买,2026/3/2,电动五号\n"
    "K2,马超,13900000002,,贵宾;车队,HC-E-A,否,维修,2026年3月5日,\n"
    "K3,周敏,,zhou@example.com,,东城店销售部,,,,\n"
)
BAD = (
    GOOD + "K4,缺位,1380000001,,,,,,,\n"
    "K5,怪日期,13800000005,,,,,购买,32.1.2026,\n"
    "K6,无此类,13800000006,,钻石,,,,,\n"
    "K7,别家店,13800000007,,,HC-W,,,,\n"
    "K8,不清楚,13800000008,,,,大概,,,\n"
    ",没有编号,,,,,,,,\n"
)


@pytest.fixture(autouse=True)
def shelves(house: House, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    actions.save_segment(actor=None, code="vip", name="贵宾")
    actions.save_segment(actor=None, code="fleet", name="车队")
    actions.save_product(actor=None, code="ev5", name="电动五号")


def upload(house: House, text: str, name: str = "客户.csv") -> CustomerImport:
    return imports.upload(actor=house.li, unit=house.tree.east, name=name, content=text.encode("gb18030"))


def take_in(row: CustomerImport) -> dict[str, int]:
    return imports.run(row=row, mapping=row.mapping, progress=Silent())


def test_headings_are_understood_as_people_write_them() -> None:
    assert guess(["会员号", "客户姓名", "手机号", "E-Mail", "店铺颜色"]) == {
        "code": "会员号",
        "name": "客户姓名",
        "phone": "手机号",
        "email": "E-Mail",
    }


def test_a_mapping_needs_something_to_tell_customers_by() -> None:
    assert check_mapping({"name": "姓名"}, ["姓名"])[0].en.startswith("Map at least one")
    assert "没有“编号”" in check_mapping({"code": "编号"}, ["姓名"])[0].zh
    assert check_mapping({"phone": "手机", "name": ""}, ["手机"]) == []


def test_good_rows_come_in_whole(house: House) -> None:
    counts = take_in(upload(house, GOOD))
    assert counts == {"rows": 3, "created": 3, "updated": 0, "rejected": 0}
    he = Customer.objects.get(code="K1")
    assert (he.name, he.unit) == ("何芳", house.tree.east)
    assert set(he.contacts.values_list("normalised", flat=True)) == {"13800000001", "he@example.com"}
    assert he.contacts.get(preferred=True).kind == "phone"
    assert [(d.kind, d.on.isoformat(), str(d.product)) for d in he.transactions.all()] == [
        ("purchase", "2026-03-02", "电动五号")
    ]
    assert he.consents.get().granted is True
    ma = Customer.objects.get(code="K2")
    assert (ma.unit, ma.segments.count(), ma.consents.get().granted) == (house.tree.east_service, 2, False)
    assert Customer.objects.get(code="K3").unit == house.tree.east_sales


def test_the_preview_writes_nothing_and_says_the_same(house: House) -> None:
    row = upload(house, BAD)
    outcome, shown = imports.preview(row=row, mapping=row.mapping)
    assert not Customer.objects.exists()
    assert [line.code for line in shown] == ["K1", "K2", "K3"]
    assert outcome.counts() == take_in(row) == {"rows": 9, "created": 3, "updated": 0, "rejected": 6}


def test_each_bad_row_is_named_with_its_column_and_what_to_do(house: House) -> None:
    row = upload(house, BAD)
    take_in(row)
    told = {problem["row"]: (problem["field"], problem["zh"]) for problem in row.errors}
    assert set(told) == {5, 6, 7, 8, 9, 10}
    assert told[5] == ("手机号", "手机号少 1 位(应为 11 位)。")
    assert told[6][0] == "日期"
    assert told[7][0] == "类别"
    assert "钻石" in told[7][1]
    assert told[8][0] == "门店"
    assert told[9][0] == "同意回访"
    assert "缺少客户编号" in told[10][1]


def test_the_rejected_rows_come_back_to_be_corrected_and_sent_in_again(house: House) -> None:
    row = upload(house, BAD)
    take_in(row)
    heading, lines = imports.rejected_rows(row)
    assert heading[0] == "问题 Problem"
    assert len(lines) == 6
    assert "少 1 位" in lines[0][0]
    fixed = [[*lines[0][:3], "13800000004", *lines[0][4:]]]
    book = openpyxl.Workbook()
    for line in [heading, *fixed]:
        book.active.append(line)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    again = imports.upload(actor=house.li, unit=house.tree.east, name="更正.xlsx", content=out.getvalue())
    assert take_in(again) == {"rows": 1, "created": 1, "updated": 0, "rejected": 0}
    assert Customer.objects.get(code="K4").contacts.get().normalised == "13800000004"


def test_a_second_run_of_the_same_file_changes_nothing_more(house: House) -> None:
    take_in(upload(house, GOOD))
    before = [
        set(model.objects.values_list("pk", flat=True)) for model in (Customer, ContactPoint, Transaction)
    ]
    consents = sum(customer.consents.count() for customer in Customer.objects.all())
    counts = take_in(upload(house, GOOD))
    assert counts == {"rows": 3, "created": 0, "updated": 3, "rejected": 0}
    after = [
        set(model.objects.values_list("pk", flat=True)) for model in (Customer, ContactPoint, Transaction)
    ]
    assert before == after
    assert sum(customer.consents.count() for customer in Customer.objects.all()) == consents


def test_a_person_twice_in_one_file_is_one_customer(house: House) -> None:
    text = "编号,姓名,手机,日期\nK1,何芳,13800000001,2026-03-02\nK1,何芳,13800000001,2026-04-02\n"
    assert take_in(upload(house, text)) == {"rows": 2, "created": 1, "updated": 1, "rejected": 0}
    assert Customer.objects.get().transactions.count() == 2


def test_an_opt_out_holds_through_erasure_and_a_new_import(house: House) -> None:
    take_in(upload(house, GOOD))
    he = Customer.objects.get(code="K1")
    actions.opt_out(customer=he, source="邮件链接")
    privacy.erase_customer(actor=house.li, customer=he, why="本人要求")
    take_in(upload(house, GOOD))
    again = Customer.objects.get(code="K1")
    assert again != he
    contacts = list(again.contacts.values_list("kind", "normalised"))
    assert queries.opted_out(contacts) == set(contacts)


def test_a_row_that_says_no_outlives_a_row_that_said_yes(house: House) -> None:
    take_in(upload(house, "编号,手机,同意\nK1,13800000001,是\n"))
    take_in(upload(house, "编号,手机,同意\nK1,13800000001,否\n"))
    assert [row.granted for row in Customer.objects.get().consents.all()] == [False, True]


def test_the_import_runs_as_a_job_once(house: House) -> None:
    row = upload(house, GOOD)
    job = imports.start(actor=house.li, row=row, mapping=row.mapping)
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    row.refresh_from_db()
    assert (job.state, job.result["created"], row.state) == ("done", 3, "done")
    assert Event.objects.filter(kind="customers.imported").get().data == job.result
    with pytest.raises(Refused, match="already"):
        imports.start(actor=house.li, row=row, mapping=row.mapping)


def test_a_file_that_breaks_off_fails_in_words_and_can_be_sent_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = upload(house, GOOD)
    job = imports.start(actor=house.li, row=row, mapping=row.mapping)
    imports.path_of(row).write_bytes(b"\xd0\xcf\x11\xe0 not a table")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    row.refresh_from_db()
    assert (job.state, row.state) == ("failed", "failed")
    assert ".xlsx" in job.message["en"]


def test_a_mapping_to_a_column_that_is_not_there_is_refused(house: House) -> None:
    row = upload(house, GOOD)
    with pytest.raises(Invalid, match="has no column"):
        imports.start(actor=house.li, row=row, mapping={"code": "不存在"})


def test_only_who_may_edit_there_imports(house: House) -> None:
    for person in (house.zheng, house.wang, house.qian):
        with pytest.raises(NotPermitted):
            imports.upload(actor=person, unit=house.tree.east, name="x.csv", content=b"a\n1\n")


def test_an_unreadable_file_is_refused_but_kept(house: House) -> None:
    with pytest.raises(Refused, match="Column names are repeated"):
        imports.upload(actor=house.li, unit=house.tree.east, name="x.csv", content=b"a,a\n1,2\n")
    row = CustomerImport.objects.get()
    assert row.state == "failed"
    assert imports.path_of(row).read_bytes() == b"a,a\n1,2\n"


def test_a_workbook_that_is_only_a_zip_is_refused(house: House) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("letter.txt", "not a table")
    with pytest.raises(Refused, match="incomplete or damaged"):
        imports.upload(actor=house.li, unit=house.tree.east, name="x.xlsx", content=archive.getvalue())


def test_two_thousand_customers_take_few_statements(
    house: House, django_assert_max_num_queries: object
) -> None:
    lines = [f"K{number},客户{number},139{number:08d},贵宾" for number in range(2000)]
    row = upload(house, "编号,姓名,手机,类别\n" + "\n".join(lines))
    with django_assert_max_num_queries(120):  # type: ignore[operator]
        assert take_in(row)["created"] == 2000
