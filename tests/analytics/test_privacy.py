"""Who is erased is gone from the snapshot and from the disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from manyi.analytics.actions import folder_of, refresh
from manyi.analytics.models import Snapshot
from manyi.analytics.queries import open_answers
from manyi.analytics.tasks import refresh_stale, sweep_parts
from manyi.customers.models import Customer
from manyi.customers.privacy import erase_customer
from manyi.distribution.models import Invitation
from manyi.organisation import clock
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Draw, Round, SampleMember
from tests.after_sales import NOON, answer, sheet


def test_an_erased_person_leaves_the_snapshot_and_the_disk(
    open_round: Callable[..., Round], east: Unit, person_at: Callable[[Role, Unit], Person]
) -> None:
    round = open_round()
    customer = Customer.objects.create(
        code="C1", unit=east, name="张三", pseudonym="K-1", created_at=NOON, updated_at=NOON
    )
    draw = Draw.objects.create(round=round, method="census", frame_size=1, frame_hash="h", size=1, at=NOON)
    member = SampleMember.objects.create(draw=draw, round=round, unit=east, customer=customer)
    invitation = Invitation.objects.create(
        round=round, member=member, customer=customer, unit=east, token="t", channel="email"
    )
    named = answer(round, east, sheet(1, 1, 1, 1, 0, why="我是张三"))
    named.invitation = invitation
    named.save()
    for _ in range(6):
        answer(round, east, sheet(5, 5, 5, 5, 9, why="很好"))
    old = refresh(round=round).parts
    with clock.at(NOON + timedelta(days=30)):
        erase_customer(actor=person_at(Role.SURVEY_MANAGER, east), customer=customer, why="本人要求")
        assert refresh_stale() == 1
    assert "我是张三" not in {each.text for each in open_answers(round=round, roots=["/"])}
    assert Snapshot.objects.get(round=round).rows == 7
    with clock.at(NOON + timedelta(days=30, minutes=11)):
        sweep_parts()
    left = {path.name.split(".")[0] for path in folder_of(round).iterdir()}
    assert not left & set(old)
