"""Six steps from an empty organisation to its first report, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.customers.models import Customer
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Person, RoleGrant
from manyi.reports.models import Report
from manyi.surveys.models import Programme, Round


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, where, and whether it is done."""

    label: Label
    path: str
    done: bool


def steps(person: Person) -> list[Step]:
    """The checklist as this person may see it."""
    rounds = access.visible(person, Round.objects.all())
    return [
        Step(
            Label("建立部门并给同事授权", "Set up units and give colleagues their roles"),
            "/settings/",
            RoleGrant.objects.values("person").distinct().count() > 1,
        ),
        Step(
            Label("导入客户名单", "Bring in your customers"),
            "/customers/import/",
            access.visible(person, Customer.objects.all()).exists(),
        ),
        Step(
            Label("安装制度包或自己设计问卷", "Install a regulation pack or design a questionnaire"),
            "/start/packs/",
            access.visible(person, Programme.objects.all()).exists(),
        ),
        Step(
            Label("建立轮次、抽样并邀请", "Plan a round, draw the sample, invite"),
            "/surveys/",
            rounds.filter(invitations__isnull=False).exists(),
        ),
        Step(
            Label("结束轮次,查看结果", "Close the round and look at the figures"),
            "/insight/",
            rounds.filter(state="closed").exists(),
        ),
        Step(
            Label("发布第一份报告", "Publish the first report"),
            "/reports/",
            access.visible(person, Report.objects.filter(state="published")).exists(),
        ),
    ]
