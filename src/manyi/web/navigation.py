"""The left navigation: at most seven entries, each shown only to those whose role can use it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, its name, its icon, and the verbs of which one is needed."""

    path: str
    label: Label
    icon: str
    verbs: frozenset[str]
    active: bool = False
    on_phone: bool = False
    also: tuple[str, ...] = ()  # other addresses that belong to this entry


ENTRIES = (
    Entry("/", Label("今日", "Today"), "home", frozenset(), on_phone=True),
    Entry(
        "/surveys/",
        Label("调查", "Surveys"),
        "clipboard-list",
        frozenset({"surveys.view"}),
        on_phone=True,
        also=("/field/",),
    ),
    Entry("/cases/", Label("诉求", "Cases"), "message-circle", frozenset({"cases.view"}), on_phone=True),
    Entry("/improvement/", Label("改进", "Improvement"), "tool", frozenset({"findings.view"})),
    Entry("/insight/", Label("分析", "Insight"), "chart-bar", frozenset({"insight.view"})),
    Entry("/reports/", Label("报告", "Reports"), "report", frozenset({"reports.view"}), on_phone=True),
    Entry(
        "/settings/",
        Label("设置", "Settings"),
        "settings",
        frozenset({"settings.manage", "staff.manage", "units.manage", "events.view", "customers.view"}),
        also=("/customers/", "/me/"),
    ),
)


def entries(person: Person, path: str) -> list[Entry]:
    """The entries that this person can use, the present one marked."""
    held = access.verbs(person, None)
    shown = [entry for entry in ENTRIES if not entry.verbs or entry.verbs & held]
    here = max(shown, key=lambda entry: _nearness(entry, path), default=None)
    return [replace(entry, active=entry is here and _nearness(entry, path) > 0) for entry in shown]


def _nearness(entry: Entry, path: str) -> int:
    """How much of an address belongs to an entry; the start page is only itself."""
    if entry.path == "/":
        return int(path == "/")
    return max((len(place) for place in (entry.path, *entry.also) if path.startswith(place)), default=0)
