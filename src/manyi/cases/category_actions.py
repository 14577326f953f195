"""The only writers of categories: each act makes a new version of the tree. Cases keep what they have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from manyi.cases import category_versions
from manyi.cases.category_sets import CategorySet
from manyi.cases.defaults import CATEGORIES, Node
from manyi.cases.models import Category
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit

CATEGORY_CHANGED = events.kind("category.changed", "修改诉求分类", "Case category changed")
LEVELS = 3


def root_unit() -> Unit:
    """The top of the organisation; raises Refused before there is one."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        raise Refused(Label("请先建立组织架构。", "Set up the units first."))
    return root


def install_categories() -> None:
    """Give a new organisation the ready-made tree; part of the act that sets it up."""
    _plant(CATEGORIES, None)
    category_versions.publish(by=None)


def _plant(nodes: Iterable[Node], parent: Category | None) -> None:
    for node in nodes:
        row, _ = Category.objects.get_or_create(
            code=node.code, defaults={"name": node.zh, "name_en": node.en, "parent": parent}
        )
        _plant(node.below, row)


def save_category(
    *,
    actor: Person,
    code: str,
    name: str,
    name_en: str = "",
    parent: Category | None = None,
    active: bool = True,
) -> Category:
    """Add a category, or rename, move, end or restore the one with this code. The tree has three levels."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refused(Label("请填写分类的编号和名称。", "Give the category a code and a name."), field="name")
    _refuse_place(code, parent)
    with transaction.atomic():
        old = Category.objects.filter(code=code).select_related("parent", "merged_into").first()
        row = Category.objects.get(pk=old.pk) if old else Category(code=code)
        row.name, row.name_en, row.parent, row.active = name, name_en.strip(), parent, active
        if active:
            row.merged_into = None
        return _changed(actor, row, before=old)


def merge_category(*, actor: Person, category: Category, into: Category, note: str = "") -> Category:
    """End a category in favour of another: figures count its cases there, cases keep their own.

    Raises Refused while categories in use stand below it, for one that is itself ended, or for a circle.
    """
    with transaction.atomic():
        row = Category.objects.select_for_update().get(pk=category.pk)
        goal = Category.objects.select_related("parent").get(pk=into.pk)
        _refuse_merging(row, goal)
        before = Category.objects.select_related("parent", "merged_into").get(pk=row.pk)
        row.active, row.merged_into = False, goal
        return _changed(actor, row, before=before, note=note)


def _refuse_merging(row: Category, goal: Category) -> None:
    if not row.active:
        raise Refused(Label("这个分类已停用。", "This category has ended."))
    if goal.pk == row.pk or not goal.active:
        words = Label("请选择另一个使用中的分类。", "Choose another category that is in use.")
        raise Refused(words, field="into")
    if row.children.filter(active=True).exists():
        words = Label(
            "它下面还有使用中的分类,请先移动或合并它们。",
            "Categories in use stand below it; move or merge them first.",
        )
        raise Refused(words, field="into")


def restore_category(*, actor: Person, category: Category) -> Category:
    """Take an ended or merged category back into use; its history stays with it."""
    with transaction.atomic():
        row = Category.objects.select_for_update().get(pk=category.pk)
        before = Category.objects.select_related("parent", "merged_into").get(pk=row.pk)
        if row.active:
            raise Refused(Label("这个分类正在使用。", "This category is in use."))
        if before.parent is not None and not before.parent.active:
            raise Refused(Label("请先恢复上级分类。", "Restore the category above it first."))
        row.active, row.merged_into = True, None
        return _changed(actor, row, before=before)


def _changed(actor: Person, row: Category, *, before: Category | None, note: str = "") -> Category:
    """Save one category with its version and event."""
    root = root_unit()
    access.require(actor, "settings.manage", root)
    row.save()
    version = category_versions.publish(by=actor, note=note)
    events.append(
        CATEGORY_CHANGED,
        actor=actor,
        subject=row,
        label=row.code,
        unit=root,
        before=_told(before) if before else {},
        after=_told(row),
        why=note.strip(),
        data={"version": version.number if version else 0},
    )
    return row


def _told(row: Category) -> dict[str, Any]:
    above, goal = (other.code if other else "" for other in (row.parent, row.merged_into))
    return {
        "code": row.code, "name": row.name, "name_en": row.name_en, "parent": above, "merged_into": goal,
        "active": row.active,
    }  # fmt: skip


def take_set(*, actor: Person, chosen: CategorySet, retire_others: bool) -> int:
    """Add the categories of an industry, put those of it that were ended back, and with ``retire_others``
    end the rest. Returns how many are in use then; cases keep what they have."""
    root = root_unit()
    access.require(actor, "settings.manage", root)
    with transaction.atomic():
        _plant(chosen.nodes, None)
        Category.objects.filter(code__in=chosen.codes()).update(active=True, merged_into=None)
        if retire_others:
            Category.objects.exclude(code__in=chosen.codes()).update(active=False)
        version = category_versions.publish(by=actor, note=chosen.label.zh)
        number = version.number if version else 0
        data = {"set": chosen.id, "retire_others": retire_others, "version": number}
        events.append(CATEGORY_CHANGED, actor=actor, subject=root, unit=root, data=data)
    return Category.objects.filter(active=True).count()


def _refuse_place(code: str, parent: Category | None) -> None:
    """A category stands neither below itself nor deeper than the third level."""
    above, depth = parent, 1
    while above is not None:
        depth += 1
        if above.code == code:
            words = Label("分类不能放在自己下面。", "A category cannot stand below itself.")
            raise Refused(words, field="parent")
        above = above.parent
    if depth > LEVELS:
        raise Refused(Label("分类最多三级。", "The tree has three levels."), field="parent")
