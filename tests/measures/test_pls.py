"""Path models in other schemes, scalings and modes; models that cannot be; indices and bootstrap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.pls.estimation import pls
from manyi.measures.pls.models import READY, Block, PathModel, path_model, ready_model
from manyi.measures.pls.resampling import bootstrap

WHOLE = json.loads((Path(__file__).parent / "references" / "pls_schemes.json").read_text(encoding="utf-8"))
DATA: dict[str, list[float]] = WHOLE["data"]


def model(modes: dict[str, Any]) -> PathModel:
    blocks: dict[str, list[str]] = {}
    for item in DATA:
        blocks.setdefault(item[:-1], []).append(item)
    made = [Block(name, tuple(items), modes.get(name, "A")) for name, items in blocks.items()]
    return path_model(made, [(cause, effect) for cause, effect in WHOLE["arrows"]])


@pytest.mark.parametrize(
    "case", WHOLE["cases"], ids=lambda case: f"{case['scheme']}-{case['scaled']}-{len(case['modes'])}"
)
def test_schemes_scalings_and_modes(case: dict[str, Any]) -> None:
    found = pls(DATA, model(case["modes"]), scheme=case["scheme"], scaled=case["scaled"], tolerance=1e-12)
    assert {i.name: i.weight for i in found.items} == pytest.approx(case["weights"], rel=1e-4, abs=1e-6)
    assert {i.name: i.loading for i in found.items} == pytest.approx(case["loadings"], rel=1e-4)
    paths = {f"{path.cause} -> {path.effect}": path.estimate for path in found.paths}
    assert paths == pytest.approx(case["paths"], rel=1e-4)
    assert {latent.name: latent.r2 for latent in found.latents} == pytest.approx(case["r2"], rel=1e-4)
    assert found.gof == pytest.approx(case["gof"], rel=1e-4)


def test_ready_models_have_their_published_shape() -> None:
    shapes = {name: (len(ready.latents), len(ready.arrows)) for name, ready in READY.items()}
    assert shapes == {"acsi": (6, 9), "ecsi": (7, 12), "ccsi": (6, 11)}
    items = {name: [f"{name}1"] for name in READY["ecsi"].latents if name != "complaints"}
    assert len(ready_model("ecsi", items).arrows) == 10


@pytest.mark.parametrize(
    ("blocks", "arrows", "what"),
    [
        ([Block("a", ("x",)), Block("b", ("x",))], [("a", "b")], "twice"),
        ([Block("a", ("x",)), Block("b", ())], [("a", "b")], "no_items"),
        ([Block("a", ("x",)), Block("b", ("y",)), Block("c", ("z",))], [("a", "b")], "no_arrow"),
        ([Block("a", ("x",)), Block("b", ("y",))], [("a", "b"), ("b", "a")], "circle"),
        ([Block("a", ("x",)), Block("b", ("y",))], [("a", "b"), ("b", "d")], "unknown"),
    ],
)
def test_models_that_cannot_be(blocks: list[Block], arrows: list[tuple[str, str]], what: str) -> None:
    with pytest.raises(NotComputable) as caught:
        path_model(blocks, arrows)
    assert (caught.value.code, caught.value.facts["what"]) == ("bad_model", what)
    assert what in caught.value.label.en


def test_an_index_is_the_block_mean_weighted_by_outer_weight_per_deviation() -> None:
    found = pls(DATA, model({}), scaled=True, scale=(0, 10))
    own = [item for item in found.items if item.block == "satisfaction"]
    columns = [np.array(DATA[item.name]) for item in own]
    weights = [item.weight / column.std() for item, column in zip(own, columns, strict=True)]
    mean = sum(w * column.mean() for w, column in zip(weights, columns, strict=True)) / sum(weights)
    assert found.latent("satisfaction").index == pytest.approx(10 * mean)
    unscaled = pls(DATA, model({}), scaled=False)
    assert unscaled.latent("satisfaction").index is None


def test_a_bootstrap_repeats_itself_and_surrounds_the_estimate() -> None:
    once, again = (bootstrap(DATA, model({}), seed=3, samples=200, scale=(0, 10)).figures for _ in range(2))
    assert once == again
    assert {figure.kind for figure in once} == {"path", "total", "weight", "loading", "r2", "index"}
    fit = pls(DATA, model({}), scale=(0, 10))
    for path in fit.paths:
        (found,) = [f for f in once if (f.kind, f.cause, f.name) == ("path", path.cause, path.effect)]
        assert found.original == pytest.approx(path.estimate)
        assert found.low < path.estimate < found.high
        assert 0.3 < found.error / path.error < 3


def spoilt(**columns: Any) -> dict[str, Any]:
    return {**DATA, **columns}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (spoilt(image1=[5] * 120), "constant"),
        (spoilt(image1=[None] * 120), "all_missing"),
        (spoilt(image1=["5"] * 120), "not_a_number"),
        ({name: column[:4] for name, column in DATA.items()}, "too_few"),
        ({name: column for name, column in DATA.items() if name != "image1"}, "missing"),
        (spoilt(image1=[11, *DATA["image1"][1:]]), "out_of_range"),
    ],
)
def test_bad_answers_are_refused_by_name(data: dict[str, Any], code: str) -> None:
    with pytest.raises(NotComputable) as caught:
        pls(data, model({}), scale=(0, 10))
    assert caught.value.code == code
    assert "image1" in caught.value.label.zh


def test_an_answer_beyond_the_scale_is_named_by_its_own_row() -> None:
    gaps = [None, None, 11, *DATA["image1"][3:]]
    with pytest.raises(NotComputable) as caught:
        pls(spoilt(image1=gaps), model({}), scale=(0, 10))
    assert caught.value.facts["row"] == 2
    assert "第 3 行" in caught.value.label.zh


def test_items_that_repeat_each_other_cannot_form_a_block() -> None:
    with pytest.raises(NotComputable) as caught:
        pls(spoilt(image2=DATA["image1"]), model({"image": "B"}))
    assert caught.value.code == "collinear"


def test_items_on_different_scales_have_indices_on_their_own_ends() -> None:
    """An item that is stretched together with its ends says the same."""
    moved = DATA | {"satisfaction1": [2 * value + 1 for value in DATA["satisfaction1"]]}
    ends = dict.fromkeys(DATA, (0.0, 10.0)) | {"satisfaction1": (1.0, 21.0)}
    plain = pls(DATA, model({}), scale=(0, 10)).latent("satisfaction").index
    assert plain is not None
    assert pls(moved, model({}), scale=ends).latent("satisfaction").index == pytest.approx(plain)
