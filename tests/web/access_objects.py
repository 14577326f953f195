"""One of each thing at 东城店, by the name that the access table gives it: the arguments of its address."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import AutoField, Model

from manyi.analytics.models import Benchmark, SavedAnalysis
from manyi.cases import box_actions
from manyi.cases.actions import register
from manyi.cases.group_actions import make_group
from manyi.cases.mail import intake
from manyi.cases.models import (
    AnswerTemplate,
    Assessment,
    Case,
    Category,
    Demand,
    Extension,
    ExternalCase,
    MailBox,
    PostFile,
    ReceivedPost,
    SideTask,
    SupervisionSample,
)
from manyi.cases.posts import intake as posts
from manyi.cases.posts.sources import make_source
from manyi.cases.routing_actions import RuleFacts, note_absence, save_rule
from manyi.cases.saved_actions import keep_list
from manyi.cases.supervision import checklist_actions
from manyi.cases.supervision.rules import Frame
from manyi.customers import imports
from manyi.distribution import actions as distribution
from manyi.distribution.models import Call, CallTask, Message, ReturnedMail
from manyi.improvement.actions import detect
from manyi.improvement.models import Cause, CorrectiveAction
from manyi.organisation import attachments, clock
from manyi.organisation.models import Job, Person, Unit
from manyi.organisation.roles import Role
from manyi.regulation import pack
from manyi.regulation.models import InstalledPack
from manyi.reports import actions as reports
from manyi.responses import actions as responses
from manyi.responses.models import Doubt, FollowUp, Push, Quota, Response, ResponseImport, WeightSet
from manyi.responses.paper_actions import print_run
from manyi.responses.push_actions import connect
from manyi.surveys import actions as surveys
from manyi.surveys import pretest_actions
from manyi.surveys.models import Round
from tests import personas
from tests.survey_world import GOOD_ANSWERS, World

Objects = dict[str, dict[str, Any]]
#: In plain letters, because JSON writes others as codes.
SECRET = "for-the-east-only"


def spread_ids() -> None:
    """Let the ids of every table begin elsewhere: an address built with another thing's id must not open."""
    with connection.cursor() as cursor:
        for place, model in enumerate(apps.get_models(), start=1):
            if not isinstance(model._meta.pk, AutoField):
                continue
            table, first = model._meta.db_table, place * 1000
            if connection.vendor == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [f'"{table}"', first])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first])


#: Of which things there is a file, how it begins, and its type.
FILES = (
    ("response", b"%PDF-1.7", "application/pdf"),
    ("case", b"\xff\xd8\xff", "image/jpeg"),
    ("paper_run", b"\x89PNG\r\n\x1a\n", "image/png"),
    ("paper_sheet", b"\x89PNG\r\n\x1a\n", "image/png"),
)

#: What every installation has, by its name.
BY_NAME: Objects = {
    "channel": {"group": "email"},
    "ready": {"code": "nps_reason"},
    "explored": {"form": "csv"},
}


def all_of(world: World) -> Objects:
    """Arguments of the addresses, and under ``form`` what a posted form names."""
    rows = organisation(world) | survey(world) | casework(world) | fieldwork(world)
    found: Objects = {name: {"pk": row.pk} for name, row in rows.items()}
    report, comment = found["report"]["pk"], found.pop("comment")["pk"]
    files = {
        thing: attachments.keep(
            begins, name=SECRET, content_type=kind, subject=rows[thing], unit=world.shop, actor=None
        ).sha256
        for thing, begins, kind in FILES
    }
    sheet = rows["paper_sheet"]
    named = {
        "paper_copy": {"serial": str(sheet)},
        "paper_scan": {"serial": str(sheet), "sha256": files["paper_sheet"]},
        "paper_batch": {"pk": rows["paper_run"].pk, "sha256": files["paper_run"]},
        "post_file": {"pk": rows["case"].pk, "file": _post_file(rows["case"], rows["received_post"])},
        "letter": {"pk": rows["case"].pk, "letter": _letter(world, rows["case"])},
        "case_photo": {"pk": rows["case"].pk, "sha256": files["case"]},
        "response_file": {"pk": rows["response"].pk, "sha256": files["response"]},
        "version_format": {"pk": world.questionnaire.pk, "codec": "surveyjs"},
        "round_csv": {"pk": world.round.pk, "ending": "csv"},
        "form": {"unit": world.shop.pk},
        "of_programme": {"programme": rows["programme"].pk},
        "pack": {"code": pack.shipped()[0]},
        "option_pictures": {"pk": rows["version"].pk, "at": "channels"},
        "condition": {"pk": rows["version"].pk, "path": "why.visible_if"},
        "round_export": {"pk": world.round.pk, "form": "csv"},
        "call_question": {"pk": rows["call"].pk, "question": "satisfied"},
        "report_file": {"pk": report, "form": "docx"},
        "comment": {"pk": report, "comment_pk": comment},
    }
    return found | BY_NAME | named


def organisation(world: World) -> dict[str, Model]:
    """Units, staff, calendar, customers."""
    li, east = world.manager, world.shop
    now = clock.now()
    file = imports.upload(actor=li, unit=east, name=f"{SECRET}.csv", content=b"code\nK1\n")
    return {
        "unit": world.house.tree.east_service,
        "person": world.house.wang,
        "calendar": personas.china_calendar(east, 2026),
        "job": Job.objects.create(kind="x", unit=east, created_by=li, created_at=now),
        "customer": personas.customer(east, SECRET, SECRET),
        "customer_import": file,
        "saved": _saved(world),
        "benchmark": _benchmark(world),
    }


def _mailed(message: Message) -> dict[str, Model]:
    """A message and a mail that came back for it."""
    returned = ReturnedMail.objects.create(
        sha256="0" * 64, raw=SECRET.encode(), verdict="unclear", message=message, unit=message.unit,
        read_at=message.created_at,
    )  # fmt: skip
    return {"message": message, "returned_mail": returned}


def _post_file(case: Model, post: Model) -> int:
    """A file of a post in a case; it was not fetched."""
    ReceivedPost.objects.filter(pk=post.pk).update(case=case)
    return PostFile.objects.create(
        post_id=post.pk, address=f"https://a.example/{SECRET}", state="failed", not_before=clock.now()
    ).pk


def _letter(world: World, case: Model) -> int:
    """Words to a complainant that did not arrive."""
    return distribution.queue_message(
        key=f"case-{case.pk}-event-1", kind="answer", channel="email", recipient="a@b.cn", subject=SECRET,
        body=SECRET, unit=world.shop,
    ).pk  # fmt: skip


def _saved(world: World) -> SavedAnalysis:
    asked = {"method": "frequencies", "data": {"round": world.round.pk}, "config": {"items": ["unit"]}}
    return SavedAnalysis.objects.create(
        title=SECRET, specification=asked, programme=world.round.programme, unit=world.shop,
        by=world.manager, at=clock.now(),
    )  # fmt: skip


def _benchmark(world: World) -> Benchmark:
    now = clock.now()
    return Benchmark.objects.create(
        programme=world.round.programme, kind="competitor", name=SECRET, metric="csat", value=80,
        since=now.date(), until=now.date(), source=SECRET, by=world.manager, at=now,
    )  # fmt: skip


def survey(world: World) -> dict[str, Model]:
    """A round with a draw, an invitation, answers and a report."""
    li, east, row = world.manager, world.shop, world.round
    now = clock.now()
    link = distribution.create_open_link(actor=li, round=row, unit=east, label=SECRET)
    response = responses.submit(response=responses.begin(open_link=link), answers=GOOD_ANSWERS)
    report = reports.create_report(actor=li, round=row, title=SECRET)
    message = Message.objects.create(
        key=SECRET, channel="email", kind="notice", unit=east, recipient="he@example.com",
        subject=SECRET, body=SECRET, state="failed", created_at=now,
    )  # fmt: skip
    shipped = pack.shipped()[0]
    return {
        **_tried(world),
        "programme": surveys.create_programme(actor=li, unit=east, code="secret", title=SECRET),
        "questionnaire": world.questionnaire.questionnaire,
        "scheme": world.scheme.scheme,
        "round": row,
        "draw": row.draws.get(),
        "quota": Quota.objects.create(
            round=row, code="q", title=SECRET, condition="{satisfied} = 1", limit=9
        ),
        "weights": WeightSet.objects.create(
            round=row, title=SECRET, steps={}, report={"answers": 1}, weights={response.pk: 1.0}, at=now
        ),
        "open_link": link,
        "response": response,
        **_judged(response, now),
        **_pushed(li, row, east),
        **_mailed(message),
        "export": _export(world),
        "answer_import": ResponseImport.objects.create(
            round=row, file_name=SECRET, sha256="", mapping={}, by=li, at=now
        ),
        "report": report,
        "comment": reports.comment(actor=li, report=report, section="", text=SECRET),
        "installed": InstalledPack.objects.create(
            code=shipped, title=SECRET, text=pack.shipped_text(shipped), unit=east, at=now, by=li
        ),
    }


def _tried(world: World) -> dict[str, Model]:
    """A draft version in its pre-test, with a tester's comment."""
    li = world.manager
    draft = surveys.new_version(actor=li, questionnaire=world.questionnaire.questionnaire)
    trial = pretest_actions.open_pre_test(actor=li, version=draft, label=SECRET)
    run = pretest_actions.begin_run(pre_test=trial, language="zh-hans")
    comment = pretest_actions.comment_on(run=run, question="why", text=SECRET)
    return {"trial_comment": comment, "version": draft}


def _pushed(li: Person, row: Round, east: Unit) -> dict[str, Model]:
    """A survey elsewhere that pushes into the round, and one push of it."""
    source = connect(actor=li, round=row, unit=east, platform="wjx", label=SECRET, secret=SECRET)
    push = Push.objects.create(source=source, fingerprint="0", body="{}", state="failed", at=clock.now())
    return {"push_source": source, "push": push}


def _judged(response: Response, now: datetime) -> dict[str, Model]:
    """A doubt about an answer sheet, and a person to be contacted about it."""
    doubt = Doubt(response=response, rule="straight", reason=SECRET, reason_en=SECRET, at=now)
    doubt.save()
    return {"doubt": doubt, "follow_up": FollowUp.objects.create(response=response, at=now)}


def _export(world: World) -> Job:
    """A finished export of answers with its file."""
    made = Job.objects.create(
        kind="responses.export", unit=world.shop, created_by=world.manager, created_at=clock.now()
    )
    attachments.keep(
        SECRET.encode(), name=SECRET, content_type="text/csv", subject=made, unit=world.shop, actor=None
    )
    return made


def fieldwork(world: World) -> dict[str, Model]:
    """A person on the call list, on the screen of 李敏."""
    task = CallTask.objects.create(invitation=world.round.invitations.get(), unit=world.shop)
    call = Call.objects.create(task=task, interviewer=world.manager, began_at=clock.now(), note=SECRET)
    run = print_run(actor=world.manager, round=world.round, unit=world.shop, copies=1)
    return {"call_task": task, "call": call, "paper_run": run, "paper_sheet": run.copies.get()}


def casework(world: World) -> dict[str, Model]:
    """A case, a finding with its cause and its corrective action, and what cases are sorted by."""
    house, east = world.house, world.shop
    now = clock.now()
    case = register(
        actor=house.wang, unit=east, kind="complaint", channel="phone", subject=SECRET, body=SECRET
    )
    finding = detect(actor=house.li, unit=east, source="manual", title=SECRET)
    cause = Cause.objects.create(finding=finding, iteration=1, text=SECRET, by=house.li, at=now)
    due = now.date() + timedelta(days=9)
    mail = intake.take_in(f"From: a@b.cn\nSubject: {SECRET}\nPrecedence: bulk\n\nx".encode(), unit=east)
    mail_box = MailBox.objects.create(unit=east, address="a@b.example", host=SECRET, user="u", password="p")
    source = make_source(actor=None, unit=east, name=SECRET, kind="chat", case_kind="help", sample="generic")
    post = posts.take_in(json.dumps({"words": SECRET}).encode(), source=source)
    around = _around(world, case)
    return {
        **around,
        **_supervision(case),
        "case": case,
        "received_mail": mail,
        "post_source": source,
        "received_post": post,
        "answer_template": AnswerTemplate.objects.create(unit=east, name=SECRET, words=SECRET),
        "mail_box": mail_box,
        "box": box_actions.open_box(actor=house.wang, unit=east, label=SECRET),
        "category": Category.objects.get(code="service.quality"),
        "policy": case.policy,
        "finding": finding,
        "cause": cause,
        "corrective_action": CorrectiveAction.objects.create(
            cause=cause, text=SECRET, owner=house.wang, due_on=due, planned_by=house.li
        ),
    }


def _supervision(case: Case) -> dict[str, Model]:
    """A sample of one case, which somebody of no role handled."""
    list_, now = checklist_actions.offered()[0], clock.now()
    frame = Frame([case.pk], [case.policy_id], [case.unit_id]).packed()
    sample = SupervisionSample.objects.create(
        number="S2026-0001", unit=case.unit, since=now, until=now, method="simple", size=1, seed=SECRET,
        population=1, frame=frame, frame_hash="", sample_hash="", checklist=list_, drawn_at=now,
    )  # fmt: skip
    handler = personas.staff("drawn", "抽中", Role.EMPLOYEE, case.unit)
    row = Assessment.objects.create(sample=sample, case=case, unit=case.unit, handler=handler)
    return {"checklist": list_, "sample": sample, "assessment": row}


def _around(world: World, case: Case) -> dict[str, Model]:
    """The work around a case, and a group of another."""
    house, east, now = world.house, world.shop, clock.now()
    around: dict[str, Model] = {
        "demand": Demand.objects.create(case=case, text=SECRET),
        "side_task": SideTask.objects.create(
            case=case, unit=east, text=SECRET, asked_by=house.wang, asked_at=now, amount=2,
            amount_unit="working_days", due_at=now + timedelta(days=2),
        ),
        "routing_rule": save_rule(actor=None, facts=RuleFacts(SECRET, east, pool_unit=east)),
        "absence": note_absence(
            actor=house.wang, person=house.wang, from_on=now.date(), until_on=now.date(), note=SECRET
        ),
        "extension": Extension.objects.create(
            case=case, amount=2, reason=SECRET, asked_by=house.wang, asked_at=now
        ),
        "external": ExternalCase.objects.create(
            case=case, body="12315", opened_on=now.date(), by=house.wang, at=now, note=SECRET
        ),
    }  # fmt: skip
    lead = register(
        actor=house.wang, unit=east, kind="complaint", channel="phone", subject=SECRET, body=SECRET
    )
    group = make_group(actor=house.wang, lead=lead, cases=[])
    around |= {"group": group, "member": group.members.get()}
    around["kept_list"] = keep_list(actor=house.zhao, name="超期的", filters={"tab": "overdue"})
    return around
