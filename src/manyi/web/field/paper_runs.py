"""Print runs of a round: making them, their PDF, how far they came, deciding where two entries differ."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import attachments
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Unit
from manyi.responses import paper_actions, paper_form, paper_queries, paper_rules
from manyi.responses.models import PaperCopy, PaperRun
from manyi.responses.paper_scan_actions import PICTURES
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.web.download import as_download
from manyi.web.field import paper_print
from manyi.web.field.paper_pdf import form_pdf
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.public.languages import name_of, ours
from manyi.web.refusals import UNPROCESSABLE
from manyi.web.settings.pages import page_of

_PAGE = 100
ROUNDS = Round.objects.select_related("programme", "unit", "questionnaire")


@require_http_methods(["GET", "POST"])
@needs("surveys.field")
def runs(request: StaffRequest, pk: int) -> HttpResponse:
    """The print runs of a round; posting prints one."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    units = list(Unit.objects.filter(path__startswith=row.unit.path, active=True))
    fault: Refused | None = None
    if request.method == "POST":
        try:
            run = _print(request, row, units)
        except NotPermitted:
            raise
        except Refused as refused:
            fault = refused
        else:
            if run.copies.count() > paper_print.AT_ONCE:
                paper_print.start(actor=request.user, run=run)
                messages.success(request, _("The copies are numbered; their PDF is being made."))
            else:
                messages.success(request, _("The copies are ready to be printed."))
            return redirect("field:paper_run", pk=run.pk)
    tree = questionnaire_of(row.questionnaire)
    context = {
        "round": row,
        "units": units,
        "languages": [(code, name_of(code)) for code in tree.languages],
        "runs": [(run, paper_queries.counts_of(run)) for run in paper_queries.RUNS.filter(round=row)],
        "given": request.POST,
        "fault": fault,
        "open": row.state in {"planned", "open"},
    }
    return render(request, "field/paper_runs.html", context, status=UNPROCESSABLE if fault else 200)


def _print(request: StaffRequest, row: Round, units: list[Unit]) -> PaperRun:
    given = request.POST
    chosen = [unit for unit in units if str(unit.pk) == given.get("unit")]
    return paper_actions.print_run(
        actor=request.user,
        round=row,
        unit=chosen[0] if chosen else row.unit,
        copies=_whole(given.get("copies", ""), "copies"),
        named=given.get("named") == "yes",
        percent_twice=_whole(given.get("percent_twice", ""), "percent_twice"),
        language=_language(given.get("language", "")),
    )


def _language(code: str) -> str:
    return "zh-hans" if code in {"", "zh"} else code[:10]


def _whole(text: str, field: str) -> int:
    """A whole number, nothing as 0; raises Refused for anything else."""
    if not text.strip():
        return 0
    if not text.strip().isascii() or not text.strip().isdigit():
        raise Refused(Label("请填写整数。", "Give a whole number."), field=field)
    return int(text.strip()[:9])


@require_GET
@needs("surveys.field")
def specimen(request: StaffRequest, pk: int) -> HttpResponse:
    """One blank copy without a number."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    language = _language(request.GET.get("language", ""))
    return _pdf(form_pdf(questionnaire_of(row.questionnaire), [], language), f"specimen-{pk}.pdf")


@require_GET
@needs("surveys.field")
def form(request: StaffRequest, pk: int) -> HttpResponseBase:
    """All copies of a run, to be printed; of many copies what the background work has made."""
    run = find(request, paper_queries.RUNS, verb="surveys.field", pk=pk)
    if run.copies.count() > paper_print.AT_ONCE:
        made = paper_print.printed(run)
        return as_download(made) if made else redirect("field:paper_run", pk=pk)
    tree = questionnaire_of(run.round.questionnaire)
    return _pdf(form_pdf(tree, run.copies.all(), run.language), f"{run.prefix}.pdf")


@require_POST
@needs("surveys.field")
def print_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin to print a run with many copies in the background, if that is not going on."""
    run = find(request, paper_queries.RUNS, verb="surveys.field", pk=pk)
    paper_print.start(actor=request.user, run=run)
    return redirect("field:paper_run", pk=pk)


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
@needs("surveys.field")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a run came: its copies, what is to be decided, its clerks, its scans."""
    run = find(request, paper_queries.RUNS, verb="surveys.field", pk=pk)
    counts = paper_queries.counts_of(run)
    page = page_of(request, run.copies.select_related("invitation__customer").order_by("number"), _PAGE)
    many = counts["all"] > paper_print.AT_ONCE
    context = {
        "run": run,
        "page": page,
        "job": paper_print.job_of(run) if many else None,
        "ready": not many or paper_print.printed(run) is not None,
        "counts": counts,
        "states": [(label, counts[state]) for state, label in paper_rules.COPY_STATES.items()],
        "copies": [(copy, paper_rules.COPY_STATES[copy.state]) for copy in page],
        "clerks": paper_queries.clerks_of(run),
        "scans": [(file, file.content_type in PICTURES) for file in attachments.held_by(run).order_by("pk")],
    }
    return render(request, "field/paper_run.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("surveys.field")
def decide(request: StaffRequest, serial: str) -> HttpResponse:
    """Both entries of a copy side by side where they differ; posting decides."""
    copy = find(request, paper_queries.COPIES, verb="surveys.field", serial=serial)
    entries = paper_queries.standing(copy)
    if copy.state != "differs" or len(entries) != 2:
        return redirect("field:paper_copy", serial=serial)
    first, second = entries
    blanks = paper_form.blanks_of(questionnaire_of(copy.run.round.questionnaire))
    names = paper_rules.differences([blank.name for blank in blanks], first.values, second.values)
    fault: Refused | None = None
    if request.method == "POST":
        try:
            paper_actions.decide(actor=request.user, copy=copy, choices=_choices(request, names))
        except NotPermitted:
            raise
        except Refused as refused:
            fault = refused
        else:
            messages.success(request, _("%(serial)s is decided and entered.") % {"serial": serial})
            return redirect("field:paper_run", pk=copy.run_id)
    context = {
        "copy": copy,
        "first": first,
        "second": second,
        "rows": [_row(request, copy, name, first.values, second.values) for name in names],
        "fault": fault,
        "spoken": ours(copy.run.language),
    }
    return render(request, "field/paper_decide.html", context, status=UNPROCESSABLE if fault else 200)


def _row(
    request: StaffRequest, copy: PaperCopy, name: str, first: dict[str, str], second: dict[str, str]
) -> dict[str, str]:
    """One difference: what it is about, both values, and what was chosen so far."""
    titles = questionnaire_of(copy.run.round.questionnaire).titles(copy.run.language)
    code = name.partition(".")[0].partition("-")[0]
    part = titles.get(name, "") if name != code else ""
    return {
        "name": name,
        "title": titles.get(code, name),
        "part": part,
        "first": first.get(name, ""),
        "second": second.get(name, ""),
        "take": request.POST.get(f"take.{name}", ""),
        "new": request.POST.get(f"new.{name}", ""),
    }


def _choices(request: StaffRequest, names: list[str]) -> dict[str, paper_rules.Choice]:
    given = request.POST
    return {
        name: paper_rules.Choice(given.get(f"take.{name}", ""), given.get(f"new.{name}", "")[:5000])
        for name in names
    }
