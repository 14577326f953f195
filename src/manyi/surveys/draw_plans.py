"""A plan is checked against the frame before anything is drawn: what does not fit is named in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.draw_methods import ALLOCATIONS, GROUPINGS, METHODS, ORDERS, Listing, Plan


def plan_from(given: Mapping[str, Any]) -> Plan:
    """A plan from a form or an API body; raises Refused naming the field that is none."""
    plan = Plan(
        size=_whole(given, "size"),
        seed=str(given.get("seed", "") or "").strip()[:60],
        by=str(given.get("by") or "unit"),
        order=str(given.get("order") or "file"),
        allocation=str(given.get("allocation") or "proportional"),
        sizes={name: found for name in given.get("sizes", {}) if (found := _whole(given["sizes"], name))},
        deviations=_deviations(given.get("deviations", {})),
        clusters=_whole(given, "clusters"),
        per_cluster=_whole(given, "per_cluster"),
    )
    for name, choices in (("by", GROUPINGS), ("order", ORDERS), ("allocation", ALLOCATIONS)):
        if getattr(plan, name) not in choices:
            raise Refused(Label("请从列表中选择。", "Please choose from the list."), field=name)
    return plan


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    text = str(given.get(name, "") if given.get(name) is not None else "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Refused(
            Label(f"“{text}”不是整数,请填写整数。", f"“{text}” is no whole number; please give one."),
            field=name,
        )
    return int(text)


def _deviations(given: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for stratum, text in given.items():
        if str(text).strip():
            try:
                found[stratum] = float(text)
            except ValueError:
                found[stratum] = -1.0
            if not 0 <= found[stratum] < float("inf"):
                words = Label(
                    f"“{stratum}”的标准差请填写不小于 0 的数。",
                    f"The standard deviation of “{stratum}” is a number from 0.",
                )
                raise Refused(words, field="deviations")
    return found


def checked(method: str, plan: Plan, listing: Listing) -> Plan:
    """The plan as it will be drawn, or Refused with what does not fit the frame and what to do."""
    if not listing.ids:
        words = Label("没有符合条件的客户,请放宽筛选。", "No customer fits; please widen the filters.")
        raise Refused(words, field="filters")
    if method == "cluster":
        return _checked_clusters(plan, listing)
    if method == "stratified" and plan.allocation == "fixed":
        return _checked_fixed(plan, listing)
    if "size" in METHODS[method].fields:
        least = len(listing.sizes()) if method == "stratified" else 1
        if plan.size is None or not least <= plan.size <= len(listing.ids):
            raise _between("size", Label("样本量", "a sample size"), least, len(listing.ids))
    if method == "stratified" and plan.allocation == "neyman":
        _check_deviations(plan, listing)
    return plan


def _between(field: str, what: Label, least: int, most: int) -> Refused:
    words = Label(f"{what.zh}请填写 {least} 到 {most}。", f"Please give {what.en} from {least} to {most}.")
    return Refused(words, field=field)


def _checked_clusters(plan: Plan, listing: Listing) -> Plan:
    there = len(listing.sizes())
    if plan.clusters is None or not 1 <= plan.clusters <= there:
        raise _between("clusters", Label("部门数", "a number of units"), 1, there)
    if plan.per_cluster == 0:
        words = Label("每个部门至少抽 1 人,留空表示全部。", "At least 1 from each unit; empty means all.")
        raise Refused(words, field="per_cluster")
    return plan


def _checked_fixed(plan: Plan, listing: Listing) -> Plan:
    there = listing.sizes()
    for stratum, members in there.items():
        wanted = plan.sizes.get(stratum, 0)
        if not 1 <= wanted <= members:
            words = Label(
                f"“{stratum or '未分类'}”层请填写 1 到 {members}。",
                f"For the stratum “{stratum or 'none'}” please give 1 to {members}.",
            )
            raise Refused(words, field="sizes")
    unknown = plan.sizes.keys() - there.keys()
    if unknown:
        name = min(unknown)
        raise Refused(Label(f"没有“{name}”层。", f"There is no stratum “{name}”."), field="sizes")
    return replace(plan, size=sum(plan.sizes.values()))


def _check_deviations(plan: Plan, listing: Listing) -> None:
    for stratum in listing.sizes():
        if stratum not in plan.deviations:
            words = Label(
                f"请填写“{stratum or '未分类'}”层的标准差。",
                f"Please give the standard deviation of the stratum “{stratum or 'none'}”.",
            )
            raise Refused(words, field="deviations")
    if not any(plan.deviations[stratum] for stratum in listing.sizes()):
        words = Label("至少一层的标准差应大于 0。", "At least one standard deviation is above 0.")
        raise Refused(words, field="deviations")
