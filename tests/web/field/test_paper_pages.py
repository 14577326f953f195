"""Paper in the browser: printed with numbers and codes, entered in the form's order, compared, decided."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manyi.organisation import attachments, clock, jobs
from manyi.organisation.models import Job
from manyi.responses import paper_actions
from manyi.responses.models import PaperCopy, PaperRun, Response
from manyi.responses.paper_pages import MOST_PAGES
from manyi.surveys import actions as surveys
from manyi.surveys.definition import from_dict
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.field import paper_print
from manyi.web.field.paper_pdf import address_of, form_pdf, numbered
from tests import all_types, personas, survey_world
from tests.survey_world import START, World

FORM: dict[str, Any] = {
    "a.reception.greeting": "5", "a.reception.waiting": "4", "a.reception.price": "na",
    "a.channels": "1 2", "a.satisfied": "4", "a.recommend": "3", "a.why": "等候太久",
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(START):
        made = survey_world.build(customers_count=0)
        surveys.advance_round(actor=made.manager, round=made.round, name="open")
        yield made


@pytest.fixture
def li(world: World) -> Client:
    """李敏, who runs the round."""
    return personas.browser_of(world.manager)


@pytest.fixture
def sun(world: World) -> Client:
    """孙悦, who enters what comes back."""
    return personas.browser_of(world.house.sun)


def copies_of(world: World, *, copies: int = 2, percent_twice: int = 0) -> list[PaperCopy]:
    run = paper_actions.print_run(
        actor=world.manager, round=world.round, unit=world.shop, copies=copies, percent_twice=percent_twice
    )
    return list(run.copies.all())


def words_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def test_a_run_is_made_and_its_pdf_carries_every_number_code_and_skip(li: Client, world: World) -> None:
    made = li.post(
        reverse("field:paper_runs", args=[world.round.pk]),
        {"unit": world.shop.pk, "copies": "3", "percent_twice": "50", "language": "zh"},
    )
    run = PaperRun.objects.get()
    assert made["Location"] == reverse("field:paper_run", args=[run.pk])
    assert run.copies.filter(twice=True).count() == 2
    told = words_of(li.get(reverse("field:paper_form", args=[run.pk])).content)
    assert all(told.count(copy.serial) >= 1 for copy in run.copies.all())
    assert "请为各环节评分" in told
    assert "仅当“第 4 题”" in told.replace("「", "“").replace("」", "”")
    assert told.count("第 1 页,共") == 3


def test_many_copies_are_printed_in_the_background_in_parts_that_are_joined(
    li: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_print, "AT_ONCE", 4)
    monkeypatch.setattr(paper_print, "PART", 2)
    made = li.post(reverse("field:paper_runs", args=[world.round.pk]), {"unit": world.shop.pk, "copies": "5"})
    run, job = PaperRun.objects.get(), Job.objects.get()
    file = reverse("field:paper_form", args=[run.pk])
    assert li.get(file)["Location"] == made["Location"], "it is not there yet"
    assert "progress-line" in li.get(made["Location"]).content.decode()
    li.post(reverse("field:paper_print", args=[run.pk]))
    assert Job.objects.count() == 1, "it is being made already"
    jobs.run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.result) == ("done", 5, {"copies": 5, "file": f"{run.prefix}.pdf"})
    assert file in li.get(made["Location"]).content.decode()
    answer = li.get(file)
    told = words_of(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    serials = [copy.serial for copy in run.copies.order_by("number")]
    places = [told.index(serial) for serial in serials]
    assert places == sorted(places)
    assert told.count("第 1 页,共") == 5


def test_printing_that_was_stopped_can_begin_again(
    li: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_print, "AT_ONCE", 1)
    run = copies_of(world)[0].run
    page = reverse("field:paper_run", args=[run.pk])
    li.post(reverse("field:paper_print", args=[run.pk]))
    Job.objects.update(state="stopped", ended_at=START)
    again = reverse("field:paper_print", args=[run.pk])
    assert again in li.get(page).content.decode()
    li.post(again)
    assert Job.objects.filter(state="waiting").count() == 1


def test_the_code_on_a_copy_leads_to_its_entry(sun: Client, world: World) -> None:
    copy = copies_of(world)[0]
    assert address_of(copy).endswith(reverse("field:paper_copy", args=[copy.serial]))
    for asked in (copy.serial.lower(), address_of(copy)):
        found = sun.get(reverse("field:paper"), {"serial": asked})
        assert found["Location"] == reverse("field:paper_copy", args=[copy.serial])
    assert sun.get(reverse("field:paper"), {"serial": "7KQ2-0001-X"}).status_code == 422


def test_a_specimen_has_no_number(li: Client, world: World) -> None:
    told = words_of(
        li.get(reverse("field:paper_specimen", args=[world.round.pk]), {"language": "en"}).content
    )
    assert "Specimen" in told
    assert "Would you recommend us?" in told
    assert "Only if" in told


def test_the_screen_asks_in_the_order_of_the_form_and_takes_codes(sun: Client, world: World) -> None:
    copy = copies_of(world)[0]
    path = reverse("field:paper_copy", args=[copy.serial])
    page = sun.get(path).content.decode()
    places = [page.index(f'name="{name}"') for name in FORM]
    assert places == sorted(places)
    assert sun.post(path, FORM)["Location"] == reverse("field:paper")
    response = Response.objects.get()
    assert (response.receipt, response.channel) == (copy.serial, "paper")
    assert response.answers["channels"] == ["friend", "web"]


def test_a_code_that_is_not_on_the_form_is_marked_and_kept_when_insisted(sun: Client, world: World) -> None:
    path = reverse("field:paper_copy", args=[copies_of(world)[0].serial])
    marked = sun.post(path, {**FORM, "a.satisfied": "8"})
    assert marked.status_code == 422
    assert not Response.objects.exists()
    assert sun.post(path, {**FORM, "a.satisfied": "8", "insist": "satisfied"}).status_code == 302
    assert Response.objects.get().set_aside["satisfied"]["value"] == "8"


def test_two_clerks_differ_and_the_manager_decides(li: Client, sun: Client, world: World) -> None:
    copy = copies_of(world, percent_twice=100)[0]
    path, decide = (reverse(f"field:paper_{name}", args=[copy.serial]) for name in ("copy", "decide"))
    sun.post(path, FORM)
    second = li.get(path).content.decode()
    assert "等候太久" not in second
    li.post(path, {**FORM, "a.satisfied": "2"})
    page = li.get(decide).content.decode()
    assert 'name="take.satisfied"' in page
    assert 'name="take.recommend"' not in page
    assert li.post(decide, {}).status_code == 422
    li.post(decide, {"take.satisfied": "first"})
    assert Response.objects.get().answers["satisfied"] == 4
    run = li.get(reverse("field:paper_run", args=[copy.run_id])).content.decode()
    assert run.count("7 项中 7 项一致") == 1
    assert run.count("7 项中 6 项一致") == 1
    li.post(reverse("field:paper_undo", args=[copy.serial]))
    assert PaperCopy.objects.get(pk=copy.pk).state == "differs"


def test_scans_are_kept_with_a_run_or_a_copy(li: Client, sun: Client, world: World) -> None:
    copy = copies_of(world)[0]
    path = reverse("field:paper_scans", args=[copy.run_id])
    li.post(path, {"scans": SimpleUploadedFile("all.pdf", b"%PDF-1.7 scans")})
    li.post(path, {"scans": SimpleUploadedFile("one.png", PNG), "serial": copy.serial})
    li.post(path, {"scans": SimpleUploadedFile("bad.html", b"<script>")})
    page = li.get(reverse("field:paper_run", args=[copy.run_id])).content.decode()
    assert "all.pdf" in page
    assert "bad.html" in page  # named in the message of its refusal
    beside = sun.get(reverse("field:paper_copy", args=[copy.serial]))
    source = beside.content.decode().split('<img src="')[-1].split('"')[0]
    assert source.startswith("/field/paper/")
    picture = sun.get(source)
    assert (picture["Content-Type"], picture.getvalue()) == ("image/png", PNG)


def test_a_batch_is_split_by_the_codes_on_its_pages(li: Client, sun: Client, world: World) -> None:
    first, second = copies_of(world)
    other = copies_of(world, copies=1)[0]  # of another run of the same round: stacks get mixed
    tree = questionnaire_of(world.questionnaire)
    upside_down = pypdfium2.PdfDocument(form_pdf(tree, [first, second, other], "zh-hans"))
    pages = len(upside_down)
    upside_down[1].set_rotation(180)
    whole = io.BytesIO()
    upside_down.import_pages(pypdfium2.PdfDocument(form_pdf(tree, [], "zh-hans")))  # a page without a code
    upside_down.save(whole)
    path = reverse("field:paper_scans", args=[first.run_id])
    for _ in range(2):  # sent again by mistake
        li.post(path, {"scans": SimpleUploadedFile("stack.pdf", whole.getvalue())})
    each = pages // 3
    for copy in (first, second, other):
        kept = attachments.held_by(copy)
        assert [row.content_type for row in kept] == ["image/jpeg"] * each
    left = attachments.held_by(first.run).filter(content_type="image/jpeg")
    assert left.count() == len(upside_down) - pages > 0
    page = left[0]
    li.post(reverse("field:paper_place", args=[first.run_id, page.sha256]), {"serial": "ABCD-0001-X"})
    assert left.filter(pk=page.pk).exists()
    li.post(reverse("field:paper_place", args=[first.run_id, page.sha256]), {"serial": first.serial})
    assert attachments.held_by(first).filter(pk=page.pk).exists()
    sun.post(reverse("field:paper_take_off", args=[first.serial, page.sha256]))
    assert left.filter(pk=page.pk).exists()


def test_pictures_are_read_too_and_what_cannot_be_read_waits(li: Client, world: World) -> None:
    copy, _other = copies_of(world)
    tree = questionnaire_of(world.questionnaire)
    photo = pypdfium2.PdfDocument(form_pdf(tree, [copy], "en"))[0].render(scale=2).to_pil()
    png = io.BytesIO()
    photo.rotate(7, expand=True, fillcolor="white").save(png, "PNG")
    path = reverse("field:paper_scans", args=[copy.run_id])
    files = [SimpleUploadedFile("a.png", png.getvalue()), SimpleUploadedFile("b.png", PNG)]
    li.post(path, {"scans": files})
    assert [row.name for row in attachments.held_by(copy)] == ["a.png"]
    assert [row.name for row in attachments.held_by(copy.run)] == ["b.png"]


def test_a_pdf_that_cannot_be_opened_is_kept_and_said_so(li: Client, world: World) -> None:
    run = copies_of(world)[0].run
    path = reverse("field:paper_scans", args=[run.pk])
    page = li.post(path, {"scans": SimpleUploadedFile("torn.pdf", b"%PDF-1.7 torn")}, follow=True)
    assert "无法逐页打开" in page.content.decode()
    assert [row.name for row in attachments.held_by(run)] == ["torn.pdf"]


def test_a_pdf_of_too_many_pages_is_refused_whole(li: Client, world: World) -> None:
    run, long, whole = copies_of(world)[0].run, pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(MOST_PAGES + 1):
        long.new_page(100, 100)
    long.save(whole)
    path = reverse("field:paper_scans", args=[run.pk])
    back = reverse("field:paper_run", args=[run.pk])
    page = li.post(
        path,
        {"scans": SimpleUploadedFile("long.pdf", whole.getvalue())},
        headers={"referer": back},
        follow=True,
    )
    assert f"{MOST_PAGES + 1} 页" in page.content.decode()
    assert not attachments.held_by(run).exists()


def test_one_condition_of_several_questions_is_said_once(world: World) -> None:
    tree = questionnaire_of(world.questionnaire)
    said = [each for section in tree.sections for each in numbered(tree, section, "en")]
    assert [each.number for each in said] == [1, 2, 3, 4, 5]
    assert [bool(each.condition) for each in said] == [False, False, False, False, True]
    assert said[-1].condition.endswith("otherwise you have finished.")


def test_every_type_of_question_can_be_printed() -> None:
    tree = from_dict(all_types.definition())
    told = "".join(words_of(form_pdf(tree, [], "zh-hans")).split())
    titles = [question.title.text("zh") for question in tree.questions.values()]
    missing = [title for title in titles if "".join(title.split())[:6] not in told]
    silent = [q.title.text("zh") for q in tree.questions.values() if TYPES.get(q.type).silent(q)]
    assert missing == silent
