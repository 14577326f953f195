"""LimeSurvey files of both generations: everything arrives or is named, and what we write comes back."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from manyi.surveys.codecs import CODECS, Document, Source, Unreadable, read
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.definition import Questionnaire
from manyi.surveys.rules import draft_problems
from tests.surveys.every_type import every_type

CONDITIONS = Path(__file__).parent.parent / "conditions.toml"


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "formats"


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "facts.json").read_text())
    return found


def written(tree: Questionnaire, folder: Path) -> Questionnaire:
    CODECS.get("limesurvey").write(Document(tree), folder / "out.lss")
    return read(Source.of(folder / "out.lss")).questionnaire


def test_every_shared_survey_arrives_whole_and_comes_back(
    folder: Path, facts: dict[str, Any], tmp_path: Path
) -> None:
    surveys = sorted((folder / "lss").glob("*.lss"))
    assert len(surveys) == 8
    for path in surveys:
        tree, known = read(Source.of(path)).questionnaire, facts[f"lss/{path.name}"]
        assert len(tree.questions) == known["distinct_questions"], path.name
        assert len(tree.quotas) == known["rows"].get("quota", 0), path.name
        spoken = {language for text in tree.texts() for language in text.languages}
        assert set(known["languages"]) <= spoken, path.name
        assert set(tree.languages) <= set(known["languages"]), path.name
        assert draft_problems(tree) == [], path.name
        assert written(tree, tmp_path) == tree, path.name


def test_every_shared_archive_brings_its_answers_and_people(folder: Path, facts: dict[str, Any]) -> None:
    archives = sorted((folder / "lss").glob("*.lsa"))
    assert len(archives) == 3
    for path in archives:
        document, known = read(Source.of(path)), facts[f"lss/{path.name}"]
        records = list(document.records or ())
        assert len(records) == known["responses"]
        assert len(document.people) == known.get("tokens", 0)
        assert all(record.answers.keys() <= document.questionnaire.questions.keys() for record in records)
        assert any(record.answers for record in records)


def test_logic_of_every_place_is_carried(folder: Path) -> None:
    cohabs = read(Source.of(folder / "lss" / "ls205_group_relevance.lss")).questionnaire
    assert cohabs.sections[2].visible_if == "(({cohabs}) > (1)) and (({p1rel}) notempty)"
    filtered = read(Source.of(folder / "lss" / "ls205_cascading_array_filter.lss")).questionnaire
    assert filtered.questions["Q02"].options[0].visible_if == "({Q01} contains 'A')"
    assert "{Q01} contains 'NA'" in filtered.questions["Q03"].visible_if.replace("({Q01})", "{Q01}").replace(
        "('NA')", "'NA'"
    )
    quotas = read(Source.of(folder / "lss" / "limesurvey_survey_376789_quotas.lss")).questionnaire.quotas
    assert [(quota.condition, quota.limit) for quota in quotas] == [
        ("{G01Q02} = 'F'", 2),
        ("{G02Q03} = 'AO04'", 5),
        ("{G02Q03} = 'AO01'", 0),
    ]


def test_the_older_table_of_conditions_is_read() -> None:
    rows = {
        "questions": [_question("1", "A", "Y"), _question("2", "B", "T")],
        "conditions": [
            {"cid": "1", "qid": "2", "cqid": "1", "cfieldname": "9X1X1", "method": "==", "value": "Y"}
        ],
    }
    tree = read(Source("old.lss", lss(rows))).questionnaire
    assert tree.questions["B"].visible_if == "{A} = 'yes'"


def test_what_is_written_speaks_limesurvey(tmp_path: Path) -> None:
    tree = questionnaire_from_toml(CONDITIONS.read_text())
    CODECS.get("limesurvey").write(Document(tree), tmp_path / "x.lss")
    text = (tmp_path / "x.lss").read_text()
    assert "used_lounge.NAOK == &quot;Y&quot;" in text or 'used_lounge.NAOK == "Y"' in text
    assert "<title>loungescore</title>" in text
    assert written(tree, tmp_path) == tree


def test_every_type_comes_back_the_same(tmp_path: Path) -> None:
    assert written(every_type(), tmp_path) == every_type()


def _question(qid: str, title: str, letter: str) -> dict[str, str]:
    row = {"qid": qid, "parent_qid": "0", "gid": "1", "type": letter, "title": title, "question": title}
    return {**row, "language": "en", "question_order": qid, "mandatory": "N", "other": "N"}


def lss(tables: dict[str, list[dict[str, str]]]) -> bytes:
    """A small file of the older generation."""
    tables = {"groups": [{"gid": "1", "group_name": "G", "language": "en", "group_order": "0"}], **tables}
    parts = []
    for name, rows in tables.items():
        inner = "".join(f"<row>{''.join(f'<{k}>{v}</{k}>' for k, v in row.items())}</row>" for row in rows)
        parts.append(f"<{name}><rows>{inner}</rows></{name}>")
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>177</DBVersion>"
    return f"<document>{head}{''.join(parts)}</document>".encode()


HOSTILE = b'<!DOCTYPE d [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><document>&c;</document>'
REMOTE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "broken or cut off"),
        (b"<document><LimeSurveyDocType>Survey", "broken or cut off"),
        (b"<html></html>", "no LimeSurvey file"),
        (HOSTILE, "entity"),
        (REMOTE, "entity"),
        (b"<a>" * 5000, "deeply"),
        ("<document>问卷</document>".encode("utf-16"), "no LimeSurvey file"),
        (b"\xff\xfe\x00garbage", "broken or cut off"),
        (b" " * (51 << 20), "too large"),
    ],
)
def test_a_broken_or_hostile_survey_gets_one_clear_word(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(Source("x.lss", data))
    assert words in caught.value.message.en


def archive(**members: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("_dot_", "."), content)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "broken"),
        (b"PK\x03\x04 cut", "broken"),
        (archive(readme=b"x"), "no .lss"),
        (archive(bomb_dot_lsr=b"0" * (501 << 20)), "too large"),
    ],
)
def test_a_broken_or_overfull_archive_gets_one_clear_word(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(Source("x.lsa", data))
    assert words in caught.value.message.en


def test_a_part_of_a_survey_is_read_too() -> None:
    text = lss({"questions": [_question("1", "A", "N")]}).replace(b">Survey<", b">Group<")
    tree = read(Source("part.lsg", text)).questionnaire
    assert tree.questions["A"].type == "number"
