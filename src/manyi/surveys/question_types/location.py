"""Location."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.surveys.columns import Column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.numbers import check_number
from manyi.surveys.parts import Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, below
from manyi.surveys.texts import check_text
from manyi.surveys.tree import Question, Text

#: Degrees north and east (WGS 84), and the radius in metres within which the point lies.
_RANGES = {"latitude": (-90, 90), "longitude": (-180, 180), "accuracy": (0, 10_000_000)}
_TITLES = {
    "latitude": Text("纬度", "Latitude"),
    "longitude": Text("经度", "Longitude"),
    "accuracy": Text("精度(米)", "Accuracy in metres"),
    "place": Text("地点", "Place"),
}
_LONGEST = 200


@TYPES.register
class Location(QuestionType):
    """Where somebody is: coordinates at the push of a button, or the place in words; stored by name.

    ``{latitude, longitude, accuracy, place}``, of which what was not given is left out.
    """

    id = "location"
    label = Label("定位题", "Location")
    config = NoConfig
    layout = "plain"
    measures = ()
    example = """
code = "where"
type = "location"
title = "您现在的位置?"
title_en = "Where are you now?"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The place in words; where there is script, a button fills in the coordinates."""
        return (Part("place", settings={"most": _LONGEST}),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """What was typed, and what the button filled in."""
        return below(form, name) or None

    def check(self, question: Question, value: Any) -> Checked:
        """A place that is not too long; both coordinates, on this earth. Text alone is a place."""
        given = value if isinstance(value, Mapping) else {"place": value}
        if not given.keys() <= _TITLES.keys():
            return Checked(None, Label("请填写地点。", "Please give the place."))
        kept: dict[str, Any] = {}
        problem: Label | None = None
        for name, each in given.items():
            checked = _check(name, each)
            problem = problem or checked.problem
            if not is_empty(checked.value):
                kept[name] = checked.value
        if ("latitude" in kept) != ("longitude" in kept):
            problem = problem or Label("经度和纬度要一起填写。", "Give both coordinates or none.")
        if not {"latitude", "longitude"} <= kept.keys():
            kept = {name: each for name, each in kept.items() if name == "place"}
        return Checked(kept or None, problem)

    def columns(self, question: Question) -> list[Column]:
        """The coordinates as numbers, the place as it was written."""
        return [
            Column(
                f"{question.code}.{name}", f"{question.code}.{name}", title,
                "string" if name == "place" else "number",
            )
            for name, title in _TITLES.items()
        ]  # fmt: skip

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The place, with the coordinates where they are known."""
        if not isinstance(value, Mapping):
            return ""
        point = f"{value['latitude']}, {value['longitude']}" if "latitude" in value else ""
        return " · ".join(part for part in (value.get("place", ""), point) if part)


def _check(name: str, value: Any) -> Checked:
    if is_empty(value):
        return Checked(None)
    if name == "place":
        return check_text(value, _LONGEST)
    low, high = _RANGES[name]
    return check_number(value, low, high, 15)
