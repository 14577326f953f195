"""Settings of deadlines: a new version for a unit, ready ones of laws and trades, and what moved by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.cases import policy_actions, rules
from manyi.cases.choices import AMOUNT_UNITS, CLOCKS, label_of
from manyi.cases.models import SlaPolicy
from manyi.cases.policy_actions import CLOCKS_RECOMPUTED
from manyi.cases.presets import PRESETS, preset
from manyi.cases.warnings import TO, rules_of
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Event
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

#: What the form asks of each rule of warning, by whom it tells: days before the deadline, or after it.
WARNED = {
    "owner": Label("到期前几个工作日提醒承办人", "Working days before, the handler is reminded"),
    "department_head": Label(
        "超期几个工作日升级部门负责人", "Working days after, the department head is told"
    ),
    "quality_director": Label(
        "超期几个工作日升级质量总监", "Working days after, the quality director is told"
    ),
}


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def policy(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """Change deadlines (a new version), or set some for a unit of its own."""
    row = get_object_or_404(SlaPolicy.objects.select_related("unit"), pk=pk) if pk else None

    def act(given: Mapping[str, str]) -> str:
        applied = given.get("apply") == "yes"
        policy_actions.save_policy(
            actor=request.user,
            code=row.code if row else given.get("code", "").strip(),
            name=given.get("name", ""),
            unit=row.unit if row else chosen_unit(request, "settings.manage", given.get("unit", "")),
            targets=_targets(given),
            warnings=_warnings(given),
            apply_to_open=applied,
        )
        return reverse("desk:deadlines_moved" if applied else "desk:case_settings")

    return form_page(
        request,
        heading=Label("修改办理时限", "Change the deadlines"),
        fields=_fields(row, unit_choices(units_for(request, "settings.manage"))),
        act=act,
        done=Label("已保存。", "Saved."),
        back=reverse("desk:case_settings"),
    )


@require_GET
@needs("settings.manage")
def moved(request: StaffRequest) -> HttpResponse:
    """The deadlines of open cases that moved when they were computed anew the last time."""
    rows = access.visible(
        request.user, Event.objects.filter(kind=CLOCKS_RECOMPUTED.id), verb="settings.manage"
    )
    event = rows.order_by("-seq").first()
    listed = [
        (number, label_of(CLOCKS, clock), _moment(before), _moment(after))
        for number, clock, before, after in (event.data.get("which", []) if event else [])
    ]
    return render(request, "desk/deadlines_moved.html", {"event": event, "listed": listed})


def _moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _targets(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The targets of the form; those of a ready set where the form names one and gives no figure."""
    targets = {
        name: {"amount": _amount(given.get(f"{name}_amount", "")), "unit": given.get(f"{name}_unit")}
        for name in rules.CLOCKS
        if given.get(f"{name}_amount")
    }
    ready = preset(given.get("preset", ""))
    return ready.targets if ready and not targets else targets


def _warnings(given: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"amount": f"-{text}" if to == "owner" and text != "0" else text, "unit": "working_days", "to": to}
        for to, _ in TO
        if (text := given.get(f"warn_{to}", "").strip())
    ]


def _amount(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _fields(row: SlaPolicy | None, units: list[tuple[str, str]]) -> list[Field]:
    own = [] if row else [
        Field("code", Label("编号", "Code")),
        Field("unit", Label("部门及其下级", "Unit and all below it"), "select", choices=units),
    ]  # fmt: skip
    fields = [*own, Field("name", Label("名称", "Name"), value=row.name if row else "")]
    if row is None:
        fields.append(_ready())
    return [*fields, *_clock_fields(row.targets if row else {}), *_warning_fields(row), _apply()]


def _ready() -> Field:
    choices = [(ready.id, Label(f"{ready.label.zh}({ready.source})", f"{ready.label.en} ({ready.source})"))
               for ready in PRESETS]  # fmt: skip
    words = Label(
        "下面的数字全部留空时采用;请先核对现行有效的规定。",
        "Taken when all figures below are left empty; check the text in force first.",
    )
    return Field("preset", Label("现成时限", "Ready deadlines"), "select", "", choices, False, words)


def _clock_fields(targets: Mapping[str, Mapping[str, Any]]) -> list[Field]:
    fields = []
    for name in rules.CLOCKS:
        target, label = targets.get(name, {}), label_of(CLOCKS, name)
        amount = Label(f"{label.zh}:数量", f"{label.en}: how many")
        unit = Label(f"{label.zh}:单位", f"{label.en}: of what")
        fields += [
            Field(f"{name}_amount", amount, "number", str(target.get("amount", "")), required=False),
            Field(f"{name}_unit", unit, "select", target.get("unit", "working_days"), AMOUNT_UNITS),
        ]
    return fields


def _warning_fields(row: SlaPolicy | None) -> list[Field]:
    held = {rule.to: abs(rule.amount) for rule in rules_of(row.warnings if row else [])}
    return [
        Field(f"warn_{to}", label, "number", str(held.get(to, "")), required=False)
        for to, label in WARNED.items()
    ]


def _apply() -> Field:
    words = Label(
        "否则在办诉求仍按登记时的时限。已停止的时限不变。",
        "Else open cases keep the deadlines under which they came. What has stopped never moves.",
    )
    choices = (
        ("no", Label("只用于新诉求", "New cases only")),
        ("yes", Label("在办诉求也重新计算", "Open cases too")),
    )
    return Field("apply", Label("用于", "Applies to"), "select", "no", choices, help=words)
