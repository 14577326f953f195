"""How ``manyi text evaluate`` keeps what is learnt apart from what is judged, and tells the scores."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

Held = TypeVar("Held")
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Judged(Generic[Held, Said]):
    """``pairs`` of text and labels with what was said of each, by models taught by ``trained_on`` texts (by
    folds: on an average).
    """

    trained_on: int
    pairs: list[tuple[str, Held]]
    said: list[Said]


def judged_unseen(
    pairs: list[tuple[str, Held]],
    apart: list[tuple[str, Held]] | None,
    judge: Callable[[list[tuple[str, Held]], list[tuple[str, Held]]], Sequence[Said]],
    *,
    ready: bool,
    folds: int | None,
) -> Judged[Held, Said]:
    """What ``judge`` (given what it learns from and what it judges) says of texts that it did not see.

    A model that is ``ready`` learns nothing and judges all; taught ``apart`` it judges all; by ``folds`` it
    judges all, a fold after the other; else a fifth. No text stands on both sides.
    """
    from manyi.measures.text.unseen import crossed

    if not folds:
        learnt, rest = _sides(pairs, apart, ready=ready)
        return Judged(len(learnt), rest, list(judge(learnt, rest)))
    sizes: list[int] = []

    def of_fold(seen: list[int], rest: list[int]) -> Sequence[Said]:
        sizes.append(len(seen))
        return judge([pairs[n] for n in seen], [pairs[n] for n in rest])

    said = crossed([text for text, _ in pairs], of_fold, parts=folds)
    return Judged(round(sum(sizes) / len(sizes)), pairs, said)


def labels_told(found: Judged[tuple[str, ...], tuple[str, ...]], *, several: bool) -> dict[str, Any]:
    """The scorecard of labels; ``several``: any number of them a text."""
    from manyi.measures.text.scorecard import scorecard, tag_scorecard

    truth = [labels for _, labels in found.pairs]
    if several:
        return asdict(tag_scorecard(truth, found.said))
    return asdict(scorecard([labels[0] for labels in truth], [said[0] for said in found.said]))


def as_json(trained_on: int, told: dict[str, Any]) -> str:
    """A scorecard as it is printed."""
    return json.dumps({"trained_on": trained_on, **told}, ensure_ascii=False, indent=2)


def _sides(
    pairs: list[tuple[str, Held]], apart: list[tuple[str, Held]] | None, *, ready: bool
) -> tuple[list[tuple[str, Held]], list[tuple[str, Held]]]:
    from manyi.measures.text.cleaning import fingerprint
    from manyi.measures.text.unseen import split_by_text

    if ready:
        return [], pairs
    if apart is not None:
        seen = {fingerprint(text) for text, _ in pairs}
        return [pair for pair in apart if fingerprint(pair[0]) not in seen], pairs
    held = split_by_text([text for text, _ in pairs])
    return (
        [pair for pair, out in zip(pairs, held, strict=True) if not out],
        [pair for pair, out in zip(pairs, held, strict=True) if out],
    )
