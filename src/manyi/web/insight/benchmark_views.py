"""Beside others: figures of competitors, the industry and targets, and one's own figures with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.analytics.benchmark_actions import (
    change_benchmark,
    enter_benchmark,
    import_benchmarks,
    remove_benchmark,
    restore_benchmark,
)
from manyi.analytics.benchmark_rules import FIELDS, KINDS
from manyi.analytics.benchmarks import compared, metrics_of
from manyi.analytics.models import Benchmark
from manyi.analytics.queries import round_view
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.tables import RowProblem
from manyi.surveys.models import Programme
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.insight import downloads
from manyi.web.insight.benchmark_panels import CAUTION, METHOD, compared_panels, compared_sentence
from manyi.web.insight.choosing import roots, round_choice
from manyi.web.insight.ready_page import language_of
from manyi.web.settings.pages import form_page

TITLE = Label("与别人和目标相比,我们怎么样?", "How do we stand beside others and our targets?")
LACKING = Label(
    "这里把竞争对手、行业和目标的数字放在本单位的数字旁边,并写明来源。请录入一个,或导入一个文件。",
    "Here stand the figures of competitors, the industry and your targets beside your own, with their "
    "source. Enter one, or take in a file.",
)
NO_FILE = Label(
    "请选择一个 CSV 或 XLSX 文件(不超过 5 MB)。", "Please choose a CSV or XLSX file (at most 5 MB)."
)
MOST_BYTES = 5 * 1024 * 1024
HELP = {
    "metric": Label("满意率用百分数,其余用分数。", "Shares in per cent, all else in points."),
    "low": Label("来源给出 95% 区间时填写。", "Where the source gives a 95% interval."),
    "n": Label("不知道就留空。", "Leave empty where unknown."),
}


@needs("insight.view")
def benchmarks(request: StaffRequest) -> HttpResponse:
    """A round beside all that is known for its programme, and the table of it."""
    choice = round_choice(request)
    context: dict[str, Any] = {"choice": choice, "round": choice.round, "question": TITLE, "lacking": LACKING}
    if choice.round:
        programme = choice.round.programme
        found = compared(round_view(round=choice.round, roots=roots(request)), programme)
        rows, metrics = programme.benchmarks.select_related("by"), metrics_of(programme)
        removed = request.GET.get("removed", "")
        context |= {
            "panels": compared_panels(found, language_of()),
            "sentence": compared_sentence(found) if found else None,
            "programme": programme,
            "rows": [(row, KINDS[row.kind], _named(row, metrics)) for row in rows.filter(removed_at=None)],
            "removed": rows.filter(pk=int(removed)).exclude(removed_at=None).first()
            if removed.isdigit()
            else None,
            "may_edit": "surveys.edit" in access.verbs(request.user, programme.unit),
            "method": METHOD,
            "caution": CAUTION,
        }
    return render(request, "insight/benchmarks.html", context)


def _named(row: Benchmark, metrics: Mapping[str, Label]) -> Label:
    return metrics.get(row.metric, Label(row.metric, row.metric))


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def new_benchmark(request: StaffRequest, programme: int) -> HttpResponse:
    """Enter one by hand."""
    held = _programme(request, programme)

    def act(given: Mapping[str, str]) -> str:
        enter_benchmark(actor=request.user, programme=held, texts=given)
        return _back(held)

    heading, done = Label("录入对标数据", "Enter a benchmark"), Label("已录入。", "Entered.")
    return form_page(request, heading=heading, fields=_fields(held, {}), act=act, done=done, back=_back(held))


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def benchmark(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct one."""
    row = find(request, Benchmark.objects.select_related("programme__unit"), pk=pk)

    def act(given: Mapping[str, str]) -> str:
        change_benchmark(actor=request.user, row=row, texts=given)
        return _back(row.programme)

    values = {name: getattr(row, name) for name in FIELDS}
    texts = {name: "" if value is None else _text(value) for name, value in values.items()}
    heading, done = Label("修改对标数据", "Change a benchmark"), Label("已保存。", "Saved.")
    fields = _fields(row.programme, texts)
    return form_page(request, heading=heading, fields=fields, act=act, done=done, back=_back(row.programme))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@needs("surveys.edit")
@require_POST
def benchmark_act(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one away, or bring it back."""
    row = find(request, Benchmark.objects.select_related("programme__unit"), pk=pk)
    if request.POST.get("act") == "restore":
        restore_benchmark(actor=request.user, row=row)
        messages.success(request, _("Brought back."))
        return redirect(_back(row.programme))
    remove_benchmark(actor=request.user, row=row)
    back = _back(row.programme)
    return redirect(f"{back}{'&' if '?' in back else '?'}removed={row.pk}")


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def import_page(request: StaffRequest, programme: int) -> HttpResponse:
    """Take in a file; where a row is wrong nothing is taken in and every fault is listed."""
    held = _programme(request, programme)
    context: dict[str, Any] = {"programme": held, "back": _back(held), "columns": FIELDS.values()}
    context |= {"kinds": KINDS.values(), "metrics": metrics_of(held).values()}
    if request.method == "POST":
        try:
            added, changed, problems = _taken(request, held)
        except Refused as refused:
            return render(request, "insight/benchmark_import.html", context | {"fault": refused.message})
        if not problems:
            words = _("%(new)s taken in, %(changed)s replaced.")
            messages.success(request, words % {"new": added, "changed": changed})
            return redirect(_back(held))
        context["problems"] = [(each.row, FIELDS[each.field], each.message) for each in problems]
    return render(request, "insight/benchmark_import.html", context)


def _taken(request: StaffRequest, held: Programme) -> tuple[int, int, list[RowProblem]]:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        raise Refused(NO_FILE, field="file")
    return import_benchmarks(
        actor=request.user, programme=held, name=file.name or "file", content=file.file or b""
    )


@needs("surveys.edit")
def import_template(request: StaffRequest, programme: int) -> HttpResponse:
    """An empty file with the columns, and one line for each figure of the programme to fill in."""
    held = _programme(request, programme)
    return downloads.empty_table(
        f"{held.title} benchmarks.csv",
        [words.text(language_of()) for words in FIELDS.values()],
        [["", "", words.text(language_of())] for words in metrics_of(held).values()],
    )


def _programme(request: StaffRequest, pk: int) -> Programme:
    return find(request, Programme.objects.select_related("unit"), verb="surveys.edit", pk=pk)


def _back(programme: Programme) -> str:
    """The page, on the newest answered round of the programme."""
    newest = programme.rounds.filter(responses__state="submitted").order_by("-opens_at", "-pk").first()
    address = reverse("insight:benchmarks")
    return f"{address}?round={newest.pk}" if newest else address


def _fields(programme: Programme, texts: Mapping[str, str]) -> list[Field]:
    kinds = {"since": "date", "until": "date", "kind": "select", "metric": "select"}
    choices = {"kind": list(KINDS.items()), "metric": list(metrics_of(programme).items())}
    optional = {"low", "high", "n"}
    return [
        Field(
            name,
            words,
            kinds.get(name, "text"),
            texts.get(name, ""),
            choices.get(name, []),
            required=name not in optional,
            help=HELP.get(name),
        )
        for name, words in FIELDS.items()
    ]
