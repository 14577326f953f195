"""Texts as sparse rows of hashed features: characters one to three at a time, words one and two.

Characters are hashed for all texts together by array arithmetic, so that a hundred thousand comments take
seconds. Hashes do not depend on the machine or the run.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import rjieba
from scipy import sparse

BITS = 20
LONGEST = 3
_FIRST, _LAST = "\x02", "\x03"
_OFFSET, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)  # after Fowler, Noll and Vo

Places = npt.NDArray[np.int64]


def words_of(text: str) -> list[str]:
    """The words of a cleaned text; English words come one by one."""
    return [word for word in rjieba.cut(text, True) if not word.isspace()]


def characters(texts: Sequence[str]) -> sparse.csr_matrix:
    """Counts of character grams (texts × 2^BITS), with marks for where a text begins and ends."""
    codes, rows = _codes(texts)
    found_rows, found_columns = [], []
    for length in range(1, LONGEST + 1):
        count = max(len(codes) - length + 1, 0)
        hashes = np.full(count, _OFFSET ^ np.uint64(length), dtype=np.uint64)
        for step in range(length):
            hashes = (hashes ^ codes[step : step + count]) * _PRIME
            hashes ^= hashes >> np.uint64(29)
        inside = rows[:count] == rows[length - 1 : length - 1 + count]
        if length == 1:
            inside &= codes[:count] > ord(_LAST)
        found_rows.append(rows[:count][inside])
        found_columns.append((hashes[inside] >> np.uint64(64 - BITS)).astype(np.int64))
    return _counted(np.concatenate(found_rows), np.concatenate(found_columns), len(texts))


def words(texts: Sequence[str]) -> sparse.csr_matrix:
    """Counts of words and of pairs of neighbouring words (texts × 2^BITS)."""
    found_rows: list[int] = []
    found_columns: list[int] = []
    for row, text in enumerate(texts):
        cut = words_of(text)
        features = cut + [f"{one} {other}" for one, other in itertools.pairwise(cut)]
        found_columns += [zlib.crc32(each.encode()) for each in features]
        found_rows += [row] * len(features)
    columns = np.array(found_columns, dtype=np.int64) & ((1 << BITS) - 1)
    return _counted(np.array(found_rows, dtype=np.int64), columns, len(texts))


def _codes(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint64], Places]:
    """Every character of all texts in one array, and the text that it belongs to."""
    marked = _FIRST + f"{_LAST}{_FIRST}".join(texts) + _LAST if texts else ""
    codes = np.frombuffer(marked.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = [len(text) + 2 for text in texts]
    return codes, np.repeat(np.arange(len(texts), dtype=np.int64), lengths)


def _counted(rows: Places, columns: Places, count: int) -> sparse.csr_matrix:
    ones = np.ones(len(rows), dtype=np.float64)
    matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(count, 1 << BITS))
    matrix.sum_duplicates()
    return matrix
