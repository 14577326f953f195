"""Scans of a print run: a batch sent in, its pages found or laid to their copies, taken off again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from manyi.organisation import attachments
from manyi.organisation.models import Attachment
from manyi.responses import paper_queries
from manyi.responses.models import PaperCopy, PaperRun
from manyi.responses.paper_scan_actions import (
    Kept,
    attach_scans,
    copy_of,
    place_scan,
    take_batch,
    take_scan_off,
)
from manyi.responses.upload_actions import Upload
from manyi.web.download import as_download
from manyi.web.guard import StaffRequest, find, needs


@require_POST
@needs("surveys.field")
def scans(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a batch of scans, or attach scans to the copy whose number was given."""
    run = find(request, paper_queries.RUNS, verb="surveys.field", pk=pk)
    asked = request.POST.get("serial", "").strip()
    sent = request.FILES.getlist("scans")
    uploads = [Upload(each.name or "", each.size or 0, each.file) for each in sent if each.file]
    if asked:
        kept = attach_scans(actor=request.user, run=run, uploads=uploads, copy=copy_of(run, asked))
    else:
        kept = take_batch(actor=request.user, run=run, uploads=uploads)
    messages.success(request, _told(kept))
    return redirect("field:paper_run", pk=pk)


def _told(kept: Kept) -> str:
    words = ngettext("%(n)s scan is kept.", "%(n)s scans are kept.", kept.files) % {"n": kept.files}
    if kept.placed:
        found = ngettext("%(n)s page is with its copy.", "%(n)s pages are with their copies.", kept.placed)
        words = f"{words} {found % {'n': kept.placed}}"
    if not kept.placed and not kept.unread:
        words = f"{words} {_('It cannot be opened page by page; scan it again, or attach it by its number.')}"
    if kept.unread:
        left = ngettext(
            "%(n)s page has no code that can be read; give its number below.",
            "%(n)s pages have no code that can be read; give their numbers below.",
            kept.unread,
        )
        words = f"{words} {left % {'n': kept.unread}}"
    return words


@require_GET
@needs("surveys.field")
def batch(request: StaffRequest, pk: int, sha256: str) -> HttpResponseBase:
    """One file of a run's scans, as a download."""
    run = find(request, paper_queries.RUNS, verb="surveys.field", pk=pk)
    return as_download(_held(run, sha256))


@require_POST
@needs("surveys.field")
def place(request: StaffRequest, pk: int, sha256: str) -> HttpResponse:
    """Lay one page of a run to the copy whose number was typed."""
    run = find(request, paper_queries.RUNS, verb="surveys.field", pk=pk)
    scan = _held(run, sha256)
    copy = place_scan(actor=request.user, run=run, scan=scan, serial=request.POST.get("serial", ""))
    messages.success(request, _("The page is with %(serial)s.") % {"serial": copy.serial})
    return redirect("field:paper_run", pk=pk)


@require_POST
@needs("surveys.call")
def take_off(request: StaffRequest, serial: str, sha256: str) -> HttpResponse:
    """Take one page off a copy; it waits with the run again."""
    copy = find(request, paper_queries.COPIES, verb="surveys.call", serial=serial)
    take_scan_off(actor=request.user, copy=copy, scan=_held(copy, sha256))
    messages.success(request, _("The page was taken off; it waits with its print run."))
    return redirect("field:paper_copy", serial=serial)


def _held(thing: PaperRun | PaperCopy, sha256: str) -> Attachment:
    kept = attachments.held_by(thing).filter(sha256=sha256).first()
    if kept is None:
        raise Http404
    return kept
