"""Why a measure cannot be computed: a code with facts, and the same in words that say what to do."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label


class NotComputable(ValueError):
    """The data do not allow this figure: no wrong number is given in its place.

    ``code`` is one word for the reason (a key of ``REASONS``), ``facts`` say which column, group or row it
    is about.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        told = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code}: {told}" if told else code)
        self.code, self.facts = code, facts

    @property
    def label(self) -> Label:
        """The reason and what to do, in both languages."""
        zh, en = REASONS[self.code]
        facts = _Facts({name: _shown(name, value) for name, value in self.facts.items()})
        return Label(zh.format_map(facts), en.format_map(facts))


def _shown(name: str, value: Any) -> Any:
    """A fact as people read it: rows count from 1, numbers have few digits."""
    if name == "row" and isinstance(value, int):
        return value + 1
    return f"{value:.6g}" if isinstance(value, float) else value


class _Facts(dict[str, Any]):
    """Facts of which a sentence may name more than are known."""

    def __missing__(self, name: str) -> str:
        return "–"


#: Code → what is wrong and what to do, in Chinese and English; the braces are filled from the facts.
REASONS: dict[str, tuple[str, str]] = {
    "all_missing": (
        "“{column}”没有任何可用的值,请检查该列或筛选条件。",
        "“{column}” has no usable value at all; check the column or the filter.",
    ),
    "bad_model": (
        "模型有误(“{column}”:{what})。请核对潜变量、题目和箭头。",
        "The model does not fit (“{column}”: {what}). Check latent variables, items and arrows.",
    ),
    "bad_weight": (
        "权重必须是不小于 0 的数,总和大于 0(第 {row} 行数据:{value})。",
        "Weights must not be negative or missing, and must sum to more than 0 (data row {row}: {value}).",
    ),
    "collinear": (
        "这些列互相完全决定,请去掉其中一列:{column}。",
        "These columns determine each other exactly; leave one out: {column}.",
    ),
    "constant": (
        "“{column}”的值全部相同,无法据此计算。",
        "All values of “{column}” are the same; nothing can be computed from it.",
    ),
    "design": (
        "抽样设计有误({what}):{detail}。请核对层、群和各阶段总体数。",
        "The sample design does not fit ({what}): {detail}. Check strata, clusters and population counts.",
    ),
    "design_counts": (
        "第 {row} 行数据的总体数 {value} 与同一层的其他行不同;一层只能有一个总体数。",
        "The population count {value} in data row {row} is not that of the rest of its stratum.",
    ),
    "design_gap": (
        "“{column}”第 {row} 行数据为空;抽样设计的列每一行都要有值。",
        "“{column}” is empty in data row {row}; every row needs its place in the sample design.",
    ),
    "empty": (
        "“{column}”没有数据行。",
        "“{column}” has no rows.",
    ),
    "infinite": (
        "“{column}”第 {row} 行数据是无穷大,请改正。",
        "“{column}” is infinite in data row {row}; correct it.",
    ),
    "leverage": (
        "有 {n} 行数据完全决定了自身的拟合值,不能用这种稳健误差;请改用 HC0 或 HC1。",
        "{n} rows decide their own fit alone, which this kind of robust error cannot bear; take HC0 or HC1.",
    ),
    "lonely_psu": (
        "第 {stage} 阶段的层“{stratum}”只有一个抽样单元,无法估计误差;请合并层,或选择处理方式。",
        "Stratum “{stratum}” of stage {stage} has one sampling unit only; merge strata or choose a rule.",
    ),
    "missing": (
        "“{column}”缺少数值,请补全。",
        "“{column}” lacks a number; fill it in.",
    ),
    "negative": (
        "“{column}”不能为负数。",
        "“{column}” must not be negative.",
    ),
    "no_denominator": (
        "“{column}”的加权总和为 0,不能作分母。",
        "The weighted total of “{column}” is 0 and cannot be a denominator.",
    ),
    "no_difference": (
        "“{column}”为 0,再多的样本也看不出差异。",
        "“{column}” is nought: no number of answers would show it.",
    ),
    "no_pair": (
        "没有足够的人同时回答了“{column}”,无法计算它们的关系。",
        "Too few people answered both of “{column}” to relate them.",
    ),
    "not_a_number": (
        "“{column}”第 {row} 行数据“{value}”不是数字,请先改为数字。",
        "“{column}” holds “{value}” in data row {row}, which is not a number; turn it into a number first.",
    ),
    "not_allowed": (
        "“{column}”中的“{value}”不在允许的取值之内,请改正。",
        "“{value}” is none of the allowed values of “{column}”; correct it.",
    ),
    "not_converged": (
        "计算没有收敛({what})。",
        "The computation did not converge ({what}).",
    ),
    "out_of_range": (
        "“{column}”第 {row} 行数据的“{value}”不在允许的取值之内,请改正。",
        "“{value}” in data row {row} of “{column}” is none of the allowed values; correct it.",
    ),
    "separated": (
        "“{column}”把结果完全分开,系数没有有限的估计。",
        "“{column}” separates the outcomes completely, so its coefficient has no finite estimate.",
    ),
    "no_model": (
        "这个文件不是文本模型,请用 manyi text train 生成。",
        "This file is no text model; make one by manyi text train.",
    ),
    "no_encoder": (
        "这里要用句子编码器,本机没有安装:make encoder,或 pip install 'manyi[encoder]'。",
        "This needs the sentence encoder, not installed here: make encoder, or pip install 'manyi[encoder]'.",
    ),
    "tags": (
        "一段文本可有多个标签的模型不能这样适应新行业。",
        "A model that gives several labels a text cannot be adapted like this.",
    ),
    "taxonomy": (
        "行业词表“{what}”不完整:每个方面要有 zh、en 和 words。",
        "The taxonomy “{what}” is not complete: every aspect has zh, en and words.",
    ),
    "too_few": (
        "“{column}”只有 {n} 个可用的值,至少需要 {least} 个。",
        "“{column}” has {n} usable values; at least {least} are needed.",
    ),
    "too_many": (
        "“{column}”有 {n} 个,最多 {most} 个,请减少。",
        "“{column}” counts {n}; at most {most} are possible. Take fewer.",
    ),
    "too_many_categories": (
        "“{column}”有 {n} 个类别,最多 {most} 个;请先合并类别。",
        "“{column}” has {n} categories; at most {most} are allowed. Merge some first.",
    ),
    "unreachable": (
        "没有权重能达到这些总数({what});请放宽限制或核对总数。",
        "No weights reach these totals ({what}); widen the limits or check the totals.",
    ),
}
