"""``manyi text``: read a table, train on labels, evaluate on texts that were not seen."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from manyi.web.cli import app

ROWS = [
    ("师傅很专业,服务热情", "正面"),
    ("等了两个小时,没人理", "负面"),
    ("价格实惠,下次再来", "正面"),
    ("乱收费,太失望了", "负面"),
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "comments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "comment", "label"])
        for n in range(120):
            text, label = ROWS[n % 4]
            writer.writerow([n, f"{text},第{n}单,电话13800138{n:03d}", label])
    return path


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["text", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_table_is_read_with_sentiment_aspects_and_masked_quotes(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "read.csv"
    told = json.loads(run(str(table), "--column", "comment", "--industry", "dealership", "--out", str(out)))
    assert told["rows"] == 120
    assert sum(told["labels"].values()) == 120
    assert {line["aspect"] for line in told["aspects"]} >= {"waiting", "price"}
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    assert rows[0]["sentiment"] == "positive"
    assert rows[1]["sentiment"] == "negative"
    assert all("13800138" not in row["masked"] for row in rows)
    assert rows[0]["group"] == rows[4]["group"] != rows[1]["group"]


def test_a_model_is_trained_judged_and_used(table: Path, tmp_path: Path) -> None:
    model = tmp_path / "own.model"
    run("train", str(table), "--column", "comment", "--label", "label", "--out", str(model))
    card = json.loads(run("evaluate", str(table), "--column", "comment", "--label", "label"))
    assert card["accuracy"] == 1
    assert card["macro_f1"] == 1
    assert card["trained_on"] + card["n"] == 120
    out = tmp_path / "read.xlsx"
    words = (str(table), "--column", "comment", "--model", str(model), "--least", "0", "--out", str(out))
    told = json.loads(run(*words))
    assert told["labels"] == {"正面": 60, "负面": 60}


def test_a_sentence_encoder_reads_along_where_it_is_asked_for(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, out = tmp_path / "own.model", tmp_path / "read.csv"
    learn = ("train", str(table), "--column", "comment", "--label", "label", "--encoder", "--out", str(model))
    done = CliRunner().invoke(app, ["text", *learn])
    assert done.exit_code == 0, done.output
    assert "The encoder reads" in done.stderr
    asked = tmp_path / "asked.csv"
    asked.write_text("comment\n十分满意。五星\n拖拖拉拉。心烦\n", encoding="utf-8")
    words = (str(asked), "--column", "comment", "--model", str(model), "--least", "0", "--out", str(out))
    assert json.loads(run(*words))["labels"] == {"正面": 1, "负面": 1}
    monkeypatch.setattr("manyi.measures.text.encoder.installed", lambda: False)
    for command in (learn, words):
        done = CliRunner().invoke(app, ["text", *command])
        assert done.exit_code == 1
        assert "make encoder" in done.stderr


def test_a_model_is_adapted_to_texts_without_labels(table: Path, tmp_path: Path) -> None:
    plain, own, bare = tmp_path / "plain.model", tmp_path / "own.model", tmp_path / "texts.csv"
    with bare.open("w", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [["comment"], *([f"饭菜{text},{n}"] for n in range(20) for text, _ in ROWS)]
        )
    words = (str(table), "--column", "comment", "--label", "label")
    run("train", *words, "--out", str(plain))
    run("train", *words, "--unlabelled", str(bare), "--out", str(own))
    assert own.read_bytes() != plain.read_bytes()
    card = json.loads(run("evaluate", *words, "--model", str(plain), "--adapt"))
    assert (card["trained_on"], card["accuracy"]) == (0, 1)
    done = CliRunner().invoke(app, ["text", "evaluate", *words, "--several", "--adapt"])
    assert done.exit_code == 1
    assert "several labels" in done.stderr


def test_aspects_with_judgements_are_learnt_judged_and_read(tmp_path: Path) -> None:
    path, model, out = tmp_path / "opinions.csv", tmp_path / "own.model", tmp_path / "read.json"
    said = [
        ("太贵了", "价格", "差"),
        ("很实惠", "价格", "好"),
        ("等太久", "等待", "差"),
        ("马上就好", "等待", "好"),
    ]
    with path.open("w", encoding="utf-8") as file:
        lines = [[f"{text},第{n}次", aspect, judged] for n in range(40) for text, aspect, judged in said]
        csv.writer(file).writerows([["text", "aspect", "tone"], *lines, ["太贵了", "价格", ""]])
    words = (str(path), "--column", "text", "--label", "aspect", "--polarity", "tone")
    assert "160" in run("train", *words, "--out", str(model))
    card = json.loads(run("evaluate", *words))
    assert card["trained_on"] + card["n"] == 160
    assert (card["micro_f1"], card["aspects"]["micro_f1"], card["given_the_aspect"]["accuracy"]) == (1, 1, 1)
    assert json.loads(run("evaluate", *words, "--model", str(model)))["trained_on"] == 0
    told = json.loads(run(str(path), "--column", "text", "--opinions", str(model), "--out", str(out)))
    heard = {line["aspect"]: line for line in told["aspects"]}
    assert (heard["等待"]["n"], heard["等待"]["好"], heard["等待"]["差"]) == (80, 40, 40)
    assert json.loads(out.read_text(encoding="utf-8"))[0]["aspect_sentiment"] == "价格:差"
    done = CliRunner().invoke(app, ["text", "train", *words, "--source", "tone", "--out", str(model)])
    assert done.exit_code == 1
    assert "--polarity" in done.stderr


def test_wrong_columns_industries_and_models_are_named(table: Path, tmp_path: Path) -> None:
    for words, named in [
        (("--column", "nothing", "--out", "x.csv"), "nothing"),
        (("--column", "comment", "--industry", "moon", "--out", "x.csv"), "dealership"),
        (("--column", "comment", "--model", str(table), "--out", "x.csv"), "comments.csv"),
        (("--column", "comment", "--out", str(tmp_path / "x.doc")), ".csv"),
    ]:
        done = CliRunner().invoke(app, ["text", str(table), *words])
        assert done.exit_code == 1
        assert named in done.stderr


def test_by_folds_every_text_is_judged_by_a_model_that_did_not_see_it(table: Path) -> None:
    words = ("evaluate", str(table), "--column", "comment", "--label", "label", "--folds", "4")
    card = json.loads(run(*words))
    assert (card["n"], card["accuracy"]) == (120, 1)
    assert 85 <= card["trained_on"] <= 95
    tags = json.loads(run(*words, "--several"))
    assert tags["n"] == 120
    assert tags["interval"]["low"] <= tags["micro_f1"] <= tags["interval"]["high"]
    done = CliRunner().invoke(app, ["text", *words, "--labelled", "50"])
    assert done.exit_code != 0
    assert "--folds" in done.output
