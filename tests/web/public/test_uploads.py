"""Files from respondents: taken by what they are, seen by staff as a download, gone with the person."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from manyi.organisation import attachments, clock
from manyi.organisation.models import Attachment, Person
from manyi.responses.models import Response
from tests.all_types import PIXEL, open_door
from tests.survey_world import START

pytestmark = pytest.mark.django_db


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


@pytest.fixture
def page(client: Client) -> str:
    """The section with the files, of answers that have just begun."""
    with clock.at(START):
        begun = client.post(f"{open_door(START)}?store=E12")["Location"]
    return begun.replace("/p/choices/", "/p/others/")


def post(client: Client, page: str, **fields: Any) -> Any:
    with clock.at(START):
        shown = ["damage", "invoice", "sign", "where"]
        return client.post(page, {"shown": shown, "go": "next", **fields})


def test_a_picture_is_stored_once_and_goes_when_it_is_taken_back(
    client: Client, page: str, django_capture_on_commit_callbacks: Any
) -> None:
    post(client, page, **{"a.damage": sent("车.jpg.exe", PIXEL)})
    stored = Response.objects.get().answers["damage"][0]
    assert stored["type"] == "image/png"
    path = attachments.path_of(stored["sha256"])
    assert path.read_bytes() == PIXEL
    with django_capture_on_commit_callbacks(execute=True):
        post(client, page)
    assert "damage" not in Response.objects.get().answers
    assert not Attachment.objects.filter(subject_type="responses.response").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.png", b"<svg onload=alert(1)>", "的格式不能上传"),
        ("run.png", b"MZ\x90\x00", "的格式不能上传"),
        ("large.png", PIXEL + bytes(11 << 20), "10 MB"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_in_words_and_not_stored(
    client: Client, page: str, name: str, content: bytes, words: str
) -> None:
    answer = post(client, page, **{"a.damage": sent(name, content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "damage" not in Response.objects.get().answers
    assert not Attachment.objects.filter(subject_type="responses.response").exists()


def test_a_hash_that_somebody_made_up_leads_to_no_file(client: Client, page: str) -> None:
    forged = '{"sha256": "%s", "name": "x", "type": "image/png", "size": 3}' % ("0" * 64)
    post(client, page, **{"a.damage": forged})
    assert "damage" not in Response.objects.get().answers


def test_too_many_files_are_not_stored(client: Client, page: str) -> None:
    many = [sent(f"{n}.png", PIXEL + bytes([n])) for n in range(5)]
    answer = post(client, page, **{"a.damage": many})
    assert "最多上传 3 个文件" in answer.content.decode()
    assert Attachment.objects.filter(subject_type="responses.response").count() == 3


def test_staff_get_a_file_as_a_download_that_no_browser_runs(client: Client, page: str) -> None:
    post(client, page, **{"a.damage": sent("车.png", PIXEL)})
    row = Response.objects.get()
    row.state = "submitted"
    row.save()
    client.force_login(Person.objects.get(display_name="李敏"))
    told = client.get(f"/surveys/responses/{row.pk}/").content.decode()
    sha256 = row.answers["damage"][0]["sha256"]
    assert f"/surveys/responses/{row.pk}/files/{sha256}/" in told
    file = client.get(f"/surveys/responses/{row.pk}/files/{sha256}/")
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    assert b"".join(file.streaming_content) == PIXEL  # type: ignore[attr-defined]
    assert client.get(f"/surveys/responses/{row.pk}/files/{'0' * 64}/").status_code == 404


def test_the_picture_of_an_option_is_served_and_an_upload_is_not(client: Client, page: str) -> None:
    post(client, page, **{"a.damage": sent("车.png", PIXEL + b"1")})
    own = Attachment.objects.get(subject_type="surveys.questionnaire").sha256
    theirs = Attachment.objects.get(subject_type="responses.response").sha256
    shown = client.get(f"/picture/{own}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert b"".join(shown.streaming_content) == PIXEL  # type: ignore[attr-defined]
    assert client.get(f"/picture/{theirs}/").status_code == 404
