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

from manyi.measures.text.cleaning import minded

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
    return _characters([minded(text).text for text in texts])


def characters_in_focus(texts: Sequence[str]) -> sparse.csr_matrix:
    """The same of what speaks of the subject that a text is read for; nothing for a text without one."""
    parts = [minded(text) for text in texts]
    return _characters([part.focus if part.subject else "" for part in parts])


def _characters(texts: Sequence[str]) -> sparse.csr_matrix:
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
    return _hashed([_word_features(minded(text).text) for text in texts])


def words_for_subject(texts: Sequence[str]) -> sparse.csr_matrix:
    """The same, each together with the subject that its text is read for; nothing for a text without one."""
    parts = [minded(text) for text in texts]
    return _hashed([_for_subject(part.subject, part.text) for part in parts])


def words_in_focus(texts: Sequence[str]) -> sparse.csr_matrix:
    """The same of what speaks of the subject."""
    parts = [minded(text) for text in texts]
    return _hashed([_for_subject(part.subject, part.focus) for part in parts])


def _for_subject(subject: str, text: str) -> list[str]:
    return [f"{subject}|{each}" for each in _word_features(text)] if subject else []


def _word_features(text: str) -> list[str]:
    cut = words_of(text)
    return cut + [f"{one} {other}" for one, other in itertools.pairwise(cut)]


def _hashed(features: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    columns = np.array([zlib.crc32(each.encode()) for held in features for each in held], dtype=np.int64)
    rows = np.repeat(np.arange(len(features), dtype=np.int64), [len(held) for held in features])
    return _counted(rows, columns & ((1 << BITS) - 1), len(features))


def _codes(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint64], Places]:
    """Every character of all texts in one array, and the text it belongs to; an empty one has no marks."""
    marked = [f"{_FIRST}{text}{_LAST}" if text else "" for text in texts]
    codes = np.frombuffer("".join(marked).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = [len(text) for text in marked]
    return codes.astype(np.uint64), np.repeat(np.arange(len(texts), dtype=np.int64), lengths)


def _counted(rows: Places, columns: Places, count: int) -> sparse.csr_matrix:
    ones = np.ones(len(rows), dtype=np.float64)
    matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(count, 1 << BITS))
    matrix.sum_duplicates()
    return matrix
