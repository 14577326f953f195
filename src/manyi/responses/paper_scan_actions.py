"""Scans of paper: kept as they came; the pages of a batch go to the copies whose codes they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, events, settings
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.file_types import content_type_of
from manyi.organisation.models import Attachment, Person
from manyi.responses import paper_rules
from manyi.responses.models import PaperCopy, PaperRun
from manyi.responses.paper_pages import Page, pages_of
from manyi.responses.upload_actions import MEGABYTES, Upload

SCANS_ATTACHED = events.kind("paper.scanned", "上传纸质问卷扫描件", "Scans of paper attached")
SCAN_PLACED = events.kind("paper.scan_placed", "扫描页归到问卷", "Scanned page laid to its copy")
PICTURES = frozenset({"image/jpeg", "image/png"})
KINDS = PICTURES | {"application/pdf"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: ``files`` that came, pages ``placed`` with a copy, pages still ``unread``."""

    files: int
    placed: int = 0
    unread: int = 0


def attach_scans(*, actor: Person, run: PaperRun, uploads: Sequence[Upload], copy: PaperCopy) -> Kept:
    """Keep scans (PDF, JPEG or PNG by content) with one copy of a run, as they came.

    Raises Invalid with the name of every file that is none of these or too large; then none is kept.
    """
    access.require(actor, "surveys.call", run)
    kinds = _checked(uploads)
    with transaction.atomic():
        for each, kind in zip(uploads, kinds, strict=True):
            attachments.keep(
                each.content, name=each.name, content_type=kind, subject=copy, unit=run.unit, actor=actor
            )
        data = {"round": run.round_id, "files": len(uploads)}
        events.append(SCANS_ATTACHED, actor=actor, subject=copy, unit=run.unit, data=data)
    return Kept(len(uploads), placed=len(uploads))


def take_batch(*, actor: Person, run: PaperRun, uploads: Sequence[Upload]) -> Kept:
    """Keep a batch of scans: every page with the copy of the round that its code names.

    A page without a legible code stays with the run, to be laid to its copy by hand; so does every PDF, whole
    as it came. Raises Invalid as ``attach_scans`` does, and Refused for a PDF with too many pages.
    """
    access.require(actor, "surveys.call", run)
    kinds = _checked(uploads)
    files = list(zip(uploads, kinds, strict=True))
    pages = [page for each, kind in files for page in pages_of(each.content, name=each.name, kind=kind)]
    copies = access.visible(actor, PaperCopy.objects.filter(run__round=run.round), verb="surveys.call")
    named = copies.filter(serial__in={page.serial for page in pages}).select_related("run__unit")
    by_serial = {row.serial: row for row in named}
    with transaction.atomic():
        for each, kind in files:
            if kind not in PICTURES:
                attachments.keep(
                    each.content, name=each.name, content_type=kind, subject=run, unit=run.unit, actor=actor
                )
        for page in pages:
            _keep_page(actor, run, page, by_serial.get(page.serial))
        placed = sum(page.serial in by_serial for page in pages)
        kept = Kept(len(uploads), placed, len(pages) - placed)
        data = {"round": run.round_id, "files": kept.files, "placed": placed, "unread": kept.unread}
        events.append(SCANS_ATTACHED, actor=actor, subject=run, unit=run.unit, data=data)
    return kept


def _keep_page(actor: Person, run: PaperRun, page: Page, copy: PaperCopy | None) -> None:
    """One page, once: the same picture sent again adds nothing to what its copy or run has."""
    subject, unit = (copy, copy.run.unit) if copy else (run, run.unit)
    sha256, _size = attachments.store(page.content)
    if not attachments.held_by(subject).filter(sha256=sha256).exists():
        attachments.keep(
            page.content, name=page.name, content_type=page.kind, subject=subject, unit=unit, actor=actor
        )


def place_scan(*, actor: Person, run: PaperRun, scan: Attachment, serial: str) -> PaperCopy:
    """Lay a page that stayed with a run to the copy with this serial number.

    Raises Refused when the run has no such copy.
    """
    access.require(actor, "surveys.call", run)
    copy = copy_of(run, serial)
    with transaction.atomic():
        moved = attachments.held_by(run).filter(pk=scan.pk)
        moved.update(subject_type=copy._meta.label_lower, subject_id=str(copy.pk))
        data = {"round": run.round_id, "sha256": scan.sha256, "run": run.pk}
        events.append(SCAN_PLACED, actor=actor, subject=copy, unit=run.unit, data=data)
    return copy


def take_scan_off(*, actor: Person, copy: PaperCopy, scan: Attachment) -> None:
    """Take a page off a copy that it does not belong to: it waits with the run again."""
    access.require(actor, "surveys.call", copy)
    with transaction.atomic():
        moved = attachments.held_by(copy).filter(pk=scan.pk)
        moved.update(subject_type=copy.run._meta.label_lower, subject_id=str(copy.run.pk))
        data = {"round": copy.run.round_id, "sha256": scan.sha256, "taken_off": True}
        events.append(SCAN_PLACED, actor=actor, subject=copy, unit=copy.run.unit, data=data)


def copy_of(run: PaperRun, typed: str) -> PaperCopy:
    """The copy of a run with a typed serial number; raises Refused when it has no such copy."""
    copy = run.copies.filter(serial=paper_rules.read_serial(typed)).first()
    if copy is None:
        raise Refused(Label("这次印制中没有这个编号。", "This run has no such copy."), field="serial")
    return copy


def _checked(uploads: Sequence[Upload]) -> list[str]:
    """The content type of every file; raises Invalid with those that cannot be taken."""
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
    return kinds
