"""What a file is, told from its content: the name and the browser's word for it are not believed."""

from __future__ import annotations

import zipfile
from typing import IO

_WORD = "application/vnd.openxmlformats-officedocument."
#: First bytes, at which offset, of the kinds of files that are taken. Nothing here runs in a browser.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
#: The folder inside an Office file that says which one it is.
_OFFICE = {
    "word/": f"{_WORD}wordprocessingml.document",
    "xl/": f"{_WORD}spreadsheetml.sheet",
    "ppt/": f"{_WORD}presentationml.presentation",
}
_HEAD = 4096


def content_type_of(file: IO[bytes]) -> str:
    """The content type of a file by its first bytes; empty for everything that is not known to be passive."""
    file.seek(0)
    head = file.read(_HEAD)
    found = _office(file) if head.startswith(b"PK\x03\x04") else _signed(head)
    file.seek(0)
    return found


def _signed(head: bytes) -> str:
    for offset, mark, kind in _SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    return "text/plain" if _is_plain(head) else ""


def _office(file: IO[bytes]) -> str:
    """Word, Excel or PowerPoint without macros; any other archive is nothing that we take."""
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return next((kind for folder, kind in _OFFICE.items() if any(n.startswith(folder) for n in names)), "")


def _is_plain(head: bytes) -> bool:
    """Text without a control character that does not begin like markup."""
    if not head or any(byte < 32 and byte not in b"\t\n\r" for byte in head):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        text = head.decode(encoding, "ignore")
        if len(text.encode(encoding)) >= len(head) - 4:
            return not text.lstrip().startswith("<")
    return False
