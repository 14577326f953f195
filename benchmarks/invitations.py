"""Making and sending invitations, beside Python's own EmailMessage and send_message in the same run.

    python -m benchmarks.invitations [--invitations 100000] [--mails 2000]

The first part makes personal invitations with their messages for customers who were drawn. The second sends
the same letters over one connection to a mail server on loopback, which runs in a process of its own, so that
only the sender's CPU counts.
"""

from __future__ import annotations

import argparse
import multiprocessing
import smtplib
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate
from multiprocessing.connection import Connection
from typing import Any

from benchmarks._home import throwaway
from tests.smtp_sink import smtp_sink

BATCH = 5000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--invitations", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=2_000)
    options = parser.parse_args()
    with throwaway():
        row = drawn_round(options.invitations)
        print(f"{options.invitations:,} invitations made in {invited(row):.1f} s (aim 60)", flush=True)
        ours, queued, bare = sending(options.mails)
        print(f"build + send, CPU ms a mail: ours {ours:.3f}, EmailMessage + send_message {bare:.3f}")
        print(f"that is {ours / bare:.2f} of it (aim 0.33)")
        print(f"with the queue's own claim and note of each message: {queued:.3f}")


def drawn_round(count: int) -> Any:
    """An open round with so many drawn customers, each with an e-mail address."""
    from manyi.customers.models import ContactPoint, Customer
    from manyi.organisation import actions as organisation
    from manyi.organisation import clock
    from manyi.surveys.models import Draw, Programme, Questionnaire, QuestionnaireVersion, Round, SampleMember

    now = clock.now()
    unit = organisation.create_unit(actor=None, code="B", name="测速", kind="group", parent=None)
    sheet = Questionnaire.objects.create(code="b", title="测速", unit=unit, created_at=now)
    version = QuestionnaireVersion.objects.create(
        questionnaire=sheet, number=1, definition={}, updated_at=now, published_at=now
    )
    programme = Programme.objects.create(code="b", title="测速", unit=unit, created_at=now)
    row = Round.objects.create(
        programme=programme, number=1, title="售后服务满意度", unit=unit, questionnaire=version, state="open",
        opens_at=now, closes_at=now + timedelta(days=1), created_at=now,
    )  # fmt: skip
    draw = Draw.objects.create(
        round=row, method="census", frame_size=count, frame_hash="", size=count, at=now
    )
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        people = Customer.objects.bulk_create(
            Customer(
                code=str(n), unit=unit, name=f"客户{n}", pseudonym=f"C-{n}", created_at=now, updated_at=now
            )
            for n in numbers
        )
        ContactPoint.objects.bulk_create(
            ContactPoint(customer=person, kind="email", value=address, normalised=address)
            for person in people
            for address in [f"customer{person.code}.x@example.com"]
        )
        SampleMember.objects.bulk_create(
            SampleMember(draw=draw, round=row, customer=person, unit=unit) for person in people
        )
    return row


def invited(row: Any) -> float:
    """Seconds of making all invitations and their messages."""
    from manyi.distribution.actions import create_invitations

    started = time.perf_counter()
    made = create_invitations(actor=None, round=row, channel="email")
    assert made.made == row.members.count(), made
    return time.perf_counter() - started


def sending(count: int) -> tuple[float, float, float]:
    """CPU milliseconds a mail: our channel, our queue with it, and the standard library."""
    from django.conf import settings

    from manyi.distribution.actions import deliver_queued
    from manyi.distribution.channels import CHANNELS, Outgoing
    from manyi.distribution.models import Message

    rows = list(Message.objects.filter(state="queued").order_by("pk")[:count])
    Message.objects.filter(state="queued", pk__gt=rows[-1].pk).update(state="cancelled")
    letters = [Outgoing(r.key, r.recipient, r.subject, r.body, r.headers) for r in rows]
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", here.recv()

    def by_channel() -> None:
        with CHANNELS.get("email").session() as send:
            for letter in letters:
                send(letter)

    def by_library() -> None:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as connection:
            for letter in letters:
                connection.send_message(built(letter, settings.DEFAULT_FROM_EMAIL))

    def by_queue() -> None:
        while Message.objects.filter(state="queued").exists():
            deliver_queued()

    times = [cpu(work) / len(letters) for work in (by_channel, by_queue, by_library)]
    here.send("stop")
    assert here.recv() == 3 * len(letters)
    server.join(5)
    return times[0], times[1], times[2]


def built(letter: Any, sender: str) -> EmailMessage:
    """The same letter by the standard library."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, letter.recipient, letter.subject
    mail["Date"], mail["Message-ID"] = formatdate(), "<0123456789abcdef0123456789abcdef@localhost>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, text in letter.headers.items():
        mail[name] = text
    mail.set_content(letter.body)
    return mail


def serve(pipe: Connection) -> None:
    """The mail server, until it is told to stop; says its port, and at the end how many mails it got."""
    with smtp_sink() as sink:
        pipe.send(sink.port)
        pipe.recv()
        pipe.send(len(sink.mails))


def cpu(work: Callable[[], object]) -> float:
    """CPU milliseconds of this process for some work."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    main()
