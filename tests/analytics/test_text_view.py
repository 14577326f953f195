"""Texts of a round: themes with intervals, teaching with undo, a model with its scorecard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from manyi.analytics import text_actions, text_queries
from manyi.analytics.models import TextLabel, TextModel
from manyi.analytics.text_queries import text_view, to_label
from manyi.analytics.views import Filters
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event, Person, Unit
from manyi.organisation.roles import Role
from manyi.responses.models import Response
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

ALL = ("/",)
GOOD = "师傅很专业,服务热情,值得推荐"
BAD = "维修等待太久,没人理,非常失望"


@pytest.fixture
def written(open_round: Callable[..., Round], east: Unit, west: Unit) -> Round:
    """East praises, west blames; every text is a little different."""
    round = open_round()
    for number in range(24):
        answer(round, east, sheet(5, 5, 4, 5, 10, why=f"{GOOD},{number}"), segments=["new"])
        answer(round, west, sheet(2, 1, 2, 2, 3, why=f"{BAD},电话13800138{number:03d}"), segments=["fleet"])
    return round


def question_of(round: Round) -> str:
    found = to_label(round=round, roots=ALL)
    return found[0].question


def teach(round: Round, actor: Person) -> None:
    question = question_of(round)
    for row in Response.objects.filter(round=round):
        mood = "positive" if GOOD in text_actions.text_of(row, question) else "negative"
        text_actions.label_text(actor=actor, response=row, question=question, sentiment=mood)


def test_aspects_have_shares_intervals_tone_and_masked_quotes(written: Round) -> None:
    view = text_view(round=written, roots=ALL, filters=Filters(), field="dealership")
    lines = {line.id: line for line in view.lines}
    waiting = lines["waiting"]
    assert waiting.share.value == 0.5
    assert waiting.share.valid_n == 48
    assert waiting.share.low is not None
    assert (waiting.negative, waiting.positive) == (24, 0)
    assert all("13800138" not in quote and "[电话]" in quote for quote in waiting.quotes)
    assert view.sentiments["positive"] == 24
    by_segment = {group.title.en: group.shares["waiting"].value for group in view.groups}
    assert sorted(value for value in by_segment.values() if value is not None) == [0.0, 1.0]


def test_too_few_texts_are_not_read(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    answer(round, east, sheet(5, 5, 5, 5, 10, why=GOOD))
    view = text_view(round=round, roots=ALL, filters=Filters(), field="dealership")
    assert (view.read, view.lines, view.phrases) == (0, (), ())


def test_labels_teach_a_model_with_a_scorecard_and_can_be_taken_back(
    written: Round, person_at: Callable[[Role, Unit], Person]
) -> None:
    manager = person_at(Role.QUALITY_DIRECTOR, written.unit)
    with pytest.raises(Refused, match="labels so far"):
        text_actions.train_model(actor=manager)
    teach(written, manager)
    made = text_actions.train_model(actor=manager)
    assert made.labels == 48
    assert made.scorecard["accuracy"] == 1
    assert made.scorecard["n"] == 48  # each by a model that did not see it
    assert text_view(round=written, roots=ALL, filters=Filters(), field="dealership").model == made
    assert to_label(round=written, roots=ALL) == []
    row = TextLabel.objects.all()[0]
    text_actions.take_label_back(actor=manager, response=row.response, question=row.question)
    assert TextLabel.objects.count() == 47
    text_actions.choose_model(actor=manager, model=None)
    assert not TextModel.objects.filter(active=True).exists()
    text_actions.choose_model(actor=manager, model=made)
    assert TextModel.objects.get(active=True) == made
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds >= {"text.labelled", "text.label_taken_back", "text.model_trained", "text.model_chosen"}


def test_only_judges_label_and_only_what_is_there(
    written: Round, person_at: Callable[[Role, Unit], Person]
) -> None:
    auditor = person_at(Role.AUDITOR, written.unit)
    manager = person_at(Role.QUALITY_DIRECTOR, written.unit)
    row, question = Response.objects.filter(round=written)[0], question_of(written)
    with pytest.raises(NotPermitted):
        text_actions.label_text(actor=auditor, response=row, question=question, sentiment="positive")
    with pytest.raises(Refused):
        text_actions.label_text(actor=manager, response=row, question=question, sentiment="great")
    with pytest.raises(Refused):
        text_actions.label_text(actor=manager, response=row, question="nothing", sentiment="positive")


def test_the_least_certain_come_first_and_each_text_once(written: Round) -> None:
    found = to_label(round=written, roots=ALL)
    assert [each.sure for each in found] == sorted(each.sure for each in found)
    assert len({each.text[:10] for each in found}) == len(found)


def test_every_text_of_a_person_counts(written: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    read_once = text_queries._texts

    def twice(*words: Any) -> list[tuple[int, str, str]]:
        """As if everybody had answered a second open question."""
        rows = read_once(*words)
        return [*rows, *((response, "second", "休息区很干净") for response, _, _ in rows)]

    monkeypatch.setattr(text_queries, "_texts", twice)
    view = text_view(round=written, roots=ALL, filters=Filters(), field="dealership")
    assert view.read == 96
    assert sum(group.n for group in view.groups) == 96
    assert not view.newest


def test_only_the_newest_are_read_of_very_many(written: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manyi.analytics.text_queries.MOST", 10)
    view = text_view(round=written, roots=ALL, filters=Filters(), field="dealership")
    assert (view.read, view.newest) == (10, True)
