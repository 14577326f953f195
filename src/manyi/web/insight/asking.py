"""The form of an analysis, drawn from its settings, and its specification, read from an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from types import UnionType
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlencode

from django.http import QueryDict

from manyi.analytics.analyses import ANALYSES, GROUPS, Analysis
from manyi.analytics.data.rounds import ROUND_WEIGHTS
from manyi.analytics.data.table import Variable
from manyi.analytics.specification import Specification, specification
from manyi.analytics.views import Filters
from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid
from manyi.surveys.configuration import settings_of
from manyi.surveys.models import Round
from manyi.web.insight.grouped_settings import GROUPED, Row, completed
from manyi.web.insight.narrowing import Choice
from manyi.web.insight.setting_words import choice_label, setting_label

#: Settings in an address begin with this, so that none is taken for a filter.
PREFIX = "c-"
#: Settings that only a file can say: a model of one's own is drawn there.
FILES_ONLY = frozenset({"arrows", "formed", "scales", "own", "population", "bounds"})
#: Settings that hold a value of a variable and not its name.
VALUES = frozenset({"first", "second", "before", "after", "answered"})
#: Settings about which a manager thinks; the others are further settings.
NARROWED = ("unit", "segment", "channel", "since", "until")
FIRST = frozenset({"by", "at_least", "least", "measure", "statistic", "score", "kind", "importance", "model"})
NO_NUMBER = Label("这里应是数字。", "This is a number.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form: ``kind`` is variables, variable, choice, flag, number, text or groups, which has
    ``rows``."""

    name: str
    label: Label
    kind: str
    choices: tuple[Choice, ...] = ()
    value: str = ""
    required: bool = False
    further: bool = False
    rows: tuple[Row, ...] = ()


def offered() -> list[tuple[Label, list[Analysis]]]:
    """The methods by chapter that can be asked for on a page: those that are about the answers of a round."""
    chapters: dict[str, list[Analysis]] = {name: [] for name in GROUPS}
    for each in ANALYSES:
        if each.needs_data and each.group != "samples" and fits_an_address(each):
            chapters[each.group].append(each)
    return [(GROUPS[name], methods) for name, methods in chapters.items() if methods]


def fits_an_address(analysis: Analysis) -> bool:
    """Whether an address can say all that must be given: a table for which there is no form it cannot."""
    kinds = settings_of(analysis.config)
    return not any(
        _kind(each.name, kinds[each.name]) == "" for each in fields(analysis.config) if _bare(each)
    )


def form_of(analysis: Analysis, variables: Sequence[Variable], query: QueryDict, round: Round) -> list[Asked]:
    """The fields of an analysis with what an address chose, without those that only a file can say."""
    kinds = settings_of(analysis.config)
    asked = [_asked(each, kinds[each.name], variables, query) for each in fields(analysis.config)]
    shown = [_with_rows(each, variables, query, round) for each in asked if each.kind]
    return sorted(shown, key=lambda each: each.kind == "groups")  # the long ones last


def _with_rows(asked: Asked, variables: Sequence[Variable], query: QueryDict, round: Round) -> Asked:
    if asked.kind != "groups":
        return asked
    grouped = GROUPED[asked.name.removeprefix(PREFIX)]
    return replace(asked, rows=grouped.rows(asked.name, round, variables, query))


def _asked(each: Any, wanted: Any, variables: Sequence[Variable], query: QueryDict) -> Asked:
    kind, key, required = _kind(each.name, wanted), f"{PREFIX}{each.name}", _bare(each)
    default = "" if required or each.default in (MISSING, None) else each.default
    values = query.getlist(key) if key in query else _defaults(default)
    if kind in ("variables", "variable"):
        choices = tuple(Choice(v.name, v.title, v.name in values) for v in variables)
    elif kind == "choice":
        offered = [each for each in get_args(wanted) if each not in FILES_ONLY]
        choices = tuple(Choice(v, choice_label(v), v in values) for v in offered)
    else:
        choices = ()
    further = not required and each.name not in FIRST
    return Asked(key, setting_label(each.name), kind, choices, ", ".join(values), required, further)


def _defaults(default: Any) -> list[str]:
    several = default if isinstance(default, tuple) else (default,)
    return [
        f"{each:g}" if isinstance(each, float) else str(each) for each in several if each not in ("", None)
    ]


def _bare(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _kind(name: str, wanted: Any) -> str:
    """What field a setting is entered by; empty where a page has none for it."""
    if name in GROUPED:
        return "groups"
    if name in FILES_ONLY or (name == "scale" and get_origin(wanted) is tuple):
        return ""  # the ends of a scale are those that the questionnaire knows
    if get_origin(wanted) is Literal:
        return "choice"
    if get_origin(wanted) is tuple:
        return "variables" if get_args(wanted)[0] is str else "text"
    if wanted is bool:
        return "flag"
    if wanted is str:
        return "text" if name in VALUES else "variable"
    numbers = get_args(wanted) if get_origin(wanted) is UnionType else (wanted,)
    return "number" if {int, float} & set(numbers) else ""


def was_asked(analysis: Analysis, query: QueryDict) -> bool:
    """Whether an address asks for a result, and not only for the form."""
    return any(key.startswith(PREFIX) for key in query) or not any(map(_bare, fields(analysis.config)))


def asked_for(
    analysis: Analysis, query: QueryDict, round: Round, filters: Filters, *, title: str = ""
) -> Specification:
    """The specification that an address means; raises Invalid with the settings at fault."""
    data: dict[str, Any] = {"round": round.pk}
    if query.get("weight") == ROUND_WEIGHTS:
        data["weight"] = ROUND_WEIGHTS
    if beside := [int(each) for each in query.getlist("beside") if each.isdigit()]:
        data["beside"] = beside
    for name in ("unit", "segment", "channel"):
        if value := getattr(filters, name):
            data[name] = value
    for name in ("since", "until"):
        if day := getattr(filters, name):
            data[name] = day.isoformat()
    given: dict[str, Any] = {"method": analysis.id}
    if title:
        given["title"] = title
    config = completed(dict(_config(analysis, query)), round)
    return specification({**given, "data": data, "config": config})


def _config(analysis: Analysis, query: QueryDict) -> Iterator[tuple[str, Any]]:
    kinds = settings_of(analysis.config)
    for each in fields(analysis.config):
        key, kind = f"{PREFIX}{each.name}", _kind(each.name, kinds[each.name])
        texts = [text.strip() for text in query.getlist(key) if text.strip()]
        if kind == "groups":
            value: Any = GROUPED[each.name].read(key, query) or None
        elif kind == "flag":
            value = bool(texts)
        else:
            value = _value(each.name, kind, kinds[each.name], texts) if texts else None
        if value is None and _bare(each):
            words = Label(
                f"请选择“{setting_label(each.name).zh}”。",
                f"Please choose: {setting_label(each.name).en}.",
            )
            raise Invalid([(each.name, words)])
        if value is not None and (_bare(each) or value != each.default):
            yield each.name, value


def _value(name: str, kind: str, wanted: Any, texts: list[str]) -> Any:
    if kind == "variables":
        return texts
    if kind == "number":
        return _number(name, texts[0], whole=wanted is int)
    if kind == "text" and get_origin(wanted) is tuple:
        return [_number(name, part) for part in texts[0].replace(",", ",").split(",") if part.strip()]
    return texts[0]


def _number(name: str, text: str, *, whole: bool = False) -> float:
    try:
        return int(text) if whole else float(text)
    except ValueError as error:
        raise Invalid(
            [
                (
                    name,
                    Label(
                        f"“{setting_label(name).zh}”{NO_NUMBER.zh}",
                        f"{setting_label(name).en}: {NO_NUMBER.en}",
                    ),
                )
            ]
        ) from error


def address_of(made: Specification) -> str:
    """The query that asks the same on the page; the reverse of ``asked_for``."""
    data, config = made.given.get("data", {}), made.given.get("config", {})
    settings: dict[str, Any] = {}
    # A flag that is not in an address is off, whatever its default.
    flags = {each.name: True for each in fields(made.analysis.config) if each.default is True}
    for name, value in (flags | config).items():
        if name in GROUPED:
            settings |= GROUPED[name].written(f"{PREFIX}{name}", value)
        elif name not in FILES_ONLY:
            settings[f"{PREFIX}{name}"] = _written(value)
    named = {name: data[name] for name in ("weight", "beside", *NARROWED) if data.get(name)}
    return urlencode(
        {"round": data.get("round", ""), "method": made.analysis.id, **named, **settings}, doseq=True
    )


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | tuple) and value and not isinstance(value[0], str):
        return ", ".join(f"{each:g}" for each in value)
    return value
