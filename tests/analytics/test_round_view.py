"""What the quality director, a head of a dealership and an outsider see of a round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from manyi.analytics.queries import (
    answers_behind,
    cross_view,
    metric,
    open_answers,
    round_view,
    rounds_for,
    sums,
    targets_missed,
)
from manyi.analytics.views import Filters
from manyi.distribution.models import Invitation
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Draw, Round, SampleMember
from tests.after_sales import NOON, answer, make_unit, sheet

ALL = ("/",)
MakeRound = Callable[..., Round]
MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def answered(open_round: MakeRound, east: Unit, west: Unit) -> Round:
    """East is content, west waits too long: twelve and eight answers, one of them invalid."""
    round = open_round()
    for number in range(12):
        answer(round, east, sheet(5, 5, 4, 5, 10), segments=["new"] if number % 2 else ["fleet"])
    for _ in range(7):
        answer(round, west, sheet(2, 4, 4, 3, 6, why="等了三个小时"), channel="qr")
    answer(round, west, sheet(1, 1, 1, 1, 0), valid=False)
    return round


def invite(round: Round, unit: Unit, *, answered: int, silent: int, channel: str = "email") -> None:
    draw = Draw.objects.create(round=round, method="census", frame_size=9, frame_hash="h", size=9, at=NOON)
    for number in range(answered + silent):
        member = SampleMember.objects.create(draw=draw, round=round, unit=unit, segments=["new"])
        Invitation.objects.create(
            round=round,
            member=member,
            unit=unit,
            token=f"{unit.pk}-{channel}-{number}",
            channel=channel,
            state="answered" if number < answered else "sent",
            sent_at=NOON,
            answered_at=NOON if number < answered else None,
        )


def test_the_headlines_are_those_of_the_valid_answers(answered: Round) -> None:
    view = round_view(round=answered, roots=ALL)
    assert (view.responses, view.invalid) == (20, 1)
    csat, nps = view.headlines["csat"], view.headlines["nps"]
    assert csat.n == 19
    assert csat.value == pytest.approx(12 / 19)
    assert nps.value == pytest.approx(100 * (12 - 7) / 19)
    expected = (12 * (100 + 100 + 80) / 3 + 7 * (40 + 80 + 80) / 3) / 19
    assert view.headlines["total_mean"].value == pytest.approx(expected)


def test_items_stand_against_their_targets(answered: Round) -> None:
    view = round_view(round=answered, roots=ALL)
    by_code = {item.code: item for item in view.items}
    assert by_code["wait"].mean.value == pytest.approx((12 * 100 + 7 * 40) / 19)
    assert by_code["wait"].satisfied.value == pytest.approx(12 / 19)
    assert not by_code["wait"].missed
    assert [miss.item for miss in targets_missed(answered, roots=ALL)] == []


def test_a_missed_target_names_item_figure_and_target(open_round: MakeRound, east: Unit) -> None:
    round = open_round()
    for _ in range(6):
        answer(round, east, sheet(2, 4, 5, 4, 8))
    total, wait = targets_missed(round)
    assert (total.item, wait.item) == ("", "wait")
    assert (wait.title.zh, wait.figure.value, int(wait.target)) == ("维修等待时间", 40.0, 75)


def test_grades_from_the_best_down(answered: Round) -> None:
    grades = round_view(round=answered, roots=ALL).grades
    assert [(line.grade, line.count) for line in grades] == [("A", 12), ("B", 0), ("C", 7)]
    assert grades[0].share.n == 19


def test_return_by_channel_and_validity(answered: Round, east: Unit, west: Unit) -> None:
    invite(answered, east, answered=12, silent=4)
    invite(answered, west, answered=2, silent=12, channel="sms")
    view = round_view(round=answered, roots=ALL)
    assert [(line.channel, line.invited, line.answered) for line in view.returns] == [
        ("email", 16, 12),
        ("sms", 14, 2),
    ]
    assert view.return_rate.n == 30
    assert view.return_rate.value == pytest.approx(14 / 30)
    assert view.validity is not None
    assert not view.validity.valid
    assert "46.6 %" in view.validity.misses[0].en
    narrowed = round_view(round=answered, roots=ALL, filters=Filters(segment="new"))
    assert narrowed.returns[0].invited == 16


def test_units_and_segments_stand_side_by_side(answered: Round, east: Unit, west: Unit) -> None:
    view = round_view(round=answered, roots=ALL)
    assert [(line.key, line.title.zh) for line in view.units] == [
        (east.path, "城东店"),
        (west.path, "城西店"),
    ]
    assert view.units[1].figures["csat"].value == 0.0
    assert {line.key: line.figures["csat"].n for line in view.segments} == {"fleet": 6, "new": 6}


def test_a_small_unit_is_hidden_and_so_is_the_one_beside_it(answered: Round, group: Unit) -> None:
    depot = make_unit("depot", "仓库", group)
    for _ in range(3):
        answer(answered, depot, sheet(1, 1, 1, 1, 0))
    lines = {line.title.zh: line.figures["csat"] for line in round_view(round=answered, roots=ALL).units}
    assert lines["仓库"].suppressed
    assert lines["城西店"].suppressed
    assert lines["城东店"].value == 1.0


def test_a_filter_that_leaves_only_a_few_out_shows_nothing(answered: Round, east: Unit, west: Unit) -> None:
    for _ in range(2):
        answer(answered, east, sheet(1, 1, 1, 1, 0), channel="phone")
    shown = round_view(round=answered, roots=ALL, filters=Filters(unit=east.path, channel="email"))
    assert shown.headlines["csat"].suppressed
    assert (
        round_view(round=answered, roots=ALL, filters=Filters(unit=west.path)).headlines["csat"].value == 0.0
    )


def test_a_filter_does_not_show_what_the_comparison_hides(
    answered: Round, group: Unit, east: Unit, west: Unit
) -> None:
    depot = make_unit("depot", "仓库", group)
    for _ in range(3):
        answer(answered, depot, sheet(1, 1, 1, 1, 0))
    of_west = round_view(round=answered, roots=ALL, filters=Filters(unit=west.path))
    of_east = round_view(round=answered, roots=ALL, filters=Filters(unit=east.path))
    assert of_west.headlines["csat"].suppressed
    assert of_east.headlines["csat"].value == 1.0


def test_the_trend_says_whether_a_change_is_more_than_chance(open_round: MakeRound, east: Unit) -> None:
    first, second = open_round(), open_round()
    for number in range(40):
        answer(first, east, sheet(3 if number % 2 else 2, 3, 3, 3, 5))
        answer(second, east, sheet(5 if number % 2 else 4, 4, 4, 4, 9))
    view = round_view(round=second, roots=ALL)
    assert [point.round for point in view.trend] == [first.pk, second.pk]
    assert view.change is not None
    assert view.change.beyond_chance
    assert view.change.difference == pytest.approx(80 / 3)


def test_open_answers_carry_no_identity_and_need_a_group(answered: Round, east: Unit, west: Unit) -> None:
    texts = open_answers(round=answered, roots=[west.path])
    assert {each.text for each in texts} == {"等了三个小时"}
    assert texts[0].title.zh == "原因"
    assert open_answers(round=answered, roots=[east.path], filters=Filters(channel="qr")) == []


def test_a_head_of_a_dealership_sees_their_part_of_the_groups_round(
    answered: Round, west: Unit, person_at: MakePerson
) -> None:
    head = person_at(Role.DEPARTMENT_HEAD, west)
    assert list(rounds_for(head)) == [answered]
    view = round_view(round=answered, roots=[west.path])
    assert view.headlines["csat"].n == 7
    assert [line.title.zh for line in view.units] == ["城西店"]


def test_a_round_of_another_branch_does_not_exist(
    open_round: MakeRound, east: Unit, west: Unit, person_at: MakePerson
) -> None:
    open_round(unit=east)
    assert list(rounds_for(person_at(Role.DEPARTMENT_HEAD, west))) == []
    assert list(rounds_for(person_at(Role.EMPLOYEE, east))) == []


def test_from_a_figure_to_the_answers_behind_it(answered: Round, west: Unit, person_at: MakePerson) -> None:
    manager = person_at(Role.SURVEY_MANAGER, answered.unit)
    low = answers_behind(person=manager, round=answered, item="wait", at_most=2)
    assert (low.total, {row.unit for row in low.responses}) == (7, {west})
    assert answers_behind(person=manager, round=answered, grade="A", size=5).total == 12
    assert len(answers_behind(person=manager, round=answered, grade="A", size=5, page=3).responses) == 2


def test_no_way_from_a_figure_to_an_anonymous_answer(
    open_round: MakeRound, east: Unit, person_at: MakePerson
) -> None:
    round = open_round(anonymous=True)
    for _ in range(9):
        answer(round, east, sheet(1, 1, 1, 1, 0))
    manager = person_at(Role.SURVEY_MANAGER, round.unit)
    assert answers_behind(person=manager, round=round, item="wait").responses == []


def test_a_metric_of_a_unit_and_of_a_segment(answered: Round, west: Unit) -> None:
    wait = {"id": "item_satisfied", "item": "wait"}
    assert metric(round=answered, metric={**wait, "unit": west.path}).value == 0.0
    assert metric(round=answered, metric={**wait, "segment": "new"}).valid_n == 6
    assert sums(round=answered, metric={"id": "nps"}).valid == 19
    assert metric(round=answered, metric={"id": "csat"}, roots=[west.path]).n == 7


def test_a_metric_that_is_not_measured_is_named(answered: Round) -> None:
    with pytest.raises(Refused, match="parking"):
        metric(round=answered, metric={"id": "item_mean", "item": "parking"})


def test_a_period_narrows_to_its_days(answered: Round, east: Unit) -> None:
    for _ in range(6):
        answer(answered, east, sheet(1, 1, 1, 1, 0), at=NOON + timedelta(days=5))
    view = round_view(round=answered, roots=ALL, filters=Filters(since=date(2026, 3, 5)))
    assert (view.headlines["csat"].n, view.headlines["csat"].value) == (6, 0.0)


def test_a_cross_table_of_answers_by_unit(answered: Round) -> None:
    view = cross_view(round=answered, row="unit", column="wait", roots=ALL)
    assert [title.zh for title in view.rows] == ["城东店", "城西店"]
    assert view.table is not None
    assert view.table.counts.tolist() == [[0, 12], [7, 0]]
    assert view.table.cramers_v == pytest.approx(1.0)


def test_a_cross_table_leaves_small_rows_out(answered: Round, group: Unit) -> None:
    depot = make_unit("depot", "仓库", group)
    answer(answered, depot, sheet(1, 1, 1, 1, 0))
    view = cross_view(round=answered, row="unit", column="wait", roots=ALL)
    assert [title.zh for title in view.rows] == ["城东店"]
    assert view.hidden == 2


def test_a_round_without_answers_shows_no_figure(open_round: MakeRound) -> None:
    view = round_view(round=open_round(), roots=ALL)
    assert view.headlines["total_mean"].suppressed
    assert view.trend == ()
    assert view.missed == ()


def test_a_segment_can_be_a_side_of_a_cross_table(answered: Round) -> None:
    view = cross_view(round=answered, row="segment:new", column="wait", roots=ALL)
    assert [title.zh for title in view.rows] == ["new", "其他客户"]
    assert view.table is not None
    assert view.table.counts.tolist() == [[0, 6], [7, 6]]


def test_an_overall_choice_counts_as_the_scheme_says(open_round: MakeRound, east: Unit) -> None:
    options = [{"code": "yes", "title": "是"}, {"code": "no", "title": "否"}]
    questions = [
        {"code": "wait", "type": "rating", "title": "等待"},
        {"code": "overall", "type": "single", "title": "满意吗", "role": "overall", "options": options},
    ]
    items = [
        {"question": "wait", "points": {"1": 20, "5": 100}},
        {"question": "overall", "points": {"yes": 100, "no": 0}, "satisfied": ["yes"], "weight": 0},
    ]
    round = open_round()
    assert round.scheme is not None
    section = {"code": "s", "title": "s", "questions": questions}
    round.questionnaire.definition = {"code": "q", "title": "t", "sections": [section]}
    round.scheme.definition = {"items": items}
    for version in (round.questionnaire, round.scheme):
        version.published_at = None
        version.save()
    for number in range(8):
        answer(round, east, {"wait": 5, "overall": "yes" if number < 6 else "no"})
    view = round_view(round=round, roots=ALL)
    assert view.headlines["csat"].value == 0.75
    assert [item.code for item in view.items] == ["wait"]
