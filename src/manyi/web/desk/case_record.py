"""One case: head with clock, the acts that are possible now, its story and its facts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import actions, clocks, mentions, router, rules
from manyi.cases.actions import WRITERS
from manyi.cases.choices import CHANNELS, CLOCKS, CONFIDENTIALITIES, FOUNDED, KINDS, SEVERITIES, label_of
from manyi.cases.complainant_words import STARS
from manyi.cases.contact_reading import readings, show_contact
from manyi.cases.guards import call_back_settles, what_comes_first
from manyi.cases.models import Case, Category
from manyi.cases.step_actions import file_of
from manyi.cases.suggesting import suggestion
from manyi.cases.wording import category_choices, clock_words
from manyi.cases.workflow import MACHINE
from manyi.improvement.actions import detect
from manyi.improvement.models import Finding
from manyi.kernel.labels import Label
from manyi.organisation import access, attachments, clock
from manyi.organisation.people import holding
from manyi.responses.models import Response
from manyi.web.acts import facts_of, possible
from manyi.web.desk.case_story import story
from manyi.web.desk.case_work import work_of
from manyi.web.desk.groups import alike
from manyi.web.desk.mails import to_split
from manyi.web.desk.words import words_for
from manyi.web.guard import StaffRequest, find, needs

ROWS = Case.objects.select_related(
    "unit",
    "category",
    "owner",
    "about_person",
    "policy",
    "customer",
    "response__round",
    "response__unit",
    "merged_into",
)


@require_GET
@needs("cases.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one case."""
    case = find(request, ROWS, pk=pk)
    context = {"case": case, **_head(case), **_acts(request, case), **_facts(request, case)}
    context |= work_of(request, case) | alike(request, case)
    posts = case.posts.filter(same_as=None, state="message").select_related("source").order_by("pk")[:3]
    context |= {"story": story(case), "to_split": to_split(request, case), "posts": posts}
    context |= words_for(case)
    mentions.saw(request.user, case)
    return render(request, "desk/case.html", context)


def _head(case: Case) -> dict[str, Any]:
    now = clock.now()
    running = clocks.readings(case, now)
    shown = clocks.shown(case, running)
    return {
        "state": MACHINE.state(case.state),
        "kind": label_of(KINDS, case.kind),
        "clock_words": clock_words(shown) if shown else None,
        "late": bool(shown and shown.late) or bool(case.due_at and case.due_at < now),
        "running": [(clock_words(reading), reading.due) for reading in running],
    }


def _acts(request: StaffRequest, case: Case) -> dict[str, Any]:
    file, person = file_of(case, clock.now()), request.user
    verbs = access.verbs(person, case.unit)
    settled = call_back_settles(file.calls)
    people = holding("cases.handle", case.unit)
    if case.about_person_id:
        people = people.exclude(pk=case.about_person_id)
    likely = rules.likely_step(case.state, case.kind, settled=settled)
    acts = possible(MACHINE, file, case.state, verbs, person.pk)
    suggested = suggestion(case) if case.state == "acknowledged" and not case.category_id else None
    choice = _routed(case, suggested.category if suggested else case.category)
    return {
        "acts": sorted(acts, key=lambda act: act.name != likely),
        "likely": likely,
        "candidates": people,
        "picks": {"category": category_choices(Category.objects.all(), chosen=case.category_id)},
        "picked": {
            "category": case.category_id or (suggested.category.pk if suggested else None),
            "assign": choice.person.pk if choice and choice.person else None,
        },
        "hints": {"assign": _why(choice)} if choice else {},
        "suggested": suggested,
        "first": what_comes_first(file) if person.pk == case.owner_id else [],
        "may_write": bool(verbs & set(WRITERS)),
        "may_describe": "cases.dispatch" in verbs and MACHINE.state(case.state).open,
        "may_find": "findings.manage" in verbs,
    }


def _routed(case: Case, category: Category | None) -> router.Choice | None:
    """Whom the rules suggest while somebody has to choose the handler."""
    if case.state != "acknowledged":
        return None
    wanted = router.matter(case.unit, case.kind, case.severity, category, about=case.about_person_id)
    return router.choice_for(wanted, case.unit)


def _why(choice: router.Choice) -> Label:
    who, why, rule = choice.person, choice.why, choice.rule
    if who is None:
        return Label(f"规则“{rule}”:{why.zh}。", f"Rule “{rule}”: {why.en}.")
    return Label(f"推荐 {who}:{why.zh}(规则“{rule}”)。", f"Suggested: {who}, {why.en} (rule “{rule}”).")


def _facts(request: StaffRequest, case: Case) -> dict[str, Any]:
    return {
        "channel": label_of(CHANNELS, case.channel),
        "severity": label_of(SEVERITIES, case.severity),
        "founded": label_of(FOUNDED, case.founded) if case.founded else None,
        "identity": label_of(CONFIDENTIALITIES, case.confidentiality),
        "contact": show_contact(actor=request.user, case=case),
        "readings": readings(case)[:20] if access.may(request.user, "events.view", case) else [],
        "findings": access.visible(request.user, Finding.objects.filter(cases=case)),
        "ratings": [(row, dict(STARS)[row.stars]) for row in case.ratings.all()],
        "assignments": case.assignments.select_related("person"),
        "results": [
            (row, label_of(CLOCKS, row.name)) for row in case.clock_results.order_by("cycle", "stopped_at")
        ],
        "answers": _answers(request, case),
        "photos": attachments.held_by(case).order_by("pk"),
        "score": case.response.scores.first() if case.response else None,
    }


def _answers(request: StaffRequest, case: Case) -> Response | None:
    """The answer sheet that opened the case, if this person may read it; nobody may in an anonymous round."""
    sheet = case.response
    if sheet is None or sheet.round.anonymous or not access.may(request.user, "responses.view", sheet):
        return None
    return sheet


@require_POST
@needs("cases.view")
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a step of the workflow with what was filled in."""
    case = find(request, ROWS, pk=pk)
    name = request.POST.get("act", "")
    facts = facts_of(MACHINE.transition(name), {key: str(value) for key, value in request.POST.items()})
    case = actions.advance(case=case, name=name, actor=request.user, facts=facts)
    messages.success(request, _("Done."))
    return redirect("desk:case", pk=pk)


@require_POST
@needs("findings.manage")
def to_finding(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a case up as something to be improved for good."""
    case = find(request, ROWS, pk=pk)
    finding = detect(
        actor=request.user,
        unit=case.unit,
        source="single_case",
        title=case.subject,
        category=case.category,
        key=f"case:{case.pk}",
        cases=[case],
    )
    return redirect("desk:finding", pk=finding.pk)
