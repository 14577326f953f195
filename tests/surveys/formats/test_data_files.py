"""Files of answers: variables become questions, cases records; what we write comes back."""

from __future__ import annotations

import gzip
import json
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from manyi.surveys.codecs import CODECS, Document, Source, Unreadable, read
from manyi.surveys.codecs.document import Manner, Record
from manyi.surveys.columns import Column
from manyi.surveys.definition import Questionnaire, question_from_dict
from manyi.surveys.rules import draft_problems
from manyi.surveys.tree import Section, Text
from tests.surveys.every_type import every_type
from tests.surveys.random_answers import random_answers

CODEC_OF = {"sav": "spss", "sss": "triple_s"}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "formats"


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "facts.json").read_text())
    return found


def records_of(document: Document) -> list[Record]:
    return list(document.records or ())


def there_and_back(document: Document, path: Path) -> tuple[Document, list[Record]]:
    end = path.name.partition(".")[2]
    CODECS.get(CODEC_OF.get(end, "table")).write(document, path)
    found = read(Source.of(path))
    return found, records_of(found)


def survey(*questions: dict[str, Any]) -> Questionnaire:
    made = tuple(question_from_dict(each) for each in questions)
    return Questionnaire("survey", Text("调查"), sections=(Section("s", questions=made),))


def crowd(count: int = 60) -> Iterator[Record]:
    dice, tree = random.Random(20260131), every_type()
    for number in range(count):
        meta = {"id": str(number), "unit": "总店"}
        yield Record(random_answers(tree, dice), meta, weight=round(dice.uniform(0.5, 2), 3))


def test_every_shared_system_file_arrives_whole_and_comes_back(
    folder: Path, facts: dict[str, Any], tmp_path: Path
) -> None:
    files = sorted((folder / "sav").glob("*.sav"))
    assert len(files) == 8
    for path in files:
        document, known = read(Source.of(path)), facts[f"sav/{path.name}"]
        records, tree = records_of(document), document.questionnaire
        in_sets = 6 if known["mr_sets"] else 0
        questions = len(known["columns"]) - in_sets + len(known["mr_sets"])
        assert (len(records), len(tree.questions)) == (known["rows"], questions), path.name
        assert document.missing.keys() == known["missing_ranges"].keys(), path.name
        assert draft_problems(tree) == [], path.name
        document.records = records
        again, came_back = there_and_back(document, tmp_path / path.name)
        assert (again.questionnaire, again.missing) == (tree, document.missing), path.name
        assert came_back == records, path.name


def test_multiple_response_sets_become_questions_and_missing_values_stay(folder: Path) -> None:
    document = read(Source.of(folder / "sav" / "simple_alltypes.sav"))
    questions = document.questionnaire.questions
    assert questions["mymrset"].type == "multiple"
    responses = ["Response #1", "Response #2", "Response #3"]
    assert [option.title.text("en") for option in questions["mymrset"].options] == responses
    assert questions["categorical_array"].type == "matrix_single"
    assert document.missing == {"x": [7, 8, 99], "z": [(-999, 0), 999]}
    first = records_of(document)[0].answers
    assert (first["mymrset"], first["y"], first["z"]) == (["bool1", "bool2"], "2000-01-01", -9)


def test_every_shared_triple_s_file_arrives_whole_and_comes_back(
    folder: Path, facts: dict[str, Any], tmp_path: Path
) -> None:
    for name, cases in (("sample-1", 3), ("sample-2", 1), ("sample-4", 10)):
        document = read(Source.of(folder / "triple-s" / f"{name}.sss"))
        known, records = facts[f"triple-s/{name}.sss"], records_of(document)
        tree = document.questionnaire
        assert (len(tree.questions), len(records)) == (known["variables"], cases)
        several = [q for q in tree.questions.values() if q.type == "multiple"]
        assert len(several) == known["types"].get("multiple", 0)
        assert draft_problems(tree) == []
        document.records = records
        again, came_back = there_and_back(document, tmp_path / f"{name}.sss")
        assert (again.questionnaire, came_back) == (tree, records)


def test_fixed_columns_are_read_by_their_kind(folder: Path) -> None:
    first, second, third = records_of(read(Source.of(folder / "triple-s" / "sample-1.sss")))
    assert first.answers["Q2"] == ["1", "3", "9"]
    assert first.answers["Q4"] == ["1", "9"]
    assert (second.answers["Q6"], third.answers["Q6"]) == ("yes", "no")
    assert third.answers["Q3"] == '"Marco\'s" Restaurant'
    assert (first.answers["Q99"], "Q7" in third.answers) == (1.4, False)


@pytest.mark.parametrize("name", ["a.sav", "a.sss", "a.csv", "a.csv.gz", "a.tsv", "a.xlsx", "a.parquet"])
def test_every_type_comes_back_with_its_answers(name: str, tmp_path: Path) -> None:
    meta = tuple(Column(each, each, Text(each), "string") for each in ("id", "unit"))
    records = list(crowd())
    document = Document(every_type(), records=records, meta=meta, weighted=True)
    again, came_back = there_and_back(document, tmp_path / name)
    assert again.questionnaire == document.questionnaire
    assert came_back == records


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet"])
def test_labels_instead_of_codes_are_understood_as_well(name: str, tmp_path: Path) -> None:
    records = list(crowd(20))
    document = Document(every_type(), records=records, weighted=True, manner=Manner(True, "en"))
    came_back = there_and_back(document, tmp_path / name)[1]
    assert [record.answers for record in came_back] == [record.answers for record in records]


def test_a_system_file_speaks_chinese_to_another_reader(tmp_path: Path) -> None:
    choice = {"code": "渠道", "type": "multiple", "title": "从哪里知道我们?"}
    options = [{"code": "friend", "title": "朋友"}, {"code": "web", "title": "网络"}]
    rating = {"code": "sat", "type": "rating", "title": "满意度", "config": {"not_applicable": True}}
    tree = survey(
        {**choice, "options": options}, rating, {"code": "why", "type": "text_long", "title": "原因"}
    )
    words = "很" * 300
    records = [
        Record({"渠道": ["web"], "sat": 5, "why": words}, weight=0.5),
        Record({"sat": "na"}, weight=2.0),
    ]
    document = Document(tree, records=records, weighted=True)
    assert CODECS.get("spss").write(document, tmp_path / "x.sav") == []
    found, told = pyreadstat.read_sav(str(tmp_path / "x.sav"), output_format="dict", user_missing=True)
    assert told.column_names == ["渠道.friend", "渠道.web", "sat", "why", "weight"]
    assert told.mr_sets["渠道"]["variable_list"] == ["渠道.friend", "渠道.web"]
    assert told.variable_value_labels["sat"][-99.0] == "不适用"
    assert told.missing_ranges["sat"] == [{"lo": -99.0, "hi": -99.0}]
    assert (found["渠道.web"], found["sat"], found["why"][0]) == ([1.0, None], [5.0, -99.0], words)
    assert told.variable_measure["sat"] == "ordinal"
    syntax = (tmp_path / "x.sps").read_text("utf-8-sig")
    assert "WEIGHT BY weight." in syntax
    assert "NAME=$渠道" in syntax
    assert [record.weight for record in records_of(read(Source.of(tmp_path / "x.sav")))] == [0.5, 2.0]


def test_a_label_cut_at_256_bytes_is_reported(tmp_path: Path) -> None:
    tree = survey({"code": "a", "type": "number", "title": "满意" * 60})
    losses = CODECS.get("spss").write(Document(tree, records=[Record({"a": 1})]), tmp_path / "x.sav")
    assert [(loss.place, "256" in loss.what.en) for loss in losses] == [("a", True)]
    told = pyreadstat.read_sav(str(tmp_path / "x.sav"), output_format="dict")[1]
    assert told.column_labels == ["满意" * 42 + "满"]
    assert read(Source.of(tmp_path / "x.sav")).questionnaire == tree


def test_a_system_file_without_cases_is_whole(tmp_path: Path) -> None:
    again, records = there_and_back(Document(every_type(), records=[]), tmp_path / "x.sav")
    assert (again.questionnaire, records) == (every_type(), [])


def test_a_strangers_table_is_understood_by_its_values() -> None:
    lines = ["编号,满意度,城市,日期,意见", "007,5,北京,2026-01-31,好", "008,4.5,上海,2026/2/1,等太久"]
    lines += ["009,3,北京,2026-02-02,ok", "010,,上海,,"]
    document = read(Source("a.csv", "\n".join(lines).encode("gb18030")))
    kinds = {code: question.type for code, question in document.questionnaire.questions.items()}
    wanted = {
        "编号": "text_short",
        "满意度": "number",
        "城市": "single",
        "日期": "date",
        "意见": "text_short",
    }
    assert kinds == wanted
    first, second, _, last = records_of(document)
    assert first.answers == {"编号": "007", "满意度": 5, "城市": "北京", "日期": "2026-01-31", "意见": "好"}
    assert (second.answers["日期"], last.answers) == ("2026-02-01", {"编号": "010", "城市": "上海"})


def test_words_that_a_spreadsheet_would_run_are_disarmed_and_come_back(tmp_path: Path) -> None:
    tree = survey({"code": "why", "type": "text_short", "title": "原因"})
    document = Document(tree, records=[Record({"why": "=cmd|' /C calc'!A0"})])
    came_back = there_and_back(document, tmp_path / "x.csv")[1]
    assert "'=cmd" in (tmp_path / "x.csv").read_text("utf-8-sig")
    assert came_back[0].answers == {"why": "=cmd|' /C calc'!A0"}


def test_a_description_without_its_data_is_a_questionnaire(folder: Path) -> None:
    data = (folder / "triple-s" / "sample-1.sss").read_bytes()
    document = read(Source("alone.sss", data))
    assert document.records is None
    assert "No file of data" in document.losses[-1].what.en


def sss(variable: str, record: str = 'format="csv"') -> bytes:
    return f"<sss version='2.0'><survey><record {record}>{variable}</record></survey></sss>".encode()


NUMBER = '<variable ident="1" type="quantity"><name>a</name><position start="2"/></variable>'
ENTITY = b'<!DOCTYPE d [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><sss>&c;</sss>'


@pytest.mark.parametrize(
    ("description", "data", "words"),
    [
        (b"", b"", "broken or cut off"),
        (b"<sss><survey>", b"", "broken or cut off"),
        (ENTITY, b"", "entity"),
        (b"<html/>", b"", "no <record>"),
        (sss('<variable type="hologram"><name>a</name></variable>'), b"", "no known type"),
        (sss(NUMBER.replace("2", "two")), b"", "position"),
        (sss(NUMBER), b"1\n", "cut off"),
        (sss(NUMBER), b'1,"2\n', "no valid CSV"),
        (sss(NUMBER), "1,满意\n".encode("utf-16"), "not in"),
        (sss(NUMBER, 'format="csv" data-file-encoding="klingon"'), b"1,2\n", "not in klingon"),
        (sss(NUMBER), b"1,\0\n", "broken"),
        (b" " * (51 << 20), b"", "too large"),
    ],
)
def test_a_broken_or_hostile_description_gets_one_clear_word(
    description: bytes, data: bytes, words: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        records_of(read(Source("x.sss", description, lambda name: data)))
    assert words in caught.value.message.en


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no SPSS data file"),
        (b"PK\x03\x04 a workbook", "no SPSS data file"),
        (b"$FL2" + b" " * 60, "broken or cut off"),
        (b"$FL2" + b"\xff" * 4000, "broken or cut off"),
        (b"$FL2" + b" " * 60 + struct.pack("<6i", 2, 1, 0, 0, -1, 0) + b"\xff" * 300, "broken or cut off"),
        (b"$FL2" + b"\0" * (201 << 20), "too large"),
    ],
)
def test_a_broken_system_file_gets_one_clear_word(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        records_of(read(Source("x.sav", data)))
    assert words in caught.value.message.en


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_system_file_cut_anywhere_gets_one_clear_word(share: float, tmp_path: Path) -> None:
    CODECS.get("spss").write(Document(every_type(), records=crowd(30)), tmp_path / "x.sav")
    data = (tmp_path / "x.sav").read_bytes()
    with pytest.raises(Unreadable) as caught:
        records_of(read(Source("x.sav", data[: int(len(data) * share)])))
    assert "broken or cut off" in caught.value.message.en


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.csv", b"", "first row"),
        ("x.csv", b"a,a\n1,2\n", "repeated"),
        ("x.csv", b"a,b\n\xff\xff\xff\xff,1\n", "encoding"),
        ("x.csv", b"a,b\n" + b"1" * (2 << 20), "half-way"),
        ("x.csv", b"a" * (201 << 20), "too large"),
        ("x.gz", gzip.compress(b"a,b\n1,2\n" * 100, mtime=0)[:20], "damaged"),
        ("x.xlsx", b"PK\x03\x04 cut", "damaged"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0 old", "old .xls"),
        ("x.parquet", b"", "broken or cut off"),
        ("x.parquet", b"PAR1 cut PAR1", "broken or cut off"),
    ],
)
def test_a_broken_table_gets_one_clear_word(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        records_of(read(Source(name, data)))
    assert words in caught.value.message.en
