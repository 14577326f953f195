"""The organisation's own values, and the lists that all customer files share."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from manyi.customers.actions import save_product, save_segment
from manyi.customers.models import Product, Segment
from manyi.kernel.labels import Label
from manyi.organisation import access, actions
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.organisation.settings import SETTINGS, value
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import form_page

INPUTS = {"number": "number", "colour": "color"}


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def values(request: StaffRequest) -> HttpResponse:
    """Every declared setting without a page of its own; only what was changed is stored."""

    own = [spec for spec in SETTINGS.values() if not spec.group]

    def act(given: Mapping[str, str]) -> str:
        with transaction.atomic():
            for key in (spec.key for spec in own):
                if key in given and given[key] != str(value(key)):
                    actions.set_setting(actor=request.user, key=key, value=given[key])
        return reverse("settings:values")

    fields = [
        Field(
            spec.key, spec.label, INPUTS.get(spec.kind, "text"), str(value(spec.key)), help=spec.explanation
        )
        for spec in own
    ]
    return form_page(
        request,
        heading=Label("系统设置", "Organisation"),
        fields=fields,
        act=act,
        done=Label("设置已保存。", "The settings are saved."),
        back=reverse("settings:home"),
    )


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def lists(request: StaffRequest) -> HttpResponse:
    """Segments and products: the whole lists, and one line to add to each."""
    if request.method == "POST":
        save = {"segment": save_segment, "product": save_product}.get(request.POST.get("list", ""))
        if save is None:
            raise Refused(Label("没有这个列表。", "There is no such list."))
        words = {name: request.POST.get(name, "") for name in ("code", "name", "name_en")}
        save(actor=request.user, **words)
        return redirect("settings:lists")
    root = Unit.objects.filter(parent=None).first()
    context = {
        "lists": [
            ("segment", Label("客户类别", "Segments"), Segment.objects.all()),
            ("product", Label("产品", "Products"), Product.objects.all()),
        ],
        "may_edit": root is not None and access.may(request.user, "customers.edit", root),
    }
    return render(request, "settings/lists.html", context)
