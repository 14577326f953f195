"""The only writers of the lists that a person keeps for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from manyi.cases.models import SavedList
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person

LIST_KEPT = events.kind("case_list.kept", "保存诉求列表", "List of cases kept")
LIST_CHANGED = events.kind("case_list.changed", "修改诉求列表", "List of cases changed")
LIST_REMOVED = events.kind("case_list.removed", "删除诉求列表", "List of cases removed")
#: What an address may say of a list; anything else is not kept.
KEPT = (
    "tab", "q", "kind", "unit", "category", "state", "first", "last", "closed_first", "closed_last", "cause",
    "owner", "due", "due_by",
)  # fmt: skip
MOST = 20


def keep_list(*, actor: Person, name: str, filters: Mapping[str, str]) -> SavedList:
    """Keep a list under a name; the same name again takes the place of the earlier one."""
    access.require(actor, "cases.view")
    name = name.strip()
    if not 1 <= len(name) <= 40:
        raise Refused(
            Label("请给列表起一个名字(最多 40 字)。", "Name the list (at most 40 signs)."), field="name"
        )
    kept = {key: str(filters[key])[:100] for key in KEPT if filters.get(key)}
    with transaction.atomic():
        rows = SavedList.objects.select_for_update().filter(person=actor)
        if rows.exclude(name=name).count() >= MOST:
            words = Label("最多保存 20 个列表,请先删除不用的。", "At most 20 lists; delete one first.")
            raise Refused(words, field="name")
        row, _made = SavedList.objects.update_or_create(
            person=actor, name=name, defaults={"filters": kept, "kept_at": clock.now()}
        )
        _note(LIST_KEPT, actor, row)
    return row


def open_first(*, actor: Person, row: SavedList, chosen: bool) -> SavedList:
    """Make a list the one with which the page of cases opens, or no longer."""
    with transaction.atomic():
        SavedList.objects.filter(person=actor, is_default=True).update(is_default=False)
        row.is_default = chosen
        row.save(update_fields=["is_default"])
        _note(LIST_CHANGED, actor, row)
    return row


def remove_list(*, actor: Person, row: SavedList) -> None:
    """Take a list away; the cases stay where they are."""
    with transaction.atomic():
        _note(LIST_REMOVED, actor, row)
        row.delete()


def _note(kind: events.EventKind, actor: Person, row: SavedList) -> None:
    data = {"filters": row.filters, "default": row.is_default}
    events.append(kind, actor=actor, subject=row, label=row.name, data=data)
