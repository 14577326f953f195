"""Files that complainants send along: judged by content, without hidden words, kept with the case."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.organisation import attachments, events
from manyi.organisation.errors import Refused
from manyi.organisation.file_types import content_type_of
from manyi.organisation.models import Attachment
from manyi.organisation.photos import without_words

PHOTO_TAKEN = events.kind("case.photo_taken", "收到照片或文件", "Photo or file taken in")

MOST_FILES, MOST_BYTES = 3, 10 << 20
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
PAPERS = frozenset({"application/pdf"})

#: Name, size in bytes, and content of a file as it was sent.
Sent = tuple[str, int, IO[bytes]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    name: str
    content_type: str
    content: IO[bytes]


def checked(sent: Sequence[Sent], *, field: str, papers: bool = False) -> list[Checked]:
    """The files, three at most of 10 MB each, photos without where and by whom they were taken.

    ``papers`` lets PDF files through too. Raises Refused at ``field`` for anything else.
    """
    if len(sent) > MOST_FILES:
        raise Refused(
            Label(f"一次最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files at a time."), field=field
        )
    return [_checked(each, PHOTOS | PAPERS if papers else PHOTOS, field) for each in sent]


def _checked(sent: Sent, allowed: frozenset[str], field: str) -> Checked:
    name, size, content = sent
    kind = content_type_of(content)
    if kind not in allowed:
        zh, en = ("照片或 PDF", "photo or PDF") if allowed >= PAPERS else ("照片", "photo")
        words = f"“{name[:40]}”不是{zh}(照片支持 JPEG、PNG、WebP、HEIC)。", f"“{name[:40]}” is no {en}."
        raise Refused(Label(*words), field=field)
    if not 0 < size <= MOST_BYTES:
        words = "每个文件不超过 10 MB,也不能是空的。", "A file may have 10 MB at most, and not be empty."
        raise Refused(Label(*words), field=field)
    return Checked(name, kind, io.BytesIO(without_words(content.read(), kind)) if kind in PHOTOS else content)


def keep(case: Case, files: Sequence[Checked]) -> list[Attachment]:
    """Keep checked files with a case; each is an event."""
    found = []
    for file in files:
        kept = attachments.keep(
            file.content,
            name=file.name,
            content_type=file.content_type,
            subject=case,
            unit=case.unit,
            actor=None,
        )
        data = {"case": case.pk, "sha256": kept.sha256}
        events.append(PHOTO_TAKEN, actor=None, subject=case, unit=case.unit, data=data)
        found.append(kept)
    return found
