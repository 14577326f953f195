"""XLSForm workbooks, old and new: what they hold arrives, pyxform takes what we write, and it comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from manyi.surveys.codecs import CODECS, Document, Source, Unreadable, codec_for, read
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.codecs.xlsform.kinds import META
from manyi.surveys.definition import Questionnaire
from manyi.surveys.rules import draft_problems
from tests.surveys.every_type import every_type

CONDITIONS = Path(__file__).parent.parent / "conditions.toml"


def workbook(path: Path, **sheets: list[list[str]]) -> Document:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return read(Source.of(path))


def written(tree: Questionnaire, folder: Path) -> Questionnaire:
    CODECS.get("xlsform").write(Document(tree), folder / "out.xlsx")
    return read(Source.of(folder / "out.xlsx")).questionnaire


def judged_by_pyxform(path: Path) -> str:
    """The XForm that pyxform makes of a workbook; it raises for what no XLSForm may hold."""
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    return str(convert(xlsform=str(path)).xform)


def test_every_shared_form_arrives_and_pyxform_takes_it_back(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "formats"
    facts: dict[str, Any] = json.loads((folder / "facts.json").read_text())
    forms = sorted((folder / "xlsform").glob("*.xls*"))
    assert len(forms) == 8
    for path in forms:
        document = read(Source.of(path))
        tree, known = document.questionnaire, facts[f"xlsform/{path.name}"]["types"]
        assert draft_problems(tree) == [], path.name
        columns = [column for question in tree.questions.values() for column in question.columns]
        asked = [question for question in tree.questions.values() if question.type != "table"]
        # The facts count by the first word: “end” is the end of a group and the time of ending alike.
        meta = sum(count for name, count in known.items() if name in META and name != "end")
        steps = sum(known.get(name, 0) for name in ("begin", "end", "end_group"))
        notes = [q for q in asked if q.type == "information" and not _is_note(path, q.code)]
        assert len(asked) - len(notes) + len(columns) == sum(known.values()) - meta - steps, path.name
        told = [loss for loss in document.losses if loss.what.en.startswith("“")]
        told = [loss for loss in told if "was not carried: " in loss.what.en]
        assert len([loss for loss in told if "“end”" not in loss.what.en]) == meta, path.name
        assert written(tree, tmp_path) == tree, path.name
        assert "<h:html" in judged_by_pyxform(tmp_path / "out.xlsx"), path.name


def _is_note(path: Path, code: str) -> bool:
    """Whether a question was a note in the file, and not the title of an inner group."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("survey").to_python()
    header = [str(cell).lower() for cell in rows[0]]
    kind, name = header.index("type"), header.index("name")
    return any(str(row[kind]) == "note" and str(row[name]) == code for row in rows[1:])


def test_cascading_choices_are_offered_by_what_was_chosen(shared_data: Path) -> None:
    path = shared_data / "formats" / "xlsform" / "choice_filter_test.xlsx"
    questions = read(Source.of(path)).questionnaire.questions
    conditions = {option.code: option.visible_if for option in questions["county"].options}
    assert conditions["cameron"] == "({state}) = ('texas')"
    assert conditions["king"] == "(({state}) = ('washington')) or (({state}) = ('texas'))"


def test_languages_and_the_older_column_names_are_understood(shared_data: Path) -> None:
    forms = shared_data / "formats" / "xlsform"
    eats = read(Source.of(forms / "good_eats_multilang.xls")).questionnaire
    assert eats.questions["amount"].title.text("fr") == "Amount Fr"
    assert eats.questions["food_type"].options[-1].free
    assert set(eats.languages) == {"en", "fr"}
    spec = read(Source.of(forms / "xlsform_spec_test.xlsx")).questionnaire
    assert spec.questions["address"].title.zh == "您好"
    assert spec.sections[1].visible_if == "!(({skip_to_end}) = ('yes'))"
    assert spec.questions["a_decimal"].checks[0].expression == "({a_decimal}) <= ({a_integer})"


def test_every_type_and_every_condition_comes_back_and_pyxform_takes_it(tmp_path: Path) -> None:
    for tree in (every_type(), questionnaire_from_toml(CONDITIONS.read_text())):
        assert written(tree, tmp_path) == tree
        assert "<h:html" in judged_by_pyxform(tmp_path / "out.xlsx")


def test_what_is_written_is_xpath(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    written(questionnaire_from_toml(CONDITIONS.read_text()), tmp_path)
    rows = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_name("survey").to_python()
    place = rows[0].index("relevant")
    relevant = {row[1]: row[place] for row in rows}
    assert relevant["why"] == "(${nps} <= 6)"
    assert relevant["lounge_score"] == "(selected(${used}, 'lounge'))"
    assert relevant["explained"] == "not(selected(${used}, 'none'))"


def test_what_cannot_be_carried_is_named_with_its_row(tmp_path: Path) -> None:
    rows = [
        ["type", "name", "label", "relevant", "bind::odk:length"],
        ["text", "a", "A", "pulldata('x')", "3"],
    ]
    document = workbook(tmp_path / "x.xlsx", survey=[*rows, ["hologram", "b", "B"], ["start", "s"]])
    told = {loss.place: loss.what.en for loss in document.losses}
    assert "pulldata" in told["a"]
    assert "hologram" in told["survey 3 (b)"]
    assert "records it" in told["survey 4 (s)"]
    assert list(document.questionnaire.questions) == ["a"]


def test_a_workbook_of_data_is_no_form(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        book.add_worksheet("Sheet1").write_row(0, 0, ["name", "score"])
    assert not CODECS.get("xlsform").claims(Source.of(tmp_path / "x.xlsx"))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"", "broken"),
        ("x.xlsx", b"PK\x03\x04 cut off", "broken"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut", "broken"),
        ("x.xlsx", b"PK" + b"0" * (51 << 20), "too large"),
    ],
)
def test_a_broken_workbook_gets_one_clear_word(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        CODECS.get("xlsform").read(Source(name, data))
    assert words in caught.value.message.en


def test_an_unknown_ending_names_what_is_known() -> None:
    with pytest.raises(Unreadable, match=r"\.lss"):
        codec_for(Source("x.doc", b""))
