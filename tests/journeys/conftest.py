"""Where the journeys keep their pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.journeys.visitors import Gallery


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """Pictures go to the folder that MANYI_SCREENSHOTS names, else away with the test."""
    return Gallery(Path(os.environ.get("MANYI_SCREENSHOTS", tmp_path / "screenshots")))
