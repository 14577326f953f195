"""What cases can be told apart by: categories seen from a level, kinds of cause, single causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from manyi.cases.models import Case, Category
from manyi.cases.tallies import Rung, Tree, by_category
from manyi.improvement.causes import caused, proven
from manyi.improvement.choices import FISHBONE
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Person
from manyi.web.desk.case_narrowing import FISHBONES, NONE, OWN

#: Counts by unit and by the value that the address of the list gives to what was told apart.
Counts = Counter[tuple[int, str]]
Splitter = Callable[[QuerySet[Case]], Counts]


@dataclass(frozen=True, slots=True)
class Split:
    """A way to tell cases apart: ``parameter`` is its name in the address of the list, ``count`` counts the
    cases of each part at each unit, ``names`` are the words of the parts, filled as they are counted."""

    id: str
    label: Label
    parameter: str
    names: dict[str, Label]
    count: Splitter

    @property
    def unknown(self) -> Label:
        """What the cases have of which it is not known."""
        return UNKNOWN[self.parameter]


SPLITS = {
    "category-1": Label("一级分类", "Category, level 1"),
    "category-2": Label("二级分类", "Category, level 2"),
    "category-3": Label("三级分类", "Category, level 3"),
    "causes": Label("原因类别(人机料法环测)", "Kind of cause"),
    "cause": Label("具体原因", "Single cause"),
}
UNKNOWN = {
    "category": Label("尚未分类", "Not classified yet"),
    "cause": Label("尚未查明原因", "No cause found yet"),
}


def splits_for(person: Person) -> dict[str, Label]:
    """What the person can tell cases apart by: causes are for those who may read findings."""
    sees = access.may(person, "findings.view")
    return {name: label for name, label in SPLITS.items() if sees or not name.startswith("cause")}


def split_by(person: Person, asked: str) -> Split:
    """The way that an address names; else by category on the second level."""
    name = asked if asked in splits_for(person) else "category-2"
    names: dict[str, Label] = {}
    if name.startswith("category"):
        level = int(name[-1])
        return Split(name, SPLITS[name], "category", names, lambda cases: _by_category(cases, level, names))
    single = name == "cause"
    return Split(
        name, SPLITS[name], "cause", names, lambda cases: _by_cause(cases, person, names, single=single)
    )


def _by_category(cases: QuerySet[Case], level: int, names: dict[str, Label]) -> Counts:
    tree, counts = Tree(Category.objects.all()), Counts()
    for (unit, category), n in by_category(cases).items():
        key = NONE
        if category is not None:
            rung = tree.seen_from(category, level)
            key = f"{OWN}{rung.category.pk}" if rung.own else str(rung.category.pk)
            names[key] = _name(rung)
        counts[unit, key] += n
    return counts


def _name(rung: Rung) -> Label:
    zh, en = rung.category.name, rung.category.name_en or rung.category.name
    return Label(f"{zh}(未细分)", f"{en} (no further)") if rung.own else Label(zh, en)


def _by_cause(cases: QuerySet[Case], person: Person, names: dict[str, Label], *, single: bool) -> Counts:
    """A case with several causes counts once for each; one without any counts as unknown. Causes in the same
    words are one, called by the first of them."""
    causes = proven(person)
    found = caused(cases, causes)
    if single:
        first, key_of = dict[str, str](), dict[int, str]()
        for pk, text in causes.order_by("pk").values_list("pk", "text"):
            key_of[pk] = first.setdefault(text, str(pk))
        names |= {key: Label(text, text) for text, key in first.items()}
        pairs = {(row.case, row.unit, key_of[row.cause]) for row in found}
    else:
        names |= {f"{FISHBONES}{name}": label for name, label in FISHBONE}
        pairs = {(row.case, row.unit, f"{FISHBONES}{row.fishbone}") for row in found}
    counts = Counts((unit, key) for _case, unit, key in pairs)
    known = {row.case for row in found}
    units = cases.order_by().values_list("pk", "unit_id")
    counts.update((unit, NONE) for pk, unit in units if pk not in known)
    return counts
