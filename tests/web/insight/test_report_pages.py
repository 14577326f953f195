"""The report pages: three people bring one report from draft to paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.reports.models import Report, ReportComment
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def answered(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    round = open_round(title="春季售后", title_en="Spring after-sales")
    for _ in range(8):
        answer(round, east, sheet(5, 5, 4, 5, 10))
        answer(round, west, sheet(2, 4, 4, 3, 6, why="等了<三个>小时"))
    return round


@pytest.fixture
def enter(answered: Round, person_at: MakePerson) -> Callable[[Role], Client]:
    """Logs a new person in with one role over the group."""

    def make(role: Role) -> Client:
        person = person_at(role, answered.unit)
        person.language = "zh-hans"
        person.save()
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def manager(enter: Callable[[Role], Client]) -> Client:
    return enter(Role.SURVEY_MANAGER)


@pytest.fixture
def report(manager: Client, answered: Round) -> Report:
    manager.post("/reports/new/", {"round": answered.pk})
    return Report.objects.get()


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def act(client: Client, report: Report, name: str, **facts: str) -> int:
    return client.post(f"/reports/{report.pk}/act/", {"act": name, **facts}).status_code


def test_begun_written_and_read(manager: Client, report: Report) -> None:
    saved = manager.post(
        f"/reports/{report.pk}/edit/",
        {
            "title": "春季售后报告",
            "summary": "等待时间需要改进。",
            "sections": ["scope", "items", "problems"],
        },
    )
    assert saved.status_code == 302
    page = text_of(manager, f"/reports/{report.pk}/")
    assert "等待时间需要改进。" in page
    assert "维修等待时间" in page
    assert "附录:问卷" not in page
    assert "提交审批" in page


def test_three_people_publish_a_report(
    manager: Client, report: Report, enter: Callable[[Role], Client]
) -> None:
    director, head, auditor = enter(Role.QUALITY_DIRECTOR), enter(Role.DEPARTMENT_HEAD), enter(Role.AUDITOR)
    assert auditor.get(f"/reports/{report.pk}/").status_code == 404
    assert act(manager, report, "submit") == 302
    assert "审批通过" not in text_of(manager, f"/reports/{report.pk}/")
    assert act(director, report, "approve") == 302
    assert act(director, report, "publish") == 422
    assert act(head, report, "publish") == 302
    page = text_of(auditor, f"/reports/{report.pk}/")
    assert "已发布" in page
    assert "内容已在提交时固定" in page


def test_a_refused_step_says_why(manager: Client, report: Report, enter: Callable[[Role], Client]) -> None:
    act(manager, report, "submit")
    director = enter(Role.QUALITY_DIRECTOR)
    answer_page = director.post(f"/reports/{report.pk}/act/", {"act": "send_back", "why": ""})
    assert answer_page.status_code == 422
    assert "请填写“原因”" in answer_page.content.decode()
    assert act(director, report, "send_back", why="缺少结论") == 302
    report.refresh_from_db()
    assert report.state == "draft"


def test_comments_stand_in_the_margin(
    manager: Client, report: Report, enter: Callable[[Role], Client]
) -> None:
    director = enter(Role.QUALITY_DIRECTOR)
    director.post(f"/reports/{report.pk}/comments/", {"section": "items", "text": "请<b>说明</b>原因"})
    page = text_of(manager, f"/reports/{report.pk}/")
    assert "请&lt;b&gt;说明&lt;/b&gt;原因" in page
    made = ReportComment.objects.get()
    assert manager.post(f"/reports/{report.pk}/comments/{made.pk}/").status_code == 302
    assert "已处理" in text_of(director, f"/reports/{report.pk}/")


@pytest.mark.parametrize(("form", "magic"), [("pdf", b"%PDF"), ("docx", b"PK\x03\x04")])
def test_a_report_is_taken_home(manager: Client, report: Report, form: str, magic: bytes) -> None:
    response = manager.get(f"/reports/{report.pk}/report.{form}")
    assert response.status_code == 200
    assert response.content.startswith(magic)
    assert f".{form}" in response.headers["Content-Disposition"]


def test_an_unknown_form_does_not_exist(manager: Client, report: Report) -> None:
    assert manager.get(f"/reports/{report.pk}/report.html").status_code == 404
    assert manager.get(f"/reports/{report.pk}/report.exe").status_code == 404


def test_the_list_by_state(manager: Client, report: Report) -> None:
    assert "春季售后报告" in text_of(manager, "/reports/")
    assert "春季售后报告" in text_of(manager, "/reports/?state=draft")
    assert "春季售后报告" not in text_of(manager, "/reports/?state=published")


def test_what_a_person_wrote_is_escaped_on_the_paper(manager: Client, report: Report) -> None:
    page = text_of(manager, f"/reports/{report.pk}/")
    assert "等了&lt;三个&gt;小时" in page
    assert "<三个>" not in page


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.SURVEY_MANAGER, (200, 200, 200)),
        (Role.QUALITY_DIRECTOR, (200, 200, 403)),
        (Role.AUDITOR, (200, 404, 403)),
        (Role.CASE_HANDLER, (403, 403, 403)),
        (Role.EMPLOYEE, (403, 403, 403)),
    ],
)
def test_who_may_open_what(
    report: Report, enter: Callable[[Role], Client], role: Role, statuses: tuple[int, int, int]
) -> None:
    client = enter(role)
    addresses = ("/reports/", f"/reports/{report.pk}/", "/reports/new/")
    assert tuple(client.get(address).status_code for address in addresses) == statuses


def test_another_branch_does_not_find_the_report(report: Report, east: Unit, person_at: MakePerson) -> None:
    outsider = Client()
    outsider.force_login(
        person_at(Role.QUALITY_DIRECTOR, east), backend="django.contrib.auth.backends.ModelBackend"
    )
    for address in ("", "report.pdf"):
        assert outsider.get(f"/reports/{report.pk}/{address}").status_code == 404
    assert outsider.post(f"/reports/{report.pk}/act/", {"act": "approve"}).status_code == 404
