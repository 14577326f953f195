"""Staff: accounts, and the roles that each person holds over subtrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from manyi.kernel.labels import Label
from manyi.organisation import access, actions, queries
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, RoleGrant, Unit
from manyi.organisation.roles import Role
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import CREATE, chosen_unit, form_page, page_of, unit_choices, units_for
from manyi.web.templatetags.manyi import label_text

ROLES = [(role.value, role.label) for role in Role]


@require_GET
@needs("staff.manage")
def people(request: StaffRequest) -> HttpResponse:
    """The staff of the person's subtrees, with their roles."""
    text = request.GET.get("q", "").strip()
    page = page_of(request, queries.staff(request.user, text=text).order_by("display_name"))
    return render(request, "settings/staff.html", {"page": page, "text": text})


@require_http_methods(["GET", "POST"])
@needs("staff.manage")
def new(request: StaffRequest) -> HttpResponse:
    """Make an account together with its first role, so that nobody stands outside the tree."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "staff.manage", given.get("unit", ""))
        with transaction.atomic():
            person = actions.create_person(
                actor=request.user,
                unit=unit,
                username=given.get("username", ""),
                display_name=given.get("display_name", ""),
                email=given.get("email", ""),
                password=given.get("password", ""),
            )
            role = role_named(given.get("role", ""))
            actions.grant_role(actor=request.user, person=person, role=role, unit=unit)
        return reverse("settings:person", args=[person.pk])

    units = unit_choices(units_for(request, "staff.manage"))
    fields = [
        Field("display_name", Label("姓名", "Name")),
        Field("username", Label("用户名", "User name")),
        Field("email", Label("邮箱", "E-mail"), "email", required=False),
        Field("password", Label("初始密码", "First password"), "password", help=_PASSWORD_HELP),
        Field("unit", Label("部门", "Unit"), "select", choices=units),
        Field("role", Label("角色", "Role"), "select", choices=ROLES),
    ]
    heading, done = Label("新建员工账号", "New staff account"), Label("账号已建立。", "The account is made.")
    back = reverse("settings:staff")
    return form_page(request, heading=heading, fields=fields, act=act, done=done, submit=CREATE, back=back)


_PASSWORD_HELP = Label(
    "至少 8 位;请员工首次登录后修改。", "At least 8 characters; to be changed after the first login."
)


@require_http_methods(["GET", "POST"])
@needs("staff.manage")
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One member of staff: roles to grant and take back, the account to close and open."""
    row = get_object_or_404(queries.staff(request.user), pk=pk)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Refused(Label("没有这个操作。", "There is no such act."))
        act(request, row)
        messages.success(request, label_text(Label("已完成。", "Done.")))
        return redirect("settings:person", pk=pk)
    grants = access.visible(request.user, row.grants.select_related("unit"))
    context = {
        "person": row,
        "grants": [(grant, Role(grant.role)) for grant in grants],
        "elsewhere": row.grants.count() - grants.count(),
        "units": units_for(request, "staff.manage"),
        "roles": list(Role),
    }
    return render(request, "settings/person.html", context)


def role_named(name: str) -> Role:
    """The role that a form names; raises Refused for none."""
    if name not in {role.value for role in Role}:
        raise Refused(Label("请选择角色。", "Please choose a role."), field="role")
    return Role(name)


def _grant(request: StaffRequest, row: Person) -> None:
    unit = chosen_unit(request, "staff.manage", request.POST.get("unit", ""))
    role = role_named(request.POST.get("role", ""))
    actions.grant_role(actor=request.user, person=row, role=role, unit=unit)


def _revoke(request: StaffRequest, row: Person) -> None:
    pk = request.POST.get("grant", "")
    grant = find(request, RoleGrant.objects.filter(person=row), pk=pk if pk.isdigit() else 0)
    actions.revoke_role(actor=request.user, grant=grant, why=request.POST.get("why", ""))


def _unit_here(request: StaffRequest, row: Person) -> Unit:
    """The unit in whose name the account is changed: one of the person's that the actor looks after."""
    grant = access.visible(request.user, row.grants.select_related("unit")).first()
    return grant.unit if grant else units_for(request, "staff.manage")[0]


def _set_active(active: bool) -> Callable[[StaffRequest, Person], None]:
    def act(request: StaffRequest, row: Person) -> None:
        unit, why = _unit_here(request, row), request.POST.get("why", "")
        actions.set_active(actor=request.user, person=row, unit=unit, active=active, why=why)

    return act


def _reset_password(request: StaffRequest, row: Person) -> None:
    unit, password = _unit_here(request, row), request.POST.get("password", "")
    actions.reset_password(actor=request.user, person=row, unit=unit, password=password)


ACTS: dict[str, Callable[[StaffRequest, Person], None]] = {
    "grant": _grant,
    "revoke": _revoke,
    "close": _set_active(False),
    "open": _set_active(True),
    "password": _reset_password,
}
