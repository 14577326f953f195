"""Plug-ins: one class in one file, found by being there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import pytest

from manyi.kernel.labels import Label
from manyi.kernel.registry import Plugin, Registry, UnknownPlugin


class Greeting(Plugin, Protocol):
    """A kind of plug-in that only these tests have."""

    def greet(self) -> str: ...


class Hello:
    """One plug-in."""

    id = "hello"
    label = Label("你好", "Hello")

    def greet(self) -> str:
        return "hello"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[Greeting]]:
    """A registry whose folder holds one plug-in, ``evening``."""
    folder = tmp_path / "greetings_of_test"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from manyi.kernel.registry import Registry\nregistry = Registry('greetings', 'greetings_of_test')\n"
    )
    (folder / "evening.py").write_text(
        "from greetings_of_test import registry\nfrom manyi.kernel.labels import Label\n"
        "@registry.register\nclass Evening:\n    id = 'evening'\n"
        "    label = Label('晚上好', 'Good evening')\n"
        "    def greet(self):\n        return 'good evening'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    module = __import__("greetings_of_test")
    yield module.registry
    for name in [name for name in sys.modules if name.startswith("greetings_of_test")]:
        del sys.modules[name]


def test_a_file_in_the_folder_is_known_by_being_there(registry: Registry[Greeting]) -> None:
    assert registry.ids() == ["evening"]
    assert registry.get("evening").greet() == "good evening"
    assert "evening" in registry


def test_plugins_come_in_the_order_of_their_ids(registry: Registry[Greeting]) -> None:
    registry.register(type("Aloha", (Hello,), {"id": "aloha"}))
    assert [plugin.id for plugin in registry] == ["aloha", "evening"]


def test_an_unknown_id_is_answered_with_the_known_ones(registry: Registry[Greeting]) -> None:
    with pytest.raises(UnknownPlugin, match="no greetings named 'morning'; known: evening"):
        registry.get("morning")


def test_two_plugins_cannot_share_an_id(registry: Registry[Greeting]) -> None:
    registry.register(Hello)
    with pytest.raises(ValueError, match="hello"):
        registry.register(Hello)


def test_a_plugin_of_a_test_is_gone_after_the_block(registry: Registry[Greeting]) -> None:
    with registry.temporarily(Hello) as hello:
        assert registry.get("hello") is hello
    assert "hello" not in registry


def test_whoever_comes_while_the_folder_is_walked_waits_for_all_of_it(
    registry: Registry[Greeting], tmp_path: Path
) -> None:
    """Two first requests at once, as after a restart: both must see every plug-in."""
    slow = tmp_path / "greetings_of_test" / "dawn.py"
    slow.write_text("import time\ntime.sleep(0.3)\n")
    with ThreadPoolExecutor(2) as threads:
        seen = list(threads.map(lambda _: registry.ids(), range(2)))
    assert seen == [["evening"], ["evening"]]
