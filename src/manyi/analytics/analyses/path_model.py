"""A structural model of satisfaction: ECSI, ACSI, CCSI or one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.table import Table
from manyi.analytics.results import Heading, Result, ResultTable, headings
from manyi.analytics.telling import cautions, weights_if_any, wording
from manyi.kernel.labels import Label
from manyi.measures.pls.estimation import Scale, pls
from manyi.measures.pls.models import LATENTS, Block, PathModel, path_model, ready_model
from manyi.measures.pls.resampling import Bootstrap, bootstrap
from manyi.measures.pls.results import PlsFit

LATENT = headings(
    ("latent", "潜变量", "Latent variable", "text"),
    ("index", "指数(0–100)", "Index (0–100)", "number"),
    ("low", "指数下限", "Index, low", "number"),
    ("high", "指数上限", "Index, high", "number"),
    ("r2", "R²", "R²", "number"),
    ("communality", "共同度", "Communality", "number"),
    ("redundancy", "冗余度", "Redundancy", "number"),
    ("ave", "AVE", "AVE", "number"),
    ("alpha", "标准化 α", "Standardised alpha", "number"),
    ("rho", "组合信度 ρ", "Rho", "number"),
    ("eigen_1", "第一特征值", "First eigenvalue", "number"),
    ("eigen_2", "第二特征值", "Second eigenvalue", "number"),
)
PATHS = headings(
    ("cause", "原因", "Cause", "text"),
    ("effect", "结果", "Effect", "text"),
    ("estimate", "路径系数", "Path", "number"),
    ("error", "标准误", "Std. error", "number"),
    ("t", "t", "t", "number"),
    ("p", "p 值", "p", "p"),
    ("low", "自助法下限", "Bootstrap, low", "number"),
    ("high", "自助法上限", "Bootstrap, high", "number"),
)
TOTALS = headings(
    ("cause", "原因", "Cause", "text"),
    ("effect", "结果", "Effect", "text"),
    ("direct", "直接", "Direct", "number"),
    ("indirect", "间接", "Indirect", "number"),
    ("total", "总效应", "Total", "number"),
    ("low", "自助法下限", "Bootstrap, low", "number"),
    ("high", "自助法上限", "Bootstrap, high", "number"),
)
ITEMS = headings(
    ("item", "变量", "Variable", "text"),
    ("title", "名称", "Label", "text"),
    ("latent", "潜变量", "Latent variable", "text"),
    ("weight", "外部权重", "Weight", "number"),
    ("loading", "载荷", "Loading", "number"),
    ("low", "载荷下限", "Loading, low", "number"),
    ("high", "载荷上限", "Loading, high", "number"),
    ("communality", "共同度", "Communality", "number"),
    ("redundancy", "冗余度", "Redundancy", "number"),
)
MODEL = headings(
    ("n", "有效 n", "Valid n", "count"),
    ("gof", "GoF", "GoF", "number"),
    ("rounds", "迭代次数", "Rounds", "count"),
    ("samples", "自助样本", "Bootstrap samples", "count"),
)
#: More samples move an interval by less than its last digit.
MOST_SAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class PathModelConfig:
    """``model`` ready-made, or ``own`` with ``arrows`` like "image -> loyalty"; ``blocks``: items by latent.

    ``scale`` are the two ends of the items' scale, for indices, or ``scales`` those of each item; ``formed``
    names latents of mode B;
    ``samples`` of the bootstrap (0: none).
    """

    blocks: Mapping[str, tuple[str, ...]]
    model: Literal["ccsi", "ecsi", "acsi", "own"] = "ccsi"
    arrows: tuple[str, ...] = ()
    formed: tuple[str, ...] = ()
    scheme: Literal["centroid", "factorial", "path"] = "centroid"
    scaled: bool = True
    scale: tuple[float, ...] = ()
    scales: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    samples: int = 0
    seed: int = 1

    def problem(self) -> tuple[str, Label] | None:
        """Arrows belong to a model of one's own; a scale has two ends."""
        if (self.model == "own") != bool(self.arrows):
            zh, en = (
                "自建模型需要箭头,现成模型不需要。",
                "Only a model of one's own has arrows, and it needs them.",
            )
            return "arrows", Label(zh, en)
        if any(len(_ends(arrow)) != 2 for arrow in self.arrows):
            return "arrows", Label("箭头请写成“原因 -> 结果”。", "Write an arrow as “cause -> effect”.")
        given = [("scale", self.scale), *(("scales", each) for each in self.scales.values())]
        for name, ends in given:
            if ends and (len(ends) != 2 or not ends[0] < ends[1]):
                return name, Label("量尺请写两个端点,从低到高。", "A scale has two ends, the lower first.")
        if self.samples and not 100 <= self.samples <= MOST_SAMPLES:
            zh, en = (
                f"自助样本为 100 至 {MOST_SAMPLES} 个。",
                f"A bootstrap takes 100 to {MOST_SAMPLES} samples.",
            )
            return "samples", Label(zh, en)
        return None


def _ends(arrow: str) -> list[str]:
    return [end.strip() for end in arrow.split("->") if end.strip()]


@ANALYSES.register
class PathModelAnalysis(Analysis):
    """Partial least squares path model with indices 0 to 100."""

    id = "path_model"
    label = Label("满意度结构模型(CCSI/ECSI/ACSI)", "Structural model (CCSI, ECSI, ACSI)")
    group = "scales"
    question = Label(
        "形象、质量、价值怎样一步步变成满意和忠诚?",
        "How do image, quality and value turn into satisfaction and loyalty?",
    )
    method = Label(
        "偏最小二乘路径模型(Tenenhaus 等 2005):反映型(A)或形成型(B),centroid、factorial 或 path 方案;载荷、"
        "AVE、R²、GoF;指数为各题按外部权重/标准差加权的均值,换算到 0–100。区间由有放回抽样得到,种子固定。",
        "Partial least squares path model (Tenenhaus et al. 2005): reflective (A) or formative (B), "
        "centroid, factorial or path scheme; loadings, AVE, R², GoF; an index is the mean of a block "
        "weighted by outer weight per standard deviation, on 0 to 100. Intervals by bootstrap with a fixed "
        "seed.",
    )
    caution = Label(
        "箭头是假设,数据不能证明方向;AVE 低于 0.5 或载荷低于 0.5 时先改题目;每个结果变量的每条箭头至少要 10 "
        "份样本。",
        "Arrows are assumptions that data cannot prove; with AVE or loadings below 0.5 mend the items first;"
        " take 10 rows at least for each arrow into a latent variable.",
    )
    config = PathModelConfig
    example = """
method = "path_model"

[config]
model = "own"
arrows = ["quality -> satisfaction", "satisfaction -> loyalty"]
scale = [1, 10]
samples = 100

[config.blocks]
quality = ["q1", "q2"]
satisfaction = ["s1", "s2"]
loyalty = ["l1", "l2"]
"""
    example_data = {
        "q1": [8, 9, 7, 6, 9, 5, 8, 4, 7, 10, 6, 8],
        "q2": [7, 9, 8, 6, 8, 6, 9, 5, 6, 9, 5, 8],
        "s1": [8, 9, 6, 6, 9, 5, 8, 5, 7, 9, 6, 7],
        "s2": [7, 10, 7, 5, 9, 6, 7, 4, 7, 9, 7, 8],
        "l1": [9, 9, 7, 5, 8, 6, 8, 4, 8, 10, 6, 8],
        "l2": [8, 8, 7, 6, 9, 4, 8, 5, 7, 9, 7, 7],
    }

    def run(self, table: Table, config: PathModelConfig) -> Result:
        """Latent variables with indices, paths, total effects, items."""
        model, weights = _model(config), weights_if_any(table)
        data = {item: table.numbers(item) for item in model.items}
        scale = _scale(config)
        fit = pls(data, model, scheme=config.scheme, scaled=config.scaled, scale=scale, weights=weights)
        resampled = None
        if config.samples:
            resampled = bootstrap(
                data, model, seed=config.seed, samples=config.samples, scheme=config.scheme,
                scaled=config.scaled, scale=scale, weights=weights,
            )  # fmt: skip
        told, tables = cautions(fit.warnings), _tables(table, fit, resampled)
        return Result(table.rows, tables, sentence=_sentence(fit), warnings=told)


def _scale(config: PathModelConfig) -> Scale | None:
    """The ends of each item's scale, else those of all."""
    if config.scales:
        return {item: (ends[0], ends[1]) for item, ends in config.scales.items()}
    return (config.scale[0], config.scale[1]) if config.scale else None


def _model(config: PathModelConfig) -> PathModel:
    if config.model != "own":
        ready = ready_model(config.model, config.blocks)
        if not config.formed:
            return ready
        blocks, arrows = ready.blocks, ready.arrows
    else:
        blocks = tuple(Block(name, tuple(items)) for name, items in config.blocks.items())
        arrows = tuple((_ends(arrow)[0], _ends(arrow)[1]) for arrow in config.arrows)
    formed = [Block(b.name, b.items, "B" if b.name in config.formed else "A") for b in blocks]
    return path_model(formed, arrows)


def _tables(table: Table, fit: PlsFit, resampled: Bootstrap | None) -> tuple[ResultTable, ...]:
    named = ("direct", "indirect", "total")
    totals = tuple(
        {
            "cause": _title(effect.cause),
            "effect": _title(effect.effect),
            **{kind: getattr(effect, kind) for kind in named},
            **_interval(resampled, "total", effect.effect, effect.cause),
        }
        for effect in fit.effects
        if effect.total
    )
    numbers = ("weight", "loading", "communality", "redundancy")
    items = tuple(
        {
            **wording(table, item.name),
            "latent": _title(item.block),
            **{kind: getattr(item, kind) for kind in numbers},
            **_interval(resampled, "loading", item.name),
        }
        for item in fit.items
    )
    model = {"n": fit.n, "gof": fit.gof, "rounds": fit.rounds, "samples": resampled and resampled.used}
    return (
        ResultTable("paths", Label("路径", "Paths"), PATHS, _paths(fit, resampled)),
        ResultTable("latents", Label("潜变量", "Latent variables"), LATENT, _latents(fit, resampled)),
        ResultTable("effects", Label("总效应", "Total effects"), TOTALS, totals),
        ResultTable("items", Label("题目", "Items"), ITEMS, items),
        _cross_loadings(table, fit),
        ResultTable("model", Label("模型", "Model"), MODEL, (model,), shape="figures"),
    )


def _cross_loadings(table: Table, fit: PlsFit) -> ResultTable:
    """Every item's correlation with every latent variable: its own should be the highest."""
    columns = tuple(Heading(latent.name, _title(latent.name)) for latent in fit.latents)
    rows = tuple(
        {
            **wording(table, item.name),
            **{h.id: float(value) for h, value in zip(columns, fit.cross_loadings[place], strict=True)},
        }
        for place, item in enumerate(fit.items)
    )
    title = Label("交叉载荷", "Cross-loadings")
    return ResultTable("cross_loadings", title, (*ITEMS[:2], *columns), rows)


def _sentence(fit: PlsFit) -> Label:
    """The index of satisfaction (else of the last latent variable), and what acts on it most."""
    names = [latent.name for latent in fit.latents]
    goal = "satisfaction" if "satisfaction" in names else names[-1]
    acting = [effect for effect in fit.effects if effect.effect == goal]
    most = max(acting, key=lambda effect: abs(effect.total))
    goal_title, cause, index = _title(goal), _title(most.cause), fit.latent(goal).index
    zh = f"{goal_title.zh}指数 {index:.1f};" if index is not None else ""
    en = f"{goal_title.en} index {index:.1f}; " if index is not None else ""
    return Label(
        f"{zh}对{goal_title.zh}总效应最大的是{cause.zh}({most.total:+.2f})。",
        f"{en}{cause.en} has the largest total effect on {goal_title.en.lower()} ({most.total:+.2f}).",
    )


def _latents(fit: PlsFit, resampled: Bootstrap | None) -> tuple[dict[str, Any], ...]:
    numbers = ("index", "communality", "redundancy", "ave", "alpha", "rho")
    return tuple(
        {
            "latent": _title(latent.name),
            "r2": latent.r2 if latent.endogenous else None,
            "eigen_1": latent.eigenvalues[0],
            "eigen_2": latent.eigenvalues[1],
            **{kind: getattr(latent, kind) for kind in numbers},
            **_interval(resampled, "index", latent.name),
        }
        for latent in fit.latents
    )


def _paths(fit: PlsFit, resampled: Bootstrap | None) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "cause": _title(path.cause),
            "effect": _title(path.effect),
            "estimate": path.estimate,
            "error": path.error,
            "t": path.t,
            "p": path.p,
            **_interval(resampled, "path", path.effect, path.cause),
        }
        for path in fit.paths
    )


def _interval(resampled: Bootstrap | None, kind: str, name: str, cause: str = "") -> dict[str, float]:
    if resampled is None:
        return {}
    try:
        found = resampled.of(kind, name, cause)
    except KeyError:
        return {}
    return {"low": found.low, "high": found.high}


def _title(name: str) -> Label:
    return LATENTS.get(name, Label(name, name))
