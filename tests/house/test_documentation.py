"""What the product offers is in its documentation."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from manyi.organisation.roles import Role
from tools import discovery, reference

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def documentation() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    written = reference.FOLDER / name
    assert written.exists(), "run: make reference"
    assert written.read_text(encoding="utf-8") == reference.PAGES[name](), "run: make reference"


#: The names of what the product offers, by sort.
OFFERED: dict[str, Callable[[], list[str]]] = {
    "kinds of event": lambda: list(discovery.table("manyi.organisation.events", "KINDS")),
    "roles": lambda: [role.value for role in Role],
    "settings": lambda: list(discovery.table("manyi.organisation.settings", "SETTINGS")),
    "steps": lambda: [step.name for machine in discovery.machines() for step in machine.transitions],
    "plug-ins": lambda: [plugin.id for registry in discovery.registries() for plugin in registry],
    "commands": lambda: list(discovery.commands()),
}


@pytest.mark.parametrize("sort", OFFERED)
def test_everything_offered_is_documented(sort: str, documentation: str) -> None:
    names = OFFERED[sort]()
    assert names, f"no {sort} found"
    assert [name for name in names if f"`{name}`" not in documentation] == []


def test_every_environment_variable_is_documented(documentation: str) -> None:
    pattern = re.compile(r"""environ(?:\.get\(|\.setdefault\(|\[)["']([A-Z_]+)["']""")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    names = {name for text in sources for name in pattern.findall(text)} - {"DJANGO_SETTINGS_MODULE"}
    assert names
    assert sorted(name for name in names if f"`{name}`" not in documentation) == []


def test_every_command_and_option_says_what_it_does() -> None:
    silent = [name for name, command in discovery.commands().items() if not command.help]
    assert silent == []
