"""Settings of mail boxes: which are read, when that last worked, and reading one now."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases.choices import KINDS
from manyi.cases.mail import boxes
from manyi.cases.models import MailBox
from manyi.distribution.mail_fetching import ENCRYPTIONS, PROTOCOLS
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for


@require_GET
@needs("settings.manage")
def index(request: StaffRequest) -> HttpResponse:
    """Our boxes, each with when it was last read and what went wrong."""
    rows = access.visible(request.user, MailBox.objects.select_related("unit"))
    return render(request, "desk/mail_boxes.html", {"boxes": rows})


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def new(request: StaffRequest) -> HttpResponse:
    """A new box."""
    return _form(request, Label("新建收信信箱", "New mail box"), None)


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def box(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a box, or take it out of use."""
    row = find(request, MailBox.objects.select_related("unit"), pk=pk)
    return _form(request, Label(f"修改信箱 {row.address}", f"Change the box {row.address}"), row)


@require_POST
@needs("settings.manage")
def read(request: StaffRequest, pk: int) -> HttpResponse:
    """Read a box now; says how many mails came or why it failed."""
    row = find(request, MailBox.objects.select_related("unit"), pk=pk)
    count = boxes.read_box(row)
    row.refresh_from_db()
    if row.fault:
        messages.error(request, _("The box could not be read: %s") % row.fault)
    else:
        messages.success(
            request,
            ngettext("%(n)d new mail was taken in.", "%(n)d new mails were taken in.", count) % {"n": count},
        )
    return redirect("desk:mail_boxes")


def _form(request: StaffRequest, heading: Label, row: MailBox | None) -> HttpResponse:
    back = reverse("desk:mail_boxes")

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "settings.manage", given.get("unit", ""))
        boxes.save_box(actor=request.user, unit=unit, given={**given, "active": "active" in given}, box=row)
        return back

    return form_page(
        request,
        heading=heading,
        fields=_fields(request, row or MailBox()),
        act=act,
        done=Label("已保存。", "Saved."),
        back=back,
    )


def _fields(request: StaffRequest, row: MailBox) -> list[Field]:
    units = unit_choices(units_for(request, "settings.manage"))
    kept = Label("已保存。留空则不变。", "Saved. Leave empty to keep it.") if row.password else None
    return [
        Field("address", Label("邮箱地址", "Address"), "email", row.address),
        Field("unit", Label("来信归属部门", "Unit that gets them"), "select", str(row.unit_id or ""), units),
        Field("kind", Label("新诉求的类别", "Kind of new cases"), "select", row.kind, KINDS),
        Field("protocol", Label("协议", "Protocol"), "select", row.protocol, PROTOCOLS,
              help=Label("POP3 读取后会从服务器删除邮件;原件保存在本系统。",
                         "POP3 deletes what was read from the server; the original is kept here.")),
        Field("host", Label("收信服务器", "Server"), value=row.host),
        Field("port", Label("端口", "Port"), "number", str(row.port)),
        Field("encryption", Label("加密", "Encryption"), "select", row.encryption, ENCRYPTIONS),
        Field("user", Label("账号", "Account"), value=row.user),
        Field("password", Label("密码", "Password"), "password", required=not row.password, help=kept),
        Field("folder", Label("文件夹", "Folder"), value=row.folder, required=False),
        Field("active", Label("自动读取", "Read it"), "check", "yes" if row.active else "", required=False),
    ]  # fmt: skip
