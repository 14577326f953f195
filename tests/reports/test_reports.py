"""A report from draft to publication, through the hands of different people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from manyi.organisation import events
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event, Person, Unit
from manyi.organisation.roles import Role
from manyi.reports.actions import advance, comment, create_report, save_summary, settle
from manyi.reports.document import document_of
from manyi.reports.errors import NotNow
from manyi.reports.models import Report
from manyi.reports.queries import possible_acts, reports
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def answered(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    round = open_round()
    for _ in range(8):
        answer(round, east, sheet(5, 5, 4, 5, 10))
        answer(round, west, sheet(2, 4, 4, 3, 6, why="等了三个小时"))
    return round


@pytest.fixture
def manager(answered: Round, person_at: MakePerson) -> Person:
    return person_at(Role.SURVEY_MANAGER, answered.unit)


@pytest.fixture
def director(answered: Round, person_at: MakePerson) -> Person:
    return person_at(Role.QUALITY_DIRECTOR, answered.unit)


@pytest.fixture
def head(answered: Round, person_at: MakePerson) -> Person:
    return person_at(Role.DEPARTMENT_HEAD, answered.unit)


@pytest.fixture
def report(manager: Person, answered: Round) -> Report:
    return create_report(actor=manager, round=answered, title="春季报告", title_en="Spring report")


def test_from_draft_to_publication(report: Report, manager: Person, director: Person, head: Person) -> None:
    report = advance(report=report, name="submit", actor=manager)
    report = advance(report=report, name="approve", actor=director)
    report = advance(report=report, name="publish", actor=head)
    assert (report.state, report.approved_by, report.published_by) == ("published", director, head)
    kinds = Event.objects.filter(subject_type="reports.report").values_list("kind", flat=True)
    assert list(kinds) == ["report.created", "report.submit", "report.approve", "report.publish"]
    assert events.verify() == Event.objects.count()


def test_what_was_approved_is_what_is_printed(
    report: Report, manager: Person, director: Person, west: Unit
) -> None:
    report = advance(report=report, name="submit", actor=manager)
    before = document_of(report)
    for _ in range(20):
        answer(report.round, west, sheet(1, 1, 1, 1, 0))
    report = advance(report=report, name="approve", actor=director)
    after = document_of(report)
    assert after.sections == before.sections
    assert report.content["versions"] == {
        "definition": ["round", 1],
        "questionnaire": ["after_sales", 1],
        "scheme": ["points", 1],
    }


def test_a_draft_follows_the_answers(report: Report, west: Unit) -> None:
    before = document_of(report)
    answer(report.round, west, sheet(1, 1, 1, 1, 0))
    assert document_of(report).sections != before.sections


def test_nobody_approves_their_own_report(answered: Round, person_at: MakePerson) -> None:
    both = person_at(Role.SURVEY_MANAGER, answered.unit)
    both.grants.create(role=Role.QUALITY_DIRECTOR.value, unit=answered.unit, granted_at=answered.created_at)
    report = create_report(actor=both, round=answered)
    report = advance(report=report, name="submit", actor=both)
    with pytest.raises(NotNow, match="not approved or published by its author"):
        advance(report=report, name="approve", actor=both)
    assert [act.name for act in possible_acts(both, report)] == ["take_back"]


def test_who_approved_does_not_publish(report: Report, manager: Person, director: Person) -> None:
    report = advance(report=report, name="submit", actor=manager)
    report = advance(report=report, name="approve", actor=director)
    with pytest.raises(NotNow, match="Who approved a report does not publish it"):
        advance(report=report, name="publish", actor=director)
    assert "publish" not in [act.name for act in possible_acts(director, report)]


def test_sent_back_with_a_reason_it_is_a_draft_again(
    report: Report, manager: Person, director: Person
) -> None:
    report = advance(report=report, name="submit", actor=manager)
    with pytest.raises(NotNow, match="Reason"):
        advance(report=report, name="send_back", actor=director)
    report = advance(report=report, name="send_back", actor=director, facts={"why": "缺少结论"})
    assert (report.state, report.content, report.approved_by) == ("draft", {}, None)
    assert Event.objects.get(kind="report.send_back").why == "缺少结论"


def test_a_submitted_report_is_not_edited(report: Report, manager: Person) -> None:
    saved = save_summary(
        actor=manager, report=report, title="新标题", title_en="", summary="结论", sections=["items", "scope"]
    )
    assert saved.sections == ["scope", "items"]
    advance(report=report, name="submit", actor=manager)
    with pytest.raises(NotNow, match="take it back"):
        save_summary(
            actor=manager, report=report, title="又一个", title_en="", summary="", sections=["scope"]
        )


def test_only_the_author_submits(report: Report, answered: Round, person_at: MakePerson) -> None:
    other = person_at(Role.SURVEY_MANAGER, answered.unit)
    with pytest.raises(NotNow, match="Only its author"):
        advance(report=report, name="submit", actor=other)


def test_who_may_not_write_begins_no_report(answered: Round, director: Person, person_at: MakePerson) -> None:
    with pytest.raises(NotPermitted):
        create_report(actor=director, round=answered)
    with pytest.raises(NotPermitted):
        create_report(actor=person_at(Role.AUDITOR, answered.unit), round=answered)


def test_an_unknown_section_is_named(manager: Person, answered: Round) -> None:
    with pytest.raises(Refused, match="weather"):
        create_report(actor=manager, round=answered, sections=["scope", "weather"])


def test_comments_are_made_and_settled(
    report: Report, manager: Person, director: Person, head: Person
) -> None:
    made = comment(actor=director, report=report, section="items", text="请说明原因")
    with pytest.raises(Refused, match="Only who wrote"):
        settle(actor=head, comment=made)
    settle(actor=manager, comment=made)
    made.refresh_from_db()
    assert made.settled
    with pytest.raises(Refused, match="no such section"):
        comment(actor=director, report=report, section="weather", text="?")


def test_who_sees_which_reports(
    report: Report, manager: Person, director: Person, head: Person, east: Unit, person_at: MakePerson
) -> None:
    auditor = person_at(Role.AUDITOR, report.unit)
    assert list(reports(auditor)) == []
    assert list(reports(director)) == [report]
    assert list(reports(person_at(Role.QUALITY_DIRECTOR, east))) == []
    for name, who in (("submit", manager), ("approve", director), ("publish", head)):
        report = advance(report=report, name=name, actor=who)
    assert list(reports(auditor)) == [report]
