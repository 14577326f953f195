"""What the settings of analyses and their choices are called on a page."""

from __future__ import annotations

from manyi.kernel.labels import Label

SETTINGS = {
    "items": Label("要看的项目", "Items"),
    "item": Label("要看的项目", "Item"),
    "by": Label("按什么分组", "Grouped by"),
    "column": Label("列:按什么比较", "Columns: compared by"),
    "row": Label("行", "Rows"),
    "period": Label("时期", "Period"),
    "result": Label("结果(总体评价)", "Result (the overall judgement)"),
    "outcome": Label("结果(总体评价)", "Result (the overall judgement)"),
    "answer": Label("结果(总体评价)", "Result (the overall judgement)"),
    "drivers": Label("可能的影响因素", "Possible drivers"),
    "numerator": Label("分子", "Numerator"),
    "denominator": Label("分母", "Denominator"),
    "expected": Label("期望(按顺序配对)", "Expected (in the order of the pairs)"),
    "perceived": Label("感知(按顺序配对)", "Perceived (in the order of the pairs)"),
    "given": Label("固定不变的变量", "Held fixed"),
    "first": Label("甲组的取值", "Value of the first group"),
    "second": Label("乙组的取值", "Value of the second group"),
    "before": Label("整改前的取值", "Value that means before"),
    "after": Label("整改后的取值", "Value that means after"),
    "at_least": Label("满意的起点分", "Satisfied from"),
    "least": Label("最低计为满意的答案", "Lowest answer that counts"),
    "most": Label("最高答案", "Highest answer"),
    "kind": Label("种类", "Kind"),
    "measure": Label("比较什么", "What is compared"),
    "statistic": Label("统计量", "Statistic"),
    "score": Label("指标", "Score"),
    "importance": Label("重要性的算法", "How importance is found"),
    "cut": Label("象限分界", "Cut of the quadrants"),
    "importance_cut": Label("重要性分界值", "Cut of importance"),
    "performance_cut": Label("表现分界值", "Cut of performance"),
    "adjust": Label("多重比较的修正", "Correction for many tests"),
    "variances": Label("方差", "Variances"),
    "level": Label("显著性水平", "Level of significance"),
    "levels": Label("分位(0 到 1)", "Levels (0 to 1)"),
    "confidence": Label("置信水平", "Confidence"),
    "interval": Label("区间的算法", "Kind of interval"),
    "missing": Label("缺失值的处理", "Missing values"),
    "errors": Label("标准误", "Standard errors"),
    "weighting": Label("权重的含义", "What weights mean"),
    "family": Label("模型", "Model"),
    "variance": Label("方差", "Variance"),
    "count": Label("因子个数(0 为自动)", "Number of factors (0: found)"),
    "extraction": Label("提取方法", "Extraction"),
    "rotation": Label("旋转", "Rotation"),
    "strata": Label("分层变量", "Strata"),
    "clusters": Label("整群变量", "Clusters"),
    "populations": Label("总体规模变量", "Sizes of the population"),
    "lonely": Label("只有一个单位的层", "Strata of one"),
    "deff": Label("设计效应的基准", "Base of the design effect"),
    "wanted": Label("希望的方向", "Wanted direction"),
    "minimum": Label("每期至少多少份", "Least answers in each"),
    "power": Label("检验功效", "Power"),
    "rules": Label("判异规则", "Rules"),
    "baseline": Label("用前几期定控制限", "First periods that set the limits"),
    "laney": Label("按 Laney 放宽控制限", "Widen the limits after Laney"),
    "size": Label("数量列", "Column of sizes"),
    "length": Label("一个周期有几期", "Periods in a cycle"),
}
CHOICES = {
    "lmg": Label("LMG/Shapley", "LMG/Shapley"),
    "johnson": Label("Johnson 相对权重", "Johnson's relative weights"),
    "first": Label("单独进入", "Alone"),
    "last": Label("最后进入", "Last"),
    "pratt": Label("Pratt", "Pratt"),
    "bonferroni": Label("Bonferroni", "Bonferroni"),
    "none": Label("不作", "None"),
    "pair": Label("只用所比较的两组", "Of the pair"),
    "all": Label("用全部各组", "Of all groups"),
    "mean": Label("平均分", "Mean"),
    "share": Label("满意率", "Share"),
    "total": Label("总数", "Total"),
    "median": Label("中位数", "Median"),
    "fixed": Label("给定的值", "Given values"),
    "nps": Label("净推荐值", "Net Promoter Score"),
    "pairwise": Label("逐对剔除", "Pair by pair"),
    "listwise": Label("整行剔除", "Whole rows"),
    "up": Label("越高越好", "Up"),
    "down": Label("越低越好", "Down"),
    "satisfied_share": Label("满意率", "Satisfied share"),
    "effort": Label("费力度", "Effort"),
    "survey": Label("样本方差(n−1)", "Sample variance (n−1)"),
    "population": Label("总体方差(n)", "Population variance (n)"),
    "fail": Label("拒绝计算", "Refuse"),
}


def setting_label(name: str) -> Label:
    """The name of a setting; one without words keeps its own."""
    return SETTINGS.get(name, Label(name, name))


def choice_label(value: str) -> Label:
    """The name of a choice; names of methods stay as they are."""
    return CHOICES.get(value, Label(value, value))
