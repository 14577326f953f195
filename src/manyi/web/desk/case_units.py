"""The units that stand beside each other in figures of cases: those right below the one that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.web.desk.case_narrowing import OWN
from manyi.web.guard import StaffRequest


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with all below it, or (``own-…``) by itself: how the address of the list calls it, its path,
    its name."""

    key: str
    path: str
    name: Label

    def holds(self, unit: Unit) -> bool:
        """Whether the cases of a unit are counted in this row."""
        return unit.path == self.path if self.key.startswith(OWN) else unit.path.startswith(self.path)


def units_seen(request: StaffRequest, verb: str = "cases.view") -> list[Unit]:
    """The units in which the person holds a verb, in the order of the tree, retired ones too."""
    return in_tree_order(access.visible(request.user, Unit.objects.all(), verb=verb))


def tops(units: Sequence[Unit]) -> list[Unit]:
    """The units above which none of the others stands."""
    return [unit for unit in units if not any(other.contains(unit) for other in units if other.pk != unit.pk)]


def rows_of(units: Sequence[Unit], chosen: Unit | None) -> list[Row]:
    """The units right below the chosen one, else below the top; the one above them stands by itself."""
    roots = [chosen] if chosen else tops(units)
    if len(roots) > 1:
        return [Row(str(unit.pk), unit.path, _name(unit)) for unit in roots]
    below = [unit for unit in units if unit.parent_id in {root.pk for root in roots}]
    own = [Row(f"{OWN}{root.pk}", root.path, _own_name(root, alone=not below)) for root in roots]
    return [*own, *(Row(str(unit.pk), unit.path, _name(unit)) for unit in below)]


def row_of_each(units: Sequence[Unit], rows: Sequence[Row]) -> dict[int, str]:
    """The key of the row in which each unit is counted; units outside all rows are left out."""
    found = {unit.pk: next((row.key for row in rows if row.holds(unit)), "") for unit in units}
    return {pk: key for pk, key in found.items() if key}


def _name(unit: Unit) -> Label:
    return Label(unit.name, unit.name_en or unit.name)


def _own_name(unit: Unit, *, alone: bool) -> Label:
    name = _name(unit)
    return name if alone else Label(f"{name.zh}(本级)", f"{name.en} (itself)")
