"""Path models: blocks of items and the arrows between them, the three well-known ones ready-made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable

Mode = Literal["A", "B"]
Arrow = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A latent variable and its items. Mode A: the items reflect it; mode B: they form it."""

    name: str
    items: tuple[str, ...]
    mode: Mode = "A"


@dataclass(frozen=True, slots=True)
class PathModel:
    """Blocks and arrows (cause, effect). Blocks stand in causal order once made by ``path_model``."""

    blocks: tuple[Block, ...]
    arrows: tuple[Arrow, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The latent variables in causal order."""
        return tuple(block.name for block in self.blocks)

    @property
    def items(self) -> tuple[str, ...]:
        """All items, block by block."""
        return tuple(item for block in self.blocks for item in block.items)

    def causes(self, name: str) -> tuple[str, ...]:
        """What points at a latent variable."""
        return tuple(cause for cause, effect in self.arrows if effect == name)


@dataclass(frozen=True, slots=True)
class ReadyModel:
    """A published model: its latent variables with labels, its arrows, and which one is satisfaction."""

    id: str
    label: Label
    latents: Mapping[str, Label]
    arrows: tuple[Arrow, ...]


LATENTS = {
    "image": Label("形象", "Image"),
    "expectation": Label("预期质量", "Expectation"),
    "quality": Label("感知质量", "Perceived quality"),
    "value": Label("感知价值", "Perceived value"),
    "satisfaction": Label("满意度", "Satisfaction"),
    "complaints": Label("抱怨", "Complaints"),
    "loyalty": Label("忠诚", "Loyalty"),
}
_CORE: tuple[Arrow, ...] = (
    ("expectation", "quality"), ("expectation", "value"), ("expectation", "satisfaction"),
    ("quality", "value"), ("quality", "satisfaction"), ("value", "satisfaction"),
    ("satisfaction", "loyalty"),
)  # fmt: skip
_COMPLAINTS: tuple[Arrow, ...] = (("satisfaction", "complaints"), ("complaints", "loyalty"))


def _ready(name: str, label: Label, latents: Sequence[str], arrows: tuple[Arrow, ...]) -> ReadyModel:
    return ReadyModel(name, label, {each: LATENTS[each] for each in latents}, arrows)


#: ACSI after Fornell et al. 1996, ECSI after Tenenhaus et al. 2005, CCSI with six latent variables, 11
#: arrows.
READY = {
    "acsi": _ready(
        "acsi",
        Label("美国顾客满意度指数(ACSI)", "American index (ACSI)"),
        [name for name in LATENTS if name != "image"],
        (*_CORE, *_COMPLAINTS),
    ),
    "ecsi": _ready(
        "ecsi",
        Label("欧洲顾客满意度指数(ECSI)", "European index (ECSI)"),
        list(LATENTS),
        (
            ("image", "expectation"),
            ("image", "satisfaction"),
            ("image", "loyalty"),
            *_CORE,
            *_COMPLAINTS,
        ),
    ),
    "ccsi": _ready(
        "ccsi",
        Label("中国顾客满意度指数(CCSI)", "Chinese index (CCSI)"),
        [name for name in LATENTS if name != "complaints"],
        (
            ("image", "expectation"),
            ("image", "quality"),
            ("image", "value"),
            ("image", "satisfaction"),
            *_CORE,
        ),
    ),
}


def ready_model(name: str, items: Mapping[str, Sequence[str]], mode: Mode = "A") -> PathModel:
    """A ready-made model over ``items`` by latent variable; those without items leave with their arrows.

    Raises NotComputable ``bad_model`` for a latent variable that the model does not have, and as
    ``path_model`` does; KeyError for an unknown model.
    """
    ready = READY[name]
    for latent in items:
        if latent not in ready.latents:
            raise NotComputable("bad_model", column=latent, what="unknown")
    blocks = [Block(latent, tuple(items[latent]), mode) for latent in ready.latents if items.get(latent)]
    there = {block.name for block in blocks}
    return path_model(blocks, [arrow for arrow in ready.arrows if set(arrow) <= there])


def path_model(blocks: Sequence[Block], arrows: Sequence[Arrow]) -> PathModel:
    """A checked model with its blocks in causal order.

    Raises NotComputable ``bad_model`` naming the block or item (``column``) and what is wrong (``what``):
    ``unknown``, ``twice``, ``no_items``, ``no_arrow`` or ``circle``.
    """
    names = [block.name for block in blocks]
    items = [item for block in blocks for item in block.items]
    for given in (names, items):
        for name in given:
            if given.count(name) > 1:
                raise NotComputable("bad_model", column=name, what="twice")
    for block in blocks:
        if not block.items:
            raise NotComputable("bad_model", column=block.name, what="no_items")
        if not any(block.name in arrow for arrow in arrows):
            raise NotComputable("bad_model", column=block.name, what="no_arrow")
    for end in (end for arrow in arrows for end in arrow):
        if end not in names:
            raise NotComputable("bad_model", column=end, what="unknown")
    order = _causal_order(names, arrows)
    by_name = {block.name: block for block in blocks}
    return PathModel(tuple(by_name[name] for name in order), tuple(dict.fromkeys(arrows)))


def _causal_order(names: Sequence[str], arrows: Sequence[Arrow]) -> list[str]:
    left, order = list(names), list[str]()
    while left:
        free = [name for name in left if not any(b == name and a in left for a, b in arrows)]
        if not free:
            raise NotComputable("bad_model", column=" → ".join(left), what="circle")
        order.append(free[0])
        left.remove(free[0])
    return order
