"""The plot of the demo year: five survey rounds, complaints, improvements that worked or not, reports."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial

from manyi.cases import actions as cases
from manyi.cases.models import Category
from manyi.cases.policy_actions import install_defaults
from manyi.cases.routing_actions import note_absence
from manyi.customers import actions as customers
from manyi.distribution import actions as distribution
from manyi.distribution.models import Invitation
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.models import Unit
from manyi.regulation import actions as regulation
from manyi.regulation import pack
from manyi.responses import actions as responses
from manyi.surveys import actions as surveys
from manyi.surveys.models import Programme, QuestionnaireVersion, Round, SchemeVersion
from manyi.web.demo import voices
from manyi.web.demo.benchmarks import look_around
from manyi.web.demo.casework import Desk
from manyi.web.demo.cast import WORKSHOPS, Cast
from manyi.web.demo.letters import plan_last_days
from manyi.web.demo.management import Management
from manyi.web.demo.studies import ask_staff, study
from manyi.web.demo.supervision import plan_supervision
from manyi.web.demo.timeline import Timeline

ROUNDS = 5
FIRST_ROUND = timedelta(days=20)
BETWEEN_ROUNDS = timedelta(days=84)
ROUND_LENGTH = timedelta(days=21)
SAMPLE = 150
FILTER_COMPLAINTS = 9
RETURN_RATE = 0.86
QUARTERS = ("第一轮", "第二轮", "第三轮", "第四轮", "第五轮")


class Year:
    """Plans the rounds and complaints; what follows from them is planned when it happens."""

    def __init__(self, cast: Cast, timeline: Timeline, rng: random.Random) -> None:
        self.cast, self.timeline, self.rng = cast, timeline, rng
        self.desk = Desk(cast, timeline, rng)
        self.management = Management(cast, timeline)
        self.li = cast.staff["limin"]

    def open_house(self) -> None:
        """Install the regulation and plan the year."""
        install_defaults()
        read = pack.read(pack.shipped_text("dealership-service"))
        made = regulation.install(actor=self.li, unit=self.cast.root, pack=read)
        parts = made.programmes[0]
        for number in range(ROUNDS):
            at = self.timeline.start + FIRST_ROUND + number * BETWEEN_ROUNDS
            self.timeline.plan(at, partial(self._open_round, number, parts))
        days = (self.timeline.end - self.timeline.start).days
        for day in (*range(3, days - 10, 9), *range(days - 10, days)):
            at = self.timeline.start + timedelta(days=day, hours=self.rng.uniform(1, 9))
            self.timeline.plan(at, self._complaint)
        self.timeline.plan(self.timeline.end - timedelta(hours=20), self._training)
        for number in range(FILTER_COMPLAINTS):
            at = self.timeline.end - timedelta(days=24 - 2.5 * number, hours=number % 5)
            self.timeline.plan(at, partial(self._filter_smell, number))
        self.timeline.plan(self.timeline.end - timedelta(days=6), partial(look_around, self.li, parts[0]))
        self.timeline.plan(self.timeline.end - timedelta(days=120), partial(study, self.cast))
        self.timeline.plan(self.timeline.end - timedelta(days=40), partial(ask_staff, self.cast, parts))
        plan_last_days(self.cast, self.timeline)
        plan_supervision(self.cast, self.timeline)
        for day in range(days):
            self.timeline.plan(self.timeline.start + timedelta(days=day, hours=1), self._day)

    def _day(self) -> None:
        """An ordinary day: two or three customers come to a workshop, and the desk looks for new cases."""
        for customer in self.rng.sample(self.cast.customers, self.rng.randrange(2, 4)):
            customers.add_transaction(
                actor=None,
                customer=customer,
                unit=customer.unit,
                kind="service",
                on=clock.today("Asia/Shanghai"),
            )
        self.desk.look()
        self.management.look()

    def _open_round(self, number: int, parts: tuple[Programme, QuestionnaireVersion, SchemeVersion]) -> None:
        programme, questionnaire, scheme = parts
        now = clock.now()
        row = surveys.create_round(
            actor=self.li,
            programme=programme,
            questionnaire=questionnaire,
            scheme=scheme,
            title=f"售后满意度{QUARTERS[number]}({now:%Y-%m})",
            title_en=f"After-sales round {number + 1} ({now:%Y-%m})",
            opens_at=now,
            closes_at=now + ROUND_LENGTH,
        )
        since = (now - timedelta(days=400)).date().isoformat()
        surveys.draw_sample(
            actor=self.li,
            round=row,
            method="simple",
            filters={"kind": "service", "from": since, "until": now.date().isoformat()},
            size=SAMPLE,
            seed=f"demo-{number + 1}",
        )
        surveys.advance_round(actor=self.li, round=row, name="open")
        distribution.create_invitations(actor=self.li, round=row, channel="email")
        for code in WORKSHOPS:
            unit = self.cast.units[code]
            distribution.create_open_link(actor=self.li, round=row, unit=unit, label=f"{unit.name}前台")
        self._send()
        self._plan_answers(row, number + 1, now)
        self.timeline.plan(now + timedelta(days=8), partial(self._remind, row))
        self.timeline.plan(now + ROUND_LENGTH, partial(self._close, row, number + 1))

    def _send(self) -> None:
        while distribution.deliver_queued():
            pass

    def _plan_answers(self, row: Round, number: int, opened: datetime) -> None:
        for invitation in Invitation.objects.filter(round=row).select_related("unit").order_by("pk"):
            if self.rng.random() > RETURN_RATE:
                continue
            days = min(self.rng.expovariate(1 / 4.5), 20.4)
            at = opened + timedelta(days=days, hours=self.rng.uniform(1, 6))
            unit = invitation.unit.code
            self.timeline.plan(at, partial(self._answer, invitation, unit, number))

    def _answer(self, invitation: Invitation, unit: str, number: int) -> None:
        invitation.refresh_from_db()
        draft = responses.begin(invitation=invitation, language="zh-hans")
        hurried = self.rng.random() < 0.02
        for section, answers in voices.answers(self.rng, unit, number).items():
            seconds = 1 if hurried else int(self.rng.uniform(8, 60))
            responses.save_section(response=draft, section=section, answers=answers, seconds=seconds)
        responses.submit(response=draft)

    def _remind(self, row: Round) -> None:
        distribution.remind(actor=self.li, round=row)
        self._send()

    def _close(self, row: Round, number: int) -> None:
        row.refresh_from_db()
        surveys.advance_round(actor=self.li, round=row, name="close")
        self.management.after_round(row, number)

    def _training(self) -> None:
        """One of the handlers is away for some days."""
        who, today = self.cast.staff["songjia"], clock.today("Asia/Shanghai")
        until = today + timedelta(days=4)
        note_absence(actor=who, person=who, from_on=today, until_on=until, note="厂家培训")

    def _filter_smell(self, number: int) -> None:
        """Something new: a batch of cabin filters smells, most of them fitted at East City."""
        subject, body = voices.FILTER_SMELL[number % len(voices.FILTER_SMELL)]
        customer = self.cast.customers[17 * number + 5]
        cases.register(
            actor=self.cast.staff["wangqiang"],
            unit=self.cast.units[WORKSHOPS[number % 4 == 3]],
            kind="complaint",
            channel="phone",
            subject=subject,
            body=body,
            contact_name=customer.name,
            contact_phone="19900000000",
            customer=customer,
            category=Category.objects.get(code="product.fault"),
            severity="normal",
            language="zh-hans",
        )
        self.desk.look()

    def _complaint(self) -> None:
        kind, subject, body, category, severity = self.rng.choice(voices.COMPLAINTS)
        unit: Unit = self.cast.units[self.rng.choice(WORKSHOPS)]
        customer = self.rng.choice(self.cast.customers)
        by_phone = self.rng.random() < 0.5
        cases.register(
            actor=self.cast.staff["wangqiang"] if by_phone else None,
            unit=unit,
            kind=kind,
            channel="phone" if by_phone else "form",
            subject=subject,
            body=body,
            contact_name=customer.name,
            contact_phone="19900000000",
            customer=customer if by_phone else None,
            category=Category.objects.filter(code=category).first(),
            severity=severity,
            language="zh-hans",
        )
        self.desk.look()


PROGRESS = Label("演示:一年的工作", "Demo: a year of work")
