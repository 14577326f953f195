"""Find what the product offers by looking at its code: kinds of event, state machines, plug-ins, commands."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import django

import manyi
from manyi.kernel.registry import Registry
from manyi.kernel.workflow import Machine


def modules() -> list[ModuleType]:
    """Every module of the product, imported; migrations and what starts a process are left out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
    django.setup()
    return [importlib.import_module(name) for name in sorted(module_names())]


def module_names() -> Iterator[str]:
    """Dotted names of the modules that ``modules`` imports."""
    pending: list[tuple[Iterable[str], str]] = [(manyi.__path__, "manyi.")]
    while pending:
        path, prefix = pending.pop()
        for found in pkgutil.iter_modules(path, prefix):
            if found.name.endswith(
                (".migrations", ".__main__", ".wsgi", ".conf.settings", ".serve.application")
            ):
                continue
            yield found.name
            if found.ispkg:
                pending.append((importlib.import_module(found.name).__path__, f"{found.name}."))


def instances(kind: type) -> list[Any]:
    """The module-level objects of a type, each once, in the order of their modules."""
    found = {
        id(value): value for module in modules() for value in vars(module).values() if type(value) is kind
    }
    return list(found.values())


def machines() -> list[Machine]:
    """Every state machine by name."""
    return sorted(instances(Machine), key=lambda machine: machine.name)


def registries() -> list[Registry[Any]]:
    """Every plug-in registry by kind."""
    return sorted(instances(Registry), key=lambda registry: registry.kind)


def table(module_name: str, name: str) -> dict[str, Any]:
    """A table that rooms fill while they are imported, in the order of its keys."""
    modules()
    filled: dict[str, Any] = getattr(importlib.import_module(module_name), name)
    return dict(sorted(filled.items()))


def commands() -> dict[str, Any]:
    """Every command of ``manyi`` by its full name, as click objects."""
    from typer.main import get_command

    from manyi.web.cli import app

    found: dict[str, Any] = {}
    pending = [("manyi", get_command(app))]
    while pending:
        name, command = pending.pop()
        children = getattr(command, "commands", None)
        if children is None:
            found[name] = command
        else:
            pending += [(f"{name} {child}", inner) for child, inner in children.items()]
    return dict(sorted(found.items()))
