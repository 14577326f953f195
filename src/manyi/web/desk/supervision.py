"""Supervision samples: the list, drawing one, its record with figures, and the file of it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases.choices import KINDS, label_of
from manyi.cases.models import Assessment, SupervisionSample
from manyi.cases.supervision import assessment_actions, results, rules, sample_actions
from manyi.cases.supervision.checklist_actions import offered
from manyi.cases.supervision.results import Judged
from manyi.cases.supervision.rules import Criterion, Frame
from manyi.cases.supervision.sample_actions import Population
from manyi.cases.supervision.workflow import ASSESSMENT, SAMPLE
from manyi.kernel.labels import Label
from manyi.measures.figure import Interval
from manyi.organisation import access, clock
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.web.acts import facts_of, possible
from manyi.web.desk.supervision_file import workbook
from manyi.web.forms import Field, general_fault, given_back
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE
from manyi.web.settings.pages import chosen_unit, page_of, page_values, unit_choices, units_for

SEE, LEAD = "cases.assess", "cases.sample"
SAMPLES = SupervisionSample.objects.select_related("unit", "checklist", "drawn_by")
USUAL_DAYS, USUAL_SIZE = 30, 10
#: So many units stand beside each other in the table of figures; the file has all of them.
UNITS_SHOWN = 8


@require_GET
@needs(SEE)
def index(request: StaffRequest) -> HttpResponse:
    """The samples of one's units, the newest first."""
    rows = access.visible(request.user, SAMPLES).annotate(
        assessed=Count("assessments", filter=~Q(assessments__state="waiting")),
        objections=Count("assessments", filter=Q(assessments__state="objected")),
    )
    page = page_of(request, rows.order_by("-drawn_at", "-pk"))
    listed = [(row, SAMPLE.state(row.state), _kind(row)) for row in page]
    waiting = assessment_actions.to_assess(request.user).count()
    return render(request, "desk/samples.html", {"page": page, "rows": listed, "waiting": waiting})


def _kind(row: SupervisionSample) -> Label | None:
    return label_of(KINDS, row.kind) if row.kind else None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a draw would be taken from, and how sure its shares would be."""

    cases: int
    handlers: int
    size: int
    hits: int
    interval: Interval | None
    problem: Label | None

    @property
    def percent(self) -> float:
        """The share for which the interval stands."""
        return self.hits / self.size if self.size else 0.0


@require_http_methods(["GET", "POST"])
@needs(LEAD)
def new(request: StaffRequest) -> HttpResponse:
    """Say what is drawn from, look how many there are and how sure the result will be, and draw."""
    fields, context, status = _fields(request), dict[str, Any](), 200
    given = page_values(request.POST.dict())
    if request.method == "POST":
        try:
            if given.get("act") == "count":
                fields = [replace(field, value=given.get(field.name, "")) for field in fields]
                context["counted"] = _count(request, given)
            else:
                return redirect("desk:sample", pk=_draw(request, given).pk)
        except NotPermitted:
            raise
        except Refused as refused:
            fields, status = given_back(fields, given, refused), UNPROCESSABLE
            context["fault"] = general_fault(fields, refused)
    return render(request, "desk/sample_new.html", {"fields": fields, **context}, status=status)


def _fields(request: StaffRequest) -> list[Field]:
    today = timezone.localtime(clock.now()).date()
    units = unit_choices(units_for(request, LEAD))
    lists = [(str(row.pk), Label(str(row), f"{row.name_en or row.name} v{row.number}")) for row in offered()]
    first = today - timedelta(days=USUAL_DAYS)
    hint = Label(
        "留空则由系统生成;同一种子和同一总体总是抽出同一批诉求。",
        "Left empty, one is made. The same seed and population always give the same cases.",
    )
    return [
        Field(
            "unit",
            Label("部门及其下级", "Unit and all below it"),
            "select",
            _first(units),
            units,
        ),
        Field("kind", Label("诉求类别", "Kind of case"), "select", "", KINDS, required=False),
        Field("since", Label("办结日期从", "Closed from"), "date", first.isoformat()),
        Field("until", Label("到", "To"), "date", today.isoformat()),
        Field("method", Label("抽取方法", "Method"), "select", "simple", rules.METHODS),
        Field("size", Label("抽取件数", "Cases to draw"), "number", str(USUAL_SIZE)),
        Field("checklist", Label("评查标准", "Checklist"), "select", _first(lists), lists),
        Field("seed", Label("随机种子", "Seed"), required=False, help=hint),
    ]


def _first(choices: Sequence[tuple[str, Any]]) -> str:
    return choices[0][0] if choices else ""


def _population(request: StaffRequest, given: Mapping[str, str]) -> Population:
    unit = chosen_unit(request, LEAD, given.get("unit", ""))
    days, problems = dict[str, date](), list[tuple[str, Label]]()
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(given.get(name, ""))
            if not 2000 <= days[name].year <= 2100:
                raise ValueError(name)
        except ValueError:
            problems.append((name, Label("请填写日期。", "Please give the day.")))
    if problems:
        raise Invalid(problems)
    population = Population(unit, days["since"], days["until"], given.get("kind", ""))
    if population.problems():
        raise Invalid(population.problems())
    return population


def _size(given: Mapping[str, str]) -> int:
    text = given.get("size", "").strip()
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _count(request: StaffRequest, given: Mapping[str, str]) -> Counted:
    frame, size, method = _population(request, given).frame(), _size(given), given.get("method", "")
    problems = sample_actions.size_problems(frame, method, size)
    people = len(set(frame.handlers))
    if problems:
        return Counted(len(frame.cases), people, size, 0, None, problems[0][1])
    hits, interval = rules.likely_interval(method, size, len(frame.cases))
    return Counted(len(frame.cases), people, size, hits, interval, None)


def _draw(request: StaffRequest, given: Mapping[str, str]) -> SupervisionSample:
    chosen = given.get("checklist", "")
    sample = sample_actions.draw_sample(
        actor=request.user,
        population=_population(request, given),
        method=given.get("method", ""),
        size=_size(given),
        checklist=sample_actions.chosen_checklist(int(chosen) if chosen.isdecimal() else 0),
        seed=given.get("seed", ""),
    )
    messages.success(request, _("The sample is drawn."))
    return sample


@require_GET
@needs(SEE)
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One sample: its rule and seed, what is assessed, and the shares fulfilled."""
    sample = find(request, SAMPLES, pk=pk)
    criteria = rules.criteria_of(sample.checklist.criteria)
    rows = list(rows_of(sample))
    units, table = figures_of(sample, rows, criteria)
    hits, interval = rules.likely_interval(sample.method, sample.size, sample.population)
    file = sample_actions.file_of(sample)
    verbs = access.verbs(request.user, sample.unit)
    context = {
        "sample": sample,
        "state": SAMPLE.state(sample.state),
        "kind": _kind(sample),
        "method": dict(rules.METHODS)[sample.method],
        "counted": Counted(sample.population, 0, sample.size, hits, interval, None),
        "file": file,
        "acts": possible(SAMPLE, file, sample.state, verbs, request.user.pk),
        "rows": [_line(row, criteria) for row in rows],
        "units": units[:UNITS_SHOWN],
        "left_out": len(units) - UNITS_SHOWN,
        "table": [(row, [row.units[unit.pk] for unit in units[:UNITS_SHOWN]]) for row in table],
        "may_lead": LEAD in verbs,
    }
    return render(request, "desk/sample.html", context)


def rows_of(sample: SupervisionSample) -> QuerySet[Assessment]:
    """The drawn cases with what is told of each."""
    return sample.assessments.select_related("case", "handler", "unit", "assessor", "decided_by")


def _line(row: Assessment, criteria: list[Criterion]) -> dict[str, Any]:
    return {
        "row": row,
        "state": ASSESSMENT.state(row.state),
        "points": rules.points(criteria, row.results),
        "passed": rules.passed(criteria, row.results),
        "failed": rules.failed_musts(criteria, row.results),
    }


def figures_of(
    sample: SupervisionSample, rows: list[Assessment], criteria: list[Criterion]
) -> tuple[list[Unit], list[results.Row]]:
    """The units of the frame from which cases were drawn, and the table of shares."""
    drawn = {row.unit_id: row.unit for row in rows}
    sizes: dict[int, int] = {}
    for unit in Frame.unpacked(bytes(sample.frame)).units:
        sizes[unit] = sizes.get(unit, 0) + 1
    judged = [Judged(row.unit_id, row.weight, row.results) for row in rows]
    table = results.table(criteria, judged, sizes)
    return in_tree_order(drawn.values()), table


@require_POST
@needs(LEAD)
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Finish a sample, take it up again, or withdraw it."""
    sample, name = find(request, SAMPLES, verb=LEAD, pk=pk), request.POST.get("act", "")
    facts = facts_of(SAMPLE.transition(name), page_values(request.POST.dict()))
    sample_actions.advance_sample(actor=request.user, sample=sample, name=name, facts=facts)
    messages.success(request, _("Done."))
    return redirect("desk:sample", pk=pk)


@require_POST
@needs(SEE)
def prove(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw again from what was kept and say whether it gives the same cases."""
    if sample_actions.prove(actor=request.user, sample=find(request, SAMPLES, pk=pk)):
        messages.success(request, _("Drawn again from the kept list with the kept seed: the same cases."))
    else:
        messages.error(request, _("Drawn again, it gives other cases: the record was changed."))
    return redirect("desk:sample", pk=pk)


@require_GET
@needs(SEE)
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """Figures and cases as a workbook."""
    sample = find(request, SAMPLES, pk=pk)
    criteria, rows = rules.criteria_of(sample.checklist.criteria), list(rows_of(sample))
    units, table = figures_of(sample, rows, criteria)
    held = io.BytesIO()
    workbook(held, sample, criteria, [(_line(row, criteria)) for row in rows], units, table)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(held.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{sample.number}.xlsx"'
    return response
