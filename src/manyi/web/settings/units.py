"""The tree of units: look, add, rename, take out of use."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access, actions
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import CREATE, chosen_unit, form_page, unit_choices, units_for

SAVED = Label("已保存。", "Saved.")
CODE = Label("编号", "Code")
NAME = Label("名称", "Name")
NAME_EN = Label("英文名称", "Name in English")


@require_GET
@needs("units.manage")
def tree(request: StaffRequest) -> HttpResponse:
    """The units that the person looks after, as a tree."""
    rows = access.visible(request.user, Unit.objects.annotate(people=Count("grants__person", distinct=True)))
    kinds = [(unit, actions.UNIT_KINDS.get(unit.kind)) for unit in in_tree_order(rows)]
    return render(request, "settings/units.html", {"units": kinds})


@require_http_methods(["GET", "POST"])
@needs("units.manage")
def new(request: StaffRequest) -> HttpResponse:
    """Add a unit under another."""
    above = units_for(request, "units.manage")

    def act(given: Mapping[str, str]) -> str:
        actions.create_unit(
            actor=request.user,
            code=given.get("code", ""),
            name=given.get("name", ""),
            name_en=given.get("name_en", ""),
            kind=given.get("kind", ""),
            parent=chosen_unit(request, "units.manage", given.get("unit", "")),
        )
        return reverse("settings:units")

    fields = [
        Field(
            "unit", Label("上级部门", "Under"), "select", request.GET.get("under", ""), unit_choices(above)
        ),
        Field("kind", Label("类型", "Kind"), "select", "department", list(actions.UNIT_KINDS.items())),
        Field("code", CODE, help=Label("导入文件时用来认出部门。", "Files name the unit by it.")),
        Field("name", NAME),
        Field("name_en", NAME_EN, required=False),
    ]
    heading, done = Label("新建部门", "New unit"), Label("部门已建立。", "The unit is made.")
    back = reverse("settings:units")
    return form_page(request, heading=heading, fields=fields, act=act, done=done, submit=CREATE, back=back)


@require_http_methods(["GET", "POST"])
@needs("units.manage")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a unit, or take it out of use."""
    unit = find(request, Unit.objects.all(), pk=pk)

    def act(given: Mapping[str, str]) -> str:
        actions.change_unit(
            actor=request.user,
            unit=unit,
            name=given.get("name", ""),
            name_en=given.get("name_en", ""),
            active=given.get("active") == "yes",
            why=given.get("why", ""),
        )
        return reverse("settings:units")

    fields = [
        Field("name", NAME, value=unit.name),
        Field("name_en", NAME_EN, value=unit.name_en, required=False),
        Field("active", Label("使用中", "In use"), "check", "yes" if unit.active else ""),
        Field("why", Label("变更原因", "Why it changes"), required=False),
    ]
    heading = Label(f"{unit.name}({unit.code})", f"{unit.name_en or unit.name} ({unit.code})")
    back = reverse("settings:units")
    return form_page(request, heading=heading, fields=fields, act=act, done=SAVED, back=back)
