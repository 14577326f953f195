"""SurveyJS elements and our questions: which type becomes which, with its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manyi.surveys.tree import Text

Element = dict[str, Any]
#: Our type for each of theirs that needs no further thought.
SIMPLE = {
    "radiogroup": "single",
    "buttongroup": "single",
    "dropdown": "dropdown",
    "checkbox": "multiple",
    "tagbox": "multiple",
    "imagepicker": "picture",
    "comment": "text_long",
    "ranking": "ranking",
    "matrixdropdown": "table",
    "multipletext": "fields",
    "expression": "calculated",
    "html": "information",
    "signaturepad": "signature",
    "file": "file",
    "boolean": "yes_no",
    "matrix": "matrix_single",
    "rating": "rating",
    "slider": "slider",
}
#: Our type for each input type of a text element.
INPUTS = {
    "text": "text_short",
    "number": "number",
    "range": "slider",
    "date": "date",
    "datetime": "datetime",
    "datetime-local": "datetime",
    "time": "time",
    "email": "email",
    "tel": "phone",
}
OTHER, NONE, REFUSED, DONT_KNOW = "other", "none", "refused", "dontknow"
WORDS = {
    OTHER: Text("其他(请说明)", "Other (describe)"),
    NONE: Text("以上都没有", "None"),
    REFUSED: Text("拒绝回答", "Refuse to answer"),
    DONT_KNOW: Text("不知道", "Don't know"),
}


def whole(value: Any, default: int | None = None) -> int | None:
    """A whole number of a file; the default for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return default
    return int(value)


def real(value: Any) -> float | None:
    """A number of a file; None for anything else."""
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def our_type(element: Element) -> str:
    """The id of our question type; empty for a type that we do not have."""
    kind = str(element.get("type", "text"))
    if kind == "text":
        return INPUTS.get(str(element.get("inputType", "text")), "text_short")
    if kind == "matrix" and element.get("cellType") == "checkbox":
        return "matrix_multiple"
    if kind == "rating" and (whole(element.get("rateMin"), 1), _rate_high(element)) == (0, 10):
        return "nps"
    return SIMPLE.get(kind, "")


def _rate_high(element: Element) -> int:
    low = whole(element.get("rateMin"), 1) or 0
    count = whole(element.get("rateCount"))
    default = low + count - 1 if count else 5
    return whole(element.get("rateMax"), default) or default


def config_of(kind: str, element: Element) -> dict[str, Any]:
    """The configuration of our type that an element asks for; defaults are left out."""
    reader = _CONFIGS.get(kind)
    found = reader(element) if reader else {}
    return {name: value for name, value in found.items() if value is not None}


def _lengths(element: Element) -> dict[str, Any]:
    most = whole(element.get("maxLength"))
    return {"at_most": most if most and most > 0 else None}


def _scale(element: Element) -> dict[str, Any]:
    looks = {"stars": "stars", "smileys": "faces", "labels": "labels"}
    look = looks.get(str(element.get("rateType", element.get("rateDisplayMode", ""))))
    low = whole(element.get("rateMin"), 1)
    return {"low": low if low != 1 else None, "high": _rate_high(element), "look": look}


def _limits(element: Element) -> dict[str, Any]:
    least, most = whole(element.get("minSelectedChoices")), whole(element.get("maxSelectedChoices"))
    for check in element.get("validators") or ():
        if isinstance(check, dict) and check.get("type") == "answercount":
            least, most = whole(check.get("minCount"), least), whole(check.get("maxCount"), most)
    return {"at_least": least or None, "at_most": most or None}


def _number(element: Element) -> dict[str, Any]:
    low, high = real(element.get("min")), real(element.get("max"))
    for check in element.get("validators") or ():
        if isinstance(check, dict) and check.get("type") == "numeric":
            low, high = real(check.get("minValue")) or low, real(check.get("maxValue")) or high
    step = real(element.get("step"))
    decimals = len(str(step).partition(".")[2].rstrip("0")) if step else None
    total = str(element.get("totalType", "none"))
    kept = total if total in {"sum", "avg", "min", "max", "count"} else None
    # Without a step SurveyJS takes any decimals.
    return {"low": low, "high": high, "decimals": 9 if decimals is None else decimals or None, "total": kept}


def _slider(element: Element) -> dict[str, Any]:
    return {
        "low": real(element.get("min")),
        "high": real(element.get("max")),
        "step": real(element.get("step")),
    }


def _dates(element: Element) -> dict[str, Any]:
    bounds = {"first": element.get("min"), "last": element.get("max")}
    return {name: bound if isinstance(bound, str) else None for name, bound in bounds.items()}


def _picture(element: Element) -> dict[str, Any]:
    return {"many": True if element.get("multiSelect") else None, **_limits(element)}


def _file(element: Element) -> dict[str, Any]:
    size = whole(element.get("maxSize")) or 0
    kinds = ("image",) if str(element.get("acceptedTypes", "")).startswith("image/") else None
    return {
        "kinds": list(kinds) if kinds else None,
        "at_most": 10 if element.get("allowMultiple") else None,
        "megabytes": max(1, min(round(size / 1_048_576), 100)) if size else None,
    }


def _calculated(element: Element) -> dict[str, Any]:
    return {"expression": element.get("expression"), "shown": True, "decimals": 9}


_CONFIGS: dict[str, Callable[[Element], dict[str, Any]]] = {
    "text_short": _lengths,
    "text_long": _lengths,
    "rating": _scale,
    "multiple": _limits,
    "picture": _picture,
    "ranking": lambda element: {"at_least": 0 if element.get("selectToRankEnabled") else None},
    "number": _number,
    "slider": _slider,
    "date": _dates,
    "datetime": _dates,
    "time": _dates,
    "calculated": _calculated,
    "file": _file,
}
