"""The sentence encoder at a terminal: it takes minutes, so how far it is is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyi.kernel.labels import Label
from manyi.web.terminal import TerminalProgress

if TYPE_CHECKING:
    from manyi.measures.text.encoder import Encode, Floats


def remembering() -> Encode:
    """The encoder for work that reads the same texts again and again, as fold after fold does."""
    import numpy as np

    rows: dict[str, Floats] = {}

    def encode(texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if new:
            rows.update(zip(new, encode_told(new), strict=True))
        return np.array([rows[text] for text in texts])

    return encode


def encode_told(texts: Sequence[str]) -> Floats:
    """The texts by the encoder, with progress; raises NotComputable ``no_encoder``."""
    from manyi.measures.text.encoder import encoded

    return encoded(texts, TerminalProgress(Label("句子编码器读文本", "The encoder reads")).set)
