"""Chat and posts that came for the register: what became of each, and what was set aside and why."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import queries
from manyi.cases.actions import WRITERS
from manyi.cases.choices import label_of
from manyi.cases.models import Case, PostFile, PostSource, ReceivedPost
from manyi.cases.posts import files, intake
from manyi.cases.posts.words import POST_STATES, QUARANTINE, SOURCE_KINDS
from manyi.organisation import access, attachments
from manyi.web.download import as_download
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import page_of

#: So many characters of a body are shown; the file has them all.
SHOWN = 64 * 1024
ROWS = ReceivedPost.objects.select_related("source__unit", "case", "same_as")


@require_GET
@needs("cases.dispatch")
def index(request: StaffRequest) -> HttpResponse:
    """The posts of the person's units by what became of them; those set aside first, for they wait."""
    rows = access.visible(request.user, ROWS)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    if state not in dict(POST_STATES):
        state = "quarantined" if counts.get("quarantined") else "message"
    page = page_of(request, rows.filter(state=state))
    context = {
        "page": page,
        "rows": [(row, label_of(QUARANTINE, row.reason) if row.reason else None) for row in page],
        "state": state,
        "tabs": [(code, label, counts.get(code, 0)) for code, label in POST_STATES],
        "has_sources": PostSource.objects.exclude(state="removed").exists(),
        "may_set_up": access.may(request.user, "settings.manage"),
    }
    return render(request, "desk/posts.html", context)


@require_GET
@needs("cases.dispatch")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One post as it came, in plain text; what it holds is never run or shown as a page."""
    row = find(request, ROWS, pk=pk)
    body = intake.shown(row)
    context = {
        "post": row,
        "state": label_of(POST_STATES, row.state),
        "kind": label_of(SOURCE_KINDS, row.source.kind),
        "reason": label_of(QUARANTINE, row.reason) if row.reason else None,
        "body": body[:SHOWN],
        "cut": len(body) > SHOWN,
        "fetched": row.fetched.count(),
        "case": queries.cases(request.user).filter(posts=row).first(),
    }
    return render(request, "desk/post.html", context)


@require_GET
@needs("cases.dispatch")
def raw(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The post as a file."""
    row = find(request, ROWS, pk=pk)
    return as_download(get_object_or_404(attachments.held_by(row)))


@require_POST
@needs(*WRITERS)
def file_again(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    """Fetch a file of a post anew."""
    case = find(request, Case.objects.select_related("unit"), pk=pk)
    row = get_object_or_404(PostFile.objects.select_related("post"), pk=file, post__case=case)
    files.try_again(actor=request.user, case=case, file=row)
    messages.success(request, _("It is fetched again in the next minutes."))
    return redirect(f"{reverse('desk:case', args=[pk])}#file-{file}")


@require_POST
@needs("cases.dispatch")
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Read a post again that was set aside or not wanted."""
    row = intake.retry(actor=request.user, post=find(request, ROWS, pk=pk))
    if row.state == "message":
        messages.success(request, _("It was taken in."))
    else:
        messages.warning(request, _("Read again, it still cannot be taken in."))
    return redirect("desk:post", pk=pk)
