"""Aspects with how each is spoken of, for ``manyi text``: read from a table, train, judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manyi.kernel.labels import Label
from manyi.web.cli.encoding import encode_told
from manyi.web.cli.entry import fail

if TYPE_CHECKING:
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


def trained_opinions(learnt: Opinions, *, encoder: bool) -> OpinionReader:
    """A reader taught by them; what they lack is told."""
    from manyi.measures.text.opinions import train_opinions

    texts, held = [text for text, _ in learnt], [held for _, held in learnt]
    return train_opinions(texts, held, encode=encode_told if encoder else None)


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


def opinions_told(reader: OpinionReader, judged: Opinions) -> dict[str, Any]:
    """The pairs of aspect and judgement as tags; the aspects alone; judgements where the aspect is given."""
    from manyi.measures.text.scorecard import scorecard, tag_scorecard

    texts, truth = [text for text, _ in judged], [held for _, held in judged]
    said = reader.said(texts)
    given = [(text, aspect) for text, held in judged for aspect in held]
    right = [each for held in truth for each in held.values()]
    return {
        **asdict(tag_scorecard(_pairs(truth), _pairs(said))),
        "aspects": asdict(tag_scorecard(truth, said)),
        "given_the_aspect": asdict(scorecard(right, reader.judged(given))),
    }


def _pairs(opinions: Sequence[dict[str, str]]) -> list[list[str]]:
    return [[f"{aspect}:{judged}" for aspect, judged in held.items()] for held in opinions]
