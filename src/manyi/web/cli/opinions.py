"""Aspects with how each is spoken of, for ``manyi text``: read from a table, train, judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manyi.kernel.labels import Label
from manyi.web.cli.encoding import encode_told
from manyi.web.cli.entry import fail
from manyi.web.cli.text_scores import Judged

if TYPE_CHECKING:
    from manyi.measures.text.encoder import Encode
    from manyi.measures.text.opinions import OpinionReader

#: Texts, each once, with what it says of each aspect.
Opinions = list[tuple[str, dict[str, str]]]


def opinions_in(file: Path, column: str, label: str, polarity: str) -> Opinions:
    """One row is a text, an aspect and its judgement; rows that lack one are left out."""
    from manyi.analytics.data.files import read_file

    table = read_file(file)
    found: dict[str, dict[str, str]] = {}
    for text, aspect, judged in zip(*(table.texts(name) for name in (column, label, polarity)), strict=True):
        if text and aspect.strip() and judged.strip():
            found.setdefault(text, {})[aspect.strip()] = judged.strip()
    if not found:
        fail(Label("没有同时有文本、方面和评价的行。", "No row has a text, an aspect and a judgement."))
    return list(found.items())


def trained_opinions(learnt: Opinions, encode: Encode | None) -> OpinionReader:
    """A reader taught by them; what they lack is told."""
    from manyi.measures.text.opinions import train_opinions

    texts, held = [text for text, _ in learnt], [held for _, held in learnt]
    return train_opinions(texts, held, encode=encode)


def opinion_reader(path: Path | None) -> OpinionReader | None:
    """The reader in a file."""
    from manyi.measures.errors import NotComputable
    from manyi.measures.text.opinions import OpinionReader
    from manyi.surveys.codecs.document import Source

    if path is None:
        return None
    try:
        return OpinionReader.from_bytes(Source.of(path).data).reading_with(encode_told)
    except NotComputable:
        words = Label(f"{path} 不是“方面+评价”模型。", f"{path} is no model of aspects with judgements.")
        fail(words)


@dataclass(frozen=True, slots=True)
class OpinionsSaid:
    """What a reader says of one text, and how it judges each aspect that truly is in it, in that order."""

    said: dict[str, str]
    given: list[str]


def opinions_said(reader: OpinionReader, judged: Opinions) -> list[OpinionsSaid]:
    """What it says of every text."""
    said = reader.said([text for text, _ in judged])
    given = iter(reader.judged([(text, aspect) for text, held in judged for aspect in held]))
    return [
        OpinionsSaid(of_text, [next(given) for _ in held])
        for of_text, (_, held) in zip(said, judged, strict=True)
    ]


def opinions_told(found: Judged[dict[str, str], OpinionsSaid]) -> dict[str, Any]:
    """The pairs of aspect and judgement as tags; the aspects alone; judgements where the aspect is given."""
    from manyi.measures.text.scorecard import scorecard, tag_scorecard

    truth, said = [held for _, held in found.pairs], [each.said for each in found.said]
    right = [each for held in truth for each in held.values()]
    given = [each for of_text in found.said for each in of_text.given]
    return {
        **asdict(tag_scorecard(_pairs(truth), _pairs(said))),
        "aspects": asdict(tag_scorecard(truth, said)),
        "given_the_aspect": asdict(scorecard(right, given)),
    }


def _pairs(opinions: Sequence[dict[str, str]]) -> list[list[str]]:
    return [[f"{aspect}:{judged}" for aspect, judged in held.items()] for held in opinions]
