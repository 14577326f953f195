"""What several analyses need to tell: cautions in words, columns by name, values period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyi.analytics.data.table import BadData, Floats, Moments, Table
from manyi.analytics.reasons import warning_of
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable

#: Between the row and the column in the title of a cell.
DASH = " – "


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """The given values of one period with their weights, as people call the period; ``rows`` with gaps."""

    title: Label
    code: str
    values: Floats
    weights: Floats
    rows: int

    @property
    def mean(self) -> float | None:
        """The weighted mean; None without a value."""
        total = float(self.weights.sum())
        return float(self.weights @ self.values) / total if total > 0 else None


def cautions(*codes: Sequence[str]) -> tuple[Label, ...]:
    """The warnings of measures in words, each once."""
    return tuple(warning_of(code) for code in dict.fromkeys(code for group in codes for code in group))


def periods(table: Table, period: str, item: str) -> list[Period]:
    """The values of an item by period, in the order of the periods."""
    groups, values, weights = table.groups(period), table.numbers(item), table.weights()
    if not groups.levels:
        raise NotComputable("all_missing", column=period)
    found = []
    for place, level in enumerate(groups.levels):
        inside = groups.places == place
        given = inside & np.isfinite(values)
        rows = int(inside.sum())
        found.append(Period(level.title, level.code, values[given], weights[given], rows))
    return found


def weights_if_any(table: Table) -> Floats | None:
    """The weights of a weighted table, else None."""
    return table.weights() if table.weighted else None


def require_unweighted(table: Table) -> None:
    """Raise BadData where a method counts rows and weights would be ignored."""
    if table.weighted:
        raise BadData(
            Label(
                "此方法按份数计算,不支持权重;请去掉权重,或改用设计型估计。",
                "This method counts rows and takes no weights: leave the weight out, or use design-based "
                "estimates.",
            ),
            field="data.weight",
        )


def require_varied(sums: Moments, names: Sequence[str]) -> None:
    """Raise NotComputable for a column whose sums show no more spread than rounding leaves."""
    if not sums.n:
        raise NotComputable("all_missing", column=", ".join(names))
    for place, name in enumerate(names):
        if not float(sums.products[place, place]) > 1e-28 * sums.w * float(sums.means[place]) ** 2:
            raise NotComputable("constant", column=name)


def common_title(first: Label, second: Label) -> Label:
    """What two variables are both about: the part before the dash that the cells of one row share, else the
    title of the second."""
    (zh, _, _), (en, _, _) = first.zh.partition(DASH), first.en.partition(DASH)
    alike = second.zh.startswith(f"{zh}{DASH}") and second.en.startswith(f"{en}{DASH}")
    return Label(zh, en) if alike else second


def wording(table: Table, name: str) -> dict[str, object]:
    """The cells that name a variable: its name in the data and its title."""
    return {"item": name, "title": table.title(name)}
