"""Texts that say the same: groups of similar ones, and the ones that speak for a group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from manyi.measures.text import grams
from manyi.measures.text.cleaning import clean

#: Two texts are alike from this cosine on (measured on repeated citizen messages; see the docs).
ALIKE = 0.6
_BLOCK = 1000


def vectors(texts: Sequence[str]) -> sparse.csr_matrix:
    """Character grams of each text by TF-IDF, rows of length 1 (texts × features)."""
    counts = grams.characters([clean(text) for text in texts])
    inside = np.asarray((counts > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(inside)
    counts.data = 1 + np.log(counts.data)
    weighed = counts[:, columns] @ sparse.diags(np.log((1 + len(texts)) / (1 + inside[columns])) + 1)
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weighed)


def grouped(texts: Sequence[str], *, alike: float = ALIKE) -> npt.NDArray[np.int64]:
    """For every text the number of its group, from 0 in order of first member: chains of alike texts."""
    if not texts:
        return np.zeros(0, dtype=np.int64)
    held = vectors(texts)
    rows, columns = [], []
    for start in range(0, len(texts), _BLOCK):
        near = (held[start : start + _BLOCK] @ held.T).tocoo()
        close = near.data >= alike
        rows.append(near.row[close] + start)
        columns.append(near.col[close])
    links = (np.ones(sum(map(len, rows))), (np.concatenate(rows), np.concatenate(columns)))
    graph = sparse.csr_matrix(links, shape=(len(texts), len(texts)))
    _, numbers = csgraph.connected_components(graph, directed=False)
    _, first = np.unique(numbers, return_index=True)
    order = np.argsort(np.argsort(first))
    return order[numbers].astype(np.int64)


def representative(texts: Sequence[str], *, count: int = 3, longest: int = 200) -> list[int]:
    """The places of up to ``count`` texts that speak for all: near to the middle, and unlike each other."""
    if not texts:
        return []
    held = vectors(texts)
    nearness = np.asarray(held @ np.asarray(held.mean(axis=0)).ravel()).ravel()
    nearness = nearness * np.array([1.0 if 6 <= len(text) <= longest else 0.5 for text in texts])
    chosen: list[int] = []
    for place in np.argsort(-nearness, kind="stable"):
        alike = max((float((held[place] @ held[other].T).sum()) for other in chosen), default=0.0)
        if alike < ALIKE:
            chosen.append(int(place))
        if len(chosen) == count:
            break
    return chosen
