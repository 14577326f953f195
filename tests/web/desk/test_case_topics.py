"""Rising topics: what is tested, what is said of it, and the finding that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from manyi.cases import actions as cases
from manyi.cases.models import Category
from manyi.cases.rising import Said, Topic, topics
from manyi.improvement.models import Finding
from manyi.measures.figure import Figure
from manyi.measures.rates import Counted, rate_change
from manyi.organisation import clock
from manyi.organisation.models import Unit
from tests.cases.house import at
from tests.personas import House, browser_of

ADDRESS = "/cases/figures/topics/"
NOW = at("2026-03-02T09:30")


def id_of(code: str) -> int:
    return Category.objects.get(code=code).pk


def by_name(found: list[Topic]) -> dict[str, Topic]:
    return {topic.name.zh: topic for topic in found}


@pytest.mark.usefixtures("house")
def test_what_is_tested_and_what_is_too_few() -> None:
    quality, price = id_of("service.quality"), id_of("service.price")
    before = [Said(quality, "异响", "还是响")] * 6 + [Said(price, "收费", "贵了")] * 6
    now = [Said(quality, "异味", "空调异味很重")] * 9 + [Said(price, "收费", "贵了")] * 2
    now += [Said(None, "别的", "停车难")]
    found = by_name(topics(before, now, (60, 20)))
    assert found["空调异味"].judged.verdict == "rising"
    assert found["空调异味"].judged.change == rate_change(Counted(0, 60), Counted(9, 20))
    assert found["维修质量"].judged.change == rate_change(Counted(6, 60), Counted(9, 20))
    assert found["售后服务"].judged.change.now.n == 11
    assert found["维修收费"].judged.verdict == "by_chance"
    assert found["全部诉求"].judged.change.before.n == 12
    tested = [topic for topic in found.values() if topic.judged.adjusted is not None]
    p = found["空调异味"].judged.change.p
    assert p is not None
    assert found["空调异味"].judged.adjusted == pytest.approx(
        _holm(p, [t.judged.change.p or 1 for t in tested])
    )
    assert "停车" not in found, "one text is no topic"


@pytest.mark.usefixtures("house")
def test_of_a_low_score_only_the_customers_words_are_read() -> None:
    low = Said(None, "问卷评分低,请联系顾客", "总分为 40,低于 60\n哪里不满意 “空调不凉”", "survey")
    assert low.text == "空调不凉"
    found = by_name(topics([low] * 3, [low] * 6, (60, 20)))
    assert set(found) == {"全部诉求", "空调不凉"}


@pytest.mark.usefixtures("house")
def test_a_branch_with_one_kind_of_case_is_tested_once() -> None:
    quality = id_of("service.quality")
    found = topics([Said(quality, "甲", "乙")] * 3, [Said(quality, "甲", "乙")] * 3, (60, 20))
    assert [topic.name.zh for topic in found if topic.kind == "category"] == ["维修质量"]


def _holm(p: float, every: list[float]) -> float:
    """Holm by his own words: the largest of (m - rank) × p over those up to this one."""
    ordered = sorted(every)
    return max((len(every) - rank) * each for rank, each in enumerate(ordered) if each <= p)


def came(unit: Unit, days_ago: float, subject: str, category: str) -> None:
    with clock.at(NOW - timedelta(days=days_ago)):
        cases.register(
            actor=None, unit=unit, kind="complaint", channel="phone", subject=subject, body=subject,
            category=Category.objects.get(code=category),
        )  # fmt: skip


@pytest.fixture
def smell(house: House) -> Iterator[House]:
    """Ten complaints of a smell in the last weeks, one long before; prices as ever."""
    east = house.tree.east_service
    for n in range(10):
        came(east, 1 + 2 * n, "空调异味", "parts.quality")
    came(east, 60, "空调异味", "parts.quality")
    for n in range(6):
        came(east, 5 + 17 * n, "结算多收费", "service.price")
    with clock.at(NOW):
        yield house


def shown(browser: Client, query: str = "") -> Any:
    page = browser.get(f"{ADDRESS}?{query}")
    assert page.status_code == 200
    return page


def test_the_page_says_what_rises_and_by_how_much(smell: House) -> None:
    page = shown(browser_of(smell.zhao, language="zh-hans"))
    risen = {topic.name.zh: (words.zh, address) for topic, words, address in page.context["rising"]}
    assert "空调异味" in {topic.name.zh for topic, _words, _address in page.context["words"]}
    words, address = risen["配件质量"]
    # Spring festival lies in these weeks: 02-03 to 03-02 has 18 days from Monday to Friday less 6 of the
    # holidays, and two working Saturdays more
    assert "近 4 周(16 个工作日)收到 10 件" in words
    # the first case of the register came on 2025-12-02: what was before that is not counted as quiet
    assert "之前(2025-12-02 至 2026-02-02," in words
    assert "收到 1 件" in words
    assert page.context["answer"].zh.startswith("检验的 ")
    listed = browser_of(smell.zhao).get(address)
    assert listed.context["page"].paginator.count == 10
    assert "维修收费" not in risen


def test_chance_and_too_few_are_answers(smell: House) -> None:
    zhao = browser_of(smell.zhao)
    rows = {row[0].text.zh: row for row in shown(zhao).context["panels"][0].rows}
    assert rows["维修收费"][6].text.zh == "可能是偶然"
    nothing = shown(zhao, "weeks=1&before=4&last=2025-11-30")
    assert nothing.context["rising"] == []
    assert nothing.context["answer"] is None
    assert shown(zhao, f"unit={smell.tree.west.pk}").context["panels"] == []
    few = shown(zhao, "last=2026-01-05&weeks=4&before=4")
    assert few.context["answer"].zh == "诉求太少,还看不出什么变多了。"


def raised(person: Any, topic: str, query: str = "") -> Any:
    return browser_of(person).post(
        f"{ADDRESS}finding/?{query}", {"topic": topic, "weeks": "4", "before": "12"}
    )


def test_a_rising_topic_becomes_a_finding_once(smell: House) -> None:
    topic = f"category:{id_of('parts.quality')}"
    answers = [raised(smell.zhou, topic), raised(smell.zhou, topic)]
    finding = Finding.objects.get(source="complaint_trend")
    assert {answer.headers["Location"] for answer in answers} == {f"/improvement/{finding.pk}/"}
    assert (finding.unit, finding.cases.count()) == (smell.tree.east_service, 10)
    assert finding.category is not None
    figure = Figure.from_json(finding.value)
    assert (figure.n, figure.unit, figure.method) == (11, "times", "poisson_exact")
    page = browser_of(smell.zhao, language="zh-hans").get(f"/improvement/{finding.pk}/").content.decode()
    assert f"{figure.value:.1f}× (" in page


def test_words_become_a_finding_with_the_cases_that_have_them(smell: House) -> None:
    raised(smell.zhao, "phrase:空调异味", f"unit={smell.tree.east.pk}")
    finding = Finding.objects.get(source="complaint_trend")
    assert (finding.unit, finding.cases.count(), finding.category) == (smell.tree.east, 10, None)


def test_what_does_not_rise_becomes_none(smell: House) -> None:
    assert raised(smell.zhao, f"category:{id_of('service.price')}").status_code == 302
    assert raised(smell.zhao, "phrase:没有").status_code == 302
    assert raised(smell.sun, "whole:").status_code == 403
    assert not Finding.objects.filter(source="complaint_trend").exists()
