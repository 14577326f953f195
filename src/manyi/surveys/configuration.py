"""The configuration of a question type: a dataclass of few kinds of values, checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from manyi.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class NoConfig:
    """Nothing to configure."""


def config_problems(kind: type[Any], given: Mapping[str, Any]) -> list[tuple[str, Label]]:
    """What is wrong with a configuration: unknown names, values of another type, impossible combinations.

    ``kind`` is a dataclass of int, float, bool, str, None, ``Literal`` choices, ``tuple[X, ...]`` and
    ``Mapping[str, X]`` of these; its ``problem()``, where it has one, judges the values together. A setting
    without a default must be given.
    """
    known = settings_of(kind)
    problems = [
        (each.name, Label(f"缺少配置项“{each.name}”。", f"The setting “{each.name}” is missing."))
        for each in fields(kind)
        if each.name not in given and each.default is MISSING and each.default_factory is MISSING
    ]
    problems += [(name, _unknown(name, list(known))) for name in given.keys() - known.keys()]
    problems += [
        (name, _expected(known[name]))
        for name in given.keys() & known.keys()
        if not _fits(known[name], given[name])
    ]
    if not problems:
        check = getattr(kind(**given), "problem", None)
        wrong = check() if check else None
        problems += [wrong] if wrong else []
    return problems


def _unknown(name: str, known: Sequence[str]) -> Label:
    """The refusal of a setting, with the one that was meant, or with all that there are."""
    near = get_close_matches(name, known, n=1)
    zh = f"是不是“{near[0]}”?" if near else f"可用:{'、'.join(known) or '无'}。"
    en = f"Did you mean “{near[0]}”?" if near else f"Possible: {', '.join(known) or 'none'}."
    return Label(f"没有“{name}”这个配置项。{zh}", f"There is no setting “{name}”. {en}")


def settings_of(kind: type[Any]) -> dict[str, Any]:
    """The settings of a configuration with the types of their values."""
    return get_type_hints(kind)


def _fits(wanted: Any, value: Any) -> bool:
    if get_origin(wanted) is UnionType:
        return any(_fits(each, value) for each in get_args(wanted))
    if get_origin(wanted) is Literal:
        return isinstance(value, str) and value in get_args(wanted)
    if get_origin(wanted) is tuple:
        return isinstance(value, list | tuple) and all(_fits(get_args(wanted)[0], each) for each in value)
    if get_origin(wanted) is Mapping:
        inside = get_args(wanted)[1]
        return isinstance(value, Mapping) and all(_fits(inside, each) for each in value.values())
    if wanted is NoneType:
        return value is None
    if isinstance(value, bool):
        return wanted is bool
    if wanted is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, wanted)


def _expected(wanted: Any) -> Label:
    if get_origin(wanted) is Literal:
        choices = ", ".join(filter(None, get_args(wanted)))
        return Label(f"这里只能是 {choices}。", f"This is one of {choices}.")
    if get_origin(wanted) is tuple:
        return Label("这里应是一个列表,并且每一项类型正确。", "This is a list of values of one kind.")
    return Label("配置值的类型不对。", "The setting has a value of the wrong type.")
