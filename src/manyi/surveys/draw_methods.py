"""The methods of drawing a sample, as a table: what each is told, and how it selects from a listed frame."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures import allocation, selection
from manyi.measures.selection import Selected

#: By what a frame can be cut into strata or put in order.
GROUPINGS = {
    "unit": Label("部门", "Unit"),
    "segment": Label("客户分类", "Segment"),
    "product": Label("产品", "Product"),
}
ORDERS = {"file": Label("建档先后", "Order of registration"), **GROUPINGS}
ALLOCATIONS = {
    "proportional": Label("按比例", "Proportional"),
    "equal": Label("各层相同", "Equal"),
    "neyman": Label("奈曼最优分配", "Neyman's optimum"),
    "fixed": Label("逐层指定", "Fixed numbers"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a method is told. Only what the method names in its ``fields`` is used and kept."""

    size: int | None = None
    seed: str = ""
    by: str = "unit"  # strata: a key of GROUPINGS
    order: str = "file"  # systematic: a key of ORDERS
    allocation: str = "proportional"
    sizes: dict[str, int] = field(default_factory=dict)  # by stratum, for fixed numbers
    deviations: dict[str, float] = field(default_factory=dict)  # by stratum, for Neyman's optimum
    clusters: int | None = None
    per_cluster: int | None = None  # None: everybody of a drawn cluster

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that a draw keeps."""
        return cls(**{each.name: data[each.name] for each in fields(cls) if each.name in data})

    def as_json(self, used: Iterable[str]) -> dict[str, Any]:
        """Only what a method used."""
        return {name: value for name, value in asdict(self).items() if name in used}


@dataclass(frozen=True, slots=True)
class Listing:
    """A frame in the order of the draw: ids of customers, and beside each the group that it belongs to."""

    ids: list[int]
    groups: list[str]

    def packed(self) -> bytes:
        """As a draw's record keeps it: compressed JSON, each group's name once."""
        names = sorted(set(self.groups))
        place = {name: index for index, name in enumerate(names)}
        whole = {"ids": self.ids, "names": names, "of": [place[name] for name in self.groups]}
        return zlib.compress(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())

    @classmethod
    def unpacked(cls, data: bytes) -> Listing:
        """The listing that a record keeps."""
        whole = json.loads(zlib.decompress(data))
        return cls(whole["ids"], [whole["names"][index] for index in whole["of"]])

    def by_group(self) -> dict[str, list[int]]:
        """The ids of every group."""
        found: dict[str, list[int]] = {}
        for each, group in zip(self.ids, self.groups, strict=True):
            found.setdefault(group, []).append(each)
        return found

    def sizes(self) -> dict[str, int]:
        """How many each group has, in order of name."""
        return dict(sorted(Counter(self.groups).items()))


Sample = list[Selected[int]]


@dataclass(frozen=True, slots=True)
class Method:
    """One way of drawing: its words, the fields of a plan that it uses, and the selection itself.

    ``select`` raises ValueError for a plan that does not fit the frame.
    """

    label: Label
    help: Label
    fields: frozenset[str]
    select: Callable[[Listing, Plan], Sample]


def allocated(sizes: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """The sample size of every stratum under a plan; raises ValueError for one that cannot be met."""
    if plan.allocation == "fixed":
        return {stratum: plan.sizes.get(stratum, 0) for stratum in sizes}
    size = plan.size or 0
    if plan.allocation == "neyman":
        return allocation.neyman(sizes, size, plan.deviations)
    share = allocation.equal if plan.allocation == "equal" else allocation.proportional
    return share(sizes, size)


def _stratified(listing: Listing, plan: Plan) -> Sample:
    return selection.stratified(listing.by_group(), allocated(listing.sizes(), plan), plan.seed)


def _clustered(listing: Listing, plan: Plan) -> Sample:
    return selection.clustered(listing.by_group(), plan.clusters or 0, plan.per_cluster, plan.seed)


METHODS: dict[str, Method] = {
    "census": Method(
        Label("普查", "Census"),
        Label("所有符合条件的客户。", "Everybody who fits."),
        frozenset(),
        lambda listing, plan: selection.census(listing.ids),
    ),
    "simple": Method(
        Label("简单随机抽样", "Simple random sample"),
        Label("人人机会相同。", "The same chance for everybody."),
        frozenset({"size", "seed"}),
        lambda listing, plan: selection.simple(listing.ids, plan.size or 0, plan.seed),
    ),
    "systematic": Method(
        Label("系统抽样", "Systematic sample"),
        Label("排序后等距抽取,起点随机。", "Equal steps through an ordered list from a random start."),
        frozenset({"size", "seed", "order"}),
        lambda listing, plan: selection.systematic(listing.ids, plan.size or 0, plan.seed),
    ),
    "stratified": Method(
        Label("分层抽样", "Stratified sample"),
        Label("先分层,再在每层内随机抽取。", "A random sample within each stratum."),
        frozenset({"size", "seed", "by", "allocation", "sizes", "deviations"}),
        _stratified,
    ),
    "cluster": Method(
        Label("整群抽样", "Cluster sample"),
        Label("先抽部门,再调查其全部客户或其中若干人。", "Units at random, then everybody or some in each."),
        frozenset({"seed", "clusters", "per_cluster"}),
        _clustered,
    ),
}


def grouping_of(method: str, plan: Plan) -> str:
    """By what a method cuts the frame into groups; empty when it does not."""
    return {"stratified": plan.by, "cluster": "unit"}.get(method, "")


def arranged(rows: Sequence[tuple[int, Mapping[str, str]]], method: str, plan: Plan) -> Listing:
    """The listing of a frame for a method: ``rows`` are id and value by each of GROUPINGS, in order of id."""
    grouping = grouping_of(method, plan)
    if method == "systematic" and plan.order != "file":
        rows = sorted(rows, key=lambda row: (row[1][plan.order], row[0]))
    return Listing([each for each, _ in rows], [values[grouping] if grouping else "" for _, values in rows])
