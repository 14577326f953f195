"""A fitted path model in figures for people: items, latent variables, arrows, effects, indices."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.measures.columns import Floats


@dataclass(frozen=True, slots=True)
class OuterItem:
    """One item: ``weight`` on the data as they were analysed, ``loading`` on its latent variable,
    ``communality`` loading², ``redundancy`` what the causes of the latent variable explain of the item.
    """

    block: str
    name: str
    weight: float
    loading: float
    communality: float
    redundancy: float


@dataclass(frozen=True, slots=True)
class Latent:
    """One latent variable. ``alpha`` and ``rho`` (Dillon-Goldstein) and the first two eigenvalues of the
    items' correlations tell whether a reflective block measures one thing; alpha, rho and ``ave`` are None in
    mode B, alpha and rho also for one item. ``index`` is 0 to 100 (None where items weigh negatively).
    """

    name: str
    mode: str
    items: int
    endogenous: bool
    r2: float
    communality: float
    redundancy: float
    ave: float | None
    alpha: float | None
    rho: float | None
    eigenvalues: tuple[float, float]
    index: float | None


@dataclass(frozen=True, slots=True)
class Path:
    """One arrow of the inner model with the least-squares error, t and p of its equation."""

    cause: str
    effect: str
    estimate: float
    error: float
    t: float
    p: float


@dataclass(frozen=True, slots=True)
class TotalEffect:
    """How a latent variable acts on another: directly, through others, in all."""

    cause: str
    effect: str
    direct: float
    indirect: float
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class PlsFit:
    """A fitted model over ``n`` complete rows of ``rows``. ``cross_loadings`` and ``latent_correlations``
    have items and latents in the order of the model; ``gof`` is √(mean communality × mean R²) (Tenenhaus).

    Warnings: ``negative_weight``, ``low_loading`` (below 0.5), ``two_dimensions`` (second eigenvalue above
    1), ``low_ave`` (below 0.5), ``few_rows`` (below 10 for each arrow into one latent variable).
    """

    items: tuple[OuterItem, ...]
    latents: tuple[Latent, ...]
    paths: tuple[Path, ...]
    effects: tuple[TotalEffect, ...]
    cross_loadings: Floats
    latent_correlations: Floats
    gof: float
    n: int
    rows: int
    rounds: int
    method: str
    warnings: tuple[str, ...]

    def latent(self, name: str) -> Latent:
        """The latent variable with this name; raises KeyError."""
        for latent in self.latents:
            if latent.name == name:
                return latent
        raise KeyError(name)
