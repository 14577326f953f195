"""The words and phrases that texts use, and those whose use grows."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from manyi.measures.distributions import z_for
from manyi.measures.text.cleaning import clauses
from manyi.measures.text.grams import words_of

#: Words that hold a sentence together and say nothing by themselves.
_STOP_ZH = (
    "的 了 是 我 你 他 她 它 们 我们 你们 他们 这 那 这个 那个 就 都 也 还 在 有 和 与 跟 及 或 "
    "对 把 被 让 给 到 从 向 上 下 里 去 来 说 要 会 能 可以 很 太 非常 不 没 没有 不是 不会 但 "
    "但是 不过 而 而且 因为 所以 如果 然后 一个 一 个 次 啊 吧 呢 吗 嘛 哦 着 过 得 地 之 其 于 "
    "以 为 什么 怎么 自己 已经 比较 觉得 感觉 真的 还是 还有 就是 时候 有点 不能"
)
_STOP_EN = (
    "the a an and or of to in is are was were it this that i we you they he she for on with at "
    "my our your very be been so but not as"
)
STOP = frozenset(_STOP_ZH.split() + _STOP_EN.split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or two-word phrase, in how many texts it stands, and its share of all texts."""

    text: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Rise:
    """A phrase that stands in more texts than before: shares then and now, z of the difference."""

    text: str
    before: float
    now: float
    n: int
    z: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A phrase, and in how many texts of each part it stands."""

    text: str
    counts: tuple[int, ...]


def phrases(texts: Sequence[str], *, most: int = 30, least: int = 3) -> list[Phrase]:
    """The words and phrases that stand in most texts; a phrase takes the place of words it mostly is."""
    counts = _counts(texts)
    return [Phrase(_joined(text), n, n / len(texts)) for text, n in _commonest(counts, least)[:most]]


def spread(parts: Sequence[Sequence[str]], *, most: int = 30, least: int = 3) -> list[Spread]:
    """The phrases of all parts together, chosen without regard to the part, with their texts in each."""
    each = [_counts(texts) for texts in parts]
    chosen = _commonest(sum(each, Counter()), least)[:most]
    return [Spread(_joined(text), tuple(counts[text] for counts in each)) for text, _n in chosen]


def _commonest(counts: Counter[str], least: int) -> list[tuple[str, int]]:
    kept = {text: n for text, n in counts.items() if n >= least}
    inside = {
        word for pair, n in kept.items() if " " in pair for word in pair.split(" ") if n >= 0.7 * counts[word]
    }
    return sorted(
        ((text, n) for text, n in kept.items() if text not in inside and _tied(text, n, counts)),
        key=lambda each: (-each[1], each[0]),
    )


def rising(
    before: Sequence[str], now: Sequence[str], *, least: int = 5, confidence: float = 0.99
) -> list[Rise]:
    """Phrases whose share of texts grew by more than chance (pooled two-proportion z), strongest first."""
    if not before or not now:
        return []
    old, new = _counts(before), _counts(now)
    found = []
    for text, n in new.items():
        if n < least or not _tied(text, n, new):
            continue
        was, pooled = old.get(text, 0), (old.get(text, 0) + n) / (len(before) + len(now))
        error = math.sqrt(pooled * (1 - pooled) * (1 / len(before) + 1 / len(now)))
        z = (n / len(now) - was / len(before)) / error if error else 0.0
        if z > z_for(confidence):
            found.append(Rise(_joined(text), was / len(before), n / len(now), n, z))
    return sorted(found, key=lambda rise: -rise.z)


def _counts(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each word and each pair of neighbours stands."""
    counts: Counter[str] = Counter()
    for text in texts:
        held: set[str] = set()
        for clause in clauses(text):
            cut = words_of(clause)
            held.update(word for word in cut if _tells(word))
            held.update(f"{a} {b}" for a, b in itertools.pairwise(cut) if _joins(a) and _joins(b))
        counts.update(held)
    return counts


def _tells(word: str) -> bool:
    return word not in STOP and len(word) > 1 and any(sign.isalpha() for sign in word)


def _joins(word: str) -> bool:
    return word not in STOP and any(sign.isalpha() for sign in word)


def _tied(text: str, n: int, counts: Counter[str]) -> bool:
    """Whether a pair is a phrase: its words stand beside each other in a good part of their texts."""
    if " " not in text:
        return True
    return n >= 0.3 * min(counts.get(word, n) for word in text.split(" "))


def _joined(text: str) -> str:
    """Chinese words stand beside each other, English ones apart."""
    one, _, other = text.partition(" ")
    return text if not other or one.isascii() or other.isascii() else one + other
