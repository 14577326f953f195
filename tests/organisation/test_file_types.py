"""A file is what its content says, whatever it is called."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.organisation.file_types import content_type_of


def office(folder: str, *more: str) -> bytes:
    """An Office file with as little in it as tells it apart."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.7", "application/pdf"),
        ("发票 1".encode("gb18030"), "text/plain"),
        (office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office("word", "word/vbaProject.bin"), ""),
        (office("evil"), ""),
        (b"PK\x03\x04 broken", ""),
        (b"<html><script>", ""),
        (b"\xef\xbb\xbf <svg onload=x>", ""),
        (b"MZ\x90\x00", ""),
        (b"\x7fELF\x02", ""),
        (b"", ""),
    ],
)
def test_only_passive_files_have_a_type(content: bytes, kind: str) -> None:
    assert content_type_of(io.BytesIO(content)) == kind


@given(st.binary(max_size=200))
def test_nothing_breaks_the_look_and_the_file_is_left_at_its_beginning(content: bytes) -> None:
    file = io.BytesIO(content)
    content_type_of(file)
    assert file.tell() == 0
