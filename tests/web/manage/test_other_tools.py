"""Files of other tools in the browser, and answers taken away as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manyi.organisation import clock, jobs
from manyi.organisation.models import Job
from manyi.responses import actions
from manyi.responses.models import Response
from manyi.surveys.codecs import Source, read
from manyi.surveys.models import Questionnaire
from manyi.surveys.queries import questionnaire_of
from tests.survey_world import GOOD_ANSWERS, START, World, build, invite

pytestmark = pytest.mark.django_db

SSS = """<sss version="2.0"><survey><title>Visits</title><record format="csv">
<variable ident="1" type="single"><name>again?</name><label>Would you come again?</label>
<position start="1"/><values>
<value code="1">Yes</value><value code="2">No</value></values></variable></record></survey></sss>"""


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(START + timedelta(hours=1)):
        yield build()


@pytest.fixture
def li(world: World) -> Client:
    client = Client()
    client.force_login(world.manager)
    return client


def text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content, "utf-8")


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_li_looks_at_a_file_with_its_data_and_takes_it_as_a_draft(world: World, li: Client) -> None:
    files = {"file": sent("visits.sss", SSS.encode()), "beside": sent("visits.csv", b"1\n2\n1\n")}
    page = li.get(li.post(reverse("manage:other_tool_new"), files)["Location"])
    shown = text(page)
    assert "3 answer sheets" in shown or "3 份答卷" in shown
    assert "again?" in shown
    given = {"unit": world.shop.pk, "code": "visits", "title": "到店"}
    made = li.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], given)
    row = Questionnaire.objects.get(code="visits")
    assert made["Location"] == reverse("manage:editor", args=[row.versions.get().pk])
    assert questionnaire_of(row.versions.get()).questions["again"].type == "single"


def test_the_report_of_what_was_not_carried_can_be_taken_away(li: Client) -> None:
    goal = li.post(reverse("manage:other_tool_new"), {"file": sent("visits.sss", SSS.encode())})["Location"]
    answer = li.get(f"{goal}&report=1")
    assert "attachment" in answer["Content-Disposition"]
    assert {line["place"] for line in answer.json()} == {"again?", "visits.sss"}


def test_a_broken_file_is_told_at_its_field(li: Client) -> None:
    page = li.post(reverse("manage:other_tool_new"), {"file": sent("x.sav", b"nothing")})
    assert page.status_code == 422
    assert "SPSS" in text(page)


def test_a_word_that_somebody_else_signed_opens_nothing(world: World, li: Client) -> None:
    goal = li.post(reverse("manage:other_tool_new"), {"file": sent("visits.sss", SSS.encode())})["Location"]
    other = Client()
    other.force_login(world.outsider)
    assert other.get(goal)["Location"] == reverse("manage:other_tool_new")


def test_the_answers_of_a_file_go_into_a_round(world: World, li: Client) -> None:
    data = b"satisfied,recommend\n5,10\n4,8\n"
    goal = li.post(reverse("manage:other_tool_new"), {"file": sent("old.csv", data)})["Location"]
    li.post(goal, {"round": world.round.pk})
    jobs.run_job.call(Job.objects.get(kind="responses.import_document").pk)
    assert Response.objects.filter(round=world.round, state="submitted").count() == 2


@pytest.mark.parametrize("codec", ["surveyjs", "limesurvey", "toml", "spss", "triple_s"])
def test_a_version_leaves_in_the_terms_of_another_tool(
    codec: str, world: World, li: Client, tmp_path: Path
) -> None:
    answer = li.get(reverse("manage:export_as", args=[world.questionnaire.pk, codec]))
    name = answer["Content-Disposition"].split('"')[1]
    (tmp_path / name).write_bytes(answer.content)
    if name.endswith(".zip"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            archive.extractall(tmp_path)
        name = next(path.name for path in tmp_path.iterdir() if path.suffix in {".sav", ".sss"})
    assert read(Source.of(tmp_path / name)).questionnaire == questionnaire_of(world.questionnaire)


def test_li_takes_the_answers_away(world: World, li: Client) -> None:
    for invitation in invite(world)[:2]:
        actions.submit(response=actions.begin(invitation=invitation), answers=GOOD_ANSWERS)
    page = reverse("manage:answers_export", args=[world.round.pk])
    assert li.get(page).status_code == 200
    assert li.post(page, {"format": "sav", "values": "", "language": "zh"})["Location"] == page
    job = Job.objects.get(kind="responses.export")
    jobs.run_job.call(job.pk)
    assert reverse("manage:answers_file", args=[job.pk]) in text(li.get(page))
    answer = li.get(reverse("manage:answers_file", args=[job.pk]))
    content = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert sorted(zipfile.ZipFile(content).namelist()) == ["after_sales-1.sav", "after_sales-1.sps"]


def test_a_program_takes_the_answers_by_the_api(world: World, li: Client) -> None:
    for invitation in invite(world)[:2]:
        actions.submit(response=actions.begin(invitation=invitation), answers=GOOD_ANSWERS)
    answer = li.get(f"/api/rounds/{world.round.pk}/answers.csv?mark=false")
    assert answer.status_code == 200
    assert len(text(answer).splitlines()) == 3
