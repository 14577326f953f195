"""The pre-test: testers try a draft by a link, nothing counts, and the designers see what was hard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from manyi.organisation import clock
from manyi.responses.models import Response
from manyi.surveys import actions, pretest_actions
from manyi.surveys.models import PreTest, QuestionnaireVersion, TrialComment, TrialRun
from manyi.surveys.pretest_report import report_of
from tests.personas import browser_of
from tests.survey_world import START, World, build

pytestmark = pytest.mark.django_db
RATED = {f"a.reception.{row}": "5" for row in ("greeting", "waiting", "price")}


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


@pytest.fixture
def li(world: World) -> Client:
    return browser_of(world.manager)


@pytest.fixture
def link(world: World) -> PreTest:
    draft = actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)
    return pretest_actions.open_pre_test(actor=world.manager, version=draft, label="前台同事")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def tried(link: PreTest, *, seconds: int, to_the_end: bool) -> TrialRun:
    """A tester opens the link, answers the first page after some seconds, and perhaps the second."""
    tester = Client()
    with clock.at(START):
        page = tester.post(reverse("public:trial", args=[link.token]))["Location"]
    with clock.at(START + timedelta(seconds=seconds)):
        shown = ["reception", "channels"]
        page = tester.post(page, {**RATED, "shown": shown, "go": "next"})["Location"]
    with clock.at(START + timedelta(seconds=seconds + 10)):
        if to_the_end:
            form = {"a.satisfied": "5", "a.recommend": "9", "shown": ["satisfied", "recommend"]}
            done = tester.post(page, {**form, "go": "next", "last": "1"})
            assert "/done/" in done["Location"]
            assert tester.get(done["Location"]).status_code == 200
    return link.runs.order_by("-pk")[0]


def test_a_tester_goes_through_and_nothing_is_counted(world: World, link: PreTest) -> None:
    run = tried(link, seconds=40, to_the_end=True)
    assert run.finished_at is not None
    assert run.timings == {"service": 40, "overall": 10}
    assert Response.objects.count() == 0


def test_what_is_missing_is_asked_for_as_in_the_survey(link: PreTest) -> None:
    tester = Client()
    page = tester.post(reverse("public:trial", args=[link.token]))["Location"]
    answer = tester.post(page, {"shown": ["reception", "channels"], "go": "next"})
    assert answer.status_code == 422


def test_the_report_shows_times_drop_off_and_comments(link: PreTest, li: Client) -> None:
    for seconds, whole in ((20, True), (60, True), (30, False)):
        tried(link, seconds=seconds, to_the_end=whole)
    found = report_of(link.version)
    assert [(p.section.code, p.seen, p.seconds, p.left) for p in found.pages] == [
        ("service", 3, 30, 0), ("overall", 3, 10, 1),
    ]  # fmt: skip
    assert (found.finished, found.minutes) == (2, 50 / 60)
    page = text(li.get(reverse("manage:pretest", args=[link.version_id])))
    assert "前台同事" in page


def test_a_comment_comes_to_its_question_and_is_dealt_with(link: PreTest, li: Client) -> None:
    run = tried(link, seconds=5, to_the_end=False)
    where = reverse("public:trial_comment", args=[link.token, run.key])
    back = Client().post(where, {"question": "recommend", "text": "=10 分是什么意思?"})
    assert back["Location"].endswith("/p/overall/#q-recommend")
    assert Client().post(where, {"question": "nothing", "text": "?"}).status_code == 404
    Client().post(where, {"question": "why", "text": "  "})
    comment = TrialComment.objects.get()
    page = text(li.get(reverse("manage:pretest", args=[link.version_id])))
    assert "=10 分是什么意思?" in page
    li.post(reverse("manage:pretest_settle", args=[comment.pk]), {"done": "yes"})
    comment.refresh_from_db()
    assert comment.done_at is not None
    table = text(li.get(reverse("manage:pretest_export", args=[link.version_id])))
    assert "'=10 分" in table, "no spreadsheet runs it"
    li.post(reverse("manage:pretest_settle", args=[comment.pk]), {"done": "no"})
    comment.refresh_from_db()
    assert comment.done_at is None


def test_deleted_trials_come_back_until_the_draft_is_published(
    world: World, link: PreTest, li: Client
) -> None:
    tried(link, seconds=5, to_the_end=True)
    act = reverse("manage:pretest_act", args=[link.version_id])
    li.post(act, {"act": "drop"})
    assert report_of(link.version).runs == []
    li.post(act, {"act": "restore"})
    assert len(report_of(link.version).runs) == 1
    li.post(act, {"act": "drop"})
    draft = QuestionnaireVersion.objects.get(pk=link.version_id)
    actions.publish_questionnaire(actor=world.manager, version=draft)
    assert TrialRun.objects.count() == 0


def test_a_link_ends_when_it_is_closed_or_the_draft_published(
    world: World, link: PreTest, li: Client
) -> None:
    address = reverse("public:trial", args=[link.token])
    assert Client().get(address).status_code == 200
    act = reverse("manage:pretest_act", args=[link.version_id])
    li.post(act, {"act": "close", "link": link.pk})
    assert Client().get(address).status_code == 404
    li.post(act, {"act": "open", "label": "客户"})
    second = PreTest.objects.get(label="客户")
    actions.publish_questionnaire(
        actor=world.manager, version=QuestionnaireVersion.objects.get(pk=link.version_id)
    )
    assert Client().get(reverse("public:trial", args=[second.token])).status_code == 404
    li.post(act, {"act": "open", "label": "迟到"})
    assert not PreTest.objects.filter(label="迟到").exists(), "a published version is not tried any more"
