"""Findings as a list and as a board by state."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from manyi.improvement import queries
from manyi.improvement.choices import SOURCES, label_of
from manyi.improvement.models import Finding
from manyi.improvement.workflow import MACHINE, OPEN_STATES
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import page_of

TABS = {
    "board": Label("看板", "Board"),
    "open": Label("进行中", "Open"),
    "all": Label("全部", "All"),
}


@require_GET
@needs("findings.view")
def index(request: StaffRequest) -> HttpResponse:
    """The findings that the person may see."""
    tab = request.GET.get("tab", "board")
    tab = tab if tab in TABS else "board"
    rows = queries.findings(request.user)
    context = {
        "tab": tab,
        "tabs": TABS.items(),
        "late": queries.late_actions(request.user, timezone.localtime(clock.now()).date()).count(),
        "total": rows.count(),
    }
    if tab == "board":
        columns = [(MACHINE.state(name), cards) for name, cards in queries.board(request.user)]
        context["columns"] = [(state, cards) for state, cards in columns if cards]
        return render(request, "desk/board.html", context)
    rows = rows.filter(state__in=OPEN_STATES) if tab == "open" else rows
    page = page_of(request, rows)
    return render(
        request, "desk/findings.html", {**context, "page": page, "rows": [_line(row) for row in page]}
    )


def _line(row: Finding) -> dict[str, object]:
    return {"finding": row, "state": MACHINE.state(row.state), "source": label_of(SOURCES, row.source)}
