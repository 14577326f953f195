"""Real citizen messages: categories learnt from half of them, and the true repeats among hot topics."""

from __future__ import annotations

import csv
import gzip
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from manyi.cases import likeness, suggesting
from manyi.cases.actions import advance
from manyi.cases.models import Category, CategoryModel
from manyi.measures.text import similar
from tests.cases.house import Register, facts_for, fresh
from tests.personas import House


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(folder / "complaints" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_categories_are_suggested_after_training_on_half(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = rows(shared_data, "cn_gov_messages_labelled")
    texts = [f"{row['title']}\n{row['body']}" for row in given]
    labels = [row["category1"] for row in given]
    unseen, right = suggesting.judged(*suggesting.usable(texts, labels), parts=2)
    commonest = max(labels.count(label) for label in set(labels)) / len(labels)
    with capsys.disabled():
        sys.stdout.write(f"\ncategory of citizen messages: {right}/{unseen} = {right / unseen:.3f}\n")
    assert unseen >= 100
    assert right / unseen > commonest + 0.2


def test_true_repeats_are_found_among_hot_topics(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Found by their bodies alone. True: the same title or the same writer, or titles in like words, none of
    which the search has seen; a lower bound, for some true ones carry quite another title."""
    given = rows(shared_data, "cn_gov_messages_hot_topics")
    bodies, titles = similar.vectors([row["body"] for row in given]), [bare(row["title"]) for row in given]
    headings = similar.vectors([row["title"] for row in given])
    above = np.triu_indices(len(given), 1)
    found = (bodies @ bodies.T).toarray()[above] >= likeness.ALIKE
    same_title = np.equal.outer(titles, titles)[above]
    writers = [row["user"] for row in given]
    like_titles = (headings @ headings.T).toarray()[above] >= likeness.ALIKE
    true = same_title | np.equal.outer(writers, writers)[above] | like_titles
    precision, recall = (found & true).sum() / found.sum(), (found & same_title).sum() / same_title.sum()
    with capsys.disabled():
        figures = f"precision >= {precision:.3f}, recall {recall:.3f}"
        sys.stdout.write(f"\nrepeats among citizen messages: {found.sum()} pairs, {figures}\n")
    assert recall >= 0.8
    assert precision >= 0.7


def bare(title: str) -> str:
    return re.sub(r"\W", "", title)


@pytest.mark.usefixtures("monday")
def test_a_category_is_suggested_from_the_organisations_own_cases(new_case: Register, house: House) -> None:
    assert suggesting.learn() is None
    words = {
        "service.waiting": "等了{}个小时还没有修好,前台不说进度",
        "service.price": "收费单多收了{}元,没有说明",
    }
    for code, text in words.items():
        for number in range(25):
            case = new_case(subject="", body=text.format(number))
            case = advance(case=case, name="acknowledge", actor=fresh("zhou"))
            facts = facts_for("assign", house, category=Category.objects.get(code=code).pk)
            advance(case=case, name="assign", actor=fresh("zhou"), facts=facts)
    model = suggesting.learn()
    assert isinstance(model, CategoryModel)
    assert model.right >= 0.9 * model.unseen > 0
    found = suggesting.suggestion(new_case(subject="", body="等了五个小时还没有修好,前台不说进度"))
    assert found is not None
    assert found.category.code == "service.waiting"
    assert suggesting.learn() is None, "nothing new to learn from"
