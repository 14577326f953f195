"""Answers leave as files: all that may, nothing that leads to a person; and they come back the same."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from manyi.organisation import attachments, clock, jobs
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event, Person
from manyi.responses import actions
from manyi.responses.document_imports import import_document
from manyi.responses.exports import Export, export_responses
from manyi.responses.models import Response, ResponseImport
from manyi.surveys.codecs import Source, Unreadable
from manyi.surveys.codecs.document import Manner
from manyi.surveys.models import Round
from tests.survey_world import GOOD_ANSWERS, START, World, build, invite

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock.at(START + timedelta(hours=2, minutes=5, seconds=9)):
        yield


def answered(*, anonymous: bool = False, count: int = 2) -> World:
    world = build(anonymous=anonymous)
    for invitation in invite(world)[:count]:
        actions.submit(response=actions.begin(invitation=invitation), answers=GOOD_ANSWERS, seconds=90)
    return world


def export(world: World, path: Path, actor: Person | None = None, **more: Any) -> Export:
    person = actor or world.manager
    return export_responses(actor=person, round=world.round, path=path, progress=jobs.Silent(), **more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bring(world: World, source: Source, round: Round | None = None) -> ResponseImport:
    row = round or world.round
    return import_document(actor=world.manager, source=source, round=row, progress=jobs.Silent())


def test_li_takes_the_answers_of_a_round_with_their_unit_and_time(tmp_path: Path) -> None:
    world = answered()
    done = export(world, tmp_path / "a.csv")
    first, second = rows_of(tmp_path / "a.csv")
    assert (done.rows, done.losses) == (2, [])
    assert (first["reception.greeting"], first["channels.web"], first["channels.none"]) == ("5", "1", "0")
    assert (first["submitted"], first["unit"], first["valid"]) == ("2026-03-02 11:05:09", "HC-E", "1")
    assert first["receipt"] != second["receipt"]
    event = Event.objects.get(kind="response.exported")
    assert event.data == {"round": world.round.pk, "format": "table", "rows": 2}


def test_labels_may_stand_for_codes_in_either_language_and_the_mark_may_be_left_out(tmp_path: Path) -> None:
    world = answered()
    export(world, tmp_path / "a.csv", manner=Manner(labels=True, language="en", mark=False))
    assert rows_of(tmp_path / "a.csv")[0]["satisfied"] == "4"
    assert rows_of(tmp_path / "a.csv")[0]["reception.greeting"] == "Very satisfied"
    assert not (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_of_an_anonymous_round_nothing_leads_to_a_person(tmp_path: Path) -> None:
    world = answered(anonymous=True)
    export(world, tmp_path / "a.csv")
    rows = rows_of(tmp_path / "a.csv")
    assert [row["submitted"] for row in rows] == ["2026-03-02", "2026-03-02"]
    assert not {"response_id", "receipt", "seconds"} & rows[0].keys()
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    receipts = Response.objects.values_list("receipt", "key")
    assert not any(str(secret) in text for pair in receipts for secret in pair)


def test_only_valid_answers_when_asked_and_never_drafts(tmp_path: Path) -> None:
    world = answered(count=3)
    row = Response.objects.order_by("pk").last()
    assert row is not None
    actions.judge(actor=world.manager, response=row, valid=False, why="重复填写")
    actions.begin(invitation=invite_left(world))
    assert export(world, tmp_path / "a.csv").rows == 3
    assert export(world, tmp_path / "b.csv", valid_only=True).rows == 2


def invite_left(world: World) -> Any:
    from manyi.distribution.models import Invitation

    return Invitation.objects.filter(round=world.round, answered_at=None).latest("pk")


def test_an_outsider_takes_nothing(tmp_path: Path) -> None:
    world = answered()
    with pytest.raises(NotPermitted):
        export(world, tmp_path / "a.csv", actor=world.outsider)
    assert not (tmp_path / "a.csv").exists()


def test_a_format_that_holds_no_answers_is_refused(tmp_path: Path) -> None:
    world = answered()
    with pytest.raises(Unreadable):
        export(world, tmp_path / "a.docx")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet", "a.sav", "a.sss"])
def test_what_left_comes_back_into_a_round_once(name: str, tmp_path: Path) -> None:
    world = answered()
    export(world, tmp_path / name)
    Response.objects.all().delete()
    source = Source.of(tmp_path / name)
    record = bring(world, source)
    assert (record.rows, record.added, record.errors) == (2, 2, [])
    wanted: dict[str, Any] = {
        "reception": {"greeting": 5, "waiting": 4, "price": "na"},
        "channels": ["friend", "web"],
    }
    wanted |= {"satisfied": 4, "recommend": 9}
    assert [row.answers for row in Response.objects.all()] == [wanted, wanted]
    assert (bring(world, source).added, Response.objects.count()) == (0, 2)


def test_every_refused_value_is_named_and_what_is_not_asked_is_kept_aside() -> None:
    world = answered(count=0)
    lines = ["satisfied,recommend,shoe_size", "5,10,42", "9,11,43", "4,8,44"]
    record = bring(world, Source("old.csv", "\n".join(lines).encode()))
    assert (record.rows, record.added) == (3, 2)
    problems = [(problem["row"], problem["field"]) for problem in record.errors]
    assert problems == [(2, "satisfied"), (2, "recommend")]
    assert Response.objects.order_by("pk").first().answers == {"satisfied": 5, "recommend": 10}  # type: ignore[union-attr]


def test_a_file_about_something_else_is_refused() -> None:
    world = answered(count=0)
    with pytest.raises(Refused) as caught:
        bring(world, Source("other.csv", b"shoe,hat\n1,2\n"))
    assert "None of the file's questions" in caught.value.message.en


def test_an_export_as_a_job_keeps_its_file_packed_with_what_belongs_to_it() -> None:
    world = answered()
    parameters = {"round": world.round.pk, "name": "answers.sav", "codec": "", "valid_only": False}
    parameters["manner"] = {"labels": False, "language": "zh", "mark": True}
    job = jobs.start("responses.export", actor=world.manager, unit=world.shop, parameters=parameters)
    jobs.run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"], job.result["file"]) == ("done", 2, "answers.zip")
    kept = attachments.held_by(job).get()
    assert attachments.path_of(kept.sha256).read_bytes()[:2] == b"PK"
