"""Slips of the pen in a specification are answered by what was meant; what the page shows can be written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from manyi.analytics.specification import specification, specification_from_toml
from manyi.organisation.errors import Invalid
from manyi.web.cli import app


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"items": ["a"], "stratta": ["g"]}, "There is no setting “stratta”. Did you mean “strata”?"),
        ({"items": ["a"], "zzz": 1}, "There is no setting “zzz”. Possible: strata, clusters, populations,"),
    ],
)
def test_an_unknown_setting_names_the_nearest_or_all(config: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid) as problem:
        specification({"method": "design_estimates", "config": config})
    ((name, why),) = problem.value.problems
    assert name.startswith("config.")
    assert told in why.en


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    made, data = tmp_path / "spec.toml", tmp_path / "data.csv"
    made.write_text('method = "descriptives"\n[config]\nitems = ["a"]\n', encoding="utf-8")
    data.write_text("a\n1\n2\n", encoding="utf-8")
    asked = ["analyse", str(made), "--data", str(data), "--out", str(tmp_path / "out.html")]
    assert CliRunner().invoke(app, [*asked, "--language", "en"]).exit_code == 0
    refused = CliRunner().invoke(app, [*asked, "--language", "fr"])
    assert refused.exit_code == 1
    assert "Languages are zh and en" in refused.output


def test_every_specification_on_the_page_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "analyses.md").read_text("utf-8")
    written = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(written) > 40
    for text in written:
        assert specification_from_toml(text).analysis.id in text
