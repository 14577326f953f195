"""Aspects with how each is spoken of: one text praises one thing and blames another."""

from __future__ import annotations

import pytest

from manyi.measures.errors import NotComputable
from manyi.measures.text import grams
from manyi.measures.text.cleaning import in_mind, minded
from manyi.measures.text.opinions import OpinionReader, focused, train_opinions

SAID = {
    ("price", "good"): ("价格实惠", "优惠很大", "不贵"),
    ("price", "bad"): ("价格太高", "乱收费", "太贵"),
    ("waiting", "good"): ("马上就好", "没怎么等", "很快"),
    ("waiting", "bad"): ("等了两个小时", "排队太久", "慢得要命"),
}


def labelled() -> tuple[list[str], list[dict[str, str]]]:
    """Every way to praise or blame one thing beside every way to praise or blame the other."""
    texts, opinions = [], []
    for of_price in ("good", "bad"):
        for of_waiting in ("good", "bad"):
            for one in SAID["price", of_price]:
                for other in SAID["waiting", of_waiting]:
                    texts += [f"{one},{other}", f"{other}。{one}"]
                    opinions += [{"price": of_price, "waiting": of_waiting}] * 2
    for (aspect, judged), ways in SAID.items():
        texts += [f"{way}!" for way in ways] + [f"{way},嗯" for way in ways]
        opinions += [{aspect: judged}] * (2 * len(ways))
    return texts, opinions


@pytest.fixture(scope="module")
def reader() -> OpinionReader:
    return train_opinions(*labelled())


def test_praise_of_one_thing_is_not_heard_as_praise_of_the_other(reader: OpinionReader) -> None:
    assert reader.said(["乱收费,不过很快", "优惠很大,就是排队太久"]) == [
        {"price": "bad", "waiting": "good"},
        {"price": "good", "waiting": "bad"},
    ]
    assert reader.judged([("太贵,很快", "waiting"), ("太贵,很快", "price")]) == ["good", "bad"]
    assert reader.said([]) == []


def test_a_reader_is_a_file_that_reads_the_same(reader: OpinionReader) -> None:
    data = reader.to_bytes()
    assert data == reader.to_bytes()
    again = OpinionReader.from_bytes(data)
    texts = ["价格实惠,等了两个小时", "没怎么等"]
    assert again.said(texts) == reader.said(texts)
    for wrong in (b"", b"PK\x03\x04", reader.aspects.to_bytes(), data[:-30]):
        with pytest.raises(NotComputable, match="no_model"):
            OpinionReader.from_bytes(wrong)


def test_what_is_too_little_to_learn_from_is_named() -> None:
    with pytest.raises(NotComputable, match="too_few"):
        train_opinions(["太贵", "很快"], [{"price": "bad"}, {"waiting": "good"}])
    texts, opinions = labelled()
    praised = [dict.fromkeys(held, "good") for held in opinions]
    with pytest.raises(NotComputable, match="constant"):
        train_opinions(texts, praised)


def test_what_a_text_is_read_for_stands_beside_its_words_only() -> None:
    read = in_mind("price", "太贵 了。很快", "太贵 了。")
    assert minded(read) == ("price", "太贵 了。", "太贵 了。很快")
    assert minded(in_mind("price", "太贵")) == ("price", "太贵", "太贵")
    assert minded("太贵") == ("", "太贵", "太贵")
    assert abs(grams.characters([read]) - grams.characters(["太贵 了。很快"])).sum() == 0
    assert abs(grams.words([read]) - grams.words(["太贵 了。很快"])).sum() == 0
    assert abs(grams.characters_in_focus([read]) - grams.characters(["太贵 了。"])).sum() == 0
    assert grams.words_for_subject([read]).sum() == grams.words(["太贵 了。很快"]).sum()
    assert grams.words_in_focus([read]).sum() == grams.words(["太贵 了。"]).sum()


def test_a_text_that_is_read_for_nothing_has_no_features_of_a_subject() -> None:
    for features in (grams.words_for_subject, grams.words_in_focus, grams.characters_in_focus):
        assert features(["太贵了", ""]).nnz == 0
    assert grams.characters([""]).nnz == 0


def test_the_clauses_of_an_aspect_and_what_follows_them_are_heard(reader: OpinionReader) -> None:
    text = "乱收费,真是的,今天来的,排队太久"
    price, waiting, unknown = focused(reader.aspects, [(text, each) for each in ("price", "waiting", "seat")])
    assert minded(price).focus == "乱收费,真是的,"
    assert minded(waiting).focus.endswith("排队太久")
    assert "乱收费" not in minded(waiting).focus
    assert minded(unknown) == ("seat", text, text)
    assert focused(reader.aspects, []) == []
