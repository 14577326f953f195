"""The page of docs/reference about analyses: every method with question, settings, example and caution."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from manyi.analytics.analyses import ANALYSES, GROUPS, Analysis
from manyi.kernel.labels import Label
from manyi.surveys.configuration import settings_of

Grid = Callable[[Iterable[str], Iterable[Iterable[object]]], str]

INTRO = """\
一份说明(TOML)写明方法、设置和数据,用 `manyi analyse 说明.toml --data 文件 --out 结果.xlsx` 运行。
数据可以是 CSV、XLSX、.sav、Parquet 或某一轮次的答卷,结果可以是 JSON、XLSX、HTML。
很大的 Parquet 文件可以在 Spark 集群上算,见[运行环境](../environment.md)。

A specification (TOML) names the method, its settings and its data; `manyi analyse SPEC.toml --data FILE
--out RESULT.xlsx` runs it. Data are CSV, XLSX, .sav, Parquet or the answers of a round; results JSON, XLSX
or HTML. A very large Parquet file can be counted on a Spark cluster: see [environment](../environment.md)."""
DATA_EXAMPLE = """\
```toml
method = "descriptives"
title = "Ratings of the main branch"

[data]
weight = "w"              # a column; of a round: "round" for its weights in use
missing = ["99", "-1"]    # values that mean no answer
# round = 12              # instead of --data: a round, with unit, segment, channel, since, until
# beside = [11, 10]       # more rounds below it; their rows are told apart by the variable "round"

[[data.where]]            # all conditions must hold: in, not_in, is, at_least, at_most
column = "branch"
in = ["main"]

[[data.where]]
column = "age"
at_least = 18

[config]
items = ["wait", "price"]
```"""
READING = """\
数字怎样读:`1234.5`、`1,234.5`(逗号须按千分位)、`1e3`、全角数字都可以;`12%`、`1,5`、`1_000` 不是数字,
会指出列和行。空格子和 `NA`、`N/A`、`NULL`、`.`、`缺失` 算缺失。一行的格数多于列名、重复的列名、无穷大、
彼此相差不到自身百亿分之一的数值、用作分组的超大整数,都会拒绝并说明原因。

How numbers are read: `1234.5`, `1,234.5` (commas in threes), `1e3` and full-width digits are numbers; `12%`,
`1,5` and `1_000` are none and are refused with column and row. Empty cells, `NA`, `N/A`, `NULL`, `.` and
`缺失` are missing. Refused with the reason: more cells than column names, a name twice, infinity, values that
differ by less than 1e-10 of their size, and groups named by whole numbers beyond 2^53."""
DESIGN_EXAMPLE = """\
### 抽样设计 · A sample design

凡有 `strata` 设置的方法都可以这样写明样本是怎样抽的。
Every method with the setting `strata` takes a design like this.

```toml
method = "design_estimates"

[data]
weight = "w"                      # left out: weights follow from the population counts of all stages

[config]
items = ["score"]
strata = ["region"]               # of each stage, the first stage first
clusters = ["shop", "visit"]      # two stages: shops, and visits within shops
populations = ["shops", "visits"] # how many of them there are in the stratum, in the shop
lonely = "adjust"                 # a stratum with one shop: fail, certainty, adjust or average

[config.domain]                   # figures for some rows; the others stay in the design
channel = ["app", "phone"]

[config.margins.age_group]        # one margin: post-stratification; several: raking
young = 420
old = 580
```

```toml
method = "design_estimates"

[config]
items = ["score"]
population = 1000                 # linear calibration: the number of all, and totals of numbers
bounds = [0.5, 2]                 # least and largest ratio of a weight to its base

[config.totals]
age = 41500
```"""


def parts(grid: Grid) -> list[str]:
    """The parts of the page: what a specification is, then the methods by chapter."""
    told = [INTRO, DATA_EXAMPLE, READING, DESIGN_EXAMPLE]
    for group, title in GROUPS.items():
        methods = [analysis for analysis in ANALYSES if analysis.group == group]
        if methods:
            told.append(f"## {title.zh} · {title.en}")
            told += [section(analysis, grid) for analysis in methods]
    return told


def section(analysis: Analysis, grid: Grid) -> str:
    """One method."""
    rows = [(f"`{name}`", *kind) for name, kind in settings(analysis.config)]
    about = (analysis.config.__doc__ or "").strip().replace("\n    ", "\n")
    return "\n\n".join(
        part
        for part in (
            f"### {analysis.label.zh} · {analysis.label.en} (`{analysis.id}`)",
            both(analysis.question),
            both(analysis.method),
            f"**{CAUTION.zh} · {CAUTION.en}**: {both(analysis.caution)}",
            grid(("setting", "values", "default"), rows) if rows else "",
            about if rows else "",
            f"```toml\n{analysis.example.strip()}\n```",
        )
        if part
    )


CAUTION = Label("何时不要相信", "When not to believe it")


def settings(config: type[Any]) -> list[tuple[str, tuple[str, str]]]:
    """Each setting with the values that it takes and its default."""
    hints = settings_of(config)
    return [(each.name, (values(hints[each.name]), default(each))) for each in fields(config)]


WORDS = {str: "text", bool: "true, false", int: "whole number", float: "number"}


def values(kind: Any) -> str:
    """A type of values in words."""
    if get_origin(kind) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(kind))
    if get_origin(kind) is UnionType:
        return " or ".join(values(each) for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is tuple:
        return f"list of {values(get_args(kind)[0])}"
    if get_args(kind):
        return f"table of {values(get_args(kind)[1])}"
    return {"str": "text", "bool": "true, false", "int": "whole number", "float": "number"}.get(
        kind.__name__, ""
    )


def default(field: Any) -> str:
    """The default as TOML would write it; a dash for a setting that must be given."""
    if field.default is MISSING:
        return "–"
    if field.default is None or field.default in ("", ()):
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def both(label: Label) -> str:
    """A text in both languages."""
    return f"{label.zh} {label.en}"
