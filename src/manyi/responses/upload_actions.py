"""Files from respondents: taken in with the draft, judged by content, gone when they are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import attachments, settings
from manyi.organisation.file_types import content_type_of
from manyi.organisation.photos import PHOTOS, without_words
from manyi.responses import intake
from manyi.responses.models import Response
from manyi.surveys.parts import FileLimits
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Question

MEGABYTES = "responses.upload_megabytes"
settings.declare(
    MEGABYTES,
    Label("答题人上传文件的大小上限(MB)", "Largest file from a respondent (MB)"),
    Label(
        "每个文件的上限;题目可以设得更小,不能更大。",
        "For each file; a question can ask for less, not for more.",
    ),
    "number",
    10,
    low=1,
    high=100,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrived; ``name`` is what the respondent's device calls it."""

    name: str
    size: int
    content: IO[bytes]


def take_files(
    *, response: Response, question: Question, kept: Any, uploads: Sequence[Upload]
) -> list[dict[str, Any]] | None:
    """The answer to a question for files: those of the draft that stay (``kept``), and new ones, stored.

    A file of another kind, too large or one too many is described without a hash: the judge of answers tells
    the respondent what is wrong with it. Raises what stands against answering now. None without any file.
    """
    limits = TYPES.get(question.type).takes_files(question)
    if limits is None:
        raise ValueError(f"{question.type!r} takes no files")
    intake.require_open(response.round)
    most = min(limits.megabytes, settings.value(MEGABYTES)) << 20
    with transaction.atomic():
        own = set(attachments.held_by(response).values_list("sha256", flat=True))
        stay = [each for each in kept or () if isinstance(each, dict) and each.get("sha256") in own]
        room = limits.at_most - len(stay)
        new = [_take(response, each, limits, most, store=n < room) for n, each in enumerate(uploads)]
    return [*stay, *new] or None


def _take(
    response: Response, upload: Upload, limits: FileLimits, most: int, *, store: bool
) -> dict[str, Any]:
    """Store one file if it may be, and describe it."""
    kind = content_type_of(upload.content)
    name = upload.name[:200]
    told = {"name": name, "type": kind, "size": upload.size, "limit": most >> 20}
    if not store or kind not in limits.types or not 0 < upload.size <= most:
        return told
    row = attachments.keep(
        without_words(upload.content.read(), kind) if kind in PHOTOS else upload.content,
        name=name,
        content_type=kind,
        subject=response,
        unit=response.unit,
        actor=None,
    )
    return {"sha256": row.sha256, "name": row.name, "type": kind, "size": row.size}


def drop_unused(response: Response) -> int:
    """Take away the stored files that no answer of the draft names any more; returns how many."""
    named = {
        each["sha256"]
        for value in intake.typed(response).values()
        for each in (value if isinstance(value, list) else ())
        if isinstance(each, dict) and "sha256" in each
    }
    with transaction.atomic():
        return attachments.discard(response, except_for=named)
