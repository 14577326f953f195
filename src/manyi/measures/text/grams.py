"""Texts as sparse rows of hashed features: characters one to three at a time, words one and two, and
these once more with what a text is read for.

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

from manyi.measures.text.cleaning import subject_and_text

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
    codes, rows = _codes([subject_and_text(text)[1] for text in texts])
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
    return _hashed([_word_features(subject_and_text(text)[1]) for text in texts])


def words_for_subject(texts: Sequence[str]) -> sparse.csr_matrix:
    """The same, each together with the subject that its text is read for; nothing for a text without one."""
    parts = [subject_and_text(text) for text in texts]
    return _hashed(
        [
            [f"{subject}|{each}" for each in _word_features(plain)] if subject else []
            for subject, plain in parts
        ]
    )


def _word_features(text: str) -> list[str]:
    cut = words_of(text)
    return cut + [f"{one} {other}" for one, other in itertools.pairwise(cut)]


def _hashed(features: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    columns = np.array([zlib.crc32(each.encode()) for held in features for each in held], dtype=np.int64)
    rows = np.repeat(np.arange(len(features), dtype=np.int64), [len(held) for held in features])
    return _counted(rows, columns & ((1 << BITS) - 1), len(features))


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
