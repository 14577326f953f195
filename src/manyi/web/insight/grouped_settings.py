"""Settings that are variables under names, on a page: questions of a feature, items of a latent variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

from django.http import QueryDict

from manyi.analytics.data.table import Variable
from manyi.analytics.model_blocks import connected, model_items
from manyi.analytics.question_pairs import kano_pairs
from manyi.kernel.labels import Label
from manyi.measures.pls.models import READY
from manyi.organisation.errors import Invalid
from manyi.surveys.models import Round
from manyi.web.insight.narrowing import Choice

#: Empty rows below those that are filled.
MORE_ROWS = 2
NOT_USED = Label("不用", "Not used")
PLEASE = Label("请选择", "Please choose")
WITH, WITHOUT = Label("有它时的问题", "Asked with it"), Label("没有它时的问题", "Asked without it")
NAME = Label("叫作(可不填)", "Called (may be empty)")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row: a choice, or a text where there is nothing to choose from."""

    name: str
    label: Label
    choices: tuple[Choice, ...] = ()
    value: str = ""


Row = tuple[Field, ...]


class Grouped(Protocol):
    """A setting of named groups: its rows on a page, read from an address and written into one."""

    def rows(
        self, key: str, round: Round, variables: Sequence[Variable], query: QueryDict
    ) -> tuple[Row, ...]:
        """What is filled in, or proposed where nothing was asked yet."""
        ...

    def read(self, key: str, query: QueryDict) -> dict[str, list[str]]:
        """The groups that an address names; raises Invalid for one that is not complete."""
        ...

    def written(self, key: str, groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The groups as parts of an address."""
        ...


class Features:
    """Features by name, each with two questions: the three lists of an address belong together by place."""

    def rows(
        self, key: str, round: Round, variables: Sequence[Variable], query: QueryDict
    ) -> tuple[Row, ...]:
        """A line for each feature; the pairs that the questionnaire has are proposed."""
        if any(each.startswith(f"{key}.") for each in query):
            given = self._given(key, query)
        else:
            given = [(pair.name, pair.first, pair.second) for pair in kano_pairs(round)]
        lines = [*given, *[("", "", "")] * MORE_ROWS]
        return tuple(self._row(key, line, variables) for line in lines)

    def _row(self, key: str, line: tuple[str, str, str], variables: Sequence[Variable]) -> Row:
        name, *chosen = line
        selects = [
            Field(f"{key}.{end}", label, (Choice("", PLEASE, not value), *_choices(variables, value)))
            for end, label, value in zip(("first", "second"), (WITH, WITHOUT), chosen, strict=True)
        ]
        own = name if name != _stem(*chosen) else ""
        return (*selects, Field(f"{key}.name", NAME, value=own))

    def _given(self, key: str, query: QueryDict) -> list[tuple[str, str, str]]:
        lists = [query.getlist(f"{key}.{end}") for end in ("name", "first", "second")]
        lines = [(name.strip(), first, second) for name, first, second in zip_longest(*lists, fillvalue="")]
        return [line for line in lines if any(line)]

    def read(self, key: str, query: QueryDict) -> dict[str, list[str]]:
        """A feature without a name is called by what the codes of its questions share."""
        found: dict[str, list[str]] = {}
        for name, first, second in self._given(key, query):
            called = name or _stem(first, second) or second
            if not (first and second) or first == second:
                zh = f"“{called}”要选两道不同的题:有它时的、没有它时的。"
                en = f"“{called}” needs two different questions: with it and without it."
                raise Invalid([("features", Label(zh, en))])
            if called in found:
                words = Label(f"“{called}”出现了两次。", f"“{called}” is there twice.")
                raise Invalid([("features", words)])
            found[called] = [first, second]
        return found

    def written(self, key: str, groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Three lists of equal length."""
        return {
            f"{key}.name": list(groups),
            f"{key}.first": [pair[0] for pair in groups.values()],
            f"{key}.second": [pair[1] for pair in groups.values()],
        }


class Blocks:
    """The latent variable that each rated question stands for."""

    def rows(
        self, key: str, round: Round, variables: Sequence[Variable], query: QueryDict
    ) -> tuple[Row, ...]:
        """A line for each rated question; what its words point to is proposed."""
        ready = READY.get(query.get("c-model", ""), READY["ccsi"])
        items = model_items(round)
        if any(each.startswith(f"{key}.") for each in query):
            chosen = {item.code: query.get(f"{key}.{item.code}", "") for item in items}
        else:
            proposed = connected(ready, {item.code: item.latent for item in items})
            chosen = {code: name for name, codes in proposed.items() for code in codes}
        latents = [Variable("", NOT_USED), *(Variable(name, title) for name, title in ready.latents.items())]
        return tuple(
            (Field(f"{key}.{item.code}", item.title, _choices(latents, chosen.get(item.code, ""))),)
            for item in items
        )

    def read(self, key: str, query: QueryDict) -> dict[str, list[str]]:
        """Questions by latent variable."""
        found: dict[str, list[str]] = {}
        for name in query:
            latent = str(query[name])
            if name.startswith(f"{key}.") and latent:
                found.setdefault(latent, []).append(name.removeprefix(f"{key}."))
        return found

    def written(self, key: str, groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """A part for each question."""
        return {f"{key}.{item}": latent for latent, items in groups.items() for item in items}


#: Settings of named groups that have a form.
GROUPED: Mapping[str, Grouped] = {"features": Features(), "blocks": Blocks()}


def completed(config: dict[str, Any], round: Round) -> dict[str, Any]:
    """A path model with the ends of the scales of its items, which the questionnaire knows."""
    if "blocks" not in config:
        return config
    used = {code for codes in config["blocks"].values() for code in codes}
    scales = {item.code: [item.low, item.high] for item in model_items(round) if item.code in used}
    return {**config, "scales": scales}


def _stem(first: str, second: str) -> str:
    """What the codes of a pair share, as in “park_with” and “park_without”; else the first."""
    for mark in (".", "_"):
        one, other = first.rpartition(mark)[0], second.rpartition(mark)[0]
        if one and one == other:
            return one
    return first


def _choices(variables: Sequence[Variable], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(each.name, each.title, each.name == chosen) for each in variables)
