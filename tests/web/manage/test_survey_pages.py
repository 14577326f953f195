"""The survey manager's pages: 李敏 plans, edits, draws, invites, reads; 郑凯 sees nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manyi.distribution import actions as distribution
from manyi.distribution.models import Invitation, Message, OpenLink
from manyi.organisation import clock
from manyi.organisation.models import Job
from manyi.responses import actions as responses
from manyi.responses.models import Response
from manyi.surveys.models import Programme, Questionnaire, QuestionnaireVersion, Round, Scheme, SchemeVersion
from manyi.surveys.queries import questionnaire_of
from tests.personas import browser_of
from tests.survey_world import GOOD_ANSWERS, QUESTIONNAIRE, START, World, build, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


@pytest.fixture
def li(world: World) -> Client:
    return browser_of(world.manager)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def lived(world: World) -> dict[str, int]:
    """A round with everything in it: the primary keys that its pages are addressed by."""
    invitation = invite(world, channel="email")[0]
    draft = responses.begin(invitation=invitation)
    responses.save_section(response=draft, section="service", answers=GOOD_ANSWERS, seconds=30)
    response = responses.submit(response=draft)
    link = distribution.create_open_link(actor=None, round=world.round, unit=world.shop, label="前台")
    return {
        "programme": world.programme.pk,
        "programme_edit": world.programme.pk,
        "round_new": world.programme.pk,
        "round": world.round.pk,
        "round_size": world.round.pk,
        "invitations": world.round.pk,
        "responses": world.round.pk,
        "response": response.pk,
        "qr": link.pk,
        "message": Message.objects.order_by("pk")[0].pk,
        "questionnaire": world.questionnaire.questionnaire_id,
        "editor": world.questionnaire.pk,
        "export_toml": world.questionnaire.pk,
        "scheme_new": world.questionnaire.questionnaire_id,
        "scheme": world.scheme.scheme_id,
    }


def test_every_page_opens_for_the_manager_in_both_languages_and_not_for_an_outsider(world: World) -> None:
    with clock.at(START):
        pages = lived(world)
        for language in ("zh-hans", "en"):
            mine, theirs = browser_of(world.manager, language=language), browser_of(world.outsider)
            for name, pk in pages.items():
                url = reverse(f"manage:{name}", args=[pk])
                assert (name, mine.get(url).status_code) == (name, 200)
                assert (name, theirs.get(url).status_code) == (name, 404)


@pytest.mark.parametrize(
    "name",
    ["programmes", "questionnaires", "outbox", "programme_new", "questionnaire_new", "answer_import_new"],
)
def test_lists_and_empty_forms_open_and_want_a_login(li: Client, name: str) -> None:
    url = reverse(f"manage:{name}")
    assert li.get(url).status_code == 200
    assert Client().get(url).status_code == 302


def test_li_plans_a_programme_and_its_first_round(world: World, li: Client) -> None:
    with clock.at(START):
        form = {"code": "sales", "unit": world.shop.pk, "title": "售前满意度", "frequency": "monthly"}
        made = li.post(reverse("manage:programme_new"), form)
        programme = Programme.objects.get(code="sales")
        assert made["Location"] == reverse("manage:programme", args=[programme.pk])
        plan = {
            "title": "三月", "questionnaire": world.questionnaire.pk, "scheme": world.scheme.pk,
            "opens": "2026-03-02", "closes": "2026-03-31",
        }  # fmt: skip
        li.post(reverse("manage:round_new", args=[programme.pk]), plan)
    row = Round.objects.get(programme=programme)
    assert row.closes_at.isoformat() == "2026-03-31T16:00:00+00:00"
    taken = li.post(reverse("manage:programme_new"), form)
    assert taken.status_code == 422
    assert "已被使用" in text(taken)


def test_li_opens_draws_invites_and_reminds(world: World, li: Client) -> None:
    pk = world.round.pk
    with clock.at(START):
        li.post(reverse("manage:round_act", args=[pk]), {"act": "open"})
        size = text(li.get(reverse("manage:round_size", args=[pk]), {"margin": "5", "rate": "50"}))
        assert "可以抽取 4 位客户" in size
        li.post(reverse("manage:draw", args=[pk]), {"method": "simple", "size": "3", "seed": "7"})
        li.post(reverse("manage:invite", args=[pk]), {"channel": "email"})
        li.post(reverse("manage:remind", args=[pk]))
        page = text(li.get(reverse("manage:round", args=[pk])))
    assert Invitation.objects.filter(round=world.round).count() == 3
    assert "进行中" in page
    assert "待发送 3" in page


def test_a_refused_act_is_said_on_the_page_it_came_from(world: World, li: Client) -> None:
    back = reverse("manage:round", args=[world.round.pk])
    url = reverse("manage:draw", args=[world.round.pk])
    answer = li.post(
        url, {"method": "simple", "size": "99"}, headers={"referer": f"http://testserver{back}"}, follow=True
    )
    assert "样本量请填写 1 到 4" in text(answer)


def test_personal_links_come_as_a_table_that_no_spreadsheet_runs(world: World, li: Client) -> None:
    world.customers[0].name = "=1+1"
    world.customers[0].save()
    with clock.at(START):
        invite(world)
        table = text(li.post(reverse("manage:personal_links", args=[world.round.pk])))
    assert "'=1+1" in table
    assert table.count("/s/") == 4


def test_a_qr_sheet_shows_the_code_and_can_be_taken_out_of_use(world: World, li: Client) -> None:
    li.post(reverse("manage:open_link_new", args=[world.round.pk]), {"label": "前台", "unit": world.shop.pk})
    link = OpenLink.objects.get()
    assert "<svg" in text(li.get(reverse("manage:qr", args=[link.pk])))
    li.post(reverse("manage:close_link", args=[link.pk]))
    assert OpenLink.objects.get().active is False


def test_answers_are_read_in_words_and_judged(world: World, li: Client) -> None:
    with clock.at(START):
        pk = lived(world)["response"]
        page = text(li.get(reverse("manage:response", args=[pk])))
        assert "朋友、网络" in page
        assert "5 · 很满意" in page
        listed = reverse("manage:responses", args=[world.round.pk])
        assert str(Response.objects.get(pk=pk).receipt) in text(li.get(listed, {"grade": "B"}))
        assert str(Response.objects.get(pk=pk).receipt) not in text(li.get(listed, {"grade": "D"}))
        low = {"item": "reception.waiting", "at_most": "4"}
        assert str(Response.objects.get(pk=pk).receipt) in text(li.get(listed, low))
        assert str(Response.objects.get(pk=pk).receipt) not in text(li.get(listed, low | {"at_most": "3"}))
        li.post(reverse("manage:judge", args=[pk]), {"valid": "", "why": "测试"})
        assert Response.objects.get(pk=pk).valid is False
        li.post(reverse("manage:judge", args=[pk]), {"undo": "1"})
    assert Response.objects.get(pk=pk).valid is True


def test_drafts_of_an_anonymous_round_are_shown_to_nobody() -> None:
    with clock.at(START):
        world = build(anonymous=True)
        draft = responses.begin(invitation=invite(world)[0])
        li = browser_of(world.manager)
        assert li.get(reverse("manage:response", args=[draft.pk])).status_code == 404


class Editor:
    """The editor as 李敏 uses it: every edit carries the revision that her page shows."""

    def __init__(self, client: Client, version: QuestionnaireVersion) -> None:
        self.client, self.version = client, version

    def edit(self, edit: str, at: str = "", **fields: str) -> Any:
        self.version.refresh_from_db()
        form = {"edit": edit, "at": at, "revision": self.version.revision, **fields}
        url = reverse("manage:editor_change", args=[self.version.pk])
        return self.client.post(url, form, headers={"hx-request": "true"})

    @property
    def tree(self) -> Any:
        self.version.refresh_from_db()
        return questionnaire_of(self.version)


@pytest.fixture
def editor(world: World, li: Client) -> Editor:
    form = {"unit": world.shop.pk, "code": "mine", "title": "我的问卷", "title_en": "Mine"}
    li.post(reverse("manage:questionnaire_new"), form)
    return Editor(li, QuestionnaireVersion.objects.get(questionnaire__code="mine"))


def test_li_builds_a_questionnaire_and_publishes_it(world: World, editor: Editor, li: Client) -> None:
    editor.edit("add_section")
    editor.edit("add_question", "s2", type="single")
    editor.edit("section", "s2", title="第二部分", title_en="Part two")
    page = editor.edit(
        "question", "q2", code="visit", title="为何来店", title_en="Why did you come", required="yes",
        options="buy | 买车 | Buying\nservice\t保养\tService\n!none | 都不是 | None", visible_if="{q1} <= 3",
    )  # fmt: skip
    question = editor.tree.questions["visit"]
    assert [(o.code, o.title.zh, o.exclusive) for o in question.options] == [
        ("buy", "买车", False), ("service", "保养", False), ("none", "都不是", True),
    ]  # fmt: skip
    assert "“总体而言,您是否满意?”不大于3" in text(page).replace("\u201c", "“").replace(" ", "")
    editor.edit("up", "visit")
    assert list(editor.tree.questions) == ["q1", "visit"]
    li.post(reverse("manage:publish", args=[editor.version.pk]))
    editor.version.refresh_from_db()
    assert editor.version.published_at is None, "the second section is empty now"
    editor.edit("remove", "s2")
    li.post(reverse("manage:publish", args=[editor.version.pk]))
    editor.version.refresh_from_db()
    assert editor.version.published_at is not None


def test_an_edit_can_be_undone(editor: Editor, li: Client) -> None:
    editor.edit("remove", "q1")
    assert editor.tree.questions == {}
    li.post(reverse("manage:editor_undo", args=[editor.version.pk]), {"at": ""})
    assert list(editor.tree.questions) == ["q1"]


def test_an_edit_that_cannot_be_kept_is_said_and_changes_nothing(editor: Editor) -> None:
    page = text(editor.edit("question", "q1", code="1st", title="x"))
    assert "代码" in page
    page = text(editor.edit("question", "q1", code="q1", title="x", **{"config.low": "many"}))
    assert "请填写数字" in page
    assert editor.tree.questions["q1"].title.zh == "总体而言,您是否满意?"


def test_two_editors_notice_each_other(editor: Editor) -> None:
    editor.edit("head", title="第一", title_en="First")
    form = {"edit": "head", "title": "第二", "revision": 0}
    url = reverse("manage:editor_change", args=[editor.version.pk])
    assert "其他人刚刚修改" in text(editor.client.post(url, form, headers={"hx-request": "true"}))
    assert editor.tree.title.zh == "第一"


def test_the_editor_works_without_script(editor: Editor) -> None:
    editor.version.refresh_from_db()
    url = reverse("manage:editor_change", args=[editor.version.pk])
    done = editor.client.post(url, {"edit": "add_section", "revision": editor.version.revision})
    assert done["Location"] == f"{reverse('manage:editor', args=[editor.version.pk])}?at=s2"
    assert editor.client.get(done["Location"]).status_code == 200


def test_a_questionnaire_comes_from_a_file_and_leaves_as_the_same_file(world: World, li: Client) -> None:
    content = QUESTIONNAIRE.replace('"after_sales"', '"copy"', 1)
    file = SimpleUploadedFile("copy.toml", content.encode())
    li.post(reverse("manage:questionnaire_new"), {"unit": world.shop.pk, "file": file})
    version = QuestionnaireVersion.objects.get(questionnaire__code="copy")
    exported = text(li.get(reverse("manage:export_toml", args=[version.pk])))
    original = text(li.get(reverse("manage:export_toml", args=[world.questionnaire.pk])))
    assert exported.replace('"copy"', '"after_sales"') == original


def test_a_new_version_begins_as_a_copy(world: World, li: Client) -> None:
    row = Questionnaire.objects.get(code="after_sales")
    made = li.post(reverse("manage:version_new", args=[row.pk]))
    draft = row.versions.get(number=2)
    assert made["Location"] == reverse("manage:editor", args=[draft.pk])
    assert draft.definition == world.questionnaire.definition


def test_a_scheme_is_begun_changed_checked_and_published(world: World, li: Client) -> None:
    row = Questionnaire.objects.get(code="after_sales")
    li.post(reverse("manage:scheme_new", args=[row.pk]), {"code": "own", "title": "自己的"})
    scheme = Scheme.objects.get(code="own")
    url = reverse("manage:scheme", args=[scheme.pk])
    assert "reception.waiting" in text(li.get(url))
    wrong = text(li.post(url, {"text": "[[items]]\nquestion = 'satisfied'\n"}))
    assert "items[0].points" in wrong
    li.post(reverse("manage:scheme_publish", args=[scheme.pk]))
    assert SchemeVersion.objects.get(scheme=scheme).published_at is not None


def test_a_file_of_answers_is_queued_with_its_mapping(world: World, li: Client) -> None:
    mapping = b'key = "no"\n[columns]\n"x" = "satisfied"\n'
    form = {
        "file": SimpleUploadedFile("a.csv", b"no,x\n1,5\n"),
        "mapping": SimpleUploadedFile("m.toml", mapping),
        "round": world.round.pk,
    }
    li.post(reverse("manage:answer_import_new"), form)
    job = Job.objects.get(kind="responses.import")
    assert job.parameters["round"] == world.round.pk
    bad = li.post(
        reverse("manage:answer_import_new"),
        {**form, "file": SimpleUploadedFile("a.csv", b"x"), "mapping": SimpleUploadedFile("m.toml", b"key=")},
    )
    assert bad.status_code == 422
