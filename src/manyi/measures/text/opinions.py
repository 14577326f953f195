"""Opinions: of which aspects a text speaks and how of each, learnt from an organisation's own labels.

One reader finds the aspects; a second reads the text once for each of them, with the aspect in mind, and says
how it is spoken of. They are trained on the same texts.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manyi.measures.errors import NotComputable
from manyi.measures.text.classifier import TextClassifier, train, train_tags
from manyi.measures.text.cleaning import in_mind
from manyi.measures.text.encoder import Encode
from manyi.measures.text.evidence import pieces

#: A clause speaks of an aspect when its margin is at most so far below that of the nearest one.
NEAR = 0.3
ASPECTS, POLARITY = "aspects.model", "polarity.model"
#: Without a date that differs from run to run: the same labels make the same file.
_DATED = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class OpinionReader:
    """Two trained models: ``aspects`` gives any number of tags, ``polarity`` one label for each."""

    aspects: TextClassifier
    polarity: TextClassifier

    def said(self, texts: Sequence[str]) -> list[dict[str, str]]:
        """For each text its aspects, each with how it is spoken of."""
        found = self.aspects.tags(texts)
        told = iter(
            self.judged([(text, tag) for text, tags in zip(texts, found, strict=True) for tag in tags])
        )
        return [{tag: next(told) for tag in tags} for tags in found]

    def judged(self, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """How each text speaks of an aspect that is known to be in it: (text, aspect) pairs."""
        return [label for label, _ in self.polarity.said(focused(self.aspects, pairs))]

    def reading_with(self, encode: Encode) -> OpinionReader:
        """The same reader, whose encoder (if it has one) is asked through ``encode``."""
        return OpinionReader(replace(self.aspects, encode=encode), replace(self.polarity, encode=encode))

    def to_bytes(self) -> bytes:
        """Both models as one ZIP, without code."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for name, model in ((ASPECTS, self.aspects), (POLARITY, self.polarity)):
                archive.writestr(zipfile.ZipInfo(name, _DATED), model.to_bytes())
        return held.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> OpinionReader:
        """The reader in a file; raises NotComputable ``no_model`` for anything else."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = [TextClassifier.from_bytes(archive.read(name)) for name in (ASPECTS, POLARITY)]
        except (zipfile.BadZipFile, KeyError) as error:
            raise NotComputable("no_model") from error
        return cls(*parts)


def train_opinions(
    texts: Sequence[str], opinions: Sequence[Mapping[str, str]], *, encode: Encode | None = None
) -> OpinionReader:
    """A reader taught by texts and what each says: aspect -> how it is spoken of (same length); with
    ``encode`` an encoder reads along.

    Raises NotComputable like ``classifier.train``: ``too_few`` of an aspect or of a judgement, ``constant``.
    """
    told = [(text, *each) for text, held in zip(texts, opinions, strict=True) for each in held.items()]
    aspects = train_tags(texts, opinions, encode=encode)
    read = focused(aspects, [(text, aspect) for text, aspect, _ in told])
    return OpinionReader(aspects, train(read, [label for *_, label in told], encode=encode))


def focused(aspects: TextClassifier, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """(text, aspect) pairs as texts with the aspect in mind and the clauses that speak of it in focus: those
    nearest to it by the reader of aspects, each with the next one, where the judgement often stands.
    """
    cut = pieces([text for text, _ in pairs])
    margins = aspects.margins(cut.clauses)
    bounds = itertools.pairwise([*cut.starts.tolist(), len(cut.clauses)])
    found = []
    for (text, aspect), (start, end) in zip(pairs, bounds, strict=True):
        if aspect not in aspects.labels:  # known by its name alone: all of the text may speak of it
            found.append(in_mind(aspect, text))
            continue
        own = margins[start:end, aspects.labels.index(aspect)]
        near = own >= own.max() - NEAR
        near[1:] |= near[:-1].copy()
        clauses = zip(cut.clauses[start:end], near, strict=True)
        found.append(in_mind(aspect, text, "".join(clause for clause, kept in clauses if kept)))
    return found
