"""Settings of cases: the tree of categories, and the deadlines."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases import policy_actions
from manyi.cases.category_sets import SETS
from manyi.cases.choices import CLOCKS
from manyi.cases.models import Category, SlaPolicy
from manyi.cases.wording import amount_words, category_choices
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import form_page

SAVED = Label("已保存。", "Saved.")


@require_GET
@needs("settings.manage")
def index(request: StaffRequest) -> HttpResponse:
    """The categories as a tree, and the deadlines in force."""
    policies = SlaPolicy.objects.filter(active=True).select_related("unit").order_by("unit__path")
    shown = policies.filter(access.within(access.paths(request.user, "settings.manage"), "unit"))
    rows = _rows()
    context = {
        "categories": [
            (row, label) for row, (_pk, label) in zip(rows, category_choices(rows, retired=True), strict=True)
        ],
        "sets": SETS,
        "policies": [(policy, _targets(policy)) for policy in shown],
    }
    return render(request, "desk/case_settings.html", context)


def _rows() -> list[Category]:
    return list(Category.objects.all())


def _targets(policy: SlaPolicy) -> list[tuple[Label, Label]]:
    return [
        (label, amount_words(policy.targets[name]["amount"], policy.targets[name]["unit"]))
        for name, label in CLOCKS
        if name in policy.targets
    ]


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def new_category(request: StaffRequest) -> HttpResponse:
    """A new category."""
    code = Field(
        "code", Label("编号", "Code"), help=Label("例如 service.waiting", "For example service.waiting")
    )
    heading = Label("新建分类", "New category")
    return _category_form(request, heading, [code, *_category_fields(None)], "")


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def category(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename or move a category."""
    row = get_object_or_404(Category, pk=pk)
    heading = Label(f"修改分类 {row.code}", f"Change category {row.code}")
    return _category_form(request, heading, _category_fields(row), row.code)


@require_POST
@needs("settings.manage")
def take_set(request: StaffRequest) -> HttpResponse:
    """Take over the ready categories of an industry."""
    chosen = next((each for each in SETS if each.id == request.POST.get("set")), None)
    if chosen is None:
        raise Refused(Label("请选择行业。", "Choose an industry."), field="set")
    others = request.POST.get("retire_others") == "yes"
    policy_actions.take_set(actor=request.user, chosen=chosen, retire_others=others)
    messages.success(request, _("The categories are ready."))
    return redirect("desk:case_settings")


def _category_fields(row: Category | None) -> list[Field]:
    others = [(str(pk), label) for pk, label in category_choices(_rows()) if row is None or pk != row.pk]
    parent = str(row.parent_id or "") if row else ""
    return [
        Field("name", Label("名称", "Chinese name"), value=row.name if row else ""),
        Field("name_en", Label("英文名称", "English name"), value=row.name_en if row else "", required=False),
        Field("parent", Label("上级分类", "Stands below"), "select", parent, others, required=False),
        Field(
            "active",
            Label("使用中", "In use"),
            "check",
            "yes" if row is None or row.active else "",
            required=False,
            help=Label("停用后不能再选,已有诉求保留。", "Not chosen any more; old cases keep it."),
        ),
    ]


def _category_form(request: StaffRequest, heading: Label, fields: list[Field], code: str) -> HttpResponse:
    back = reverse("desk:case_settings")

    def act(given: Mapping[str, str]) -> str:
        parent = given.get("parent", "")
        policy_actions.save_category(
            actor=request.user,
            code=code or given.get("code", ""),
            name=given.get("name", ""),
            name_en=given.get("name_en", ""),
            parent=Category.objects.filter(pk=int(parent)).first() if parent.isdigit() else None,
            active=given.get("active") == "yes",
        )
        return back

    return form_page(request, heading=heading, fields=fields, act=act, done=SAVED, back=back)
