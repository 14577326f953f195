"""Finding cases by a part of their words, Chinese ones of one character too, without reading every case.

Each case is entered under its characters and its pairs of neighbouring characters. What is searched for names
candidates by its pairs; the comparison with the text itself decides. On SQLite the entries are an FTS5 table,
on PostgreSQL an array with a GIN index; neither needs an extension or a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from manyi.cases.models import Case

#: Words that more cases have than this are found sooner by reading the newest cases.
COMMON = 2000
FIELDS = ("number", "subject", "demand", "contact_name", "contact_phone")
_RUN = re.compile(r"[^\W_]+")

MATCH = {
    "sqlite": "SELECT rowid FROM cases_search WHERE cases_search MATCH %s",
    "postgresql": "SELECT id FROM cases_search WHERE grams @> %s",
}
ENTER = {
    "sqlite": "INSERT OR REPLACE INTO cases_search (rowid, grams) VALUES (%s, %s)",
    "postgresql": "INSERT INTO cases_search (id, grams) VALUES (%s, %s)"
    " ON CONFLICT (id) DO UPDATE SET grams = EXCLUDED.grams",
}


def grams(text: str) -> set[str]:
    """The characters and the pairs of neighbours under which a text is entered, in hexadecimal."""
    found: set[str] = set()
    for run in _runs(text):
        found.update(run)
        found.update(_pairs(run))
    return {_coded(gram) for gram in found}


def wanted(text: str) -> list[str]:
    """What a text must be entered under to contain this: the pairs, or the one character alone."""
    found = {gram for run in _runs(text) for gram in (_pairs(run) or [run])}
    return sorted(_coded(gram) for gram in found)


def enter(cases: Iterable[Case]) -> None:
    """Enter cases anew after their words or contacts changed."""
    rows = [(case.pk, _stored(grams("\n".join(_words(case))))) for case in cases]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(ENTER[connection.vendor], rows)


def candidates(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """The rows that may contain a text: all of them when it is common, or too short to have an entry."""
    sought = wanted(text)
    if not sought:
        return rows
    match, entry = MATCH[connection.vendor], _sought(sought)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({match} LIMIT {COMMON + 1}) AS few", [entry])
        if cursor.fetchone()[0] > COMMON:
            return rows
    return rows.filter(pk__in=RawSQL(match, [entry]))


def _words(case: Case) -> Iterator[str]:
    return (getattr(case, field) for field in FIELDS)


def _runs(text: str) -> list[str]:
    return _RUN.findall(text.casefold())


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _coded(gram: str) -> str:
    return gram.encode("utf-16-be", "replace").hex()


def _stored(entries: set[str]) -> str | list[str]:
    return " ".join(entries) if connection.vendor == "sqlite" else sorted(entries)


def _sought(entries: list[str]) -> str | list[str]:
    return " ".join(f'"{entry}"' for entry in entries) if connection.vendor == "sqlite" else entries
