"""The only writers of checklists: every change is a new version; and the ready one to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from manyi.cases.models import Checklist
from manyi.cases.supervision.rules import Criterion, checklist_problems
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid
from manyi.organisation.models import Person

CHECKLIST_SAVED = events.kind("checklist.saved", "保存评查标准", "Checklist saved")
CHECKLIST_SWITCHED = events.kind("checklist.switched", "启用或停用评查标准", "Checklist put in or out of use")

READY_CODE = "handling"
READY = (
    Criterion(
        "told",
        "受理告知及时、用语规范,并说明下一步和时限",
        "Receipt was told in time and in plain words, with what comes next",
    ),
    Criterion("contact", "首次联系及时,联系内容有记录", "First contact was in time and is on record"),
    Criterion("facts", "事实查清,证据附齐", "Facts are established and the evidence is there", 2, must=True),
    Criterion("demands", "逐条回应顾客诉求", "Each demand of the customer is answered", 2, must=True),
    Criterion("cause", "原因写明,不停留在“已处理”", "The cause is named, not only that it was dealt with"),
    Criterion("remedy", "处理方案与事实、责任相称", "The remedy fits the facts and the responsibility"),
    Criterion("answer", "答复有依据,写明复核途径", "The answer gives reasons and the right of review"),
    Criterion(
        "call", "回访真实,结果和顾客原话有记录", "The call-back took place; its result is on record", 2, True
    ),
    Criterion(
        "privacy", "个人信息只在必要处出现", "Personal data stand only where they are needed", must=True
    ),
)


def save_checklist(
    *, actor: Person | None, code: str, name: str, name_en: str = "", criteria: Sequence[Criterion]
) -> Checklist:
    """Save a checklist as its next version; samples that were drawn keep the version that they have.

    Raises Invalid with the row of each criterion that is wrong.
    """
    access.require(actor, "settings.manage")
    problems = checklist_problems(criteria)
    if not 1 <= len(name.strip()) <= 80:
        problems.insert(0, ("name", Label("请填写名称(最多 80 字)。", "Give a name (at most 80 signs).")))
    if not code or not code.isidentifier() or len(code) > 60:
        problems.insert(0, ("code", Label("编号用字母和数字。", "The code is made of letters and digits.")))
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        earlier = list(Checklist.objects.select_for_update().filter(code=code))
        number = max((row.number for row in earlier), default=0) + 1
        Checklist.objects.filter(code=code, active=True).update(active=False)
        row = Checklist.objects.create(
            code=code,
            number=number,
            name=name.strip(),
            name_en=name_en.strip()[:80],
            criteria=[each.to_json() for each in criteria],
            made_by=actor,
            made_at=clock.now(),
        )
        events.append(CHECKLIST_SAVED, actor=actor, subject=row, after={"code": code, "number": number})
    return row


def switch_checklist(*, actor: Person, checklist: Checklist, active: bool) -> Checklist:
    """Let new samples use a checklist, or no longer; old ones keep it."""
    access.require(actor, "settings.manage")
    with transaction.atomic():
        checklist.active = active
        checklist.save(update_fields=["active"])
        events.append(CHECKLIST_SWITCHED, actor=actor, subject=checklist, after={"active": active})
    return checklist


def offered() -> list[Checklist]:
    """The checklists that a new sample may use; the ready one is there from the beginning."""
    if not Checklist.objects.exists():
        name = Label("诉求办理评查标准", "How a case was handled")
        save_checklist(actor=None, code=READY_CODE, name=name.zh, name_en=name.en, criteria=READY)
    return list(Checklist.objects.filter(active=True))


def newest() -> list[Checklist]:
    """The newest version of every checklist, in use or not."""
    found: dict[str, Checklist] = {}
    for row in Checklist.objects.order_by("code", "number"):
        found[row.code] = row
    return list(found.values())
