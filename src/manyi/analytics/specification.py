"""A specification: the file that says what an analysis asks, so that any figure can be made again."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.narrowing import Where, where_from
from manyi.analytics.data.table import plain
from manyi.kernel.labels import Label
from manyi.kernel.registry import UnknownPlugin
from manyi.organisation.errors import Invalid
from manyi.surveys.configuration import config_problems, settings_of

_TOP = frozenset({"method", "title", "data", "config"})
_NARROWING = ("unit", "segment", "channel", "since", "until")
_DATA = frozenset({"weight", "missing", "where", "round", "beside", *_NARROWING})

#: What settings of these names may be, whichever method has them.
_ALLOWED: Mapping[str, tuple[Callable[[Any], bool], Label]] = {
    "confidence": (
        lambda value: 0.5 <= value < 1,
        Label("置信水平在 0.5 与 1 之间。", "Confidence lies between 0.5 and 1."),
    ),
    "level": (
        lambda value: 0 < value <= 0.5,
        Label("显著性水平大于 0、不超过 0.5。", "A level of significance is above 0 and at most 0.5."),
    ),
    "seed": (
        lambda value: value >= 0,
        Label("随机种子不能为负。", "A seed is not negative."),
    ),
    "items": (
        lambda value: len(value) > 0,
        Label("请至少写一列。", "Name one column at least."),
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows count and how much: the ``[data]`` of a specification.

    ``weight`` names a column (of a round: ``"round"`` for its weights in use); ``missing`` are values that
    mean no answer; ``round`` with unit, segment, channel, since and until take the answers of a round, and
    ``beside`` those of other rounds below it.
    """

    weight: str = ""
    missing: tuple[str, ...] = ()
    where: tuple[Where, ...] = ()
    round: int | None = None
    beside: tuple[int, ...] = ()
    narrowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Specification:
    """One analysis to run: the method, its settings, its data. ``given`` is the whole as it was written."""

    analysis: Analysis
    config: Any
    choice: Choice
    title: str
    given: Mapping[str, Any]

    def to_toml(self) -> str:
        """The specification as a file."""
        import tomli_w

        return tomli_w.dumps(dict(self.given), multiline_strings=False)


def specification_from_toml(text: str) -> Specification:
    """Read a specification; raises Invalid with each fault and its place."""
    try:
        return specification(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        words = f"不是有效的 TOML:{error}。", f"This is not valid TOML: {error}."
        raise Invalid([("spec", Label(*words))]) from error


def specification(given: Mapping[str, Any]) -> Specification:
    """A specification from its parts; raises Invalid with each fault and its place."""
    _require_known(given, _TOP, "")
    analysis = _method(given)
    data, config = given.get("data", {}), given.get("config", {})
    for name, part in (("data", data), ("config", config)):
        if not isinstance(part, Mapping):
            raise Invalid([(name, Label("这里应是一个表。", "This should be a table."))])
    wrong = config_problems(analysis.config, config) or _not_allowed(config)
    if wrong:
        raise Invalid([(f"config.{name}", why) for name, why in wrong])
    made = analysis.config(**{name: _frozen(value) for name, value in config.items()})
    return Specification(analysis, made, _choice(data), str(given.get("title", "")), given)


def _not_allowed(config: Mapping[str, Any]) -> list[tuple[str, Label]]:
    """The settings whose values no method can take."""
    return [
        (name, why) for name, (fits, why) in _ALLOWED.items() if name in config and not fits(config[name])
    ]


def written(analysis: Analysis, config: Any, data: Mapping[str, Any], title: str = "") -> Specification:
    """The specification of an analysis that somebody put together on a page."""
    defaults = {name: getattr(analysis.config, name, None) for name in settings_of(analysis.config)}
    chosen = {name: value for name, value in asdict(config).items() if value != defaults.get(name)}
    given: dict[str, Any] = {"method": analysis.id, "title": title} if title else {"method": analysis.id}
    return specification({**given, "data": dict(data), "config": _listed(chosen)})


def _method(given: Mapping[str, Any]) -> Analysis:
    try:
        return ANALYSES.get(str(given.get("method", "")))
    except UnknownPlugin as error:
        known = ", ".join(error.known)
        words = f"method 应是其中之一:{known}。", f"The method is one of: {known}."
        raise Invalid([("method", Label(*words))]) from error


def _choice(data: Mapping[str, Any]) -> Choice:
    _require_known(data, _DATA, "data.")
    conditions = data.get("where", [])
    if not isinstance(conditions, list) or not all(isinstance(each, Mapping) for each in conditions):
        raise Invalid([("data.where", Label("请写成 [[data.where]]。", "Write it as [[data.where]]."))])
    missing = data.get("missing", [])
    return Choice(
        weight=str(data.get("weight", "")),
        missing=tuple(map(plain, missing if isinstance(missing, list) else [missing])),
        where=tuple(where_from(each, number) for number, each in enumerate(conditions, start=1)),
        round=data.get("round"),
        beside=_beside(data.get("beside", [])),
        narrowed={name: str(data[name]) for name in _NARROWING if data.get(name)},
    )


def _beside(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list) or not all(isinstance(each, int) for each in given):
        words = "这里应是轮次编号的列表,如 [11, 10]。", "This is a list of rounds by number, like [11, 10]."
        raise Invalid([("data.beside", Label(*words))])
    return tuple(given)


def _require_known(given: Mapping[str, Any], known: frozenset[str], place: str) -> None:
    strange = sorted(given.keys() - known)
    if strange:
        listed = ", ".join(sorted(known))
        words = Label(f"不认识这一项;可用:{listed}。", f"This is not known; possible: {listed}.")
        raise Invalid([(f"{place}{name}", words) for name in strange])


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items() if each is not None}
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value
