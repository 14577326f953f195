"""Settings of cases: the tree of categories, and the deadlines."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases import category_actions, category_versions
from manyi.cases.category_changes import KINDS, changes
from manyi.cases.category_sets import SETS
from manyi.cases.choices import CLOCKS
from manyi.cases.models import Category, CategoryVersion, SlaPolicy
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
        "version": category_versions.current(),
        "sets": SETS,
        "policies": [(policy, _targets(policy)) for policy in shown],
    }
    return render(request, "desk/case_settings.html", context)


def _rows() -> list[Category]:
    return list(Category.objects.select_related("merged_into"))


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
    category_actions.take_set(actor=request.user, chosen=chosen, retire_others=others)
    messages.success(request, _("The categories are ready."))
    return redirect("desk:case_settings")


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """End a category in favour of another."""
    row = get_object_or_404(Category, pk=pk)
    back = reverse("desk:case_settings")

    def act(given: Mapping[str, str]) -> str:
        chosen, note = given.get("into", ""), given.get("note", "")
        into = Category.objects.filter(pk=int(chosen)).first() if chosen.isdigit() else None
        if into is None:
            raise Refused(Label("请选择分类。", "Choose a category."), field="into")
        category_actions.merge_category(actor=request.user, category=row, into=into, note=note)
        return back

    others = [(str(each), label) for each, label in category_choices(_rows()) if each != pk]
    help_words = Label(
        "已有诉求保留原分类,统计时计入新分类;派单规则和答复模板不会随之改动,请另行检查。",
        "Old cases keep their category and are counted under the other one. Routing rules and ready answers "
        "do not follow; please look at them.",
    )
    return form_page(
        request,
        heading=Label(f"合并分类 {row.name}", f"Merge the category {row.name_en or row.name}"),
        fields=[
            Field("into", Label("并入", "Into"), "select", "", [("", "–"), *others], help=help_words),
            Field("note", Label("理由", "Reason"), required=False),
        ],
        act=act,
        done=Label("已合并,形成新版本。", "Merged; a new version was made."),
        submit=Label("合并", "Merge"),
        back=back,
    )


@require_POST
@needs("settings.manage")
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an ended category back into use."""
    category_actions.restore_category(actor=request.user, category=get_object_or_404(Category, pk=pk))
    messages.success(request, _("The category is in use again."))
    return redirect("desk:case_settings")


@require_GET
@needs("settings.manage")
def versions(request: StaffRequest) -> HttpResponse:
    """The versions of the tree, and what changed between two of them: by default in the newest."""
    counted = CategoryVersion.objects.select_related("by").annotate(filed=Count("cases"))
    rows = list(counted.order_by("-number"))
    known = {row.number: row for row in rows}
    newer = known.get(_number(request, "to"), rows[0] if rows else None)
    before = newer.number - 1 if newer else 0
    older = known.get(_number(request, "from"), known.get(before))
    tree = older.tree if older else []
    context = {
        "versions": rows,
        "older": older,
        "newer": newer,
        "changes": [(each, KINDS[each.kind]) for each in changes(tree, newer.tree)] if newer else [],
        "size": sum(each["active"] for each in newer.tree) if newer else 0,
    }
    return render(request, "desk/category_versions.html", context)


def _number(request: StaffRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 0


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
        category_actions.save_category(
            actor=request.user,
            code=code or given.get("code", ""),
            name=given.get("name", ""),
            name_en=given.get("name_en", ""),
            parent=Category.objects.filter(pk=int(parent)).first() if parent.isdigit() else None,
            active=given.get("active") == "yes",
        )
        return back

    return form_page(request, heading=heading, fields=fields, act=act, done=SAVED, back=back)
