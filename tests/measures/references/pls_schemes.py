"""Makes pls_schemes.json: made-up answers and what plspm 0.5.7 says of them, by scheme, scaling and mode.

python -m venv v && v/bin/pip install "plspm==0.5.7" "pandas<2.3" "numpy<2" && v/bin/python pls_schemes.py
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import plspm.config as c
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scheme import Scheme

BLOCKS = {"image": 3, "quality": 3, "satisfaction": 2, "loyalty": 3}
ARROWS = [
    ("image", "quality"),
    ("image", "satisfaction"),
    ("quality", "satisfaction"),
    ("satisfaction", "loyalty"),
    ("image", "loyalty"),
]


def made_up() -> pd.DataFrame:
    """120 answers from 0 to 10 of a model with those arrows."""
    random = np.random.default_rng(77)
    image = random.normal(size=120)
    quality = 0.6 * image + 0.8 * random.normal(size=120)
    satisfaction = 0.3 * image + 0.5 * quality + 0.7 * random.normal(size=120)
    loyalty = 0.6 * satisfaction + 0.2 * image + 0.7 * random.normal(size=120)
    latent = dict(zip(BLOCKS, (image, quality, satisfaction, loyalty), strict=True))
    columns = {}
    for name, count in BLOCKS.items():
        for number in range(1, count + 1):
            noisy = 6 + (1 + 0.3 * number) * (latent[name] + 0.6 * random.normal(size=120))
            columns[f"{name}{number}"] = np.clip(np.round(noisy), 0, 10)
    return pd.DataFrame(columns)


def fitted(data: pd.DataFrame, scheme: Scheme, scaled: bool, modes: dict[str, str]) -> dict[str, object]:
    structure = c.Structure()
    for cause, effect in ARROWS:
        structure.add_path([cause], [effect])
    if scaled:  # plspm 0.5.7 divides all items by one number, which is not what R's plspm does
        data = (data - data.mean()) / data.std(ddof=0)
    config = c.Config(structure.path(), scaled=False)
    for name, count in BLOCKS.items():
        items = [c.MV(f"{name}{number}") for number in range(1, count + 1)]
        config.add_lv(name, Mode.B if modes.get(name) == "B" else Mode.A, *items)
    found = Plspm(data, config, scheme, iterations=300, tolerance=1e-12)
    outer, paths = found.outer_model(), found.path_coefficients()
    return {
        "weights": outer["weight"].to_dict(),
        "loadings": outer["loading"].to_dict(),
        "paths": {f"{cause} -> {effect}": float(paths.loc[effect, cause]) for cause, effect in ARROWS},
        "r2": found.inner_summary()["r_squared"].to_dict(),
        "gof": float(found.goodness_of_fit()),
    }


if __name__ == "__main__":
    data = made_up()
    cases = []
    for scheme, scaled, modes in product(
        Scheme, (True, False), ({}, {"image": "B"}, dict.fromkeys(BLOCKS, "B"))
    ):
        told = fitted(data, scheme, scaled, modes)
        cases.append({"scheme": scheme.name.lower(), "scaled": scaled, "modes": modes, **told})
    whole = {"arrows": ARROWS, "data": {name: data[name].tolist() for name in data}, "cases": cases}
    Path(__file__).with_name("pls_schemes.json").write_text(json.dumps(whole), encoding="utf-8")
