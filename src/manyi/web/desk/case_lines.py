"""The rows of a list of cases, in the words that they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from manyi.cases.choices import CLOCKS, KINDS, SEVERITIES
from manyi.cases.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.kernel.workflow import State
from manyi.web.desk.agenda import midnight
from manyi.web.settings.pages import addresses_of
from manyi.web.templatetags.manyi import label_text, moment

#: So much of a subject stands in a row; cases of these severities stand out.
SIGNS, FLAGGED = 60, ("high", "grave")


def lines(rows: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, object]]:
    """What each row of ``queries.listed`` shows. The words are looked up once: a template would do so for
    every cell, which takes many times longer than reading the cases."""
    kinds, clocks = _words(KINDS), _words(CLOCKS)
    flags = {value: words for value, words in _words(SEVERITIES).items() if value in FLAGGED}
    states = {state.id: (label_text(state.label), _badge(state)) for state in MACHINE.states}
    tomorrow = midnight(now)

    def line(row: Mapping[str, Any], address: str) -> dict[str, object]:
        due, (state, badge) = row["due_at"], states[row["state"]]
        return {
            "pk": row["pk"],
            "address": address,
            "number": row["number"],
            "flag": flags.get(row["severity"], ""),
            "subject": _shortened(row["subject"]),
            "kind": kinds.get(row["kind"], row["kind"]),
            "category": _name(row, "category"),
            "state": state,
            "badge": badge,
            "owner": row["owner__display_name"] or row["owner__username"] or "–",
            "unit": _name(row, "unit"),
            "received": moment(row["received_at"]),
            "due": moment(due) if due else "",
            "pressing": "" if due is None else "late" if due < now else "soon" if due < tomorrow else "",
            "clock": clocks.get(row["due_clock"], row["due_clock"]),
            "provisional": row["provisional"],
        }

    addresses = addresses_of("desk:case", (row["pk"] for row in rows))
    return [line(row, address) for row, address in zip(rows, addresses, strict=True)]


def _words(choices: Iterable[tuple[str, Label]]) -> dict[str, str]:
    return {value: label_text(label) for value, label in choices}


def _badge(state: State) -> str:
    return "badge-ok" if state.id == "closed" else "badge-warn" if state.pauses else ""


def _shortened(subject: str) -> str:
    return subject if len(subject) <= SIGNS else f"{subject[: SIGNS - 1]}…"


def _name(row: Mapping[str, Any], thing: str) -> str:
    """The name of the unit or category in the language of the page; empty where there is none."""
    name, english = row[f"{thing}__name"] or "", (get_language() or "").startswith("en")
    return str((row[f"{thing}__name_en"] or name) if english else name)
