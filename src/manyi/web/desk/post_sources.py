"""Settings of sources of chat and posts: made, changed, paused, with a new secret, and tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases.choices import KINDS, label_of
from manyi.cases.models import Category, PostSource
from manyi.cases.posts import intake, mapping, sources, wecom
from manyi.cases.posts.mapping import FIELDS, NEEDED, Unreadable
from manyi.cases.posts.samples import GENERIC, SAMPLES
from manyi.cases.posts.signing import SCHEMES
from manyi.cases.posts.words import QUARANTINE, SOURCE_KINDS, SOURCE_STATES
from manyi.cases.wording import category_choices
from manyi.distribution import links
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.settings import value
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

VERB = "settings.manage"
ROWS = PostSource.objects.exclude(state="removed").select_related("unit", "category")
UNIT, CASE_KIND = Label("归属部门", "Unit that gets them"), Label("新诉求的类别", "Kind of new cases")
NAME = Label("名称", "Name of the source")
_PATHS = Label(
    "用点号逐级写到所在的位置,例如 data.sender.name;列表用 [0] 或 [*]。",
    "The names from outside in, joined by dots: data.sender.name; of a list [0] or [*].",
)
#: Where a new secret waits for the one page that shows it.
SHOWN_ONCE = "post_source_secret"


@require_GET
@needs(VERB)
def index(request: StaffRequest) -> HttpResponse:
    """The sources, each with how much came, how much waits, and how often the signature was wrong."""
    rows = access.visible(request.user, ROWS).annotate(
        received=Count("posts"),
        waiting=Count("posts", filter=Q(posts__state="quarantined")),
        last_at=Max("posts__kept_at"),
    )
    shown = [(row, label_of(SOURCE_KINDS, row.kind)) for row in rows]
    return render(request, "desk/post_sources.html", {"rows": shown})


@require_http_methods(["GET", "POST"])
@needs(VERB)
def new(request: StaffRequest) -> HttpResponse:
    """A new source; the next page shows its address, and its secret once."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, VERB, given.get("unit", ""))
        chosen = {name: given.get(name, "") for name in ("name", "kind", "case_kind", "sample")}
        row = sources.make_source(actor=request.user, unit=unit, **chosen)
        request.session[SHOWN_ONCE] = {"source": row.pk, "secret": row.secret}
        return reverse("desk:post_source", args=[row.pk])

    samples = [(each.id, each.label) for each in SAMPLES.values()]
    units = unit_choices(units_for(request, VERB))
    return form_page(
        request,
        heading=Label("新建接入来源", "New source"),
        fields=[
            Field("name", NAME, help=Label("例如:官网客服、微博采集。", "For example: chat of the website.")),
            Field("kind", Label("从哪里来", "Where it comes from"), "select", "chat", SOURCE_KINDS),
            Field("sample", Label("推送格式", "Form of what is pushed"), "select", "generic", samples,
                  help=Label("先选最接近的,之后可以逐项修改。企业微信不用选。",
                             "Choose the nearest; each path can be changed later. WeCom has its own.")),
            Field("unit", UNIT, "select", "", units),
            Field("case_kind", CASE_KIND, "select", "complaint", KINDS),
        ],
        act=act,
        done=Label("来源已建立。", "The source is ready."),
        submit=Label("新建", "Create"),
        back=reverse("desk:post_sources"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(VERB)
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """A source: how to push to it, what came, and (POST) a body read without being taken in."""
    row = find(request, ROWS, pk=pk)
    kept = request.session.get(SHOWN_ONCE)
    fresh = kept and kept["source"] == row.pk and request.session.pop(SHOWN_ONCE)
    counts = dict(row.posts.order_by().values_list("state").annotate(n=Count("pk")))
    body = request.POST.get("body", "") or json.dumps(_sample(row), ensure_ascii=False, indent=2)
    context = {
        "source": row,
        "kind": label_of(SOURCE_KINDS, row.kind),
        "case_kind": label_of(KINDS, row.case_kind),
        "state": label_of(SOURCE_STATES, row.state),
        "address": links.posts_hook(row.key, wecom=row.kind == "wecom"),
        "scheme": SCHEMES[row.signing],
        "secret": fresh["secret"] if fresh else "",
        "missing": wecom.missing() if row.kind == "wecom" else None,
        "mapping": [(label, row.mapping.get(name, "")) for name, label in FIELDS],
        "only": row.mapping.get("only", ""),
        "received": sum(counts.values()),
        "waiting": counts.get("quarantined", 0),
        "body": body,
        "tried": _tried(row, body) if request.method == "POST" else None,
        "may_read": access.may(request.user, "cases.dispatch"),
    }
    return render(request, "desk/post_source.html", context)


def _sample(row: PostSource) -> Mapping[str, Any]:
    """The example whose form is nearest to the mapping of a source."""
    alike = (each for each in SAMPLES.values() if dict(each.mapping) == row.mapping)
    return next(alike, GENERIC).body


def _tried(row: PostSource, body: str) -> dict[str, Any]:
    """What the mapping finds in a body, or why it finds nothing."""
    zone = value("organisation.time_zone")
    try:
        read = mapping.body_of(body.encode("utf-8", "replace"))
        post = mapping.read(read, row.mapping, zone=ZoneInfo(zone), today=clock.today(zone))
    except Unreadable as error:
        return {"reason": label_of(QUARANTINE, error.reason), "detail": error.detail}
    if post is None:
        return {"reason": Label("按条件不需要,不会登记", "Not wanted by the condition"), "detail": ""}
    found = {name: getattr(post, name, "") for name, _label in FIELDS}
    found["files"] = "\n".join(post.files)
    return {"found": [(label, found[name]) for name, label in FIELDS if found[name]], "at": post.posted_at}


@require_http_methods(["GET", "POST"])
@needs(VERB)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a source and its mapping."""
    row = find(request, ROWS, pk=pk)
    back = reverse("desk:post_source", args=[pk])

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, VERB, given.get("unit", ""))
        chosen = given.get("category", "")
        category = Category.objects.filter(pk=int(chosen), active=True).first() if chosen.isdigit() else None
        sources.change_source(actor=request.user, source=row, unit=unit, given=given, category=category)
        return back

    heading = Label(f"修改来源 {row.name}", f"Change the source {row.name}")
    done = Label("已保存。待人工处理的内容可以重新读取。", "Saved. What was set aside can be read again.")
    fields = [*_about(request, row), *([] if row.kind == "wecom" else _pushing(row))]
    return form_page(request, heading=heading, fields=fields, act=act, done=done, back=back)


def _about(request: StaffRequest, row: PostSource) -> list[Field]:
    units = unit_choices(units_for(request, VERB))
    categories = [(str(pk), label) for pk, label in category_choices(Category.objects.all())]
    kinds = [choice for choice in SOURCE_KINDS if (choice[0] == "wecom") == (row.kind == "wecom")]
    return [
        Field("name", NAME, value=row.name),
        Field("kind", Label("从哪里来", "Where it comes from"), "select", row.kind, kinds),
        Field("unit", UNIT, "select", str(row.unit_id), units),
        Field("case_kind", CASE_KIND, "select", row.case_kind, KINDS),
        Field("category", Label("默认分类", "Category to begin with"), "select",
              str(row.category_id or ""), categories, required=False),
        Field("file_hosts", Label("允许下载附件的网站", "Hosts from which files are fetched"), "textarea",
              "\n".join(row.file_hosts), required=False,
              help=Label("一行一个,例如 files.example.cn 或 *.example.cn;只走 https。留空则只记地址。",
                         "One a line: files.example.cn or *.example.cn, by https only. Empty: files are only "
                         "noted by their address.")),
    ]  # fmt: skip


def _pushing(row: PostSource) -> list[Field]:
    """How it is signed, where answers go, and the path to each part of a post."""
    schemes = [(each.id, each.label) for each in SCHEMES.values()]
    paths = [
        Field(f"map_{name}", Label(f"路径:{label.zh}", f"Path: {label.en}"),
              value=row.mapping.get(name, ""), required=name in NEEDED,
              help=_PATHS if name == "id" else None)
        for name, label in FIELDS
    ]  # fmt: skip
    return [
        Field("signing", Label("签名方式", "Signature"), "select", row.signing, schemes),
        Field("reply_url", Label("答复推送地址", "Address for answers"), value=row.reply_url, required=False,
              help=Label("填写后,答复会以 JSON 推送到这里,并用同一密钥签名;留空则在原处人工答复。",
                         "Answers are posted there as JSON, signed with the same secret. Empty: by hand.")),
        *paths,
        Field("map_only", Label("只接收满足条件的", "Only those for which"), "textarea",
              row.mapping.get("only", ""), required=False,
              help=Label("例如 {event} = 'message_created';留空则全部接收。",
                         "For example {event} = 'message_created'; empty: all of them.")),
    ]  # fmt: skip


@require_POST
@needs(VERB)
def secret(request: StaffRequest, pk: int) -> HttpResponse:
    """A new secret, shown once on the next page."""
    row = find(request, ROWS, pk=pk)
    renewed = sources.renew_secret(actor=request.user, source=row)
    request.session[SHOWN_ONCE] = {"source": row.pk, "secret": renewed}
    messages.success(request, _("The old secret is void from now on."))
    return redirect("desk:post_source", pk=pk)


@require_POST
@needs(VERB)
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Pause a source, put it back into use, or remove it."""
    row = find(request, ROWS, pk=pk)
    state = request.POST.get("state", "")
    sources.switch_source(actor=request.user, source=row, state=state)
    messages.success(request, _("Done."))
    return redirect("desk:post_sources") if state == "removed" else redirect("desk:post_source", pk=pk)


@require_POST
@needs(VERB)
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Read everything again that was set aside."""
    count, left = intake.retry_all(actor=request.user, source=find(request, ROWS, pk=pk))
    words = _("%(taken)d of %(count)d were taken in.") % {"taken": count - left, "count": count}
    messages.success(request, words)
    return redirect("desk:post_source", pk=pk)
