"""Scans of paper: a batch kept with its print run, single pages with the copy that they show."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, events, settings
from manyi.organisation.errors import Invalid
from manyi.organisation.file_types import content_type_of
from manyi.organisation.models import Person
from manyi.responses.models import PaperCopy, PaperRun
from manyi.responses.upload_actions import MEGABYTES, Upload

SCANS_ATTACHED = events.kind("paper.scanned", "上传纸质问卷扫描件", "Scans of paper attached")
PICTURES = frozenset({"image/jpeg", "image/png"})
KINDS = PICTURES | {"application/pdf"}


def attach_scans(
    *, actor: Person, run: PaperRun, uploads: Sequence[Upload], copy: PaperCopy | None = None
) -> int:
    """Keep scans (PDF, JPEG or PNG by content) with a run, or with one ``copy`` of it; returns how many.

    Raises Invalid with the name of every file that is none of these or too large; then none is kept.
    """
    access.require(actor, "surveys.call", run)
    most = settings.value(MEGABYTES) << 20
    kinds = [content_type_of(each.content) for each in uploads]
    wrong = [
        (each.name, Label(f"“{each.name}”不是 PDF、JPEG 或 PNG,或超过 {most >> 20} MB。",
                          f"“{each.name}” is no PDF, JPEG or PNG, or larger than {most >> 20} MB."))
        for each, kind in zip(uploads, kinds, strict=True)
        if kind not in KINDS or not 0 < each.size <= most
    ]  # fmt: skip
    if wrong or not uploads:
        raise Invalid(wrong or [("scans", Label("请选择文件。", "Please choose files."))])
    subject = copy or run
    with transaction.atomic():
        for each, kind in zip(uploads, kinds, strict=True):
            attachments.keep(
                each.content, name=each.name, content_type=kind, subject=subject, unit=run.unit, actor=actor
            )
        data = {"round": run.round_id, "files": len(uploads)}
        events.append(SCANS_ATTACHED, actor=actor, subject=subject, unit=run.unit, data=data)
    return len(uploads)
