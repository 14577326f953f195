"""Rules by which cases find their handler: in their order, changed, deleted, and tried on a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases import queries, router, routing_actions
from manyi.cases.choices import KINDS, SEVERITIES, label_of
from manyi.cases.models import Category, RoutingRule
from manyi.cases.wording import category_choices
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.organisation.people import holding
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

RULES = RoutingRule.objects.select_related("unit", "category", "pool_unit")
VERB = "cases.approve"


@require_GET
@needs(VERB)
def index(request: StaffRequest) -> HttpResponse:
    """The rules of one's units in the order in which they are asked, and a try."""
    rules = access.visible(request.user, RULES.prefetch_related("people"))
    context = {
        "rules": [_line(rule) for rule in rules],
        "units": unit_choices(units_for(request, VERB)),
        "kinds": KINDS,
        "severities": SEVERITIES,
        "categories": category_choices(Category.objects.all()),
        "given": request.GET,
        **_tried(request),
    }
    return render(request, "desk/routing.html", context)


def _line(rule: RoutingRule) -> dict[str, Any]:
    return {
        "rule": rule,
        "kind": label_of(KINDS, rule.kind) if rule.kind else None,
        "severity": label_of(SEVERITIES, rule.severity) if rule.severity else None,
        "people": [str(person) for person in rule.people.all()],
    }


def _tried(request: StaffRequest) -> dict[str, Any]:
    """What the rules say of a case that there is (by number), or of one that is described."""
    given, number = request.GET, request.GET.get("number", "").strip()
    if number:
        case = queries.cases(request.user).filter(number=number).first()
        return {"tried": True, "choice": router.choose(case) if case else None, "unknown": case is None}
    if not given.get("unit"):
        return {}
    unit = chosen_unit(request, VERB, given["unit"])
    wanted = router.matter(
        unit, given.get("kind", ""), given.get("severity", ""), _category(given.get("category", ""))
    )
    return {"tried": True, "choice": router.choice_for(wanted, unit)}


@require_http_methods(["GET", "POST"])
@needs(VERB)
def new(request: StaffRequest) -> HttpResponse:
    """A new rule, behind the others of its unit."""
    return _form(request, Label("新建派单规则", "New routing rule"), None)


@require_http_methods(["GET", "POST"])
@needs(VERB)
def rule(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    return _form(request, Label("修改派单规则", "Change the routing rule"), find(request, RULES, pk=pk))


@require_POST
@needs(VERB)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a rule before, or behind, its neighbour."""
    row = find(request, RULES, pk=pk)
    routing_actions.move_rule(actor=request.user, rule=row, up=request.POST.get("way") == "up")
    return redirect("desk:routing")


@require_POST
@needs(VERB)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a rule."""
    routing_actions.delete_rule(actor=request.user, rule=find(request, RULES, pk=pk))
    messages.success(request, _("The rule was deleted. Cases that it assigned stay with their handlers."))
    return redirect("desk:routing")


def _form(request: StaffRequest, heading: Label, row: RoutingRule | None) -> HttpResponse:
    units, back = units_for(request, VERB), reverse("desk:routing")
    people = _candidates(units)

    def act(given: Mapping[str, str]) -> str:
        routing_actions.save_rule(actor=request.user, facts=_facts(request, given, people), rule=row)
        return back

    return form_page(
        request,
        heading=heading,
        fields=_fields(row, unit_choices(units), people),
        act=act,
        done=Label("已保存。", "Saved."),
        back=back,
    )


def _candidates(units: list[Unit]) -> list[Person]:
    """Everybody who may handle cases somewhere in these units."""
    found = {person.pk: person for unit in units for person in holding("cases.handle", unit)}
    return sorted(found.values(), key=str)


def _facts(
    request: StaffRequest, given: Mapping[str, str], people: list[Person]
) -> routing_actions.RuleFacts:
    pool = given.get("pool_unit", "")
    return routing_actions.RuleFacts(
        name=given.get("name", ""),
        unit=chosen_unit(request, VERB, given.get("unit", "")),
        category=_category(given.get("category", "")),
        kind=given.get("kind", ""),
        severity=given.get("severity", ""),
        pool_unit=chosen_unit(request, VERB, pool) if pool else None,
        people=tuple(person for person in people if f"person-{person.pk}" in given),
        assigns="assigns" in given,
        active="active" in given,
    )


def _category(pk: str) -> Category | None:
    return Category.objects.filter(pk=int(pk)).first() if pk.isdigit() else None


def _fields(row: RoutingRule | None, units: list[tuple[str, str]], people: list[Person]) -> list[Field]:
    rule = row or RoutingRule()
    chosen = set(rule.people.values_list("pk", flat=True)) if row else set()
    categories = [(str(pk), label) for pk, label in category_choices(Category.objects.all())]
    any_one = Label("留空表示不限。", "Empty: all of them.")
    whom = Label("留空则由下面勾选的人承办。", "Empty: the people ticked below.")
    return [
        Field("name", Label("规则名称", "Name of the rule"), value=rule.name),
        Field("unit", Label("适用部门及其下级", "For cases of the unit and all below"), "select",
              str(rule.unit_id or ""), units),
        Field("category", Label("分类(含下级)", "Category (with those below)"), "select",
              str(rule.category_id or ""), categories, required=False, help=any_one),
        Field("kind", Label("诉求类型", "Kind"), "select", rule.kind, KINDS, required=False, help=any_one),
        Field("severity", Label("严重程度", "Severity"), "select", rule.severity, SEVERITIES, required=False,
              help=any_one),
        Field("pool_unit", Label("由此部门的承办人承办", "To the handlers of this unit"), "select",
              str(rule.pool_unit_id or ""), units, required=False, help=whom),
        Field("people", Label("或由勾选的人承办", "Or to those who are ticked"), "heading", required=False),
        *(Field(f"person-{person.pk}", Label(str(person), str(person)), "check",
                "yes" * (person.pk in chosen), required=False) for person in people),
        Field("assigns", Label("受理后自动派单(不勾选则只推荐)",
                               "Assign by itself after acceptance (else it only suggests)"),
              "check", "yes" * rule.assigns, required=False),
        Field("active", Label("启用", "In use"), "check", "yes" * rule.active, required=False),
    ]  # fmt: skip
