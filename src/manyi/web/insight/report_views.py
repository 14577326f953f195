"""Pages on reports: the list, a report as it will be printed, its acts, comments and files."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.reports.actions import advance, comment, create_report, save_summary, settle
from manyi.reports.document import document_of
from manyi.reports.models import Report, ReportComment
from manyi.reports.queries import possible_acts, reports
from manyi.reports.renderers import RENDERERS
from manyi.reports.sections import ROUND_REPORT, SECTIONS
from manyi.reports.workflow import REPORT
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.insight.downloads import attachment
from manyi.web.templatetags.manyi import label_text

PER_PAGE = 30
#: The forms that are files; the page itself is the third.
FILES = {"pdf": "pdf", "docx": "docx"}


@needs("reports.view")
def report_list(request: StaffRequest) -> HttpResponse:
    """The reports that this person may see, by state."""
    rows = reports(request.user)
    state = request.GET.get("state", "")
    known = {each.id: each.label for each in REPORT.states}
    shown = rows.filter(state=state) if state in known else rows
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    writes = access.may(request.user, "reports.write")
    context = {
        "page": page,
        "state": state,
        "states": [(each.id, each.label, rows.filter(state=each.id).count()) for each in REPORT.states],
        "total": rows.count(),
        "labels": known,
        "writes": writes,
        "rounds": _rounds(request) if writes else [],
    }
    return render(request, "report/list.html", context)


def _rounds(request: StaffRequest) -> list[Round]:
    """The rounds on which this person may write, newest first."""
    rows = access.visible(request.user, Round.objects.all(), verb="reports.write")
    return list(rows.filter(state__in=["open", "closed"]).order_by("-opens_at")[:30])


@needs("reports.write")
def new_report(request: StaffRequest) -> HttpResponse:
    """Begin a report on a round."""
    if request.method == "POST":
        round = find(
            request, Round.objects.all(), verb="reports.write", pk=_number(request.POST.get("round"))
        )
        made = create_report(actor=request.user, round=round)
        return redirect("insight:edit_report", pk=made.pk)
    chosen = _number(request.GET.get("round"))
    return render(request, "report/new.html", {"rounds": _rounds(request), "chosen": chosen})


@needs("reports.view")
def report_page(request: StaffRequest, pk: int) -> HttpResponse:
    """A report as it will be printed, with comments in the margin."""
    return _page(request, _report(request, pk))


def _page(request: StaffRequest, report: Report, *, refused: str = "", status: int = 200) -> HttpResponse:
    document = document_of(report)
    paper = RENDERERS.get("html").render(document, _language()).decode()
    acts = possible_acts(request.user, report)
    context = {
        "report": report,
        "state": REPORT.state(report.state),
        "paper": mark_safe(paper),  # made of escaped text by our own renderer
        "acts": acts,
        "likely": next((act.name for act in acts if not act.dangerous), ""),
        "refused": refused,
        "editable": report.state == "draft" and report.author == request.user,
        "files": [RENDERERS.get(name) for name in FILES],
        "signatures": document.signatures,
        "comments": _comments(request, report, {s.id: s.label for s in document.sections}),
        "sections": document.sections,
    }
    return render(request, "report/report.html", context, status=status)


def _comments(request: StaffRequest, report: Report, names: dict[str, Label]) -> list[dict[str, object]]:
    rows = report.comments.select_related("by")
    return [
        {
            "row": row,
            "section": names.get(row.section),
            "may_settle": not row.settled and request.user.pk in (row.by_id, report.author_id),
        }
        for row in rows
    ]


@needs("reports.view")
@require_POST
def report_act(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a step of the workflow."""
    report, name = _report(request, pk), request.POST.get("act", "")
    try:
        moved = advance(report=report, name=name, actor=request.user, facts=request.POST.dict())
    except Refused as refused:
        messages.error(request, label_text(refused.message))
        return _page(request, report, refused=name, status=422)
    step = REPORT.transition(name)
    done = {"act": label_text(step.label), "state": label_text(REPORT.state(moved.state).label)}
    messages.success(request, _("Done: %(act)s. The report is now: %(state)s.") % done)
    return redirect("insight:report", pk=pk)


@needs("reports.write")
def edit_report(request: StaffRequest, pk: int) -> HttpResponse:
    """Title, summary and choice of sections of a draft."""
    report = _report(request, pk)
    if request.method == "POST":
        save_summary(
            actor=request.user,
            report=report,
            title=request.POST.get("title", ""),
            title_en=request.POST.get("title_en", ""),
            summary=request.POST.get("summary", ""),
            sections=request.POST.getlist("sections"),
        )
        messages.success(request, _("Saved."))
        return redirect("insight:report", pk=pk)
    others = [name for name in SECTIONS.ids() if name not in ROUND_REPORT]
    offered = [SECTIONS.get(name) for name in (*ROUND_REPORT, *others)]
    return render(request, "report/edit.html", {"report": report, "offered": offered})


@needs("reports.view")
@require_POST
def add_comment(request: StaffRequest, pk: int) -> HttpResponse:
    """Remark on a section."""
    text, section = request.POST.get("text", ""), request.POST.get("section", "")
    comment(actor=request.user, report=_report(request, pk), section=section, text=text)
    return redirect("insight:report", pk=pk)


@needs("reports.view")
@require_POST
def settle_comment(request: StaffRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Note that a comment was dealt with."""
    made = get_object_or_404(ReportComment, pk=comment_pk, report=_report(request, pk))
    settle(actor=request.user, comment=made)
    return redirect("insight:report", pk=pk)


@needs("reports.view")
def report_file(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    """The report as a file, in the language of the reader."""
    if form not in FILES:
        raise Http404
    report, renderer = _report(request, pk), RENDERERS.get(form)
    document = document_of(report)
    name = f"{document.title.text(_language())}.{FILES[form]}"
    return attachment(renderer.render(document, _language()), name, renderer.content_type)


def _report(request: StaffRequest, pk: int) -> Report:
    """The report, or 404 for those who may not see it."""
    return get_object_or_404(reports(request.user), pk=pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _language() -> str:
    return get_language() or "zh-hans"
