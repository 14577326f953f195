"""A regulation pack: one readable file that says who is asked what, how it scores, and how fast people act.

Pure reading; nothing is written here. Problems are collected with the place where they stand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.worktime import UNITS
from manyi.organisation.errors import Invalid, Refused
from manyi.surveys.definition import Questionnaire, from_dict

PROGRAMME_TEXTS = ("frequency", "purpose", "privacy_promise", "privacy_promise_en", "anonymous")


@dataclass(frozen=True, slots=True)
class ProgrammePart:
    """One programme of a pack with its questionnaire and scoring scheme."""

    code: str
    title: str
    title_en: str
    details: Mapping[str, Any]
    questionnaire: Questionnaire
    scheme_code: str
    scheme_title: str
    scheme_title_en: str
    scheme: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of cases: policy code, name, and target tables by clock."""

    code: str
    name: str
    targets: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack as it was read."""

    code: str
    number: int
    title: str
    title_en: str
    programmes: tuple[ProgrammePart, ...]
    deadlines: Deadlines | None
    text: str


def shipped() -> list[str]:
    """The codes of the packs that come with Manyi."""
    folder = resources.files("manyi.regulation") / "packs"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def shipped_text(code: str) -> str:
    """The text of a shipped pack; raises Refused for an unknown one."""
    if code not in shipped():
        known = "、".join(shipped())
        raise Refused(Label(f"没有制度包“{code}”,现有:{known}。", f"No pack “{code}”; there are: {known}."))
    return (resources.files("manyi.regulation") / "packs" / f"{code}.toml").read_text(encoding="utf-8")


def read(text: str) -> Pack:
    """The pack in a TOML text; raises Refused for bad TOML, Invalid with every problem and its place."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(
            Label(f"制度包不是有效的 TOML:{error}", f"The pack is not valid TOML: {error}"), field="file"
        ) from error
    problems = _missing(tables)
    if problems:
        raise Invalid(problems)
    return Pack(
        code=str(tables["code"]),
        number=int(tables.get("number", 1)),
        title=str(tables["title"]),
        title_en=str(tables.get("title_en", "")),
        programmes=tuple(_programme(part) for part in tables["programmes"]),
        deadlines=_deadlines(tables["deadlines"]) if "deadlines" in tables else None,
        text=text,
    )


def _missing(tables: Mapping[str, Any]) -> list[tuple[str, Label]]:
    places = [("code", tables.get("code")), ("title", tables.get("title"))]
    places.append(("programmes", tables.get("programmes")))
    for number, part in enumerate(tables.get("programmes") or []):
        for name in ("code", "title", "questionnaire", "scheme"):
            places.append((f"programmes[{number}].{name}", part.get(name)))  # noqa: PERF401 - reads as a table
    for clock, target in (tables.get("deadlines") or {}).get("targets", {}).items():
        known = target.get("unit") in UNITS and isinstance(target.get("amount"), int)
        places.append((f"deadlines.targets.{clock}", known or None))
    return [
        (place, Label(f"缺少或写错了“{place}”。", f"“{place}” is missing or not right."))
        for place, given in places
        if not given
    ]


def _programme(part: Mapping[str, Any]) -> ProgrammePart:
    scheme = dict(part["scheme"])
    return ProgrammePart(
        code=str(part["code"]),
        title=str(part["title"]),
        title_en=str(part.get("title_en", "")),
        details={name: part[name] for name in PROGRAMME_TEXTS if name in part},
        questionnaire=from_dict(part["questionnaire"]),
        scheme_code=str(scheme.pop("code", part["code"])),
        scheme_title=str(scheme.pop("title", part["title"])),
        scheme_title_en=str(scheme.pop("title_en", part.get("title_en", ""))),
        scheme=_spread(scheme),
    )


def _spread(scheme: dict[str, Any]) -> dict[str, Any]:
    """Give every item that has none of its own the points and satisfied codes written once for all."""
    points = scheme.pop("points", None)
    satisfied = scheme.pop("satisfied", {}).get("codes")
    items = [dict(item) for item in scheme.get("items", [])]
    for item in items:
        if points is not None:
            item.setdefault("points", points)
        if satisfied is not None:
            item.setdefault("satisfied", satisfied)
    return {**scheme, "items": items}


def _deadlines(table: Mapping[str, Any]) -> Deadlines:
    return Deadlines(str(table["code"]), str(table["name"]), table.get("targets", {}))
