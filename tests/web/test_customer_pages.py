"""The pages of customer files, as the people who use them meet them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from manyi.customers import actions, queries
from manyi.customers.models import Customer, CustomerImport
from manyi.organisation import jobs
from tests import personas
from tests.personas import House, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: Settings, tmp_path: Path) -> House:
    settings.MEDIA_ROOT = tmp_path / "files"
    return personas.house()


@pytest.fixture
def li(house: House) -> Client:
    return browser_of(house.li)


@pytest.fixture
def he(house: House) -> Customer:
    made = personas.customer(house.tree.east, "K1", "何芳", phone="13800000001", email="he@example.com")
    product = actions.save_product(actor=None, code="ev5", name="电动五号", name_en="EV Five")
    actions.add_transaction(
        actor=None,
        customer=made,
        unit=house.tree.east,
        kind="purchase",
        on=dt.date(2026, 3, 2),
        product=product,
    )
    return made


def page_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_contacts_are_whole_for_who_edits_and_masked_for_who_reads(house: House, he: Customer) -> None:
    for path in ("/customers/", f"/customers/{he.pk}/"):
        assert "13800000001" in page_of(browser_of(house.li), path)
        masked = page_of(browser_of(house.wang), path)
        assert "138****0001" in masked
        assert "13800000001" not in masked


def test_the_record_speaks_both_languages(house: House, he: Customer) -> None:
    assert "电动五号" in page_of(browser_of(house.li, language="zh-CN"), f"/customers/{he.pk}/")
    english = page_of(browser_of(house.li, language="en"), f"/customers/{he.pk}/")
    assert "EV Five" in english
    assert "Purchases and services" in english


def test_a_file_is_made_and_changed(house: House, li: Client) -> None:
    actions.save_segment(actor=None, code="vip", name="贵宾")
    given = {"unit": house.tree.east_sales.pk, "code": "K9", "name": "马超", "phone": "13900000002"}
    response = li.post("/customers/new/", given | {"segments": "vip"})
    made = Customer.objects.get(code="K9")
    assert response["location"] == f"/customers/{made.pk}/"
    assert [segment.code for segment in made.segments.all()] == ["vip"]
    li.post(f"/customers/{made.pk}/edit/", {"code": "K9", "name": "马超群", "email": "ma@example.com"})
    made.refresh_from_db()
    assert made.name == "马超群"
    assert [point.kind for point in made.contacts.all()] == ["email"]


def test_a_bad_telephone_number_comes_back_with_the_missing_digit(house: House, li: Client) -> None:
    given = {"unit": house.tree.east.pk, "code": "K9", "name": "马超", "phone": "1390000000"}
    response = li.post("/customers/new/", given)
    assert response.status_code == 422
    assert 'id="f-phone-fault">手机号少 1 位' in response.content.decode()
    assert 'value="马超"' in response.content.decode()


def test_consent_and_opt_out_are_noted_on_the_record(house: House, li: Client, he: Customer) -> None:
    act = f"/customers/{he.pk}/act/"
    li.post(act, {"act": "consent", "granted": "no", "source": "来电"})
    assert he.consents.first().granted is False  # type: ignore[union-attr]
    li.post(act, {"act": "opt_out", "source": "来电"})
    assert queries.opted_out([("phone", "13800000001")])
    assert "请勿联系" in page_of(li, f"/customers/{he.pk}/")
    li.post(act, {"act": "opt_in", "source": "来电"})
    assert not queries.opted_out([("phone", "13800000001")])
    li.post(act, {"act": "opt_out", "source": " "})
    assert not queries.opted_out([("phone", "13800000001")])


def test_the_copy_of_all_data_is_a_file(house: House, li: Client, he: Customer) -> None:
    response = li.post(f"/customers/{he.pk}/act/", {"act": "export"})
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.json()["contacts"][0]["value"] == "13800000001"
    assert browser_of(house.wang).post(f"/customers/{he.pk}/act/", {"act": "export"}).status_code == 403


def test_erasing_asks_for_a_reason_and_for_a_tick(house: House, li: Client, he: Customer) -> None:
    act = f"/customers/{he.pk}/act/"
    for given in ({"why": "本人要求"}, {"sure": "yes", "why": " "}):
        li.post(act, {"act": "erase", **given})
        assert Customer.objects.get(pk=he.pk).erased_at is None
    li.post(act, {"act": "erase", "sure": "yes", "why": "本人要求"})
    page = page_of(li, f"/customers/{he.pk}/")
    assert "已删除" in page
    assert "何芳" not in page
    assert "13800000001" not in page


def test_duplicates_are_joined(house: House, li: Client, he: Customer) -> None:
    other = personas.customer(house.tree.east_sales, "K2", "何 芳", phone="138-0000-0001")
    page = page_of(li, "/customers/duplicates/")
    assert "K2" in page
    li.post("/customers/duplicates/", {"keep": he.pk, "drop": other.pk})
    other.refresh_from_db()
    assert other.merged_into == he
    assert "K2" not in page_of(li, "/customers/")
    west = personas.customer(house.tree.west, "K3", phone="13800000001")
    assert li.post("/customers/duplicates/", {"keep": he.pk, "drop": west.pk}).status_code == 404


def upload(client: Client, house: House, name: str, content: bytes) -> CustomerImport:
    file = SimpleUploadedFile(name, content)
    response = client.post("/customers/import/", {"unit": house.tree.east.pk, "file": file})
    assert response.status_code == 302
    return CustomerImport.objects.latest("pk")


def test_a_file_goes_from_upload_to_the_corrected_rest(house: House, li: Client) -> None:
    row = upload(
        li, house, "客户.csv", "编号,姓名,手机\nK1,何芳,13800000001\nK2,马超,139\n".encode("gb18030")
    )
    path = f"/customers/import/{row.pk}/"
    preview = page_of(li, path)
    assert "手机号少 8 位" in preview
    assert not Customer.objects.exists()
    columns = {f"column-{name}": column for name, column in row.mapping.items()}
    assert li.post(path, columns | {"act": "start"})["location"] == path
    assert "等待中" in page_of(li, path)
    row.refresh_from_db()
    assert row.job is not None
    jobs.run_job.func(row.job.pk)
    assert "手机号少 8 位" in page_of(li, path)
    book = openpyxl.load_workbook(io.BytesIO(li.get(f"{path}rejected/").content))
    heading, line = list(book.worksheets[0].values)
    assert heading == ("问题 Problem", "编号", "姓名", "手机")
    assert line[1:] == ("K2", "马超", "139")
    book.worksheets[0]["D2"] = "13900000002"
    book.save(corrected := io.BytesIO())
    again = upload(li, house, "更正.xlsx", corrected.getvalue())
    columns = {f"column-{name}": column for name, column in again.mapping.items()}
    li.post(f"/customers/import/{again.pk}/", columns | {"act": "start"})
    again.refresh_from_db()
    assert again.job is not None
    jobs.run_job.func(again.job.pk)
    assert set(Customer.objects.values_list("code", flat=True)) == {"K1", "K2"}
    assert "全部导入" in page_of(li, f"/customers/import/{again.pk}/")


def test_a_mapping_is_changed_and_looked_at_again(house: House, li: Client) -> None:
    row = upload(li, house, "x.csv", b"Kunde,Tel\nK1,13800000001\n")
    path = f"/customers/import/{row.pk}/"
    assert "至少指定" in page_of(li, path)
    page = li.post(path, {"column-code": "Kunde", "column-phone": "Tel", "act": "preview"}).content.decode()
    assert "13800000001" in page
    assert not Customer.objects.exists()


def test_a_file_that_cannot_be_read_is_told_on_the_page(house: House, li: Client) -> None:
    file = SimpleUploadedFile("alt.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 64)
    response = li.post("/customers/import/", {"unit": house.tree.east.pk, "file": file})
    assert "另存为 .xlsx" in str(next(iter(get_messages(response.wsgi_request))))
    row = CustomerImport.objects.get()
    assert row.state == "failed"
    assert "另存为 .xlsx" in page_of(li, f"/customers/import/{row.pk}/", 422)


def test_sending_no_file_is_told(house: House, li: Client) -> None:
    response = li.post("/customers/import/", {"unit": house.tree.east.pk})
    assert "请选择一个 CSV" in str(next(iter(get_messages(response.wsgi_request))))


def test_an_outsider_finds_nothing_of_it(house: House, he: Customer, li: Client) -> None:
    row = upload(li, house, "x.csv", b"code\nK5\n")
    zheng = browser_of(house.zheng)
    for path in (f"/customers/{he.pk}/", f"/customers/{he.pk}/edit/", f"/customers/import/{row.pk}/"):
        page_of(zheng, path, 404)
    assert "何芳" not in page_of(zheng, "/customers/?q=何芳").replace("value=", "").replace('"何芳"', "")
