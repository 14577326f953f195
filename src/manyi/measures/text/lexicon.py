"""Word lists for the first day: praise and blame, what turns them, and the aspects of an industry."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``polarity`` by word (-2 to 2), and the words that turn, strengthen, soften or only wish."""

    polarity: Mapping[str, int]
    negators: frozenset[str]
    intensifiers: frozenset[str]
    softeners: frozenset[str]
    wishes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that customers write about, and the words that name it."""

    id: str
    label: Label
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The aspects of an industry in order, and by each word the aspects that it names."""

    id: str
    label: Label
    aspects: tuple[Aspect, ...]
    by_word: Mapping[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Turn the word lists round once: texts are read by the hundred thousand."""
        found: dict[str, tuple[str, ...]] = {}
        for aspect in self.aspects:
            for word in aspect.words:
                found[word] = (*found.get(word, ()), aspect.id)
        object.__setattr__(self, "by_word", found)


@cache
def lexicon() -> Lexicon:
    """The words that come with Manyi."""
    data = _data("sentiment.toml")
    polarity: dict[str, int] = {}
    for side, sign in (("positive", 1), ("negative", -1)):
        for strength, weight in (("plain", 1), ("strong", 2)):
            polarity |= dict.fromkeys(data[side][strength].split(), sign * weight)
    turning = {name: frozenset(words.split()) for name, words in data["turning"].items()}
    return Lexicon(polarity, **turning)


@cache
def taxonomies() -> dict[str, Taxonomy]:
    """The taxonomies that come with Manyi, by industry."""
    return {name: taxonomy(name, given) for name, given in _data("aspects.toml").items()}


def taxonomy(name: str, given: Mapping[str, Any]) -> Taxonomy:
    """A taxonomy of its table; raises NotComputable ``taxonomy`` where a part is missing."""
    try:
        aspects = tuple(
            Aspect(code, Label(each["zh"], each["en"]), frozenset(each["words"].lower().split()))
            for code, each in given["aspects"].items()
        )
        return Taxonomy(name, Label(given["label_zh"], given["label_en"]), aspects)
    except (KeyError, AttributeError, TypeError) as error:
        raise NotComputable("taxonomy", what=name) from error


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("manyi.measures.text").joinpath("data", name).read_text(encoding="utf-8"))
