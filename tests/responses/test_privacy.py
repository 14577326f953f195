"""The right of one person over their answers: a copy, and erasure that leaves only figures."""

from __future__ import annotations

import pytest

from manyi.customers import privacy
from manyi.organisation import attachments, clock
from manyi.organisation.models import Attachment
from manyi.responses import actions
from manyi.responses.models import Response, Score
from tests.survey_world import GOOD_ANSWERS, START, build, invite

pytestmark = pytest.mark.django_db


def test_a_person_gets_their_answers_and_is_cut_off_from_them_when_erased() -> None:
    with clock.at(START):
        world = build()
        first, second, *_ = invite(world)
        done = actions.begin(invitation=first)
        given = {**GOOD_ANSWERS, "recommend": 3, "why": "请联系我 13800000001"}
        actions.submit(response=done, answers=given, seconds=60)
        letter = attachments.keep(
            b"%PDF-1.7", name="信.pdf", content_type="application/pdf", subject=done, unit=None, actor=None
        )
        actions.begin(invitation=second)
        person, other = world.customers[0], world.customers[1]
        copy = privacy.export_customer(actor=world.manager, customer=person)
        assert copy["answers"][0]["answers"]["why"] == "请联系我 13800000001"
        for each in (person, other):
            privacy.erase_customer(actor=world.manager, customer=each, why="客户要求")
    assert not Attachment.objects.filter(pk=letter.pk).exists()
    stored = Response.objects.get()
    assert stored.pk == done.pk
    assert stored.invitation is None
    assert stored.answers["recommend"] == 3
    assert "why" not in stored.answers
    assert Score.objects.get(response=stored).grade == "B"
