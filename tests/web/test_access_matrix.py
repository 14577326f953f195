"""Every page and route, asked by every role from inside and from outside the subtree, and by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings

from manyi.cases.policy_actions import install_defaults
from manyi.organisation import clock
from manyi.organisation.models import Person
from manyi.organisation.roles import Role
from tests import personas, survey_world
from tests.survey_world import START, World
from tests.web import access_objects
from tests.web.access_objects import SECRET, Objects
from tests.web.access_table import LETTERS, PUBLIC, STAFF, Page

CLOSED = {403, 404}
#: Enough for the routes to look for the object before they find something missing.
BODY: dict[str, Any] = {"name": "acknowledge", "answers": {}, "method": "census"}
BODY |= {"disposition": "refusal", "sheets": [{"answers": {}}]}
BODY |= {"code": "b", "title": "b", "condition": "{satisfied} = 2", "limit": 1}
BODY |= {"direction": "internal", "body": "b", "text": "b", "texts": ["b"], "reason": "b", "amount": 1}
BODY |= {"outcome": "granted", "answer": "b", "granted": True}
#: What only one route takes.
MORE = {"api:ask_department": {"unit": "HC-E-S"}}


def routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespace."""
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from routes(found, f"{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern):
            yield f"{space}{found.name}"


def test_every_address_has_its_line_in_the_table() -> None:
    known = set(routes(get_resolver()))
    assert len(known) > 100
    assert known - STAFF.keys() - PUBLIC == set(), "addresses without a line in access_table.py"
    assert (STAFF.keys() | PUBLIC) - known == set(), "lines without an address"


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> Iterator[World]:
    settings.MEDIA_ROOT, settings.SNAPSHOTS = tmp_path / "files", tmp_path / "snapshots"
    access_objects.spread_ids()
    with clock.at(START):
        made = survey_world.build(customers_count=1)
        install_defaults()
        survey_world.invite(made)
        yield made


@pytest.fixture
def objects(world: World) -> Objects:
    """One of each thing at 东城店."""
    return access_objects.all_of(world)


def ask(client: Client, name: str, page: Page, objects: Objects) -> Any:
    """The answer to one request; its changes are taken back, a file that it hands out is read and closed."""
    path = reverse(name, kwargs=objects[page.of] if page.of else {})
    with transaction.atomic():
        try:
            answer = _asked(client, name, page, path, objects)
        finally:
            transaction.set_rollback(True)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def _asked(client: Client, name: str, page: Page, path: str, objects: Objects) -> Any:
    if page.method == "GET":
        return client.get(path)
    if name.startswith("api:"):
        return client.post(path, BODY | MORE.get(name, {}), content_type="application/json")
    return client.post(path, objects["form"])


def verdict(response: Any) -> str:
    """``login``, ``closed``, ``broken`` or ``open``."""
    if response.status_code == 401 or "/account/login/" in response.headers.get("location", ""):
        return "login"
    if response.status_code in CLOSED:
        return "closed"
    return "broken" if response.status_code >= 500 or response.status_code == 405 else "open"


def client_of(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(people: dict[Role, Person]) -> dict[str, Client]:
    return {letter: client_of(people[role]) for letter, role in LETTERS.items()}


def test_nobody_gets_in_without_logging_in(objects: Objects) -> None:
    found = {
        name: verdict(ask(Client(raise_request_exception=False), name, page, objects))
        for name, page in STAFF.items()
    }
    assert {name: answer for name, answer in found.items() if answer != "login"} == {}


def test_inside_the_subtree_each_role_opens_what_the_table_says(world: World, objects: Objects) -> None:
    clients = at(personas.everyone_at(world.shop))
    wrong = []
    for name, page in STAFF.items():
        for letter, client in clients.items():
            answer = verdict(ask(client, name, page, objects))
            if answer != ("open" if letter in page.roles else "closed"):
                wrong.append(f"{name}: {LETTERS[letter].value} finds it {answer}")
    assert not wrong, "\n".join(wrong)


def test_from_outside_the_subtree_nobody_reaches_or_reads_anything(world: World, objects: Objects) -> None:
    clients = at(personas.everyone_at(world.house.tree.west))
    wrong = []
    for name, page in STAFF.items():
        reachable = not page.of or page.shared
        for letter, client in clients.items():
            response = ask(client, name, page, objects)
            answer = verdict(response)
            if answer != ("open" if reachable and letter in page.roles else "closed"):
                wrong.append(f"{name}: {LETTERS[letter].value} finds it {answer}")
            if not response.streaming and SECRET in response.content.decode(errors="ignore"):
                wrong.append(f"{name}: {LETTERS[letter].value} reads of 东城店")
    assert not wrong, "\n".join(wrong)


def test_the_secret_would_be_seen_if_it_leaked(world: World, objects: Objects) -> None:
    """What the test above looks for does stand on these pages for the people of 东城店."""
    client = client_of(world.manager)
    for name in (
        "settings:customers",
        "settings:customer_upload",
        "desk:cases",
        "desk:findings",
        "api:cases",
    ):
        assert SECRET in ask(client, name, STAFF[name], objects).content.decode()
