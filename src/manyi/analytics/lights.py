"""A traffic light that knows its uncertainty: it is green or red only when the whole interval says so."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure

Light = Literal["green", "amber", "red", "none"]

LIGHTS: dict[Light, Label] = {
    "green": Label("达标", "On target"),
    "amber": Label("尚不能断定", "Not certain"),
    "red": Label("未达标", "Below target"),
    "none": Label("没有目标", "No target"),
}


def light_of(figure: Figure | None, target: Fraction | None) -> Light:
    """Green when the interval lies on or above the target, red when all of it lies below, else amber.

    ``target`` is in the unit of the figure. Without an interval nothing is certain.
    """
    if target is None or figure is None or figure.value is None:
        return "none"
    if figure.low is None or figure.high is None:
        return "amber"
    goal = float(target)
    if figure.low >= goal:
        return "green"
    return "red" if figure.high < goal else "amber"
