"""Files are kept as they came, once per content, whatever their names say."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from manyi.organisation import attachments
from tests.personas import House


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def test_content_is_stored_under_its_hash(house: House) -> None:
    content = "录音".encode() * 1000
    row = attachments.keep(
        io.BytesIO(content),
        name="../../etc/录音.mp3",
        content_type="audio/mpeg",
        subject=house.tree.east,
        unit=house.tree.east,
        actor=house.wang,
    )
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert (row.size, row.subject_type, row.added_by) == (len(content), "organisation.unit", house.wang)
    path = attachments.path_of(row.sha256)
    assert path.read_bytes() == content
    assert ".." not in str(path)


def test_the_same_content_lies_there_once_and_no_scrap_is_left(tmp_path: Path) -> None:
    first = attachments.store(b"the same")
    second = attachments.store(io.BytesIO(b"the same"))
    assert first == second
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert files == [attachments.path_of(first[0])]
