"""What changed between two versions of the tree of categories. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label

#: One category as a version keeps it: code, name, name_en, parent and merged_into (codes), active.
Kept = Mapping[str, Any]
KINDS: dict[str, Label] = {
    "added": Label("新增", "Added"),
    "renamed": Label("改名", "Renamed"),
    "moved": Label("移动", "Moved"),
    "merged": Label("并入", "Merged into"),
    "ended": Label("停用", "Ended"),
    "restored": Label("恢复", "Restored"),
    "gone": Label("删除", "Gone"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One category that is another than before: which, its name now, in what way, and from what to what."""

    code: str
    name: Label
    kind: str
    before: Label
    after: Label


def changes(before: Iterable[Kept], after: Iterable[Kept]) -> list[Change]:
    """Every change between two trees, in the order of the codes; one category can stand there twice."""
    old, new = ({str(row["code"]): row for row in rows} for rows in (before, after))
    return [
        change
        for code in sorted(old.keys() | new.keys())
        for change in _changes_of(code, old.get(code), new.get(code), {**old, **new})
    ]


def _changes_of(code: str, old: Kept | None, new: Kept | None, known: Mapping[str, Kept]) -> Iterator[Change]:
    def change(kind: str, was: Label = NOTHING, now: Label = NOTHING) -> Change:
        return Change(code, _name(new or old or {}), kind, was, now)

    if old is None or new is None:
        yield change("added", now=_place(new, known)) if new else change("gone")
        return
    if _name(old) != _name(new):
        yield change("renamed", _name(old), _name(new))
    if old["parent"] != new["parent"]:
        yield change("moved", _place(old, known), _place(new, known))
    if new["merged_into"] and new["merged_into"] != old["merged_into"]:
        yield change("merged", now=_name(known.get(new["merged_into"], {})))
    elif old["active"] != new["active"]:
        yield change("restored" if new["active"] else "ended")


NOTHING = Label("", "")


def _name(row: Kept) -> Label:
    return Label(str(row.get("name", "")), str(row.get("name_en") or row.get("name", "")))


def _place(row: Kept, known: Mapping[str, Kept]) -> Label:
    """The category above, in words; the top level by that name."""
    above = known.get(str(row["parent"]))
    return _name(above) if above else Label("第一级", "the top level")
