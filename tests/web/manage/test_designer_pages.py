"""The designer's pages as 李敏 uses them: preview, languages, question bank, redo, publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from manyi.organisation import clock
from manyi.surveys import actions
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from tests.personas import browser_of
from tests.survey_world import START, World, build

pytestmark = pytest.mark.django_db
SCRIPT = {"hx-request": "true"}


@pytest.fixture
def world() -> World:
    with clock.at(START):
        return build()


@pytest.fixture
def li(world: World) -> Client:
    return browser_of(world.manager)


@pytest.fixture
def draft(world: World) -> QuestionnaireVersion:
    return actions.new_version(actor=world.manager, questionnaire=world.questionnaire.questionnaire)


def url(name: str, version: QuestionnaireVersion) -> str:
    return reverse(f"manage:{name}", args=[version.pk])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def edit(li: Client, version: QuestionnaireVersion, edit: str, at: str = "", **fields: str) -> str:
    version.refresh_from_db()
    form = {"edit": edit, "at": at, "revision": version.revision, **fields}
    answer = text(li.post(url("editor_change", version), form, headers=SCRIPT))
    version.refresh_from_db()
    return answer


def test_what_was_undone_is_done_again_until_something_else_is_saved(
    li: Client, draft: QuestionnaireVersion
) -> None:
    edit(li, draft, "remove", "why")
    li.post(url("editor_undo", draft), {"at": ""})
    page = text(li.post(url("editor_redo", draft), {"at": ""}, headers=SCRIPT))
    draft.refresh_from_db()
    assert "why" not in questionnaire_of(draft).questions
    assert "data-redo" not in page
    li.post(url("editor_undo", draft), {"at": ""})
    edit(li, draft, "copy", "why")
    assert draft.undone == []


def test_saving_the_same_again_leaves_nothing_to_undo(li: Client, draft: QuestionnaireVersion) -> None:
    edit(li, draft, "question", "why", title="请说说原因", title_en="Why?")
    before = draft.revision
    edit(li, draft, "question", "why", title="请说说原因", title_en="Why?")
    assert draft.revision == before


def test_the_preview_asks_on_as_the_survey_would(li: Client, draft: QuestionnaireVersion) -> None:
    page = text(li.get(url("preview", draft) + "?at=overall&lang=zh"))
    assert 'name="a.recommend"' in page
    assert 'name="a.why"' not in page, "nobody has recommended little yet"
    form = {"shown": ["satisfied", "recommend"], "a.satisfied": "4", "a.recommend": "3", "go": "refresh"}
    assert 'name="a.why"' in text(li.post(url("preview", draft) + "?at=overall", form))
    assert 'name="a.why"' in text(li.get(url("preview", draft) + "?at=overall")), "kept in the session"
    assert li.get(url("preview", draft) + "?again=1").status_code == 302
    assert 'name="a.why"' not in text(li.get(url("preview", draft) + "?at=overall"))


def test_the_preview_goes_through_to_its_end_and_counts_nothing(
    world: World, li: Client, draft: QuestionnaireVersion
) -> None:
    here = url("preview", draft)
    wrong = li.post(f"{here}?at=service", {"shown": ["reception", "channels"], "go": "next"})
    assert wrong.status_code == 422
    form = {f"a.reception.{row}": "5" for row in ("greeting", "waiting", "price")}
    done = li.post(f"{here}?at=service", {**form, "shown": ["reception", "channels"], "go": "next"})
    assert done["Location"] == f"{here}?at=overall"
    form = {"a.satisfied": "5", "a.recommend": "9"}
    done = li.post(f"{here}?at=overall", {**form, "shown": ["satisfied", "recommend"], "go": "next"})
    assert done["Location"] == f"{here}?at=-"
    assert "谢谢" in text(li.get(f"{here}?at=-&lang=zh"))
    assert world.round.responses.count() == 0


def test_li_translates_side_by_side_and_sees_what_is_missing(li: Client, draft: QuestionnaireVersion) -> None:
    edit(li, draft, "language", language="de", words="Zufriedenheit")
    page = text(li.get(url("translate", draft) + "?to=de&only=missing"))
    assert 'name="t:why.title"' in page
    assert 'name="t:title"' not in page
    form = {"t:why.title": "Warum?", "revision": draft.revision}
    li.post(url("translate", draft) + "?to=de", form)
    draft.refresh_from_db()
    assert questionnaire_of(draft).questions["why"].title.within("de") == "Warum?"
    assert 'name="t:why.title"' not in text(li.get(url("translate", draft) + "?to=de&only=missing"))


def test_a_question_of_the_bank_is_taken_over_as_a_copy(li: Client, draft: QuestionnaireVersion) -> None:
    found = text(li.get(url("bank", draft) + "?q=SERVQUAL"))
    assert "没有找到" in found
    page = text(li.get(url("bank", draft) + "?q=推荐&type=nps"))
    assert f"v{draft.questionnaire.versions.get(number=1).pk}/recommend" in page
    source = f"v{draft.questionnaire.versions.get(number=1).pk}/recommend"
    done = li.post(url("bank", draft) + "?at=why", {"source": source})
    draft.refresh_from_db()
    tree = questionnaire_of(draft)
    code = done["Location"].rpartition("=")[2]
    assert tree.questions[code].options == tree.questions["recommend"].options
    assert tree.questions[code].role == ""
    assert list(tree.questions).index(code) == list(tree.questions).index("why") + 1


def test_the_search_marks_what_says_the_words(li: Client, draft: QuestionnaireVersion) -> None:
    page = text(li.get(url("editor", draft) + "?find=friend", headers=SCRIPT))
    assert page.count(" found") == 1
    assert '<div class="house">' not in page, "the script asks for the inside only"


def test_a_draft_with_a_fault_leads_to_its_place_and_is_not_published(
    li: Client, draft: QuestionnaireVersion
) -> None:
    edit(li, draft, "question", "why", title="", title_en="")
    page = text(li.get(url("publish", draft)))
    assert "?at=why#e-title" in page
    li.post(url("publish", draft))
    draft.refresh_from_db()
    assert draft.published_at is None


def test_what_is_worth_a_thought_must_be_read_before_it_is_published(
    li: Client, draft: QuestionnaireVersion
) -> None:
    edit(li, draft, "question", "satisfied", **{"options.given": "1", "title": "满意吗", "title_en": "OK?"})
    assert "?at=satisfied#e-options" in text(li.get(url("publish", draft)))
    li.post(url("publish", draft))
    draft.refresh_from_db()
    assert draft.published_at is None
    li.post(url("publish", draft), {"read": "yes"})
    draft.refresh_from_db()
    assert draft.published_at is not None


def builder(li: Client, version: QuestionnaireVersion, path: str, **form: Any) -> Any:
    version.refresh_from_db()
    address = reverse("manage:condition", args=[version.pk, path])
    return li.post(address, {"revision": version.revision, **form}, headers=SCRIPT)


def test_a_condition_is_chosen_said_in_words_and_saved(li: Client, draft: QuestionnaireVersion) -> None:
    page = text(li.get(reverse("manage:condition", args=[draft.pk, "satisfied.visible_if"])))
    assert "没有条件" in page
    assert 'value="recommend"' not in page, "it is asked later"
    form = {"g0.joint": "or", "g0.0.path": "channels", "g0.0.value": ["web"], "g0.0.op": "contains"}
    form |= {"g0.1.path": "reception.price", "g0.1.op": "<=", "g0.1.value": "2"}
    page = text(builder(li, draft, "satisfied.visible_if", **form))
    assert "包含" in page
    assert "{channels} contains &#x27;web&#x27; or {reception.price} &lt;= 2" in page
    assert questionnaire_of(draft).questions["satisfied"].visible_if == "", "only saving changes the draft"
    builder(li, draft, "satisfied.visible_if", do="save", **form)
    draft.refresh_from_db()
    new = questionnaire_of(draft).questions["satisfied"].visible_if
    assert new == "{channels} contains 'web' or {reception.price} <= 2"


def test_an_expression_is_typed_and_its_fault_shown_at_its_place(
    li: Client, draft: QuestionnaireVersion
) -> None:
    answer = builder(li, draft, "why.required_if", do="save_typed", expression="{satisfied} <= and 3")
    assert answer.status_code == 422
    assert "{satisfied} &lt;= <mark>" in text(answer)
    page = text(builder(li, draft, "why.required_if", do="type", expression="sum({satisfied}, 1) > 3"))
    assert "超出可选范围" in page
    assert (
        builder(li, draft, "why.required_if", do="save_typed", expression="{satisfied} < 3").status_code
        == 302
    )
    draft.refresh_from_db()
    assert questionnaire_of(draft).questions["why"].required_if == "{satisfied} < 3"


def test_another_question_forgets_the_value_of_the_one_before(
    li: Client, draft: QuestionnaireVersion
) -> None:
    form = {"g0.joint": "and", "g0.0.was": "satisfied", "g0.0.path": "channels", "g0.0.value": "3"}
    page = text(builder(li, draft, "recommend.visible_if", **form, **{"g0.0.op": "<="}))
    assert "没有条件" in page
    assert 'type="checkbox"' in page, "options are ticked"
    added = text(builder(li, draft, "recommend.visible_if", **form, add="group"))
    assert 'name="g1.0.path"' in added
    assert 'name="g1.0.path"' not in text(builder(li, draft, "recommend.visible_if", **form, drop="1:0"))


def test_a_place_without_a_condition_is_not_found(li: Client, draft: QuestionnaireVersion) -> None:
    assert li.get(reverse("manage:condition", args=[draft.pk, "why.title"])).status_code == 404


def test_versions_are_compared_and_a_vanished_code_is_mapped(li: Client, draft: QuestionnaireVersion) -> None:
    edit(li, draft, "remove", "why")
    page = text(li.get(url("changes", draft)))
    assert "删除题目 why" in page
    li.post(url("changes", draft), {"old": "why", "new": "recommend"})
    draft.refresh_from_db()
    assert draft.mapping == {"why": ["recommend"]}
    first = draft.questionnaire.versions.get(number=1)
    assert "删除题目" not in text(li.get(url("changes", first) + f"?against={draft.pk}")), "it was mapped"
