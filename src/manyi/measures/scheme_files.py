"""Scoring schemes as plain values, as TOML and JSON hold them: read with all errors, and written back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from manyi.kernel.labels import Label
from manyi.measures.scales import Band, exact, written
from manyi.measures.schemes import (
    CaseTrigger,
    Missing,
    MissingPolicy,
    Problem,
    Quality,
    Scheme,
    SchemeError,
    SchemeItem,
    Targets,
    Validity,
)

_POLICIES = ("reweight", "minimum_share")


def scheme_from_dict(data: Mapping[str, Any]) -> Scheme:
    """The scheme that plain values describe; raises SchemeError with every problem found."""
    top = _Reader(data, "", [])
    scheme = Scheme(
        items=tuple(_item(reader) for reader in top.tables("items")),
        bands=tuple(_band(reader) for reader in top.tables("bands")),
        round_to=top.whole("round_to", 0, 6),
        missing=_missing(top.table("missing")),
        validity=_validity(top.table("validity")),
        targets=_targets(top.table("targets")),
        case_trigger=_case_trigger(top.table("case_trigger")),
        quality=_quality(top.table("quality")),
    )
    top.finish()
    _check_whole(scheme, top)
    if top.problems:
        raise SchemeError(tuple(top.problems))
    return scheme


def scheme_to_dict(scheme: Scheme) -> dict[str, Any]:
    """The scheme as plain values without anything that is not set; ``scheme_from_dict`` reads it back."""
    tables: dict[str, Any] = {
        "round_to": scheme.round_to,
        "items": [_item_values(item) for item in scheme.items],
        "bands": [
            {
                "grade": band.grade,
                "label": {"zh": band.label.zh, "en": band.label.en},
                "at_least": written(band.at_least),
            }
            for band in scheme.bands
        ],
    }
    for name in ("missing", "validity", "targets", "case_trigger", "quality"):
        part = getattr(scheme, name)
        tables[name] = _filled({key: getattr(part, key) for key in part.__slots__})
    return {key: value for key, value in tables.items() if value not in (None, [], {})}


def _item_values(item: SchemeItem) -> dict[str, Any]:
    values = {
        "question": item.question,
        "weight": item.weight,
        "points": {code: written(points) for code, points in item.points.items()},
        "satisfied": sorted(item.satisfied),
        "expectation": item.expectation,
    }
    return _filled(values)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: written(v) if isinstance(v, Fraction) else v for key, v in values.items()}
    return {key: value for key, value in plain.items() if value not in (None, "", [])}


def _item(reader: _Reader) -> SchemeItem:
    points = reader.points("points")
    satisfied = frozenset(reader.codes("satisfied"))
    for code in sorted(satisfied - points.keys()):
        reader.problem("satisfied", f"代码“{code}”没有分值。", f"the code “{code}” has no points.")
    item = SchemeItem(
        question=reader.text("question", required=True),
        points=points,
        weight=reader.number("weight", least=0) if "weight" in reader.data else Fraction(1),
        satisfied=satisfied,
        expectation=reader.text("expectation") or None,
    )
    reader.finish()
    return item


def _band(reader: _Reader) -> Band:
    label = reader.table("label")
    band = Band(
        grade=reader.text("grade", required=True),
        label=Label(label.text("zh", required=True), label.text("en", required=True)),
        at_least=reader.number("at_least"),
    )
    label.finish()
    reader.finish()
    return band


def _missing(reader: _Reader) -> Missing:
    policy = reader.text("policy") or "reweight"
    if policy not in _POLICIES:
        reader.problem("policy", f"只能是 {'、'.join(_POLICIES)}。", f"must be {' or '.join(_POLICIES)}.")
    share = reader.optional("share", least=0, most=1) or Fraction()
    if policy == "minimum_share" and "share" not in reader.data:
        reader.problem("share", "请填写最低作答比例。", "give the least share of items to be answered.")
    if policy == "reweight" and share:
        reader.problem("share", "仅用于 minimum_share。", "belongs to minimum_share only.")
    reader.finish()
    return Missing(cast(MissingPolicy, policy), share)


def _validity(reader: _Reader) -> Validity:
    validity = Validity(
        reader.optional("return_rate_at_least", least=0, most=1),
        reader.optional("invalid_at_most", least=0, most=1),
    )
    reader.finish()
    return validity


def _targets(reader: _Reader) -> Targets:
    targets = Targets(
        reader.optional("average_at_least"), reader.optional("item_at_least"), reader.text("consequence")
    )
    reader.finish()
    return targets


def _case_trigger(reader: _Reader) -> CaseTrigger:
    trigger = CaseTrigger(
        reader.optional("total_below"),
        reader.optional("item_below"),
        reader.optional("nps_at_most", least=0, most=10),
        reader.text("nps_question"),
    )
    if trigger.nps_at_most is not None and not trigger.nps_question:
        reader.problem("nps_question", "请填写推荐意愿题的代码。", "name the recommendation question.")
    reader.finish()
    return trigger


def _quality(reader: _Reader) -> Quality:
    quality = Quality(
        reader.optional("speed_seconds_per_item", least=0),
        reader.whole("straight_line_min_items", 2, 1000),
    )
    reader.finish()
    return quality


def _check_whole(scheme: Scheme, top: _Reader) -> None:
    """What only the scheme as a whole can show: nothing to score, doubles, bands out of order."""
    if not scheme.items:
        top.problem("items", "至少要有一个计分题目。", "at least one scored question is needed.")
    elif not any(item.weight for item in scheme.items):
        top.problem("items", "权重不能全部为 0。", "the weights must not all be 0.")
    _check_doubles([item.question for item in scheme.items], "items", "question", top)
    _check_doubles([band.grade for band in scheme.bands], "bands", "grade", top)
    for index, (upper, lower) in enumerate(zip(scheme.bands, scheme.bands[1:], strict=False), 1):
        if lower.at_least >= upper.at_least:
            top.problem(
                f"bands[{index}].at_least",
                "等级应从高到低排列,下限逐级减小。",
                "bands go from high to low; each edge is below the one before.",
            )


def _check_doubles(values: Sequence[str], table: str, name: str, top: _Reader) -> None:
    for index, value in enumerate(values):
        if value and value in values[:index]:
            top.problem(f"{table}[{index}].{name}", f"“{value}”重复。", f"“{value}” occurs twice.")


@dataclass(slots=True)
class _Reader:
    """One table being read: gives typed values, notes every problem with its path, knows what was asked."""

    data: Mapping[str, Any]
    path: str
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def problem(self, name: str, zh: str, en: str) -> None:
        self.problems.append(Problem(self.place(name), Label(zh, en)))

    def place(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def value(self, name: str) -> Any:
        self.asked.add(name)
        return self.data.get(name)

    def table(self, name: str) -> _Reader:
        found = self.value(name)
        if found is not None and not isinstance(found, Mapping):
            self.problem(name, "应为一组“名称 = 值”。", "must be a table of names and values.")
        return _Reader(found if isinstance(found, Mapping) else {}, self.place(name), self.problems)

    def tables(self, name: str) -> list[_Reader]:
        found = self.value(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            self.problem(name, "应为列表,每项是一组“名称 = 值”。", "must be a list of tables.")
            return []
        return [_Reader(each, f"{self.place(name)}[{i}]", self.problems) for i, each in enumerate(found)]

    def text(self, name: str, *, required: bool = False) -> str:
        found = self.value(name)
        if found is not None and not isinstance(found, str):
            self.problem(name, "应为文字。", "must be a text.")
        elif required and not (found or "").strip():
            self.problem(name, "必须填写。", "is required.")
        return found.strip() if isinstance(found, str) else ""

    def codes(self, name: str) -> list[str]:
        found = self.value(name)
        if found is not None and not isinstance(found, list):
            self.problem(name, "应为选项代码的列表。", "must be a list of answer codes.")
        return [str(code) for code in found] if isinstance(found, list) else []

    def points(self, name: str) -> dict[str, Fraction]:
        inner = self.table(name)
        if not inner.data:
            self.problem(name, "请为每个选项代码填写分值。", "give the points of each answer code.")
        return {str(code): inner.number(code) for code in inner.data}

    def number(self, name: str, least: int | None = None, most: int | None = None) -> Fraction:
        found = self.optional(name, least, most)
        if found is None and self.data.get(name) is None:
            self.problem(name, "必须填写数字。", "a number is required.")
        return found or Fraction()

    def optional(self, name: str, least: int | None = None, most: int | None = None) -> Fraction | None:
        found = self.value(name)
        if found is None:
            return None
        try:
            number = exact(found)
        except (ValueError, TypeError):
            self.problem(name, f"“{found}”不是数字。", f"“{found}” is not a number.")
            return None
        if (least is not None and number < least) or (most is not None and number > most):
            span = f"{'' if least is None else least} – {'' if most is None else most}"
            self.problem(name, f"应在 {span} 之间。", f"must lie within {span}.")
        return number

    def whole(self, name: str, least: int, most: int) -> int | None:
        number = self.optional(name, least, most)
        if number is not None and number.denominator != 1:
            self.problem(name, "应为整数。", "must be a whole number.")
        return None if number is None else int(number)

    def finish(self) -> None:
        """Notes every name that nobody asked for, so that a misspelt rule is not silently ignored."""
        for name in self.data:
            if name not in self.asked:
                self.problem(name, "未知的项目,请检查拼写。", "is unknown; check the spelling.")
