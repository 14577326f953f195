"""Which items go together: common factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Heading, Result, ResultTable, headings
from manyi.analytics.sentences import percent
from manyi.analytics.telling import cautions, require_varied, wording
from manyi.kernel.labels import Label
from manyi.measures.factors import Factors, Suitability, extract, suitability

FIT = headings(
    ("n", "有效 n", "Valid n", "count"),
    ("kmo", "KMO", "KMO", "number"),
    ("bartlett", "Bartlett 卡方", "Bartlett's chi-squared", "number"),
    ("df", "自由度", "df", "count"),
    ("p", "p 值", "p", "p"),
    ("residual", "残差均方根", "RMS residual", "number"),
    ("chi2", "模型卡方(ML)", "Model chi-squared (ML)", "number"),
    ("model_p", "模型 p 值", "Model p", "p"),
)
EIGEN = headings(
    ("factor", "序号", "Number", "count"),
    ("eigenvalue", "特征值", "Eigenvalue", "number"),
    ("share", "占比", "Share", "share"),
)
ITEM = headings(("item", "变量", "Variable", "text"), ("title", "名称", "Label", "text"))
LAST = headings(("communality", "共同度", "Communality", "number"), ("msa", "MSA", "MSA", "number"))


@dataclass(frozen=True, slots=True)
class FactorsConfig:
    """The items, how many factors (0: as eigenvalues above 1), and how they are found and turned."""

    items: tuple[str, ...]
    count: int = 0
    extraction: Literal["minres", "ml"] = "minres"
    rotation: Literal["none", "varimax", "promax", "oblimin"] = "varimax"

    def problem(self) -> tuple[str, Label] | None:
        """Three different items at least."""
        if len(self.items) < 3 or len(set(self.items)) < len(self.items):
            return "items", Label("请至少选三个不同的题目。", "Choose three different items at least.")
        return None


@ANALYSES.register
class FactorAnalysis(Analysis):
    """KMO, Bartlett, eigenvalues, minres or ML factors, turned."""

    id = "factors"
    label = Label("因子分析", "Factor analysis")
    group = "scales"
    question = Label("问卷里其实有几个维度?", "How many dimensions are there behind the items?")
    method = Label(
        "只用完整的行的相关矩阵:KMO 与 MSA、Bartlett 球形检验、特征值;minres 或极大似然提取;"
        "varimax(Kaiser 标准化)、promax(4 次方)、oblimin(gamma 0)旋转。",
        "Correlations over complete rows: KMO and MSA, Bartlett's test, eigenvalues; minres or maximum "
        "likelihood; varimax (Kaiser's rows), promax (power 4), oblimin (gamma 0).",
    )
    caution = Label(
        "KMO 低于 0.5 不适合做;每题少于 5 份样本、出现 Heywood 情况时结果不稳;“特征值大于 1”常会多取因子。",
        "Leave it below KMO of 0.5; with fewer than five rows per item, or a Heywood case, results are "
        "unsteady; “eigenvalue above 1” often takes too many factors.",
    )
    config = FactorsConfig
    example = """
method = "factors"

[config]
items = ["wait", "speed", "price", "value"]
count = 1
rotation = "none"
"""
    example_data = {
        "wait": [5, 4, 4, 5, 3, None, 2, 5, 1, 3, 4, 2],
        "speed": [5, 5, 4, 4, 3, 4, 2, 4, 2, 3, 5, 1],
        "price": [3, 4, 2, 5, 3, 4, 2, 4, 2, 3, 5, 1],
        "value": [4, 5, 2, 4, 3, 5, 3, 4, 3, 4, 4, 2],
    }

    def run(self, table: Table, config: FactorsConfig) -> Result:
        """Suitability, eigenvalues, loadings, and how factors correlate where they may."""
        sums = table.moments(config.items)
        require_varied(sums, config.items)
        fit = suitability(sums.products, n=sums.n, names=config.items)
        found = extract(
            sums.products,
            config.count or max(fit.above_one, 1),
            names=config.items,
            method=config.extraction,
            rotation=config.rotation,
            n=sums.n,
        )
        k = len(config.items)
        eigen = tuple(
            {"factor": place, "eigenvalue": value, "share": value / k}
            for place, value in enumerate(fit.eigenvalues, start=1)
        )
        tables = [
            ResultTable("fit", Label("适合度", "Suitability"), FIT, (_fit(fit, found),)),
            ResultTable("eigenvalues", Label("特征值", "Eigenvalues"), EIGEN, eigen),
            _loadings(table, fit, found),
        ]
        if config.rotation in ("promax", "oblimin") and found.loadings.shape[1] > 1:
            tables.append(_correlations(found))
        told = _sentence(fit, found)
        noted = cautions(fit.warnings, found.warnings)
        return Result(table.rows, tuple(tables), sentence=told, warnings=noted)


def _sentence(fit: Suitability, found: Factors) -> Label:
    """Whether the items suit (KMO by Kaiser's marks 0.5 and 0.7), how many factors, what they explain."""
    good, fair = Label("适合做因子分析", "suit factor analysis"), Label("勉强适合", "barely suit it")
    s = "s" if found.loadings.shape[1] > 1 else ""
    verdict = good if fit.kmo >= 0.7 else fair if fit.kmo >= 0.5 else Label("不适合", "do not suit it")
    count, share = found.loadings.shape[1], percent(sum(found.explained) / len(found.names))
    return Label(
        f"这些题{verdict.zh}(KMO = {fit.kmo:.2f},n = {fit.n:,});{count} 个因子解释了 {share} 的差异。",
        f"The items {verdict.en} (KMO = {fit.kmo:.2f}, n = {fit.n:,}); "
        f"{count} factor{s} explain{'' if s else 's'} {share} of the differences.",
    )


def _fit(fit: Suitability, found: Factors) -> dict[str, Any]:
    told = {"n": fit.n, "kmo": fit.kmo, "bartlett": fit.chi2, "df": fit.df, "p": fit.p}
    return {**told, "residual": found.residual, "chi2": found.chi2, "model_p": found.p}


def _factor_headings(count: int) -> tuple[Heading, ...]:
    return tuple(Heading(f"f{n}", Label(f"因子 {n}", f"Factor {n}")) for n in range(1, count + 1))


def _loadings(table: Table, fit: Suitability, found: Factors) -> ResultTable:
    """Loadings by item; the last row holds what each factor explains as a share of all variance."""
    count, msa = found.loadings.shape[1], dict(fit.msa)
    rows: list[dict[str, Any]] = [
        {
            **wording(table, name),
            **{f"f{n}": float(value) for n, value in enumerate(found.loadings[place], start=1)},
            "communality": found.communalities[place],
            "msa": msa[name],
        }
        for place, name in enumerate(found.names)
    ]
    explained = {f"f{n}": value / len(found.names) for n, value in enumerate(found.explained, start=1)}
    rows.append({"item": "", "title": Label("解释的方差占比", "Share of variance explained"), **explained})
    all_headings = (*ITEM, *_factor_headings(count), *LAST)
    return ResultTable("loadings", Label("因子载荷", "Loadings"), all_headings, tuple(rows))


def _correlations(found: Factors) -> ResultTable:
    count = found.loadings.shape[1]
    rows = tuple(
        {
            "item": Label(f"因子 {row}", f"Factor {row}"),
            **{f"f{n}": float(value) for n, value in enumerate(found.correlations[row - 1], start=1)},
        }
        for row in range(1, count + 1)
    )
    title = Label("因子间相关", "Correlations of factors")
    return ResultTable("factor_correlations", title, (ITEM[0], *_factor_headings(count)), rows)
