"""The register of cases: creating, listing, finding, the figures, recomputing the clocks, taking mail in.

    python -m benchmarks.cases [--cases 100000] [--mails 1000] [--clients 8] [--only create list …]

Runs on SQLite, or where DATABASE_URL names a PostgreSQL database made for it, there. CPU milliseconds
are those of this process; on PostgreSQL the server works beside it, so the wall time is printed too.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

from benchmarks._home import throwaway

PLACES = ("空调", "变速箱", "轮胎", "刹车", "喷漆", "保养", "交车", "贷款", "保险", "导航", "座椅", "天窗")
FAULTS = ("修了两次还是不好", "等了三个小时", "收费与报价不一致", "没有人接电话", "承诺的礼品没有给")
WISHES = ("要求免费修好", "要求退款", "希望尽快联系", "要求道歉", "请说明原因")
STATES = ("registered", "acknowledged", "assigned", "investigating", "waiting", "proposed")
#: A word that stands in one case of five thousand, one in twelve, and one in all of them.
WORDS = {"rare, four signs": "漏油冒烟", "rare, two signs": "冒烟", "rare, one sign": "冒", "often": "变速箱"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--only", nargs="+", default=["create", "list", "steer", "clocks", "mail"])
    options = parser.parse_args()
    with throwaway():
        town = founded()
        if "create" in options.only:
            creating(town, options.clients)
        if "mail" in options.only:
            mailing(town, options.mails)
        if {"list", "steer"} & set(options.only):
            fill(town, "L", options.cases, open_share=0.05)
        if "list" in options.only:
            listing(town)
        if "steer" in options.only:
            steering(town)
        if "clocks" in options.only:
            fill(town, "B", options.cases, open_share=1)
            recomputing(town)


def founded() -> dict[str, Any]:
    """A group of four stores with a calendar, one person who sees everything, and the usual deadlines."""
    from manyi.cases.policy_actions import install_defaults
    from manyi.organisation import actions, calendar_actions
    from manyi.organisation.roles import Role

    def unit(code: str, parent: Any) -> Any:
        kind = "dealership" if parent else "group"
        return actions.create_unit(actor=None, code=code, name=f"测速{code}", kind=kind, parent=parent)

    group = unit("G", None)
    stores = [unit(f"S{number}", group) for number in range(4)]
    calendar = calendar_actions.create_calendar(actor=None, unit=group, name="工作日历")
    for year in (2025, 2026):
        calendar_actions.load_china_year(actor=None, calendar=calendar, year=year)
    person = actions.create_person(
        actor=None, unit=group, username="bench", display_name="测速", password="long-enough-to-pass-7"
    )
    actions.grant_role(actor=None, person=person, role=Role.QUALITY_DIRECTOR, unit=group)
    return {"group": group, "stores": stores, "person": person, "policy": install_defaults()}


def words(dice: random.Random) -> str:
    """What somebody complains of, some eighty signs long."""
    said = [f"{dice.choice(PLACES)}{dice.choice(FAULTS)},{dice.choice(WISHES)}。" for _ in range(4)]
    if dice.random() < 1 / 5000:
        said.insert(1, "发动机漏油冒烟。")
    return "".join(said)


def creating(town: dict[str, Any], clients: int) -> None:
    """One case after the other, then the same from several clients at once."""
    from django.db import DatabaseError, connection

    from manyi.cases.actions import register

    def one(store: Any, text: str) -> None:
        register(
            actor=None, unit=store, kind="complaint", channel="form", subject="", body=text,
            contact_name="王女士", contact_phone="13800000000",
        )  # fmt: skip

    dice = random.Random(1)
    texts = [words(dice) for _ in range(300)]
    for text in texts[:20]:
        one(town["stores"][0], text)
    took = [spent(partial(one, town["stores"][0], text)) for text in texts]
    print(f"create: {statistics.median(took):.2f} CPU ms a case on {connection.vendor} (aim 7)", flush=True)
    errors: list[str] = []

    def client(number: int) -> None:
        try:
            for text in texts[:40]:
                one(town["stores"][number % 4], text)
        except DatabaseError as error:
            errors.append(repr(error))
        finally:
            connection.close()

    crowd = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    rate = clients * 40 / (time.perf_counter() - begun)
    print(f"create by {clients} clients at once: {rate:.0f} cases/s, {len(errors)} errors {errors[:1]}")


def spent(work: Callable[[], object]) -> float:
    """CPU milliseconds."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def fill(town: dict[str, Any], letter: str, count: int, open_share: float) -> None:
    """So many cases, a share of them open, written in bulk with their first message left out."""
    from manyi.cases import word_index
    from manyi.cases.models import Case
    from manyi.organisation import clock

    dice, now, begun = random.Random(2), clock.now(), time.perf_counter()
    for start in range(0, count, 5000):
        batch = []
        for number in range(start, min(start + 5000, count)):
            text, at = words(dice), now - timedelta(minutes=(count - number) % 14_400)
            running = dice.random() < open_share
            batch.append(
                Case(
                    number=f"{letter}-{number:06d}",
                    tracking_code="22222222",
                    channel="phone",
                    subject=text[:40],
                    demand=text,
                    unit=dice.choice(town["stores"]),
                    policy=town["policy"],
                    received_at=at,
                    registered_at=at,
                    cycle_from=at,
                    state=dice.choice(STATES) if running else "closed",
                    closed_at=None if running else at,
                    contact_name="王女士",
                    due_at=at + timedelta(days=dice.randrange(1, 12)) if running else None,
                    due_clock="resolve" if running else "",
                    owner=town["person"] if dice.random() < 0.001 else None,
                    escalation=int(dice.random() < 0.01),
                    returned=int(dice.random() < 0.01),
                )
            )
        Case.objects.bulk_create(batch)
        word_index.enter(batch)
    print(
        f"{count:,} cases, {open_share:.0%} of them open, made in {time.perf_counter() - begun:.0f} s",
        flush=True,
    )


def listing(town: dict[str, Any]) -> None:
    """The page of cases as a browser asks for it, and the rows of its first page alone."""
    from django.test import Client, RequestFactory

    from manyi.cases import queries
    from manyi.organisation import access
    from manyi.web.desk import case_lists
    from manyi.web.settings.pages import open_page_of

    client = Client()
    client.force_login(town["person"], backend="django.contrib.auth.backends.ModelBackend")
    store = town["stores"][0].pk
    asked = {
        "all": {"tab": "all"}, "overdue": {"tab": "overdue"}, "mine": {"tab": "mine"},
        "my department": {"tab": "department"}, "returned": {"tab": "returned"},
        "one store, waiting": {"tab": "all", "unit": store, "state": "waiting"},
        **{f"find, {name}": {"tab": "all", "q": word} for name, word in WORDS.items()},
        "find in one store": {"tab": "all", "q": "冒烟", "unit": store},
        "find nothing": {"tab": "all", "q": "没有这样的话"},
    }  # fmt: skip
    for name, given in asked.items():

        def rows(given: dict[str, Any] = given) -> list[Any]:
            request: Any = RequestFactory().get("/cases/", given)
            request.user = town["person"]
            access.forget(request.user)
            found = case_lists.rows_for(request, case_lists.shown_by(request))
            return list(open_page_of(request, queries.listed(found)))

        found = len(rows())
        alone = statistics.median(spent(rows) for _ in range(7))
        begun = time.perf_counter()
        rows()
        wall = (time.perf_counter() - begun) * 1000
        page = statistics.median(spent(partial(client.get, "/cases/", given)) for _ in range(7))
        print(
            f"{name}: {alone:.1f} CPU ms ({wall:.1f} ms wall) for {found} rows, {page:.1f} the whole page",
            flush=True,
        )


def steering(town: dict[str, Any]) -> None:
    """The pages of figures with every case in their period, and the board."""
    from django.db.models import F
    from django.test import Client

    from manyi.cases.models import Case, Category

    kinds = list(Category.objects.exclude(parent=None))
    for rest, category in enumerate(kinds):
        chosen = Case.objects.annotate(rest=F("pk") % len(kinds)).filter(rest=rest)
        chosen.update(category=category)
    client = Client()
    client.force_login(town["person"], backend="django.contrib.auth.backends.ModelBackend")
    pages = {
        "figures": "", "pareto by category": "pareto/", "pareto by cause": "pareto/?by=cause", "map": "heat/",
        "rising topics": "topics/?weeks=1&before=4", "workload": "workload/", "wall board": "../board/",
    }  # fmt: skip
    for name, address in pages.items():
        begun = time.perf_counter()
        worked = spent(partial(client.get, f"/cases/figures/{address}".replace("figures/../", "")))
        print(
            f"{name}: {worked:,.0f} CPU ms, {(time.perf_counter() - begun) * 1000:,.0f} ms wall", flush=True
        )


def recomputing(town: dict[str, Any]) -> None:
    """The deadlines of every open case anew: once when all of them move, once when none does."""
    from manyi.cases.policy_actions import recompute_clocks

    for what in ("all move", "none moves"):
        begun, worked = time.perf_counter(), time.process_time()
        recompute_clocks(actor=None, unit=town["group"])
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        print(f"clocks, {what}: {worked:.1f} CPU s, {took:.1f} s wall (aim 10)", flush=True)


def mailing(town: dict[str, Any], count: int) -> None:
    """Mails of different people, each the beginning of a case."""
    from manyi.cases.mail.intake import take_in

    dice, raw = random.Random(3), []
    for number in range(count):
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Wang <wang{number}@example.org>", "care@example.com"
        mail["Subject"], mail["Message-ID"] = f"投诉 {number}", f"<{number}@example.org>"
        mail.set_content(words(dice))
        raw.append(mail.as_bytes())
    begun = time.perf_counter()
    states = [take_in(each, unit=town["stores"][0]).state for each in raw]
    took = time.perf_counter() - begun
    print(f"mail: {count:,} taken in in {took:.1f} s (aim 30), {states.count('message'):,} became cases")


if __name__ == "__main__":
    main()
