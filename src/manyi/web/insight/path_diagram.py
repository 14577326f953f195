"""A structural model as a drawing (SVG): boxes with index and R², arrows with their coefficients.

Colours stand in the drawing itself, so that it looks the same saved, printed and on a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from manyi.kernel.labels import Label
from manyi.measures.pls.models import LATENTS
from manyi.web.insight.charts import BLUE, GREY, VERMILLION

#: Where the latent variables of the published models stand, in steps; no straight arrow crosses a box.
PLACES = {
    "image": (0.9, 0.0),
    "expectation": (0.0, 1.5),
    "quality": (0.9, 3.0),
    "value": (1.9, 2.6),
    "satisfaction": (2.7, 0.8),
    "complaints": (3.7, 0.0),
    "loyalty": (3.7, 2.3),
}
STEP_X, STEP_Y, MARGIN = 232.0, 132.0, 14.0
WIDE, TALL = 156.0, 68.0
INK, GROUND = "#101828", "#ffffff"
INDEX = Label("指数", "Index")
PICTURE = Label(
    "路径图:方框是潜变量及其指数和 R²,箭头旁是路径系数;虚线表示区间包含 0",
    "Path diagram: boxes with index and R², coefficients on the arrows; dashed where the interval holds 0",
)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Box:
    """One latent variable: the middle of its box, and what it says."""

    x: float
    y: float
    title: str
    told: str


def diagram(paths: Rows, latents: Rows, language: str) -> SafeString:
    """The drawing from the two tables of the analysis, whose names are labels."""
    places = _from_the_corner(_places([row["latent"] for row in latents], paths))
    boxes = {row["latent"]: _box(row, *places[row["latent"]], language) for row in latents}
    width = max(box.x for box in boxes.values()) + WIDE / 2 + MARGIN
    height = max(box.y for box in boxes.values()) + TALL / 2 + MARGIN
    arrows = format_html_join("", "{}", ((_arrow(row, boxes),) for row in paths))
    drawn = format_html_join("", "{}", ((_drawn(box),) for box in boxes.values()))
    labels = format_html_join("", "{}", ((_coefficient(row, boxes),) for row in paths))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'font-size="15">{}{}{}{}</svg>',
        round(width), round(height), PICTURE.text(language), _heads(), arrows, drawn, labels,
    )  # fmt: skip


def _places(names: Sequence[Label], paths: Rows) -> dict[Label, tuple[float, float]]:
    """Known latent variables in their places; a model of one's own in columns by the causes before."""
    known = {title: PLACES[name] for name, title in LATENTS.items()}
    if all(name in known for name in names):
        return {name: known[name] for name in names}
    depth: dict[Label, int] = {}
    for name in names:  # in causal order
        before = [depth[row["cause"]] for row in paths if row["effect"] == name and row["cause"] in depth]
        depth[name] = 1 + max(before, default=-1)
    found: dict[Label, tuple[float, float]] = {}
    for name in names:
        column = [other for other in names if depth[other] == depth[name]]
        shift = 0.5 * (depth[name] % 2)
        found[name] = depth[name] * 1.1, shift + 1.2 * column.index(name)
    return found


def _from_the_corner(places: dict[Label, tuple[float, float]]) -> dict[Label, tuple[float, float]]:
    """The places without the room of latent variables that are not there."""
    left, top = (min(place[axis] for place in places.values()) for axis in (0, 1))
    return {name: (x - left, y - top) for name, (x, y) in places.items()}


def _box(row: Mapping[str, Any], x: float, y: float, language: str) -> Box:
    told = []
    if row.get("index") is not None:
        told.append(f"{INDEX.text(language)} {row['index']:.1f}")
    if row.get("r2") is not None:
        told.append(f"R² {row['r2']:.2f}")
    middle = x * STEP_X + WIDE / 2 + MARGIN, y * STEP_Y + TALL / 2 + MARGIN
    return Box(*middle, row["latent"].text(language), " · ".join(told))


def _drawn(box: Box) -> SafeString:
    left, top = box.x - WIDE / 2, box.y - TALL / 2
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="10" fill="#EAF3FA" stroke="{}" stroke-width="1.5"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-weight="600" fill="{}">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="13" fill="{}">{}</text>',
        _n(left), _n(top), _n(WIDE), _n(TALL), BLUE,
        _n(box.x), _n(box.y - 6), INK, box.title, _n(box.x), _n(box.y + 17), INK, box.told,
    )  # fmt: skip


def _n(value: float) -> str:
    return f"{value:.1f}"


def _heads() -> SafeString:
    """The head of an arrow in each colour."""
    marker = (
        '<marker id="head-{}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="{}"/></marker>'
    )
    inside = format_html_join("", marker, ((colour[1:], colour) for colour in (BLUE, GREY, VERMILLION)))
    return format_html("<defs>{}</defs>", inside)


def certain(row: Mapping[str, Any]) -> bool:
    """Whether a path is more than chance: its bootstrap interval without nought, else p below 0.05."""
    if row.get("low") is not None and row.get("high") is not None:
        return bool(row["low"] > 0 or row["high"] < 0)
    return row.get("p") is not None and row["p"] < 0.05


def _colour(row: Mapping[str, Any]) -> str:
    if not certain(row):
        return GREY
    return BLUE if row["estimate"] > 0 else VERMILLION


def _arrow(row: Mapping[str, Any], boxes: Mapping[Label, Box]) -> SafeString:
    start, end = _ends(boxes[row["cause"]], boxes[row["effect"]])
    colour = _colour(row)
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{} marker-end="url(#head-{})"/>',
        *map(_n, (*start, *end)),
        colour,
        _n(1.2 + 3.5 * min(abs(row["estimate"]), 1.0)),
        SafeString("" if certain(row) else ' stroke-dasharray="6 5"'),
        colour[1:],
    )


def _coefficient(row: Mapping[str, Any], boxes: Mapping[Label, Box]) -> SafeString:
    """The coefficient on its arrow, nearer to the cause, on a ground that keeps it readable."""
    (x1, y1), (x2, y2) = _ends(boxes[row["cause"]], boxes[row["effect"]])
    x, y = x1 + 0.38 * (x2 - x1), y1 + 0.38 * (y2 - y1)
    return format_html(
        '<rect x="{}" y="{}" width="46" height="20" rx="4" fill="{}" stroke="{}" stroke-width="0.6"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="13" fill="{}">{}</text>',
        _n(x - 23), _n(y - 10), GROUND, _colour(row), _n(x), _n(y + 5), INK, f"{row['estimate']:.2f}",
    )  # fmt: skip


def _ends(cause: Box, effect: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow leaves one box and touches the other."""
    dx, dy = effect.x - cause.x, effect.y - cause.y
    ratio = min(_reach(WIDE / 2, dx), _reach(TALL / 2, dy))
    room = ratio + 3 / math.hypot(dx, dy)
    return (cause.x + ratio * dx, cause.y + ratio * dy), (effect.x - room * dx, effect.y - room * dy)


def _reach(half: float, distance: float) -> float:
    return half / abs(distance) if distance else math.inf
