"""Pure decisions about paper: serial numbers, double entry, and what typed codes mean."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.organisation.errors import Invalid
from manyi.responses import paper_form, paper_rules
from manyi.responses.paper_rules import Choice
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire, Section, Text
from manyi.surveys.question_types import TYPES, Checked
from tests.question_samples import SAMPLES, example
from tests.survey_world import QUESTIONNAIRE

TREE = questionnaire_from_toml(QUESTIONNAIRE)
BLANKS = paper_form.blanks_of(TREE)
NAMES = [blank.name for blank in BLANKS]

sheets = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["1", "2", "5", "?", "好"]))
choices = st.builds(Choice, st.sampled_from(paper_rules.TAKES), st.sampled_from(["", "1", "3"]))


@given(sheets, sheets)
def test_comparing_is_the_same_both_ways(first: dict[str, str], second: dict[str, str]) -> None:
    one, other = (paper_rules.differences(NAMES, *pair) for pair in ((first, second), (second, first)))
    assert one == other
    assert set(one) == {name for name in NAMES if first.get(name) != second.get(name)}


@given(sheets, sheets, st.fixed_dictionaries(dict.fromkeys(NAMES, choices)))
def test_a_decided_sheet_says_what_was_chosen(
    first: dict[str, str], second: dict[str, str], chosen: dict[str, Choice]
) -> None:
    sheet = paper_rules.decided(NAMES, first, second, chosen)
    for name in NAMES:
        here, there = first.get(name, ""), second.get(name, "")
        new = {"first": here, "second": there, "new": chosen[name].value}[chosen[name].take]
        assert sheet.get(name, "") == (here if here == there else new)


def test_every_difference_must_be_decided() -> None:
    with pytest.raises(Invalid) as told:
        paper_rules.decided(NAMES, {"satisfied": "4"}, {"recommend": "9"}, {"satisfied": Choice("perhaps")})
    assert [name for name, _words in told.value.problems] == ["satisfied", "recommend"]


@given(st.integers(0, 2**31 - 1), st.integers(1, 99999))
def test_a_serial_number_is_read_however_it_is_typed(seed: int, number: int) -> None:
    serial = paper_rules.serial(paper_rules.prefix(seed), number)
    typed = (serial, serial.lower(), serial.replace("-", ""), f"https://x.example/field/paper/{serial}/")
    assert {paper_rules.read_serial(text) for text in typed} == {serial}


@given(st.integers(0, 2**31 - 1), st.integers(0, 9999), st.integers(0, 8), st.sampled_from("0123456789ABXY"))
def test_one_wrong_sign_makes_no_other_serial_number(seed: int, number: int, at: int, sign: str) -> None:
    serial = paper_rules.serial(paper_rules.prefix(seed), number).replace("-", "")
    wrong = serial[:at] + sign + serial[at + 1 :]
    assert wrong == serial or paper_rules.read_serial(wrong) == ""


@given(st.integers(1, 400), st.integers(0, 100), st.integers(0, 1000))
def test_the_share_that_two_people_enter_is_drawn_by_its_seed(copies: int, percent: int, seed: int) -> None:
    chosen = paper_rules.entered_twice(copies, percent, seed)
    assert chosen == paper_rules.entered_twice(copies, percent, seed)
    assert chosen <= set(range(1, copies + 1))
    assert len(chosen) == -(-copies * percent // 100)


def test_agreement_leaves_out_what_is_empty_in_both() -> None:
    found = paper_rules.agreement({"satisfied": "4", "why": "慢"}, {"satisfied": "4", "recommend": "9"})
    assert (found.agreed, found.compared) == (1, 3)


def test_the_form_has_its_blanks_in_order_with_short_codes() -> None:
    assert NAMES == [
        "reception.greeting", "reception.waiting", "reception.price",
        "channels", "satisfied", "recommend", "why",
    ]  # fmt: skip
    assert next(blank for blank in BLANKS if blank.name == "channels").printed == ("1", "2", "3")
    assert BLANKS[0].printed == ("1", "2", "3", "4", "5", "na")


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ({"channels": "2, 1"}, {"channels": "1 2"}),
        ({"channels": "1、2、1"}, {"channels": "1 2"}),
        ({"satisfied": " 5 ", "recommend": "-"}, {"satisfied": "5"}),
        ({"reception.price": "NA"}, {"reception.price": "na"}),
        ({"why": "太 慢 了"}, {"why": "太 慢 了"}),
        ({"stray": "1"}, {}),
    ],
)
def test_the_same_thing_typed_differently_is_the_same(typed: dict[str, str], tidy: dict[str, str]) -> None:
    assert paper_form.tidied(BLANKS, typed) == tidy
    assert paper_form.tidied(BLANKS, tidy) == tidy


def test_what_is_none_of_the_printed_codes_is_named() -> None:
    values = {"satisfied": "7", "channels": "1 9", "recommend": "?", "why": "任何文字"}
    assert paper_form.out_of_range(BLANKS, values) == ["channels", "satisfied"]


def test_printed_codes_become_answers() -> None:
    values = {"reception.greeting": "5", "channels": "1 3", "satisfied": "8", "recommend": "?"}
    answers, unread = paper_form.answers_of(TREE, values)
    expected: dict[str, Any] = {
        "reception": {"greeting": "5"}, "channels": ["friend", "none"],
        "satisfied": "8", "recommend": None, "why": None,
    }  # fmt: skip
    assert answers == expected
    assert unread == ("recommend",)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_printed_codes_of_every_type_become_its_stored_answer(name: str) -> None:
    kind = TYPES.get(name)
    question = example(kind)
    blanks = paper_form.question_blanks(question)
    if kind.silent(question) or (kind.takes_files(question) is not None and name != "signature"):
        assert blanks == []
        return
    form, stored, _bad = SAMPLES[name]
    fields = {question.code + field.removeprefix("a"): values for field, values in form.items()}
    typed = {}
    for blank in blanks:
        printed = {own: code for code, own, _title in blank.codes}
        values = fields.pop(blank.name, [])
        typed[blank.name] = " ".join(printed.get(unicodedata.normalize("NFKC", v), v).strip() for v in values)
    assert set(fields) <= {f"{question.code}.latitude", f"{question.code}.longitude"}
    tidy = paper_form.tidied(blanks, typed)
    assert paper_form.out_of_range(blanks, tidy) == []
    tree = Questionnaire("q", Text("问"), sections=(Section("s", questions=(question,)),))
    checked = kind.check(question, paper_form.answers_of(tree, tidy)[0][question.code])
    # On paper a new line means nothing, and nobody writes coordinates.
    expected = stored.replace("\n", " ") if isinstance(stored, str) else stored
    assert checked == Checked({"place": stored["place"]} if name == "location" else expected)
