"""The sentence encoder at a terminal: it takes minutes, so how far it is is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyi.kernel.labels import Label
from manyi.web.terminal import TerminalProgress

if TYPE_CHECKING:
    from manyi.measures.text.encoder import Floats


def encode_told(texts: Sequence[str]) -> Floats:
    """The texts by the encoder, with progress; raises NotComputable ``no_encoder``."""
    from manyi.measures.text.encoder import encoded

    return encoded(texts, TerminalProgress(Label("句子编码器读文本", "The encoder reads")).set)
