"""What to mind about a figure: the warnings of measures in words."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label

_WARNINGS = {
    "few_answers": Label("可用回答少于 30,结果仅供参考。", "Fewer than 30 answers: take it as a hint."),
    "few_in_a_group": Label("有的组不足 5 人,检验仅供参考。", "Some groups hold fewer than 5: a hint only."),
    "missing_in_total": Label(
        "有缺失值:总量只包括有值的行,因此偏低。",
        "Values are missing: the total covers the rows that have one, so it is too low.",
    ),
    "no_degrees_of_freedom": Label(
        "抽样单元太少,没有自由度,因此不给出区间。",
        "Too few sampling units: no degree of freedom is left, so there is no interval.",
    ),
    "no_interval": Label("这个值没有可用的区间。", "There is no usable interval at this value."),
    "open_interval": Label(
        "分位数太靠近一端:这一端没有界限,标准误也无法给出。",
        "A quantile lies so near an end that this side of its interval is open; there is no standard error.",
    ),
    "one_answer": Label("只有一个回答,没有误差可言。", "There is one answer only, hence no error."),
    "weights_differ_from_populations": Label(
        "权重列与各阶段总体数推出的权重不一致;多阶段样本应以总体数为准。",
        "The weight column contradicts the weights that follow from the population counts of the stages; in "
        "samples of several stages the counts are right.",
    ),
    "expected_below_5": Label(
        "有单元格期望频数小于 5,卡方检验仅供参考。",
        "Some expected counts are below 5; take the chi-squared test as a hint only.",
    ),
    "nothing_to_compare": Label(
        "只有一种回答或只有一组,没有可比较的。",
        "There is one answer or one group only: nothing can be compared.",
    ),
    "scales_differ": Label(
        "期望与满意的最高分相差很大,可能不是同一量尺;差距和比值只在同一量尺上有意义。",
        "The highest answers on expectation and satisfaction lie far apart: gaps and ratios need one scale.",
    ),
    "uneven_items": Label(
        "各题的离散程度相差很大(可能量尺不同),请看标准化 α,或先换算到同一量尺。",
        "Items differ much in spread, perhaps by their scales: look at standardised alpha, or bring them to "
        "one scale first.",
    ),
    "small_n": Label("样本少于 30,区间仅供参考。", "Fewer than 30 answers: the interval is a hint."),
    "exact_fit": Label(
        "因素完全决定了结果,检验没有意义;请检查是否用了同一数据。",
        "The drivers determine the result exactly, so tests mean nothing; check for the same data twice.",
    ),
    "few_items": Label(
        "量表只有两题,信度只能粗略判断。",
        "A scale of two items: reliability is a rough guess.",
    ),
    "few_periods": Label(
        "少于 20 期,控制界限只是暂定。",
        "Limits from fewer than 20 periods are provisional.",
    ),
    "few_rows": Label(
        "样本相对模型偏少(每条箭头不足 10 份)。",
        "Few rows for this model (fewer than 10 for each arrow).",
    ),
    "few_rows_per_driver": Label(
        "每个因素不足 10 份样本,结果不稳。",
        "Fewer than 10 rows per driver: results are unsteady.",
    ),
    "heywood": Label(
        "有题目被因子完全解释(Heywood 情况),因子数可能过多。",
        "An item is wholly explained (Heywood case): perhaps too many factors.",
    ),
    "high_vif": Label(
        "因素之间高度相关(VIF 超过 10),单个系数不可靠。",
        "Drivers go together closely (VIF above 10): single coefficients are unreliable.",
    ),
    "low_ave": Label(
        "有潜变量的 AVE 低于 0.5。",
        "A latent variable has an AVE below 0.5.",
    ),
    "low_kmo": Label(
        "KMO 低于 0.5,不适合做因子分析。",
        "KMO is below 0.5: these items do not suit factor analysis.",
    ),
    "low_loading": Label(
        "有题目的载荷低于 0.5。",
        "An item has a loading below 0.5.",
    ),
    "mixed": Label(
        "有功能的前两类相差不显著,按并列处理。",
        "Two leading classes of a feature do not differ by more than chance.",
    ),
    "negative_alpha": Label(
        "α 为负,通常是反向题没有反转。",
        "Alpha is negative: usually items were not reversed.",
    ),
    "negative_pratt": Label(
        "有 Pratt 值为负,不能当作占比。",
        "A Pratt value is negative and cannot be read as a share.",
    ),
    "negative_weight": Label(
        "有题目的权重为负,该潜变量不给指数。",
        "An item weighs negatively: its latent variable has no index.",
    ),
    "overdispersed": Label(
        "各期波动大于次数所能解释的范围,请用 Laney 界限。",
        "Periods vary more than their counts explain: use Laney's limits.",
    ),
    "overdispersed_units": Label(
        "部门之间的差别超出样本量所能解释的范围(离散比显著大于 1),落在界限外的会偏多:"
        "请放宽界限,或先按客群分开看。",
        "The units differ more than their numbers of answers explain (dispersion above 1): too many lie "
        "outside. Widen the limits, or look at segments apart.",
    ),
    "few_units": Label(
        "部门少于 5 个,无法判断部门之间的离散程度。",
        "Fewer than 5 units: how much they spread cannot be judged.",
    ),
    "questionable": Label(
        "超过一成回答自相矛盾,题目可能没被看懂。",
        "More than a tenth of answers contradict themselves: the question may not be understood.",
    ),
    "rare_answer": Label(
        "有等级不足 5 人选择,分界点不稳。",
        "An answer was chosen fewer than 5 times: its threshold is unsteady.",
    ),
    "reversed_items": Label(
        "有题目与其余题目方向相反,请检查是否需要反转。",
        "An item goes against the rest: check whether it must be reversed.",
    ),
    "rotation_not_converged": Label(
        "旋转没有收敛,载荷仅供参考。",
        "The rotation did not converge: take the loadings as a hint.",
    ),
    "small_expected": Label(
        "有时期的期望次数不足 5,控制界限不准。",
        "A period expects fewer than 5: its limits are inexact.",
    ),
    "too_few_verdict": Label(
        "前后样本不足,不作结论。",
        "Too few answers before or after: no verdict.",
    ),
    "two_dimensions": Label(
        "有潜变量的题目似乎不止一个维度。",
        "The items of a latent variable seem to have more than one dimension.",
    ),
    "weak_model": Label(
        "R² 低于 0.1,重要性排序没有意义。",
        "R² is below 0.1: the order of importance means nothing.",
    ),
}


class _Facts(dict[str, Any]):
    """Facts for a text; one that is not known leaves a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def warning_of(code: str, **facts: Any) -> Label:
    """What to mind about a figure, in both languages; an unknown code is told as it is."""
    if code not in _WARNINGS:
        told = " ".join([code, *(f"{name}={value}" for name, value in facts.items())])
        return Label(told, told)
    words, given = _WARNINGS[code], _Facts(facts)
    return Label(words.zh.format_map(given), words.en.format_map(given))
