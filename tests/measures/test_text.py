"""Texts: clauses, sentiment by word lists, aspects, masking, groups, and models trained on labels."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.text import classifier, cleaning, grams, masking, phrases, polarity, similar, themes
from manyi.measures.text.lexicon import lexicon, taxonomies
from manyi.measures.text.scorecard import UNSURE, scorecard, tag_scorecard
from manyi.measures.text.unseen import split_by_text

GOOD = ["服务很好", "师傅专业热情", "环境干净舒适", "价格实惠下次再来", "接待周到很满意", "维修及时点赞"]
BAD = [
    "等了两个小时太慢了",
    "态度恶劣没人理",
    "乱收费很失望",
    "修了三次还是坏的",
    "环境脏乱差",
    "推诿扯皮再也不来",
]


def many(texts: list[str], times: int = 6) -> list[str]:
    return [f"{text},{n}号单" for n in range(times) for text in texts]


def test_the_same_text_is_told_apart_from_no_other_writing_of_it() -> None:
    assert cleaning.fingerprint("服务很好!!") == cleaning.fingerprint("服务 很好。")
    assert cleaning.fingerprint("ＡＢＣ") == cleaning.fingerprint("abc")
    assert cleaning.fingerprint("服务很好") != cleaning.fingerprint("服务不好")


def test_clauses_part_at_punctuation_and_where_the_argument_turns() -> None:
    assert cleaning.clauses("态度很好但是等太久,价格贵!") == ["态度很好", "但是等太久,", "价格贵!"]
    assert cleaning.clauses("  ") == []


def test_a_pause_within_chinese_parts_clauses_and_the_point_of_a_number_does_not() -> None:
    assert cleaning.clauses("空间大 视野好  动力弱") == ["空间大\n", "视野好\n", "动力弱"]
    assert cleaning.clauses("买的是2.5的,花了1,000元。贵") == ["买的是2.5的,", "花了1,000元。", "贵"]
    assert cleaning.clauses("买了 XT 2.0 版") == ["买了xt 2.0版"]
    assert cleaning.clauses("停在3. 然后走") == ["停在3.", "然后走"]


def test_in_a_text_with_pauses_each_thing_has_its_own_sentiment() -> None:
    spaced = {
        each.aspect: each.score for each in themes.mentions("师傅很专业 价格太贵", taxonomies()["dealership"])
    }
    with_commas = {
        each.aspect: each.score for each in themes.mentions("师傅很专业,价格太贵", taxonomies()["dealership"])
    }
    assert spaced == with_commas
    assert max(spaced.values()) > 0 > min(spaced.values())


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("服务非常好", 1),
        ("服务不好", -1),
        ("不是不满意", 1),
        ("态度很好,但是维修太慢,非常失望", -1),
        ("希望服务更好", 0),
        ("The staff was not friendly", -1),
        ("excellent service, very helpful", 1),
        ("今天去了店里", 0),
    ],
)
def test_word_lists_follow_negation_strength_and_turns(text: str, sign: int) -> None:
    score = polarity.rated(text)
    assert -1 <= score <= 1
    assert (score > 0.3) - (score < 0) == sign


def test_no_word_is_praise_and_blame_at_once() -> None:
    held = lexicon()
    assert not set(held.polarity) & (held.negators | held.softeners)
    assert len(held.polarity) > 300


def test_an_aspect_has_the_sentiment_of_its_own_clause() -> None:
    found = {
        m.aspect: m.polarity for m in themes.mentions("态度很好,但是等待太久", taxonomies()["dealership"])
    }
    assert found["service"] == "positive"
    assert found["waiting"] == "negative"


@pytest.mark.parametrize("name", sorted(taxonomies()))
def test_every_taxonomy_names_its_aspects_in_both_languages(name: str) -> None:
    held = taxonomies()[name]
    assert len(held.aspects) >= 6
    for aspect in held.aspects:
        assert aspect.label.zh
        assert aspect.label.en
        assert any(word.isascii() for word in aspect.words)
        assert any(not word.isascii() for word in aspect.words)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话13812345678请回复", "13812345678"),
        ("座机 0755-12345678 转3", "12345678"),
        ("身份证44030119900101123X", "44030119900101123X"),
        ("车牌粤B12345的车主", "粤B12345"),
        ("车牌粤BD12345是新能源", "粤BD12345"),
        ("邮箱 someone.else@example.com", "someone.else@example.com"),
        ("我叫张小明,昨天来过", "张小明"),
        ("王经理态度不好", "王经理"),
        ("李建国师傅修的", "李建国"),
        ("住在阳光花园3栋2单元501室", "3栋2单元501室"),
        ("卡号6222 0210 0111 6245 702被扣费", "6222 0210 0111 6245 702"),
        ("微信号abc_12345", "abc_12345"),
        ("spoke to Mr. Smith there", "Smith"),
    ],
)
def test_personal_data_are_covered(text: str, hidden: str) -> None:
    told = masking.masked(text)
    assert hidden not in told
    assert "[" in told


@pytest.mark.parametrize("text", ["费用300元,等了2小时", "2026年11月30日保养", "里程12000公里", "五星好评"])
def test_what_leads_to_nobody_stays(text: str) -> None:
    assert masking.masked(text) == text


def test_hashes_do_not_depend_on_the_texts_beside() -> None:
    alone, beside = grams.characters(["服务很好"]), grams.characters(["别的", "服务很好", ""])
    assert (alone.toarray() == beside[1].toarray()).all()
    assert grams.words([""]).nnz == 0


def test_equal_complaints_become_one_group() -> None:
    wave = [f"小区{place}停水三天了没有人管,物业电话打不通" for place in "东西南北"]
    numbers = similar.grouped([*wave, "孩子上学名额问题", "电梯一直没修好"])
    assert len(set(numbers[:4])) == 1
    assert len(set(numbers.tolist())) == 3
    assert similar.grouped([]).tolist() == []


def test_quotes_speak_for_many_and_not_for_each_other() -> None:
    texts = [*many(["维修等待太久,客户很不满意"], 8), "停车位不够用", *many(["休息区茶水不错"], 4)]
    chosen = similar.representative(texts, count=2)
    assert "维修等待" in texts[chosen[0]]
    assert "维修等待" not in texts[chosen[1]]


def test_a_topic_that_grows_is_told_and_one_that_stays_is_not() -> None:
    before = [*["充电桩坏了"] * 2, *["维修速度慢"] * 98]
    now = [*["充电桩坏了"] * 30, *["维修速度慢"] * 98]
    risen = [rise.text for rise in phrases.rising(before, now)]
    assert any("充电" in text for text in risen)
    assert not any("维修" in text for text in risen)


def test_a_model_learns_labels_and_comes_back_from_its_file() -> None:
    texts, labels = [*many(GOOD), *many(BAD)], ["好"] * 36 + ["差"] * 36
    made = classifier.train(texts, labels)
    again = classifier.TextClassifier.from_bytes(made.to_bytes())
    assert [label for label, _ in again.said(["师傅很专业", "等了太久没人理"])] == ["好", "差"]
    assert np.allclose(again.probabilities(texts), made.probabilities(texts))
    assert np.allclose(made.probabilities(texts).sum(axis=1), 1)
    assert made.said(["……"], least=0.99)[0][0] == UNSURE
    assert made.probabilities([]).shape == (0, 2)


def test_tags_stand_beside_each_other() -> None:
    texts = [
        *many(["等待太久"], 12),
        *many(["价格太贵"], 12),
        *many(["等待太久价格太贵"], 12),
        *many(["挺好"], 12),
    ]
    tags = [("等待",)] * 12 + [("价格",)] * 12 + [("等待", "价格")] * 12 + [()] * 12
    made = classifier.train_tags(texts, tags)
    assert set(made.tags(["等待太久价格太贵"])[0]) == {"等待", "价格"}
    assert made.tags(["挺好"])[0] == ()


def test_too_few_labels_and_one_label_are_refused() -> None:
    with pytest.raises(NotComputable, match="too_few"):
        classifier.train([*many(GOOD), "差"], ["好"] * 36 + ["差"])
    with pytest.raises(NotComputable, match="too_few"):
        classifier.train(["同一句话"] * 50 + many(GOOD), ["差"] * 50 + ["好"] * 36)
    with pytest.raises(NotComputable, match="constant"):
        classifier.train(many(GOOD), ["好"] * 36)
    with pytest.raises(NotComputable, match="no_model"):
        classifier.TextClassifier.from_bytes(b"PK\x03\x04 nothing")


def test_a_scorecard_counts_unsure_as_wrong_and_says_how_much_was_decided() -> None:
    card = scorecard(["a", "a", "b", "b"], ["a", UNSURE, "b", "a"])
    assert (card.accuracy, card.decided) == (0.5, 0.75)
    assert card.accuracy_decided == pytest.approx(2 / 3)
    assert card.labels[0].f1 == pytest.approx(0.5)
    tags = tag_scorecard([("a", "b"), ()], [("a",), ("b",)])
    assert tags.micro_f1 == pytest.approx(0.5)
    with pytest.raises(NotComputable):
        scorecard([], [])


def test_the_split_keeps_equal_texts_on_one_side() -> None:
    texts = many(GOOD, 40)
    held = split_by_text([*texts, *[text + "!!" for text in texts]])
    assert (held[: len(texts)] == held[len(texts) :]).all()
    assert 0.1 < held.mean() < 0.3


@pytest.fixture(scope="module")
def takeaway(shared_data: Path) -> tuple[list[str], list[str]]:
    with gzip.open(
        shared_data / "text" / "takeaway_waimai10k.train.csv.gz", "rt", encoding="utf-8-sig"
    ) as file:
        rows = list(csv.DictReader(file))
    return [row["review"] for row in rows], [row["label"] for row in rows]


def test_reviews_that_were_not_seen_are_read_as_well_as_the_best_linear_model(
    takeaway: tuple[list[str], list[str]],
) -> None:
    texts, labels = (np.array(each, dtype=object) for each in takeaway)
    held = split_by_text(list(texts))
    made = classifier.train(list(texts[~held]), list(labels[~held]))
    card = scorecard(list(labels[held]), [label for label, _ in made.said(list(texts[held]))])
    assert card.accuracy >= 0.90
    assert card.macro_f1 >= 0.885


def test_a_hundred_labels_are_a_beginning(takeaway: tuple[list[str], list[str]]) -> None:
    texts, labels = (np.array(each, dtype=object) for each in takeaway)
    order = np.random.default_rng(7).permutation(len(texts))
    few, others = order[:100], order[100:2500]
    made = classifier.train(list(texts[few]), list(labels[few]))
    card = scorecard(list(labels[others]), [label for label, _ in made.said(list(texts[others]))])
    assert card.macro_f1 >= 0.78


def test_phrases_are_chosen_over_all_parts_and_counted_in_each() -> None:
    before, now = ["异响没有修好"] * 2 + ["等了很久"], ["异响没有修好", "异响又来了", "空调不凉"]
    found = {each.text: each.counts for each in phrases.spread([before, now], least=3)}
    assert found["异响"] == (2, 2)
    assert "空调" not in found, "one text is too few"
