"""Tables as nobody would wish them: each analysis says what it found or refuses, and never breaks.

The example of every analysis is spoilt in ways drawn from a seed: columns that are constant, missing,
exchanged, copied from another, far too large or too small, rows that are few or repeated.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from manyi.analytics.analyses import ANALYSES, Analysis
from manyi.analytics.data.arrays import table_of
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.errors import Refused

Data = dict[str, list[Any]]
TIMES = 30


def _numbers(values: list[Any], change: Callable[[Any], Any]) -> list[Any]:
    return [change(value) if isinstance(value, int | float) else value for value in values]


def constant(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: data[name][:1] * len(data[name])}


def constant_but_one(data: Data, name: str, dice: random.Random) -> Data:
    return {each: values if each == name else values[:1] * len(values) for each, values in data.items()}


def missing(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: [None] * len(data[name])}


def gaps(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: [None if dice.random() < 0.5 else value for value in data[name]]}


def few(data: Data, name: str, dice: random.Random) -> Data:
    rows = dice.choice((1, 2, 3))
    return {each: values[:rows] for each, values in data.items()}


def exchanged(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: dice.sample(data[name], len(data[name]))}


def copied(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: list(data[dice.choice(list(data))])}


def huge(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: _numbers(data[name], lambda value: value * 1e12)}


def tiny(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: _numbers(data[name], lambda value: value * 1e-13)}


def negative(data: Data, name: str, dice: random.Random) -> Data:
    return {**data, name: _numbers(data[name], lambda value: -value)}


def repeated(data: Data, name: str, dice: random.Random) -> Data:
    return {each: values * 3 for each, values in data.items()}


WAYS = (
    *(constant, constant_but_one, missing, gaps, few, exchanged),
    *(copied, huge, tiny, negative, repeated),
)


@pytest.mark.parametrize(
    "analysis", [each for each in ANALYSES if each.example_data], ids=lambda analysis: analysis.id
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_spoilt_table_is_told_of_or_refused(analysis: Analysis) -> None:
    dice = random.Random(zlib.crc32(analysis.id.encode()))
    made, told = specification_from_toml(analysis.example), 0
    for _ in range(TIMES):
        data: Data = {name: list(values) for name, values in analysis.example_data.items()}
        ways = dice.sample(WAYS, dice.choice((1, 1, 2)))
        for way in ways:
            data = way(data, dice.choice(list(data)), dice)
        try:
            result = run(made, table_of(data, weight=made.choice.weight, missing=made.choice.missing))
        except Refused:  # it always has words in both languages
            continue
        told += 1
        json.dumps(result.to_json(), allow_nan=False)
        assert result.sentence is not None, (ways, data)
        for words in (result.sentence.zh, result.sentence.en):
            assert not re.search(r"\b(nan|inf)\b|\bNone\b(?! of)", words), (ways, words)
    assert told, "nothing but refusals would test nothing"
