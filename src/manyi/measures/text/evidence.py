"""From what a linear model says of a text and of its clauses to a probability.

A text with one angry clause among friendly ones is told by that clause: so beside the margin of the whole
stand the mean, the least and the greatest margin of its clauses, and what the word lists say. Platt's sigmoid
(1999) over these is fitted on texts that the model did not see: the lists count for much while there are few
labels, and for little later; the clauses the other way round. Where an encoder reads along, what it says is
one more margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from manyi.measures.text.cleaning import clauses, in_mind, minded
from manyi.measures.text.polarity import rated

Floats = npt.NDArray[np.float64]
#: Of the coefficients of margin, word lists, mean, least and most of the clauses, and encoder, all
#: standardised: what clauses tell beyond the whole takes many labels to learn.
RIDGE = np.array([0.1, 0.1, 5.0, 5.0, 5.0, 0.1])
SIZE = len(RIDGE)


@dataclass(frozen=True, slots=True)
class Pieces:
    """All clauses of some texts in one row, and where those of each text begin; no text is without."""

    clauses: list[str]
    starts: npt.NDArray[np.int64]


def pieces(texts: Sequence[str]) -> Pieces:
    """The clauses of texts, each read for what its text is read for; a text without any is its own clause."""
    parts = [minded(text) for text in texts]
    found = [_clauses(part.subject, part.focus) for part in parts]
    sizes = np.array([len(each) for each in found], dtype=np.int64)
    return Pieces([clause for each in found for clause in each], np.cumsum(sizes) - sizes)


def _clauses(subject: str, text: str) -> list[str]:
    found = clauses(text) or [text]
    return [in_mind(subject, clause) for clause in found] if subject else found


def hints(texts: Sequence[str]) -> Floats:
    """What the word lists say of each text, -1 to 1."""
    return np.array([rated(minded(text).focus) for text in texts], dtype=np.float64)


def evidence(
    margins: Floats, lists: Floats, of_clauses: Floats, starts: npt.NDArray[np.int64], by_encoder: Floats
) -> Floats:
    """(texts × SIZE) of one label: ``margins``, ``lists`` and ``by_encoder`` (noughts without one) of the
    texts, ``of_clauses`` of all pieces.
    """
    if not len(margins):
        return np.zeros((0, SIZE))
    sizes = np.diff(np.append(starts, len(of_clauses)))
    mean = np.add.reduceat(of_clauses, starts) / sizes
    least, most = (each.reduceat(of_clauses, starts) for each in (np.minimum, np.maximum))
    return np.column_stack([margins, lists, mean, least, most, by_encoder])


def probability(known: Floats, sigmoid: Floats) -> Floats:
    """The probability of a label by its evidence and its sigmoid (SIZE coefficients, offset)."""
    return np.asarray(1 / (1 + np.exp(-np.clip(known @ sigmoid[:-1] + sigmoid[-1], -40, 40))))


def fitted(known: Floats, wanted: Floats) -> Floats:
    """The sigmoid that comes nearest to the probabilities ``wanted``, under the ridge."""
    centre, spread = known.mean(axis=0), known.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    standard = np.column_stack([(known - centre) / spread, np.ones(len(known))])

    def loss(held: Floats) -> tuple[float, Floats]:
        z, ridge = standard @ held, np.append(RIDGE * held[:-1], 0.0)
        value = np.sum(np.logaddexp(0, z) - wanted * z) + held @ ridge / 2
        return float(value), standard.T @ (1 / (1 + np.exp(-z)) - wanted) + ridge

    found = optimize.minimize(loss, np.zeros(standard.shape[1]), jac=True, method="L-BFGS-B").x
    slopes = found[:-1] / spread
    return np.append(slopes, found[-1] - slopes @ centre)


def smoothed(target: npt.NDArray[np.bool_]) -> Floats:
    """Platt's targets: a label that was given is nearly sure, the more so the more of them there are."""
    positive, negative = int(target.sum()), int((~target).sum())
    return np.where(target, (positive + 1) / (positive + 2), 1 / (negative + 2))
