"""How often each answer was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Histogram, Table
from manyi.analytics.results import Result, ResultTable, headings
from manyi.analytics.sentences import told
from manyi.kernel.labels import Label
from manyi.measures.figure import Interval
from manyi.measures.intervals import clopper_pearson, wilson

HEADINGS = headings(
    ("code", "取值", "Value", "text"),
    ("title", "名称", "Label", "text"),
    ("n", "份数", "n", "count"),
    ("weighted_n", "加权份数", "Weighted n", "number"),
    ("share", "占比", "Share", "share"),
    ("low", "区间下限", "Low", "share"),
    ("high", "区间上限", "High", "share"),
)


@dataclass(frozen=True, slots=True)
class FrequenciesConfig:
    """The variables to count."""

    items: tuple[str, ...]
    interval: Literal["wilson", "exact"] = "wilson"


@ANALYSES.register
class Frequencies(Analysis):
    """Counts and shares of every value of some variables."""

    id = "frequencies"
    label = Label("频数表", "Frequencies")
    group = "tables"
    question = Label("每种回答各有多少?", "How many gave each answer?")
    method = Label(
        "占比以该题有效回答为分母;区间为 Wilson(或 exact:Clopper-Pearson)95%,加权时用有效样本量(Kish)。",
        "Shares are of the valid answers to the question; intervals at 95 % are Wilson's, or exact (Clopper "
        "and Pearson), with Kish's effective n when weighted.",
    )
    caution = Label(
        "缺失不是随机的时候,有效回答不能代表全体。",
        "When answers are not missing at random, those given do not speak for all.",
    )
    config = FrequenciesConfig
    example = """
method = "frequencies"

[config]
items = ["overall"]
"""
    example_data = {"overall": [5, 4, 4, 5, 3, None, 2, 5, 4, 4]}

    def run(self, table: Table, config: FrequenciesConfig) -> Result:
        """One table for each variable."""
        found = table.histograms([(name,) for name in config.items])
        named = zip(config.items, found, strict=True)
        tables = [_table(table, name, each, config.interval) for name, each in named]
        return Result(table.rows, tuple(tables), sentence=_sentence(tables[0]))


def _sentence(first: ResultTable) -> Label:
    """The answer that most gave to the first item."""
    given = [row for row in first.rows if row["share"] is not None]
    if not given:
        zh, en = f"“{first.title.zh}”没有有效回答。", f"Nobody answered “{first.title.en}”."
        return Label(zh, en)
    top = max(given, key=lambda row: float(row["share"]))
    share = told(top["share"], top["low"], top["high"], sum(row["n"] for row in given), "share")
    value, title = top["title"], first.title
    return Label(
        f"“{title.zh}”中最多的回答是“{value.zh}”,占 {share.zh}。",
        f"The most frequent answer to “{title.en}” is “{value.en}”, with {share.en}.",
    )


def _table(table: Table, name: str, found: Histogram, form: str) -> ResultTable:
    valid, weighted = int(found.n.sum()), float(found.w.sum())
    effective = weighted**2 / float(found.w2.sum()) if weighted else 0.0
    rows = []
    for place, level in enumerate(found.levels[0]):
        share = float(found.w[place]) / weighted if weighted else None
        interval = None if share is None else _interval(share, effective, form)
        rows.append(
            {
                "code": level.code,
                "title": level.title,
                "n": int(found.n[place]),
                "weighted_n": float(found.w[place]),
                "share": share,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
            }
        )
    lacking = table.rows - valid
    notes = [Label(f"有效 {valid},缺失 {lacking}。", f"{valid} valid, {lacking} missing.")]
    if table.weighted:
        notes.append(Label(f"有效样本量 {effective:.1f}。", f"Effective n {effective:.1f}."))
    return ResultTable(name, table.title(name), HEADINGS, tuple(rows), tuple(notes))


def _interval(share: float, effective: float, form: str) -> Interval | None:
    """The interval of a share; exact is Clopper and Pearson's, for weighted answers on their effective n."""
    return (clopper_pearson if form == "exact" else wilson)(share * effective, effective)
