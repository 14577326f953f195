"""Pictures for the options of a questionnaire: stored by content, named in ``Option.image`` by their hash."""

from __future__ import annotations

from typing import IO

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, events
from manyi.organisation.errors import Refused
from manyi.organisation.file_types import content_type_of
from manyi.organisation.models import Attachment, Person
from manyi.surveys.models import Questionnaire

PICTURE_ADDED = events.kind("questionnaire.picture", "添加问卷图片", "Picture added to questionnaire")
#: What every browser draws and none runs.
_DRAWABLE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_MOST_BYTES = 2 << 20


def keep_picture(
    *, actor: Person | None, questionnaire: Questionnaire, name: str, size: int, content: IO[bytes]
) -> str:
    """Store a picture for a questionnaire and return its key; raises Refused for anything else."""
    access.require(actor, "surveys.edit", questionnaire)
    kind = content_type_of(content)
    if kind not in _DRAWABLE or not 0 < size <= _MOST_BYTES:
        what = Label(
            "请选择 2 MB 以内的 JPEG、PNG、WebP 或 GIF 图片。",
            "Choose a JPEG, PNG, WebP or GIF picture of at most 2 MB.",
        )
        raise Refused(what, field="picture")
    with transaction.atomic():
        row = attachments.keep(
            content,
            name=name,
            content_type=kind,
            subject=questionnaire,
            unit=questionnaire.unit,
            actor=actor,
        )
        events.append(
            PICTURE_ADDED,
            actor=actor,
            subject=questionnaire,
            unit=questionnaire.unit,
            after={"sha256": row.sha256},
        )
    return row.sha256


def stored_picture(key: str) -> Attachment | None:
    """The picture with this key, if it belongs to a questionnaire."""
    rows = Attachment.objects.filter(sha256=key, content_type__in=_DRAWABLE)
    return rows.filter(subject_type=Questionnaire._meta.label_lower).first()
