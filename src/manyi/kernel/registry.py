"""One registry for every kind of plug-in: a plug-in is one class in one file.

A room opens a registry and names the folder in which its own plug-ins live; an outside package
adds more through the entry-point group ``manyi.<kind>``. The core's plug-ins use the same door.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Generic, Protocol, TypeVar

from manyi.kernel.labels import Label


class Plugin(Protocol):
    """What every plug-in says about itself, whatever its kind."""

    id: str
    label: Label


P = TypeVar("P", bound=Plugin)


class UnknownPlugin(LookupError):
    """No plug-in of this kind has this id."""

    def __init__(self, kind: str, plugin_id: str, known: list[str]) -> None:
        super().__init__(f"no {kind} named {plugin_id!r}; known: {', '.join(known)}")
        self.kind, self.plugin_id, self.known = kind, plugin_id, known


class Registry(Generic[P]):
    """The plug-ins of one kind by id; folders are walked on first use."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind, self.package = kind, package
        self._plugins: dict[str, P] = {}
        self._loading = False
        self._loaded = threading.Event()
        self._lock = threading.RLock()

    def register(self, plugin: type[P]) -> type[P]:
        """Class decorator: makes the one instance of the plug-in known under its ``id``."""
        instance = plugin()
        if instance.id in self._plugins:
            raise ValueError(f"two plug-ins of kind {self.kind} are named {instance.id!r}")
        self._plugins[instance.id] = instance
        return plugin

    def get(self, plugin_id: str) -> P:
        """The plug-in with this id; raises UnknownPlugin with the known ids."""
        self._load()
        try:
            return self._plugins[plugin_id]
        except KeyError:
            raise UnknownPlugin(self.kind, plugin_id, sorted(self._plugins)) from None

    def __iter__(self) -> Iterator[P]:
        self._load()
        return iter(sorted(self._plugins.values(), key=lambda plugin: plugin.id))

    def __contains__(self, plugin_id: object) -> bool:
        self._load()
        return plugin_id in self._plugins

    def ids(self) -> list[str]:
        """All known ids in order."""
        return [plugin.id for plugin in self]

    @contextmanager
    def temporarily(self, plugin: type[P]) -> Iterator[P]:
        """For tests: the plug-in is known only inside the block."""
        self._load()
        self.register(plugin)
        try:
            yield self._plugins[plugin.id]
        finally:
            del self._plugins[plugin.id]

    def _load(self) -> None:
        """Walk the folder once; threads that come meanwhile wait, so that nobody sees a part of it."""
        if self._loaded.is_set():
            return
        with self._lock:
            if self._loaded.is_set() or self._loading:  # a plug-in's module may itself look at the registry
                return
            self._loading = True
            try:
                self._import_all()
                self._loaded.set()
            finally:
                self._loading = False

    def _import_all(self) -> None:
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
        for entry in entry_points(group=f"manyi.{self.kind}"):
            entry.load()
