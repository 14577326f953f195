"""Scores of models on texts that they did not see, and how sure these scores are."""

from __future__ import annotations

import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.text.scorecard import tag_scorecard
from manyi.measures.text.unseen import ENOUGH, card_unseen, crossed, folds_by_text, learnable, split_by_text

PRAISE, BLAME = ["服务很好", "师傅专业", "环境干净"], ["等得太久", "没人理我", "乱收费了"]


def labelled(count: int) -> tuple[list[str], list[str]]:
    texts = [f"{(PRAISE + BLAME)[n % 6]},第{n}单" for n in range(count)]
    return texts, ["good" if n % 6 < 3 else "bad" for n in range(count)]


def test_every_text_is_judged_once_by_those_that_did_not_see_it() -> None:
    texts = [f"第{n % 40}段" for n in range(60)]
    told: list[tuple[set[str], set[str]]] = []

    def judge(seen: list[int], rest: list[int]) -> list[int]:
        told.append(({texts[n] for n in seen}, {texts[n] for n in rest}))
        return [n * 10 for n in rest]

    assert crossed(texts, judge, parts=4) == [n * 10 for n in range(60)]
    assert len(told) == 4
    assert all(not seen & rest for seen, rest in told)  # the same text is on one side only
    assert (split_by_text(texts) == (folds_by_text(texts) == 0)).all()


def test_texts_that_cannot_be_parted_are_refused() -> None:
    with pytest.raises(NotComputable, match="empty"):
        crossed(["同一段话"] * 9, lambda seen, rest: rest)


def test_of_few_labels_all_are_judged_and_of_many_a_fifth() -> None:
    few = card_unseen(*labelled(60))
    assert (few.n, few.accuracy) == (60, 1)
    many = card_unseen(*labelled(ENOUGH + 2))
    assert ENOUGH / 6 < many.n < ENOUGH / 4


def test_a_label_that_is_too_rare_to_be_learnt_in_a_fold_counts_as_wrong() -> None:
    texts, labels = labelled(60)
    rare = [f"一般般吧,{word}" for word in ("嗯", "哦", "行", "好吧", "随便")]
    card = card_unseen([*texts, *rare], [*labels, *["neutral"] * 5])
    assert card.n == 65
    assert card.accuracy == pytest.approx(60 / 65)
    assert learnable([*texts, *rare], [*labels, *["neutral"] * 5], least=6) == list(range(60))


def test_the_interval_of_a_micro_f1_is_that_of_a_ratio_of_totals_over_texts() -> None:
    """By hand: F1 = 2·Σb / Σg, variance n/(n-1)·Σ(2b - F1·g)² / (Σg)², as R's svyratio has it; t, 3 df."""
    truth = [("a", "b"), ("a",), ("b",), ("c",)]
    said = [("a", "b"), ("b",), ("b", "c"), ("c",)]
    card = tag_scorecard(truth, said)
    twice, given = [4, 0, 2, 2], [4, 2, 3, 2]
    f1 = 8 / 11
    error = (4 / 3 * sum((t - f1 * g) ** 2 for t, g in zip(twice, given, strict=True))) ** 0.5 / 11
    assert card.micro_f1 == pytest.approx(f1)
    assert card.interval.low == pytest.approx(max(f1 - 3.182446305284263 * error, 0))
    assert card.interval.high == pytest.approx(min(f1 + 3.182446305284263 * error, 1))


def test_without_a_tag_or_with_one_text_the_interval_says_that_nothing_is_known() -> None:
    for card in (tag_scorecard([(), ()], [(), ()]), tag_scorecard([("a",)], [("a",)])):
        assert (card.interval.low, card.interval.high) == (0, 1)
