"""The complainant's pages: tell, get number and code, follow, write back; nothing leaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manyi.cases.actions import add_message, advance
from manyi.cases.models import Case
from manyi.organisation import events
from manyi.web.public.track import TRIES
from tests.cases.house import facts_for, fresh, walk
from tests.personas import House


@pytest.fixture
def form(house: House, monday: datetime) -> dict[str, Any]:
    return {
        "kind": "complaint",
        "unit": house.tree.east_service.pk,
        "body": "等了三个小时",
        "identity": "named",
        "contact_name": "何先生",
        "contact_phone": "13900000000",
        "consent": "yes",
    }


@pytest.fixture
def case(form: dict[str, Any]) -> Case:
    Client().post("/voice/", form)
    return Case.objects.get()


def test_a_matter_is_told_without_login_and_gets_number_and_code(form: dict[str, Any]) -> None:
    client = Client()
    assert "请告诉我们" in client.get("/voice/").content.decode()
    page = client.post("/voice/", form, follow=True).content.decode()
    case = Case.objects.get()
    assert (case.channel, case.contact_phone, case.state) == ("form", "13900000000", "registered")
    assert case.number in page
    assert case.tracking_code in page
    assert Client().get("/voice/thanks/").status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"consent": ""}, "请先同意"),
        ({"unit": ""}, "请选择部门"),
        ({"body": " "}, "请写明事情经过"),
        ({"contact_email": "nobody"}, "邮箱地址不完整"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    change: dict[str, str], words: str, form: dict[str, Any]
) -> None:
    response = Client().post("/voice/", {**form, **change})
    page = response.content.decode()
    assert (response.status_code, Case.objects.count()) == (422, 0)
    assert words in page
    assert "何先生" in page


def test_an_anonymous_matter_keeps_no_contact(form: dict[str, Any]) -> None:
    Client().post("/voice/", {**form, "identity": "anonymous"})
    assert Case.objects.get().contact_phone == ""


def test_a_machine_that_fills_in_everything_gets_nowhere(form: dict[str, Any]) -> None:
    assert Client().post("/voice/", {**form, "website": "http://spam.example"}).status_code == 302
    assert Case.objects.count() == 0


def test_number_and_code_together_show_the_matter_in_plain_words(case: Case, house: House) -> None:
    client = Client()
    typed = f" {case.tracking_code[:4].lower()}-{case.tracking_code[4:]} "
    page = client.post("/track/", {"number": case.number, "code": typed}, follow=True).content.decode()
    assert "已收到" in page
    assert "等了三个小时" in page
    english = client.get("/track/case/?lang=en").content.decode()
    assert "Next somebody will accept it." in english
    assert "accepted by " in english


def test_the_page_leaks_nothing_internal(case: Case, house: House) -> None:
    case = walk(case, house, "propose")
    add_message(actor=fresh("wang"), case=case, direction="internal", body="顾客情绪激动")
    case = advance(case=case, name="send_back", actor=fresh("zhao"), facts=facts_for("send_back", house))
    client = Client()
    client.post("/track/", {"number": case.number, "code": case.tracking_code})
    page = client.get("/track/case/").content.decode()
    secrets = ("顾客情绪激动", "王强", "压缩机", "请补充检测记录", "13900000000", "已致电王女士")
    assert not [word for word in secrets if word in page]
    assert "正在调查" in page


def test_a_wrong_number_and_a_wrong_code_look_alike(case: Case) -> None:
    wrong_code = Client().post("/track/", {"number": case.number, "code": "AAAAAAAA"})
    wrong_number = Client().post("/track/", {"number": "2026-999999", "code": case.tracking_code})
    assert wrong_code.status_code == wrong_number.status_code == 404
    assert "编号或查询码不对" in wrong_code.content.decode()
    assert Client().get("/track/case/").status_code == 302


def test_guessing_is_stopped_even_for_the_right_code(case: Case) -> None:
    for _ in range(TRIES):
        Client().post("/track/", {"number": case.number, "code": "AAAAAAAA"})
    response = Client().post("/track/", {"number": case.number, "code": case.tracking_code})
    assert response.status_code == 429
    assert "尝试次数过多" in response.content.decode()


def test_a_word_from_the_complainant_reaches_the_case_and_ends_the_waiting(case: Case, house: House) -> None:
    case = walk(case, house, "start")
    advance(case=case, name="pause", actor=fresh("wang"), facts=facts_for("pause", house))
    client = Client()
    client.post("/track/", {"number": case.number, "code": case.tracking_code})
    assert client.post("/track/case/", {"body": " "}).status_code == 422
    client.post("/track/case/", {"body": "周三可以到店"})
    events.dispatch_pending()
    case.refresh_from_db()
    assert case.state == "investigating"
    assert case.messages.filter(direction="in").count() == 2


def test_leaving_closes_the_page_for_the_next_person(case: Case) -> None:
    client = Client()
    client.post("/track/", {"number": case.number, "code": case.tracking_code})
    client.post("/track/leave/")
    assert client.get("/track/case/").status_code == 302


@pytest.fixture
def theirs(case: Case, house: House) -> Client:
    """The browser of a complainant whose case was closed."""
    walk(case, house, "close")
    client = Client()
    client.post("/track/", {"number": case.number, "code": case.tracking_code})
    return client


def test_a_closed_case_is_rated_once_and_the_house_sees_it(theirs: Client, case: Case, house: House) -> None:
    assert 'name="stars"' in theirs.get("/track/case/").content.decode()
    assert theirs.post("/track/case/", {"act": "rate", "stars": "9"}).status_code == 422
    theirs.post("/track/case/", {"act": "rate", "stars": "2", "words": "等得太久"})
    page = theirs.get("/track/case/").content.decode()
    assert "2/5" in page
    assert 'name="stars"' not in page
    desk = Client()
    desk.force_login(fresh("zhou"))
    record = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "等得太久" in record
    assert "2 分 不满意" in record


def test_a_review_is_asked_for_from_the_page(theirs: Client, case: Case) -> None:
    assert theirs.post("/track/case/", {"act": "ask_review", "reason": " "}).status_code == 422
    theirs.post("/track/case/", {"act": "ask_review", "reason": "修理后仍不凉"})
    case.refresh_from_db()
    assert case.state == "review"
    page = theirs.get("/track/case/").content.decode()
    assert "复核中" in page
    assert "告知复核结果" in page
    assert "ask_review" not in page


def test_a_photo_is_sent_and_another_file_is_refused(theirs: Client, case: Case) -> None:
    photo = SimpleUploadedFile("座椅.jpg", b"\xff\xd8\xff\xe0" + b"0" * 200)
    theirs.post("/track/case/", {"act": "write", "body": "", "files": [photo]})
    assert "座椅.jpg" in theirs.get("/track/case/").content.decode()
    script = SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>")
    refused = theirs.post("/track/case/", {"act": "write", "body": "请看附件", "files": [script]})
    assert refused.status_code == 422
    assert "请看附件" in refused.content.decode(), "what was typed is not lost"


def test_a_merged_case_says_nothing_of_the_other(case: Case, house: House, form: dict[str, Any]) -> None:
    Client().post("/voice/", {**form, "body": "另一位顾客也等了三个小时", "contact_phone": "13911112222"})
    other = Case.objects.exclude(pk=case.pk).get()
    advance(case=case, name="merge", actor=fresh("zhou"), facts={"into": other.number})
    client = Client()
    client.post("/track/", {"number": case.number, "code": case.tracking_code})
    page = client.get("/track/case/").content.decode()
    assert "已与另一件合并" in page
    assert other.number not in page
    assert "另一位顾客" not in page


def test_who_has_both_cases_follows_the_one_that_goes_on(
    case: Case, house: House, form: dict[str, Any]
) -> None:
    Client().post("/voice/", {**form, "body": "我又来反映等待的事"})
    later = Case.objects.exclude(pk=case.pk).get()
    advance(case=later, name="merge", actor=fresh("zhou"), facts={"into": case.number})
    client = Client()
    client.post("/track/", {"number": later.number, "code": later.tracking_code})
    assert case.number in client.get("/track/case/").content.decode()
