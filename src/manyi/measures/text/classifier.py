"""A classifier of short texts that an organisation trains on its own labels.

Log-count ratios of naive Bayes, damped, as the scale of the features of a linear model with squared hinge
loss (after Wang and Manning, ACL 2012): as good as anything linear on reviews, and trained in seconds.
Several labels are told apart one against the rest. What it says of a text and of its clauses becomes a
probability in ``evidence``. Where no label is likely enough the answer is “unsure”. An encoder may read
along: slower by far, and right more often.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from manyi.measures.errors import NotComputable
from manyi.measures.text import encoder, grams, ridge
from manyi.measures.text.cleaning import clean, fingerprint, minded
from manyi.measures.text.encoder import Encode
from manyi.measures.text.evidence import SIZE, evidence, fitted, hints, pieces, probability, smoothed
from manyi.measures.text.scorecard import UNSURE

Floats = npt.NDArray[np.float64]
CHANNELS: tuple[Callable[[Sequence[str]], sparse.csr_matrix], ...] = (
    grams.characters,
    grams.words,
    grams.words_for_subject,
    grams.characters_in_focus,
    grams.words_in_focus,
)
#: A feature that stands in one text only says nothing about others.
LEAST_TEXTS = 2
SMOOTHING = 0.1
DAMPING = 0.5
PENALTY = 0.5
FOLDS = 5
#: The loss hardly falls after so many steps, and labels on unseen texts change no more.
STEPS = 50
#: Fewer texts than this of a label teach nothing.
LEAST_LABELLED = 5
#: F1 is largest where a tag is given from half its best value on (Lipton et al. 2014), which is about this.
TAG = 0.4
_FORMAT = "manyi-text-model-3"
#: Before clauses were weighed, and before an encoder could read along.
_OLDER = ("manyi-text-model-1", "manyi-text-model-2")


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One kind of features: the columns that are used, and by how much each is scaled (idf)."""

    columns: npt.NDArray[np.int64]
    idf: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TextClassifier:
    """A trained model. ``ratios`` and ``weights`` have one row a label (two labels: one row, for the second),
    the last column of ``weights`` is the intercept; ``sigmoids`` turn evidence into probabilities.
    """

    labels: tuple[str, ...]
    channels: tuple[Channel, ...]
    ratios: Floats
    weights: Floats
    sigmoids: Floats
    trained_on: int
    #: Whether a text has one label (their probabilities sum to 1) or any number of them.
    exclusive: bool = True
    #: Whether every text that taught the model had a label.
    always: bool = True
    #: Where an encoder reads along: (rows of weights × its numbers + 1), the intercept last.
    by_encoder: Floats | None = None
    encode: Encode = encoder.encoded

    def margins(self, texts: Sequence[str]) -> Floats:
        """(texts × rows of weights) distances from the border; above nought for the label."""
        features = _features(texts, self.channels)
        made = [_margins(features, *fit) for fit in zip(self.ratios, self.weights, strict=True)]
        return np.column_stack(made) if texts else np.zeros((0, len(self.weights)))

    def evidence(self, texts: Sequence[str]) -> list[Floats]:
        """For each row of weights the evidence (texts × SIZE) that its sigmoid weighs."""
        cut, lists, margins = pieces(texts), hints(texts), self.margins(texts)
        of_clauses, encoded = self.margins(cut.clauses), self._by_encoder(texts)
        return [
            evidence(whole, lists, parts, cut.starts, known)
            for whole, parts, known in zip(margins.T, of_clauses.T, encoded.T, strict=True)
        ]

    def _by_encoder(self, texts: Sequence[str]) -> Floats:
        if self.by_encoder is None or not texts:
            return np.zeros((len(texts), len(self.weights)))
        return ridge.margins(self.encode(_spoken(texts)), self.by_encoder)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """(texts × labels) probabilities; rows sum to 1 where the labels exclude each other."""
        known = zip(self.evidence(texts), self.sigmoids, strict=True)
        each = np.column_stack([probability(*pair) for pair in known])
        if self.exclusive and each.shape[1] == 1:
            each = np.column_stack([1 - each[:, 0], each[:, 0]])
        elif self.exclusive:
            each = each / each.sum(axis=1, keepdims=True)
        return np.asarray(each, dtype=np.float64)

    def said(self, texts: Sequence[str], least: float = 0.0) -> list[tuple[str, float]]:
        """The likeliest label of each text with its probability; UNSURE where that is below ``least``."""
        rows = self.probabilities(texts)
        best = rows.argmax(axis=1) if len(rows) else np.zeros(0, dtype=np.int64)
        found = [(self.labels[place], float(row[place])) for row, place in zip(rows, best, strict=True)]
        return [(label if sure >= least else UNSURE, sure) for label, sure in found]

    def tags(self, texts: Sequence[str], least: float = TAG) -> list[tuple[str, ...]]:
        """The labels of each text that are at least so likely; the likeliest where it must have one."""
        rows = self.probabilities(texts)
        found = [
            tuple(label for label, sure in zip(self.labels, row, strict=True) if sure >= least)
            for row in rows
        ]
        if not self.always:
            return found
        return [held or (self.labels[row.argmax()],) for held, row in zip(found, rows, strict=True)]

    def to_bytes(self) -> bytes:
        """The model as a file: a ZIP of arrays and a description, without code."""
        held = io.BytesIO()
        arrays: dict[str, Any] = {"ratios": self.ratios, "weights": self.weights, "sigmoids": self.sigmoids}
        if self.by_encoder is not None:
            arrays["by_encoder"] = self.by_encoder
        for number, channel in enumerate(self.channels):
            arrays |= {f"columns{number}": channel.columns, f"idf{number}": channel.idf}
        told = {
            "format": _FORMAT,
            "labels": self.labels,
            "trained_on": self.trained_on,
            "exclusive": self.exclusive,
            "always": self.always,
        }
        arrays["told"] = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8)
        np.savez_compressed(held, **arrays)
        return held.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TextClassifier:
        """The model in a file; raises NotComputable ``no_model`` for anything else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as held:
                told = json.loads(bytes(held["told"]))
                if told.get("format") not in (_FORMAT, *_OLDER):
                    raise NotComputable("no_model")
                # A model from before a channel was added has no columns of it.
                known = [n for n in range(len(CHANNELS)) if f"columns{n}" in held]
                channels = tuple(Channel(held[f"columns{n}"], held[f"idf{n}"]) for n in known)
                parts = (held["ratios"], held["weights"], _brought_up(held["sigmoids"]))
                flags = bool(told["exclusive"]), bool(told["always"])
                encoded = held.get("by_encoder")
                return cls(tuple(told["labels"]), channels, *parts, int(told["trained_on"]), *flags, encoded)
        except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
            raise NotComputable("no_model") from error


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    sources: Sequence[str] | None = None,
    *,
    lists: bool = True,
    encode: Encode | None = None,
) -> TextClassifier:
    """A model of texts and their labels (same length); without ``lists`` it does not hear the word lists,
    with ``encode`` an encoder reads along.

    With ``sources`` (the industry, site or survey of each text) the sigmoid is fitted on sources that the
    model did not see: for a model that is meant for another one.

    Raises NotComputable ``too_few`` for a label with fewer than LEAST_LABELLED different texts, ``constant``
    when there is one label only, ``no_encoder`` where that is asked for and absent.
    """
    known = _known(texts, [[label] for label in labels])
    if len(known) < 2:
        raise NotComputable("constant", column="label")
    given = np.array(labels, dtype=object)
    targets = [given == label for label in (known[1:] if len(known) == 2 else known)]
    return _trained(texts, known, targets, sources, exclusive=True, lists=lists, encode=encode)


def train_tags(
    texts: Sequence[str], tags: Sequence[Collection[str]], *, encode: Encode | None = None
) -> TextClassifier:
    """A model of texts of which each has any number of tags (none too). Raises like ``train``."""
    known = _known(texts, tags)
    targets = [np.array([tag in held for held in tags], dtype=bool) for tag in known]
    made = _trained(texts, known, targets, None, exclusive=False, encode=encode)
    return replace(made, always=all(tags))


def _trained(
    texts: Sequence[str],
    known: tuple[str, ...],
    targets: Sequence[npt.NDArray[np.bool_]],
    sources: Sequence[str] | None,
    *,
    exclusive: bool,
    lists: bool = True,
    encode: Encode | None = None,
) -> TextClassifier:
    counts, channels = _learn(texts)
    fits = [_fit(counts, target) for target in targets]
    ratios, weights = (np.array(each) for each in zip(*fits, strict=True))
    folds, by_encoder, said = _folds(texts, sources), None, np.zeros((len(texts), len(targets)))
    if encode is not None:
        made = ridge.separate(encode(_spoken(texts)), np.column_stack(targets), folds)
        by_encoder, said = made.weights, made.unseen
    seen = _Unseen(texts, counts, channels, folds, lists=lists)
    sigmoids = np.array(
        [fitted(seen.evidence(each, own), smoothed(each)) for each, own in zip(targets, said.T, strict=True)]
    )
    model = TextClassifier(known, channels, ratios, weights, sigmoids, len(texts), exclusive)
    return model if encode is None else replace(model, by_encoder=by_encoder, encode=encode)


def _known(texts: Sequence[str], labels: Sequence[Collection[str]]) -> tuple[str, ...]:
    known = tuple(sorted({label for held in labels for label in held}))
    for label in known:
        of_label = {fingerprint(t) for t, held in zip(texts, labels, strict=True) if label in held}
        if len(of_label) < LEAST_LABELLED:
            raise NotComputable("too_few", column=label, n=len(of_label), least=LEAST_LABELLED)
    return known


def _learn(texts: Sequence[str]) -> tuple[sparse.csr_matrix, tuple[Channel, ...]]:
    """The channels that texts teach, and the texts as their features."""
    cleaned = [clean(text) for text in texts]
    channels, parts = [], []
    for read in CHANNELS:
        counts = _dampened(read(cleaned))
        inside = np.asarray((counts > 0).sum(axis=0)).ravel()
        columns = np.flatnonzero(inside >= LEAST_TEXTS)
        idf = np.log((1 + len(texts)) / (1 + inside[columns])) + 1
        channels.append(Channel(columns, idf))
        parts.append(_unit(counts[:, columns] @ sparse.diags(idf)))
    return sparse.csr_matrix(sparse.hstack(parts)), tuple(channels)


def _spoken(texts: Sequence[str]) -> list[str]:
    """Texts as an encoder reads them: what one is read for stands before it."""
    parts = [minded(text) for text in texts]
    return [f"{part.subject}:{part.focus}" if part.subject else part.text for part in parts]


def _features(texts: Sequence[str], channels: Sequence[Channel]) -> sparse.csr_matrix:
    cleaned = [clean(text) for text in texts]
    parts = [
        _unit(sparse.csr_matrix(_dampened(read(cleaned))[:, channel.columns] @ sparse.diags(channel.idf)))
        for read, channel in zip(CHANNELS, channels, strict=False)
    ]
    return sparse.csr_matrix(sparse.hstack(parts))


def _dampened(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    counts.data = 1 + np.log(counts.data)
    return counts


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of length 1; an empty one stays empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ matrix)


def _folds(texts: Sequence[str], sources: Sequence[str] | None) -> npt.NDArray[np.int64]:
    """The fold of each text: by its source, else by itself, so that the same text is always in one fold."""
    if sources is not None and len(set(sources)) > 1:
        return np.unique(np.array(sources, dtype=str), return_inverse=True)[1].astype(np.int64)
    return np.array([int(fingerprint(minded(text).text)[:8], 16) % FOLDS for text in texts], dtype=np.int64)


def _fit(features: sparse.csr_matrix, target: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The ratios and weights that tell ``target`` from the rest."""
    inside, outside = (
        np.asarray(features[rows].sum(axis=0)).ravel() + SMOOTHING for rows in (target, ~target)
    )
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    damped = np.sign(ratio) * np.abs(ratio) ** DAMPING
    return damped, _separate(_unit(features @ sparse.diags(damped)), target)


def _separate(features: sparse.csr_matrix, target: npt.NDArray[np.bool_]) -> Floats:
    """Weights with intercept of the least squared hinge loss."""
    sides, across = np.where(target, 1.0, -1.0), features.T.tocsr()

    def loss(held: Floats) -> tuple[float, Floats]:
        weight, intercept = held[:-1], held[-1]
        short = np.maximum(0.0, 1 - sides * (features @ weight + intercept))
        slope = -2 * PENALTY * short * sides
        value = 0.5 * float(weight @ weight) + PENALTY * float(short @ short)
        return value, np.append(weight + across @ slope, slope.sum())

    start = np.zeros(features.shape[1] + 1)
    found = optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-5}
    )
    return np.asarray(found.x, dtype=np.float64)


def _margins(features: sparse.csr_matrix, ratio: Floats, weight: Floats) -> Floats:
    return np.asarray(
        _unit(sparse.csr_matrix(features @ sparse.diags(ratio))) @ weight[:-1] + weight[-1], dtype=np.float64
    )


class _Unseen:
    """What models that did not see the fold of a text say of it."""

    def __init__(
        self,
        texts: Sequence[str],
        features: sparse.csr_matrix,
        channels: Sequence[Channel],
        folds: npt.NDArray[np.int64],
        *,
        lists: bool,
    ) -> None:
        self._features, self._folds = features, folds
        self._lists = hints(texts) if lists else np.zeros(len(texts))
        cut = pieces(texts)
        self._starts, self._clauses = cut.starts, _features(cut.clauses, channels)
        sizes = np.diff(np.append(cut.starts, len(cut.clauses)))
        self._folds_of_clauses = np.repeat(folds, sizes)

    def evidence(self, target: npt.NDArray[np.bool_], by_encoder: Floats) -> Floats:
        """The evidence of every text for one label, of which an encoder says ``by_encoder``."""
        margins, of_clauses = np.zeros(len(target)), np.zeros(self._clauses.shape[0])
        for fold in np.unique(self._folds):
            held, parts = self._folds == fold, self._folds_of_clauses == fold
            if target[~held].all() or not target[~held].any():
                continue
            fit = _fit(self._features[~held], target[~held])
            margins[held] = _margins(self._features[held], *fit)
            of_clauses[parts] = _margins(self._clauses[parts], *fit)
        return evidence(margins, self._lists, of_clauses, self._starts, by_encoder)


def _brought_up(sigmoids: Floats) -> Floats:
    """Sigmoids of a model from before some evidence was weighed: it counts for nothing in them."""
    lacking = SIZE + 1 - sigmoids.shape[1]
    return np.insert(sigmoids, [sigmoids.shape[1] - 1] * lacking, 0.0, axis=1) if lacking else sigmoids
