"""Shares of categories under a sample design, with six forms of interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.designs import (
    DesignConfig,
    categories,
    design_on,
    domain_of,
    estimate_headings,
    estimate_rows,
    warnings_of,
    with_design,
)
from manyi.analytics.results import Heading, Result, ResultTable
from manyi.analytics.sentences import estimates_sentence
from manyi.kernel.labels import Label
from manyi.measures.design.estimates import share
from manyi.measures.design.proportions import ShareMethod
from manyi.measures.errors import NotComputable

CODE = Heading("code", Label("取值", "Value"), "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesConfig(DesignConfig):
    """The variables whose values are counted, and groups to tell apart."""

    items: tuple[str, ...]
    by: str = ""
    interval: ShareMethod = "logit"


@ANALYSES.register
class DesignShares(Analysis):
    """The share of every value in the population."""

    id = "design_shares"
    label = Label("设计型比例", "Design-based shares")
    group = "estimation"
    question = Label("总体中各种回答占多少?", "What part of the population gives each answer?")
    method = with_design(
        Label(
            "加权比例及线性化标准误;区间:logit、likelihood、beta(Korn-Graubard)、mean、asin。",
            "Weighted shares with linearised errors; intervals: logit, likelihood, beta (Korn and Graubard), "
            "mean, asin.",
        )
    )
    caution = Label(
        "比例接近 0 或 1、回答又少时,请用 beta 区间;为 0 或 1 时其他方法没有区间。",
        "Near 0 or 1 with few answers take the beta interval; at 0 and 1 the other forms have none.",
    )
    config = SharesConfig
    example = """
method = "design_shares"

[config]
items = ["answer"]
strata = ["region"]
interval = "beta"
"""
    example_data = {
        "answer": ["yes", "no", "yes", "yes", "no", "yes", None, "yes", "no", "yes"],
        "region": ["north"] * 5 + ["south"] * 5,
    }

    def run(self, table: Table, config: SharesConfig) -> Result:
        """One line for each value of each variable, and for each group of it."""
        design, domain = design_on(table, config), domain_of(table, config)
        rows: list[dict[str, Any]] = []
        for name in config.items:
            found = categories(table, name)
            if not found.labels:
                raise NotComputable("all_missing", column=name)
            for code, label in enumerate(found.labels):
                hits = np.where(found.codes < 0, np.nan, found.codes == code)
                lines = estimate_rows(
                    table,
                    name,
                    config.by,
                    lambda where, hits=hits, name=name: share(  # type: ignore[misc]
                        design,
                        hits,
                        where=where,
                        column=name,
                        confidence=config.confidence,
                        method=config.interval,
                    ),
                    domain,
                )
                rows += [{**line, "code": label} for line in lines]
        head = estimate_headings("share", bool(config.by))
        title = Label("比例", "Shares")
        shown = ResultTable("shares", title, (*head[:2], CODE, *head[2:]), tuple(rows))
        return Result(table.rows, (shown,), sentence=_sentence(table, rows), warnings=warnings_of(rows))


def _sentence(table: Table, rows: Sequence[Mapping[str, Any]]) -> Label:
    """The share of the answer that most gave to the first item, and in which groups it stands out."""
    item = rows[0]["item"]
    whole = [row for row in rows if row["item"] == item and row["group"] == rows[0]["group"]]
    top = max(whole, key=lambda row: float(row["value"]))["code"]
    title = table.title(item)
    names = {level.code: level.title for level in table.groups(item).levels}
    value = names.get(top, Label(top, top))
    zh = f"“{title.zh}”中最多的回答是“{value.zh}”,占比"
    what = Label(zh, f"“{value.en}” is most frequent for “{title.en}”: its share")
    return estimates_sentence([row for row in rows if row["code"] == top], what, "share")
