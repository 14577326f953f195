"""What every page shares: the navigation, the words of templates, times and figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.organisation import clock
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit
from manyi.web.forms import Field, faults, general_fault, given_back
from manyi.web.navigation import entries
from manyi.web.templatetags.manyi import figure_base, figure_text, label_text, moment, named, options, pairs
from tests import personas

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_navigation_shows_what_the_role_can_use() -> None:
    house = personas.house()

    def shown(person: Person) -> str:
        return " ".join(entry.path for entry in entries(person, "/"))

    assert shown(house.wu) == "/"
    assert shown(house.chen) == "/ /settings/"
    assert shown(house.li) == "/ /surveys/ /cases/ /improvement/ /insight/ /reports/ /settings/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/", ["/"]),
        ("/cases/7/", ["/cases/"]),
        ("/customers/7/edit/", ["/settings/"]),
        ("/me/", ["/settings/"]),
        ("/start/", []),
    ],
)
def test_the_entry_of_the_present_page_is_marked(path: str, active: list[str]) -> None:
    li = personas.house().li
    assert [entry.path for entry in entries(li, path) if entry.active] == active


def test_words_follow_the_language_of_the_page() -> None:
    label, stored = Label("办结", "Closed"), {"zh": "办结", "en": ""}
    unit = Unit(name="东城店", name_en="East store")
    with translation.override("zh-hans"):
        assert (label_text(label), label_text(stored), named(unit)) == ("办结", "办结", "东城店")
    with translation.override("en"):
        assert (label_text(label), label_text(stored), named(unit)) == ("Closed", "办结", "East store")
    assert (label_text(None), label_text("李敏"), named(None)) == ("", "李敏", "")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "just now"),
        (-5, "5 min ago"),
        (30, "in 30 min"),
        (-90, "2 h ago"),
        (180, "in 3 h"),
        (-24 * 60, "2026-03-01 12:00"),
    ],
)
def test_a_time_is_relative_within_a_day(minutes: int, words: str) -> None:
    with clock.at(NOON), translation.override("en"):
        assert words in moment(NOON + timedelta(minutes=minutes))
        assert moment(None) == "–"


def test_options_mark_what_is_chosen_and_take_names_as_names() -> None:
    choices: list[tuple[int, Label | str]] = [(1, "<店>"), (2, Label("东城", "East"))]
    with translation.override("en"):
        assert options(choices, "2") == (
            '<option value="1">&lt;店&gt;</option><option value="2" selected>East</option>'
        )
        assert "selected" not in options(choices)


def test_a_figure_shows_its_interval_and_its_base() -> None:
    points = Figure(86.21, 312, 300, 84.8, 87.6, "t", "total_mean")
    share = Figure(0.713, 312, 312, 0.68, 0.744, "wilson", "csat", unit="share")
    hidden = Figure(None, 3, 3, None, None, "t", "csat", suppressed=True)
    with translation.override("en"):
        assert (figure_text(points), figure_base(points)) == ("86.2 (±1.4)", "n = 300 of 312")
        assert (figure_text(share), figure_base(share)) == ("71.3% (68.0–74.4)", "n = 312")
        assert figure_text(hidden) == "Too few answers; not shown"
        assert figure_text(Figure(None, 0, 0, None, None, "t", "csat")) == "no data"


def test_a_small_record_stands_on_one_line() -> None:
    with translation.override("en"):
        assert pairs({"code": "HC", "active": True, "to": None, "ids": [1, 2]}) == (
            "code: HC; active: yes; to: –; ids: 1, 2"
        )


def test_a_refusal_comes_back_to_its_field_and_passwords_do_not() -> None:
    fields = [Field("name", Label("姓名", "Name")), Field("password", Label("密码", "Password"), "password")]
    weak, torn = Label("太短。", "Too short."), Label("连接中断。", "The connection broke.")
    back = given_back(fields, {"name": "李敏", "password": "abc"}, Refused(weak, field="password"))
    assert [(field.value, field.error) for field in back] == [("李敏", None), ("", weak)]
    assert general_fault(fields, Refused(torn)) == torn
    assert general_fault(fields, Refused(weak, field="password")) is None
    assert faults(Invalid([("name", weak), ("password", torn)])) == {"name": weak, "password": torn}
