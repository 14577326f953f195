"""The pre-test of a draft: links for testers, time and drop-off by page, comments to deal with."""

from __future__ import annotations

import csv
import io

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.organisation import access
from manyi.surveys import pretest_actions
from manyi.surveys.models import PreTest, QuestionnaireVersion, TrialComment
from manyi.surveys.pretest_report import report_of
from manyi.surveys.queries import questionnaire_of
from manyi.web.guard import StaffRequest, find, needs

ROWS = QuestionnaireVersion.objects.select_related("questionnaire__unit")


@require_GET
@needs("surveys.view")
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The links and what the testers showed and said."""
    version = find(request, ROWS, pk=pk)
    tree, language = questionnaire_of(version), get_language() or "zh-hans"
    found = report_of(version)
    titles = {code: question.title.text(language) for code, question in tree.questions.items()}
    context = {
        "version": version,
        "tree": tree,
        "report": found,
        "comments": [(code, titles.get(code, code), said) for code, said in found.comments],
        "links": [(link, _address(link)) for link in version.pre_tests.all()],
        "draft": version.published_at is None,
        "may_edit": access.may(request.user, "surveys.edit", version),
    }
    return render(request, "manage/pretest.html", context)


def _address(link: PreTest) -> str:
    return f"{settings.BASE_URL}{reverse('public:trial', args=[link.token])}"


@require_POST
@needs("surveys.edit")
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a link, close one, delete the trial answers or bring them back."""
    version = find(request, ROWS, verb="surveys.edit", pk=pk)
    what, actor = request.POST.get("act", ""), request.user
    if what == "open":
        pretest_actions.open_pre_test(actor=actor, version=version, label=request.POST.get("label", ""))
        messages.success(request, _("The link is open: send it to your testers."))
    elif what == "close":
        link = find(request, version.pre_tests.all(), verb="surveys.edit", pk=request.POST.get("link") or 0)
        pretest_actions.close_pre_test(actor=actor, pre_test=link)
    elif what == "drop":
        pretest_actions.drop_runs(actor=actor, version=version)
        messages.success(
            request, _("The trial answers are deleted. Until publishing they can be brought back.")
        )
    elif what == "restore":
        pretest_actions.restore_runs(actor=actor, version=version)
    return redirect("manage:pretest", pk=pk)


@require_POST
@needs("surveys.edit")
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a tester's comment as dealt with, or not."""
    rows = TrialComment.objects.select_related("run__pre_test__version__questionnaire__unit")
    comment = find(request, rows, verb="surveys.edit", pk=pk)
    pretest_actions.settle_comment(
        actor=request.user, comment=comment, done=request.POST.get("done") == "yes"
    )
    return redirect("manage:pretest", pk=comment.run.pre_test.version_id)


@require_GET
@needs("surveys.view")
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """Every comment with its question and its tester's link, as a table."""
    version = find(request, ROWS, pk=pk)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["question", "comment", "link", "run", "at", "done"])
    for code, said in report_of(version).comments:
        for each in said:
            done = each.done_at.isoformat() if each.done_at else ""
            cells = [code, each.text, each.run.pre_test.label, each.run_id, each.at.isoformat(), done]
            table.writerow([_harmless(str(cell)) for cell in cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{version.questionnaire.code}-v{version.number}-pretest.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
