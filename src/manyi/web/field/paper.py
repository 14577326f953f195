"""Entering paper: a copy is found by its serial number, typed in on one page, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.organisation import access, attachments
from manyi.responses import paper_actions, paper_form, paper_queries, paper_rules
from manyi.responses.models import PaperCopy, PaperEntry
from manyi.responses.paper_scan_actions import PICTURES
from manyi.surveys.definition import Questionnaire
from manyi.surveys.queries import questionnaire_of
from manyi.web.download import as_download, as_picture
from manyi.web.field.paper_pdf import Numbered, numbered
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.public.fields import PREFIX
from manyi.web.refusals import UNPROCESSABLE

SHOWN = 20
_LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Box:
    """One input of the entry screen: its blank, what was typed, and whether that fits the form."""

    blank: paper_form.Blank
    title: str
    choices: list[tuple[str, str]]
    value: str
    wrong: bool
    insisted: bool

    @property
    def name(self) -> str:
        """The field in the posted form."""
        return f"{PREFIX}{self.blank.name}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the entry screen, with its boxes."""

    place: Numbered
    title: str
    boxes: list[Box]


@require_GET
@needs("surveys.call")
def index(request: StaffRequest) -> HttpResponse:
    """Which copy to enter: its number typed or its code scanned; and what was entered last."""
    asked = request.GET.get("serial", "").strip()
    serial = paper_rules.read_serial(asked)
    if serial and access.visible(request.user, PaperCopy.objects.filter(serial=serial)).exists():
        return redirect("field:paper_copy", serial=serial)
    entries = PaperEntry.objects.filter(clerk=request.user, undone_at=None).select_related("copy")
    runs = access.visible(request.user, paper_queries.RUNS.filter(round__state="open"))
    context = {
        "asked": asked,
        "runs": [(run, paper_queries.counts_of(run)) for run in runs[:SHOWN]],
        "entries": [
            (entry, paper_rules.COPY_STATES[entry.copy.state]) for entry in entries.order_by("-at")[:SHOWN]
        ],
    }
    return render(request, "field/paper.html", context, status=UNPROCESSABLE if asked else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("surveys.call")
def entry(request: StaffRequest, serial: str) -> HttpResponse:
    """The whole copy on one page, in the order of the form; of an entered one what became of it."""
    copy = find(request, paper_queries.COPIES, serial=serial)
    tree = questionnaire_of(copy.run.round.questionnaire)
    blanks = paper_form.blanks_of(tree)
    typed = {blank.name: request.POST.get(f"{PREFIX}{blank.name}", "")[:_LONGEST] for blank in blanks}
    wrong: set[str] = set()
    if request.method == "POST":
        wrong = set(paper_form.out_of_range(blanks, paper_form.tidied(blanks, typed)))
        if wrong <= set(request.POST.getlist("insist")):
            row = paper_actions.enter(actor=request.user, copy=copy, typed=typed)
            messages.success(request, _told(row))
            return redirect("field:paper")
    mine = [each for each in paper_queries.standing(copy) if each.clerk_id == request.user.pk]
    context = {
        "copy": copy,
        "state": paper_rules.COPY_STATES[copy.state],
        "waits": copy.state in {"out", "once"} and not mine,
        "may_undo": bool(mine) or (copy.state != "out" and access.may(request.user, "surveys.field", copy)),
        "may_decide": copy.state == "differs" and access.may(request.user, "surveys.field", copy),
        "parts": _parts(tree, copy.run.language, typed, wrong, request.POST.getlist("insist")),
        "spoken": copy.run.language,
        "wrong": len(wrong),
        "scans": [(file, file.content_type in PICTURES) for file in attachments.held_by(copy).order_by("pk")],
    }
    return render(request, "field/paper_entry.html", context, status=UNPROCESSABLE if wrong else 200)


def _told(row: PaperCopy) -> str:
    words = {
        "once": _("%(serial)s is kept; somebody else enters it once more."),
        "differs": _("%(serial)s is kept; the two entries differ and will be decided."),
    }.get(row.state, _("%(serial)s is entered."))
    if row.response is not None and row.response.state == "screened_out":
        words = _("%(serial)s is kept but does not count: its quota is full.")
    return words % {"serial": row.serial}


def _parts(
    tree: Questionnaire, language: str, typed: dict[str, str], wrong: set[str], insisted: list[str]
) -> list[tuple[str, list[Asked]]]:
    """The sections with their questions, as printed."""

    def box(blank: paper_form.Blank) -> Box:
        choices = [(code, title.text(language)) for code, _own, title in blank.codes]
        name, title = blank.name, blank.title.text(language)
        return Box(blank, title, choices, typed[name], name in wrong, name in insisted)

    def asked(place: Numbered) -> Asked:
        boxes = [box(blank) for blank in paper_form.question_blanks(place.question)]
        return Asked(place, place.question.title.text(language), boxes)

    return [
        (section.title.text(language), [asked(place) for place in numbered(tree, section, language)])
        for section in tree.sections
    ]


@require_POST
@needs("surveys.call")
def undo(request: StaffRequest, serial: str) -> HttpResponse:
    """Take the last entry of a copy back."""
    copy = find(request, paper_queries.COPIES, serial=serial)
    paper_actions.undo(actor=request.user, copy=copy)
    messages.success(request, _("The entry was taken back."))
    return redirect("field:paper_copy", serial=serial)


@require_GET
@needs("surveys.call")
def scan(request: StaffRequest, serial: str, sha256: str) -> HttpResponseBase:
    """One scan of a copy: a picture for the page beside the entry, anything else as a download."""
    copy = find(request, paper_queries.COPIES, serial=serial)
    kept = attachments.held_by(copy).filter(sha256=sha256).first()
    if kept is None:
        raise Http404
    if kept.content_type not in PICTURES:
        return as_download(kept)
    answer = as_picture(kept)
    answer["Cache-Control"] = "private, no-store"
    return answer
