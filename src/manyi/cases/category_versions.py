"""The versions of the tree of categories: the one in force, the next one, and the mark of it on a case."""

from __future__ import annotations

from typing import Any

from manyi.cases.models import Case, Category, CategoryVersion
from manyi.organisation import clock
from manyi.organisation.models import Person


def current() -> CategoryVersion | None:
    """The version in force; None before there are categories."""
    return CategoryVersion.objects.order_by("-number").first()


def tree_now() -> list[dict[str, Any]]:
    """The tree as it stands, as a version keeps it."""
    rows = Category.objects.select_related("parent", "merged_into").order_by("code")
    return [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "parent": row.parent.code if row.parent else "",
            "merged_into": row.merged_into.code if row.merged_into else "",
            "active": row.active,
        }
        for row in rows
    ]


def publish(*, by: Person | None, note: str = "") -> CategoryVersion | None:
    """Make a version of the tree if it is another than in the last one; part of the act that changed it."""
    last, tree = current(), tree_now()
    if not tree or (last is not None and last.tree == tree):
        return last
    number = last.number + 1 if last else 1
    return CategoryVersion.objects.create(
        number=number, at=clock.now(), by=by, note=note.strip()[:200], tree=tree
    )


def mark(case: Case) -> None:
    """Note on a case (not saved) under which version it got its category."""
    newest = CategoryVersion.objects.order_by("-number").values_list("pk", flat=True)
    case.category_version_id = newest.first() if case.category_id else None
