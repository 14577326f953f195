"""Pure parts of weighting a round: known shares are checked, answers put into categories, the result told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.weighting import ImpossibleMargin, Margin, Weighting, kish_effect

#: By what classes of non-response are formed, and what is known of every answer besides its questions.
TRAITS = {
    "unit": Label("部门", "Unit"),
    "segment": Label("客户分类", "Segment"),
    "product": Label("产品", "Product"),
}
#: How far shares may be from 100 % by rounding, in parts of 1.
ROUNDING = 0.005
#: The category of answers without one; it keeps the share that it has.
NONE = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """How weights are made, in this order: design weights, classes of non-response, raking within limits."""

    design: bool = False
    classes: str = ""  # a key of TRAITS, or none
    rake: dict[str, dict[str, float]] = field(default_factory=dict)  # shares of 1 by variable and category
    limits: tuple[float, float] | None = None
    population: float | None = None  # what the weights sum to; None: what they sum to before raking

    def as_json(self) -> dict[str, Any]:
        """The steps as a set of weights keeps them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One valid answer sheet: its id, base weight, and category by trait and question."""

    id: int
    base: float
    traits: Mapping[str, str]


def problems(steps: Steps, variables: Mapping[str, Mapping[str, Label]]) -> list[tuple[str, Label]]:
    """What is wrong with steps, by field; ``variables`` are those that can be raked to, with categories."""
    found: list[tuple[str, Label]] = []
    if not steps.design and not steps.classes and not steps.rake:
        found.append(("steps", Label("请至少选择一个加权步骤。", "Please choose at least one step.")))
    if steps.classes and steps.classes not in TRAITS:
        found.append(("classes", Label("请从列表中选择。", "Please choose from the list.")))
    if steps.limits is not None and not 0 <= steps.limits[0] < 1 < steps.limits[1]:
        words = Label("下限在 0 到 1 之间,上限大于 1。", "The lower limit is below 1, the upper above 1.")
        found.append(("limits", words))
    for variable, shares in steps.rake.items():
        if variable not in variables:
            words = Label(f"没有“{variable}”这个分类题。", f"“{variable}” is no coded question here.")
            found.append((variable, words))
        elif min(shares.values(), default=0) < 0 or abs(sum(shares.values()) - 1) > ROUNDING:
            total = f"{100 * sum(shares.values()):.1f}"
            words = Label(
                f"“{variable}”的比例合计为 {total} %,应为 100 %。",
                f"The shares of “{variable}” sum to {total} %, not to 100 %.",
            )
            found.append((variable, words))
    return found


def margins(steps: Steps, sheets: Sequence[Sheet], total: float) -> list[Margin]:
    """The margins that sheets are raked to. Sheets without a category keep their share of the base."""
    whole = sum(sheet.base for sheet in sheets)
    found = []
    for variable, shares in steps.rake.items():
        categories = [sheet.traits.get(variable, NONE) for sheet in sheets]
        silent = sum(sheet.base for sheet, name in zip(sheets, categories, strict=True) if name == NONE) * (
            total / whole
        )
        rest = (total - silent) / sum(shares.values())
        targets = {name: share * rest for name, share in shares.items() if share > 0}
        if silent > 0 and NONE not in targets:
            targets[NONE] = silent
        found.append(Margin(variable, categories, targets))
    return found


def report_of(weights: Sequence[float], raked: Weighting | None, silent: Mapping[str, int]) -> dict[str, Any]:
    """What to know of finished weights; ratios and convergence only where there was raking."""
    effect, mean = kish_effect(weights), sum(weights) / len(weights)
    found: dict[str, Any] = {
        "answers": len(weights),
        "sum": sum(weights),
        "smallest": min(weights) / mean,
        "largest": max(weights) / mean,
        "design_effect": effect,
        "effective": len(weights) / effect,
        "without_answer": dict(silent),
    }
    if raked is not None:
        found |= {"converged": raked.converged, "iterations": raked.iterations, "gap": raked.gap}
        found |= {"smallest_factor": raked.smallest, "largest_factor": raked.largest}
    return found


def explained(problem: ImpossibleMargin) -> Label:
    """An impossible margin in words, with what to do."""
    name = f"{problem.variable} = {problem.category}"
    words = {
        "empty": Label(
            f"没有“{name}”的答卷,无法达到目标。请与相近类别合并。",
            f"There are no answers with {name}, so the target cannot be met. Merge it with a near category.",
        ),
        "unknown": Label(
            f"有“{name}”的答卷,但目标比例为空或为 0。请填写大于 0 的比例。",
            f"There are answers with {name}, but its share is empty or 0. Give a share above 0.",
        ),
        "limits": Label(
            f"在权重上下限内无法达到“{name}”的目标。请放宽上下限。",
            f"The target of {name} cannot be met within the limits. Widen the limits.",
        ),
    }
    other = Label(
        f"“{problem.variable}”的目标合计与其他变量不一致。",
        f"The targets of {problem.variable} do not sum to those of the others.",
    )
    return words.get(problem.reason, other)
