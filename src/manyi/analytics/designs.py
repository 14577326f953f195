"""The sample design of a specification: its settings, the design on a table, and estimates as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from manyi.analytics.data.table import Floats, Table
from manyi.analytics.reasons import warning_of
from manyi.analytics.results import Form, Heading, headings
from manyi.kernel.labels import Label
from manyi.measures.categories import MOST, Categories
from manyi.measures.design.calibration import linear_calibrated, post_stratified, raked
from manyi.measures.design.estimates import Estimate, Flags, by
from manyi.measures.design.sample import Lonely, SurveyDesign, simple_design, survey_design
from manyi.measures.errors import NotComputable
from manyi.measures.weighting import ImpossibleMargin, Margin
from manyi.organisation.errors import Refused
from manyi.responses.weight_rules import explained

#: What the settings of a design are, for the text of every method that has one.
DESIGN_NOTE = Label(
    "设计:strata、clusters、populations 按抽样阶段列出各列;"
    "不给权重时,由各阶段总体数算出。margins(各取值)或 totals(数值列,可加 population 总人数、bounds 权重比)"
    "把权重校准到已知总数;"
    "domain 限定域(不删行);lonely 决定只有一个抽样单元的层怎么办。",
    "The design: strata, clusters and populations name one column per stage; without weights they follow "
    "from the population counts. margins (of values) or totals (of numbers, with the population in all and "
    "bounds of weight ratios) calibrate to known totals; domain narrows without dropping rows; "
    "lonely says what a stratum with one unit does.",
)


def with_design(words: Label) -> Label:
    """The text of a method and what the settings of a design are."""
    return Label(words.zh + DESIGN_NOTE.zh, f"{words.en} {DESIGN_NOTE.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignConfig:
    """How the sample was drawn; nothing at all means that every row was drawn alone."""

    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    lonely: Lonely = "fail"
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)
    population: float | None = None
    bounds: tuple[float, ...] = ()
    domain: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: float = 0.95

    @property
    def drawn(self) -> bool:
        """Whether something says how the rows were drawn, or which of them are a domain."""
        return any((self.strata, self.clusters, self.populations, self.margins, self.totals, self.domain))

    def problem(self) -> tuple[str, Label] | None:
        """What is wrong between the settings, with the name of the one to change."""
        if wrong := problem_of_totals(self):
            return wrong
        depth = max(len(self.clusters), 1)
        for name in ("strata", "populations"):
            if len(getattr(self, name)) > depth:
                words = f"最多 {depth} 列,每个抽样阶段一列。", f"At most {depth} columns, one per stage."
                return name, Label(*words)
        return None


def design_on(table: Table, config: DesignConfig) -> SurveyDesign:
    """The design of the rows of a table, calibrated where margins are given."""
    weights = table.weights() if table.weighted or not config.populations else None
    if not (config.strata or config.clusters or config.populations):
        design = simple_design(table.rows, weights)
    else:
        design = survey_design(
            table.rows,
            weights=weights,
            strata=[_given(name, table.texts(name)) for name in config.strata],
            clusters=[_given(name, table.texts(name)) for name in config.clusters],
            populations=[_given(name, table.numbers(name)) for name in config.populations],
            lonely=config.lonely,
        )
    return calibrated(table, design, config) if config.margins or config.totals else design


def _given(name: str, values: Sequence[str] | Floats) -> np.ndarray:
    """A column of the design. Raises NotComputable with the first row that lacks it."""
    column = np.asarray(values)
    gaps = np.flatnonzero(np.isnan(column) if column.dtype.kind == "f" else column == "")
    if len(gaps):
        raise NotComputable("design_gap", column=name, row=int(gaps[0]))
    return column


class KnownTotals(Protocol):
    """What is known of the population: ``margins`` (column → value → total), or ``totals`` of numbers, with
    ``population`` in all, and ``bounds`` of the ratios of weights."""

    @property
    def margins(self) -> Mapping[str, Mapping[str, float]]: ...
    @property
    def totals(self) -> Mapping[str, float]: ...
    @property
    def population(self) -> float | None: ...
    @property
    def bounds(self) -> tuple[float, ...]: ...


def problem_of_totals(known: KnownTotals) -> tuple[str, Label] | None:
    """Both kinds of totals at once, or bounds that are none."""
    if known.margins and known.totals:
        return "margins", Label("请给 margins 或 totals 之一。", "Give either margins or totals.")
    if known.bounds and (len(known.bounds) != 2 or not known.bounds[0] < 1 < known.bounds[1]):
        words = "bounds 是 1 两侧的两个比值。", "bounds are two ratios, one on each side of 1."
        return "bounds", Label(*words)
    return None


def calibrated(table: Table, design: SurveyDesign, known: KnownTotals) -> SurveyDesign:
    """The design with weights that meet what is known.

    Totals of numbers are met by linear calibration, one margin is post-stratification, several are raked;
    their variances differ, as those of R's ``calibrate``, ``postStratify`` and ``rake`` do. Raises Refused
    where no weights can meet them.
    """
    return _to_margins(table, design, known.margins) if known.margins else _to_totals(table, design, known)


def _to_totals(table: Table, design: SurveyDesign, known: KnownTotals) -> SurveyDesign:
    names, totals = list(known.totals), list(known.totals.values())
    columns = [table.numbers(name) for name in names]
    if known.population is not None:
        names, totals = ["population", *names], [known.population, *totals]
        columns = [np.ones(table.rows), *columns]
    bounds = (known.bounds[0], known.bounds[1]) if known.bounds else None
    return linear_calibrated(design, columns, totals, names=names, bounds=bounds)


def _to_margins(
    table: Table, design: SurveyDesign, margins: Mapping[str, Mapping[str, float]]
) -> SurveyDesign:
    wanted = [Margin(name, table.texts(name), totals) for name, totals in margins.items()]
    try:
        return post_stratified(design, *wanted) if len(wanted) == 1 else raked(design, wanted)
    except ImpossibleMargin as problem:
        raise Refused(explained(problem), field="config.margins") from problem
    except NotComputable:
        raise
    except ValueError as problem:
        raise NotComputable("unreachable", what=", ".join(margins)) from problem


def domain_of(table: Table, config: DesignConfig) -> Flags | None:
    """The rows of the domain; None when all are meant."""
    inside = None
    for name, values in config.domain.items():
        here = np.isin(np.array(table.texts(name), dtype=object).astype(str), list(values))
        inside = here if inside is None else inside & here
    return inside


def categories(table: Table, name: str) -> Categories:
    """A variable as categories with codes as labels. Raises NotComputable beyond what a table can show."""
    found = table.groups(name)
    if len(found.levels) > MOST:
        raise NotComputable("too_many_categories", column=name, n=len(found.levels), most=MOST)
    return Categories(found.places, tuple(level.code for level in found.levels))


def estimate_headings(form: Form, by_group: bool) -> tuple[Heading, ...]:
    """The columns of a table of estimates."""
    group = headings(("group", "分组", "Group", "text")) if by_group else ()
    return (
        *headings(("item", "变量", "Variable", "text"), ("title", "名称", "Label", "text")),
        *group,
        *headings(
            ("n", "应答范围 n", "n", "count"),
            ("valid_n", "有效 n", "Valid n", "count"),
            ("weighted_n", "加权 n", "Weighted n", "number"),
            ("effective_n", "有效样本量", "Effective n", "number"),
            ("value", "估计值", "Estimate", form),
            ("se", "标准误", "Standard error", form),
            ("low", "区间下限", "Low", form),
            ("high", "区间上限", "High", form),
            ("df", "自由度", "df", "number"),
            ("deff", "设计效应", "Design effect", "number"),
            ("note", "说明", "Note", "text"),
        ),
    )


def estimate_rows(
    table: Table, item: str, group: str, estimate: Callable[[Flags | None], Estimate], domain: Flags | None
) -> list[dict[str, Any]]:
    """The whole first, then every group; a group that allows no estimate says why."""
    named = {"item": item, "title": table.title(item)}
    rows = [{**named, "group": Label("全部", "All"), **cells(estimate(domain))}]
    if group:
        titles = {level.code: level.title for level in table.groups(group).levels}
        found = by(categories(table, group), estimate, column=group, where=domain)
        for code, each in found.items():
            told = {"note": each.label} if isinstance(each, NotComputable) else cells(each)
            rows.append({**named, "group": titles[code], **told})
    return rows


def cells(found: Estimate) -> dict[str, Any]:
    """An estimate as cells of a row."""
    return {
        "n": found.n,
        "valid_n": found.used,
        "weighted_n": found.weighted,
        "effective_n": found.effective,
        "value": found.value,
        "se": found.standard_error,
        "low": found.low,
        "high": found.high,
        "df": found.df,
        "deff": found.deff,
        "note": _note(found.warnings),
        "warnings": found.warnings,
    }


def _note(codes: Iterable[str]) -> Label | None:
    """What to mind about one line; what the whole design warns of stands below the table."""
    words = [warning_of(code) for code in codes if code != "weights_differ_from_populations"]
    return Label("".join(each.zh for each in words), " ".join(each.en for each in words)) if words else None


def warnings_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Label, ...]:
    """The warnings of all rows in words, each once."""
    codes = dict.fromkeys(code for row in rows for code in row.get("warnings", ()))
    return tuple(warning_of(code) for code in codes)


def interval_words(low: float | None, high: float | None, places: int = 1) -> str:
    """An interval in brackets, empty where there is none."""
    return "" if low is None or high is None else f" ({low:.{places}f} – {high:.{places}f})"
