"""The reference numbers of the statistics: input and results computed elsewhere."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def airline(shared_data: Path) -> dict[str, Any]:
    """Expected results of the airline questionnaire."""
    return _results(shared_data / "statistics" / "02_airline_satisfaction")


@pytest.fixture(scope="session")
def airline_rows(shared_data: Path) -> list[dict[str, str]]:
    """The 1,065 answers of the airline questionnaire."""
    with (shared_data / "statistics" / "02_airline_satisfaction" / "data.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def waves(shared_data: Path) -> dict[str, Any]:
    """Six waves of satisfied counts and eight monthly scores: ``input`` and ``results``."""
    return _whole(shared_data / "statistics" / "05_waves_trend")


@pytest.fixture(scope="session")
def designs(shared_data: Path) -> dict[str, Any]:
    """Expected sample sizes and allocations."""
    return _results(shared_data / "statistics" / "06_sample_design")


def _whole(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


def _results(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = _whole(folder)["results"]
    return found


@pytest.fixture(scope="session")
def schools(shared_data: Path) -> dict[str, Any]:
    """Expected results of a stratified sample of 200 schools."""
    return _whole(shared_data / "statistics" / "01_stratified_api")


@pytest.fixture(scope="session")
def school_rows(shared_data: Path) -> list[dict[str, str]]:
    """The 200 schools with their design weights."""
    with (shared_data / "statistics" / "01_stratified_api" / "data.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
