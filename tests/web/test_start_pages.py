"""The first minutes: the checklist leads on, and a regulation pack is installed from a page."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manyi.regulation import pack
from manyi.regulation.models import InstalledPack
from manyi.surveys.models import Programme
from tests import personas
from tests.personas import House, browser_of

pytestmark = pytest.mark.django_db
SHIPPED = pack.shipped_text("dealership-service")


@pytest.fixture
def house() -> House:
    return personas.house()


@pytest.fixture
def li(house: House) -> Client:
    return browser_of(house.li)


def text_of(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_the_checklist_leads_to_the_next_step(house: House, li: Client) -> None:
    before = text_of(li, "/start/")
    assert 'href="/customers/import/" class="soon"' in before
    personas.customer(house.tree.east, "K1", email="k1@example.com")
    after = text_of(li, "/start/")
    assert 'href="/start/packs/" class="soon"' in after


def test_a_shipped_pack_is_read_and_installed(house: House, li: Client) -> None:
    assert "售后服务满意度监测与改进制度" in text_of(li, "/start/packs/")
    page = text_of(li, "/start/packs/dealership-service/")
    assert "收费透明" in page
    assert "10 个工作日" in page
    done = li.post("/start/packs/dealership-service/install/", {"unit": house.tree.east.pk}, follow=True)
    assert "制度已安装" in done.content.decode()
    assert InstalledPack.objects.get().unit == house.tree.east
    again = li.post("/start/packs/dealership-service/install/", {"unit": house.tree.east.pk}, follow=True)
    assert "已安装" in again.content.decode()
    assert Programme.objects.count() == 1


def test_a_pack_of_ones_own_is_uploaded(house: House, li: Client) -> None:
    file = SimpleUploadedFile("own.toml", SHIPPED.replace("dealership-service", "own").encode())
    li.post("/start/packs/upload/", {"file": file, "unit": house.tree.east.pk})
    assert InstalledPack.objects.get().code == "own"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"code = ", "不是有效的 TOML"),
        ('title = "x"'.encode("utf-16"), "UTF-8"),
        (b'title = "x"', "code: 缺少或写错了"),
    ],
)
def test_a_faulty_file_is_told_and_nothing_installed(
    house: House, li: Client, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("own.toml", content)
    answer = li.post("/start/packs/upload/", {"file": file, "unit": house.tree.east.pk}, follow=True)
    assert words in answer.content.decode()
    assert not InstalledPack.objects.exists()


def test_an_unknown_pack_does_not_exist(li: Client) -> None:
    assert li.get("/start/packs/nothing/").status_code == 404


def test_the_outsider_installs_nothing_here(house: House) -> None:
    path = "/start/packs/dealership-service/install/"
    assert browser_of(house.zheng).post(path, {"unit": house.tree.east.pk}).status_code == 404
    assert browser_of(house.wang).post(path, {"unit": house.tree.east.pk}).status_code == 403
