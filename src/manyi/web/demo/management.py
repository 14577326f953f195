"""What the demo's managers do with results: findings followed to their verdict, and the reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from manyi.improvement import actions
from manyi.improvement.models import CorrectiveAction, Finding
from manyi.organisation import clock
from manyi.organisation.models import Person
from manyi.reports import actions as reports
from manyi.surveys.models import Round
from manyi.web.demo.cast import Cast
from manyi.web.demo.timeline import Timeline
from manyi.web.demo.voices import EXPRESS_LANE_FROM_ROUND


@dataclass(frozen=True, slots=True)
class Story:
    """What was found out about a finding, and what was done about it."""

    cause: str
    whys: tuple[str, ...]
    proof: str
    measures: tuple[str, ...]
    containment: str = ""
    fishbone: str = "method"


STORIES = {
    "service.waiting": Story(
        "高峰时段只有一名接车员,预约与现场客户混排。",
        ("为什么等待?接车排队", "为什么排队?预约车与散客同一通道", "为什么同一通道?没有快保通道和分流规则"),
        "连续两周记录:9–11 点平均排队 43 分钟,其中预约客户占 62%。",
        ("开设快保通道,预约客户直接进工位。", "高峰时段增加一名接车员,排班表按预约量调整。"),
        "高峰时段由服务经理到前台协助接车。",
    ),
    "service.price": Story(
        "结算单项目名称客户看不懂,增项没有事先确认。",
        ("为什么觉得不透明?增项在结账时才看到", "为什么没事先确认?没有增项确认单"),
        "抽查 60 份工单,21 份有增项,仅 4 份有客户签字。",
        ("打印新的价目表并张贴在接待区。",),
    ),
}
SECOND_TRY = Story(
    "增项没有强制确认环节,系统允许直接开工。",
    (),
    "系统日志:增项开工前有客户确认的只有 19%。",
    ("在工单系统中把增项客户确认设为开工前必填。",),
)
#: What stood behind complaints that repeat, by category; behind the others the last one.
REPEATS = {
    "service.price": Story(
        "增项没有事先确认,结算时才告诉客户。",
        ("为什么不满?结账多出两项", "为什么没说?增项只写在工单背面"),
        "抽查 40 份有增项的工单,确认签字的只有 9 份。",
        ("增项须由客户在手机上确认后才开工。",),
    ),
    "service.waiting": Story(
        "高峰时段接车员不足。",
        ("为什么等?前台只有一人接车",),
        "排班表:周六上午预约 31 辆,接车员 1 人。",
        ("周六上午增排一名接车员。",),
        fishbone="people",
    ),
    "product.fault": Story(
        "一批空调滤芯在仓库受潮。",
        ("为什么有异味?新换的滤芯有霉味", "为什么发霉?配件库雨季受潮"),
        "拆检同批滤芯 6 个,5 个有霉味。",
        ("召回该批滤芯,免费更换。", "配件库加装除湿机,每天记录湿度。"),
        fishbone="material",
    ),
    "parts.stock": Story(
        "安全库存沿用上年销量,没有随新车型调整。",
        ("为什么没货?低于安全库存才订货", "为什么不够?安全库存一年没有更新"),
        "缺货的 14 种配件中 12 种是今年新车型用件。",
        ("每季度按在保车辆数重算安全库存。",),
        fishbone="material",
    ),
}
REPEATED = Story(
    "同类问题集中在周末,临时工位没有终检。",
    ("为什么重复?返修未终检", "为什么没有终检?周末终检员轮休"),
    "近 90 天同类投诉的工单有七成在周末完工。",
    ("周末安排终检员值班,返修车辆必须终检签字。",),
)
#: What stood behind them at one of the stores.
REPEATED_AT = {
    "HX-W": Story(
        "新技师没有学过异响诊断,只换件不找原因。",
        ("为什么修两次?换件后异响还在", "为什么没找到?诊断流程没走完"),
        "返修工单的经手技师,入职都不满一年。",
        ("新技师先完成异响诊断培训并带教三个月。",),
        fishbone="people",
    ),
    "HX-S": Story(
        "一批刹车片硬度偏高。",
        ("为什么还响?新片也响",),
        "同批次 24 副中 9 副返修,其他批次没有。",
        ("停用该批次并向厂家索赔。",),
        fishbone="material",
    ),
}


def _behind(finding: Finding) -> Story:
    """What is found out about complaints that repeat."""
    code = finding.category.code if finding.category else ""
    return REPEATS.get(code) or REPEATED_AT.get(finding.unit.code[:4], REPEATED)


class Management:
    """Plans the follow-up of each closed round and of complaints that repeat."""

    def __init__(self, cast: Cast, timeline: Timeline) -> None:
        self.timeline = timeline
        staff = cast.staff
        self.li, self.zhao, self.zheng = staff["limin"], staff["zhaojing"], staff["zhengkai"]
        self.owners: tuple[Person, ...] = (staff["zhengkai"], staff["wangqiang"])
        self.rounds: dict[int, Round] = {}
        self.followed: dict[str, int] = {}
        self.repeated: set[int] = set()

    def after_round(self, row: Round, number: int) -> None:
        """Look at the findings and write the report in the days after a round's end."""
        self.rounds[number] = row
        self._later(1.1, partial(self._take_up, row))
        self._later(3.2, partial(self._report, row, last=number == 4))
        if number == EXPRESS_LANE_FROM_ROUND:
            self._later(4.3, self._judge)

    def look(self) -> None:
        """Take up what the software noticed by itself: complaints of one kind that repeat."""
        for finding in Finding.objects.filter(source="repeated_cases", state="detected"):
            if finding.pk not in self.repeated:
                self.repeated.add(finding.pk)
                self._later(4, partial(self._confirm, finding.pk, _behind(finding)))

    def _later(self, days: float, act: Callable[[], object]) -> None:
        self.timeline.plan(clock.now() + timedelta(days=days), act)

    def _take_up(self, row: Round) -> None:
        for finding in Finding.objects.filter(round=row, state="detected", source="item_below_target"):
            item = finding.metric.get("item", "")
            if item in STORIES and item not in self.followed:
                self.followed[item] = finding.pk
                self._confirm(finding.pk, STORIES[item])
            else:
                why = "同一环节的改进项正在办理。" if item in self.followed else "总分由各环节的改进项承担。"
                actions.advance(finding=finding, name="dismiss", actor=self.li, facts={"reason": why})

    def _step(self, pk: int, name: str, actor: Person, **facts: object) -> Finding:
        finding = Finding.objects.get(pk=pk)
        return actions.advance(finding=finding, name=name, actor=actor, facts=facts)

    def _confirm(self, pk: int, story: Story) -> None:
        self._step(pk, "confirm", self.li, owner=self.owners[0].pk)
        self._later(3, partial(self._analyse, pk, story))

    def _analyse(self, pk: int, story: Story) -> None:
        if story.containment:
            self._step(pk, "contain", self.li, containment=story.containment)
        self._step(pk, "analyse", self.li)
        self._plan(pk, story, days=70)

    def _plan(self, pk: int, story: Story, days: int) -> None:
        finding = Finding.objects.get(pk=pk)
        cause = actions.add_cause(
            actor=self.li,
            finding=finding,
            text=story.cause,
            fishbone=story.fishbone,
            whys=story.whys,
            proof=story.proof,
        )
        self._step(pk, "plan", self.li)
        due = (clock.now() + timedelta(days=days)).date()
        for number, measure in enumerate(story.measures):
            owner = self.owners[number % len(self.owners)]
            actions.plan_action(actor=self.li, cause=cause, text=measure, owner=owner, due_on=due)
        self._later(4, partial(self._approve, pk))

    def _approve(self, pk: int) -> None:
        self._step(pk, "approve", self.zhao)
        self._step(pk, "implement", self.zheng)
        for number, action in enumerate(CorrectiveAction.objects.filter(cause__finding=pk, done_at=None)):
            self._later(40 + 9 * number, partial(self._complete, action))
        self._later(70, partial(self._step, pk, "verify", self.zheng))

    def _complete(self, action: CorrectiveAction) -> None:
        evidence = "已实施,现场照片和排班表存档。"
        actions.complete_action(actor=action.owner, action=action, evidence=evidence)

    def _judge(self) -> None:
        """Compare the first round with the one after the actions: waiting got better, prices did not."""
        before, after = self.rounds[1], self.rounds[EXPRESS_LANE_FROM_ROUND]
        for pk in self.followed.values():
            finding = Finding.objects.get(pk=pk)
            check = actions.check_effect(
                actor=self.zhao, finding=finding, before_round=before, after_round=after
            )
            if check.verdict == "effective":
                self._step(pk, "close", self.zhao, systemic="写入《预约与接车作业规范》,每季度培训一次。")
            elif check.verdict == "not_effective":
                self._step(pk, "again", self.zhao, reason="张贴价目表没有改变增项事后告知的做法。")
                self._later(110, partial(self._plan, pk, SECOND_TRY, days=53))

    def _report(self, row: Round, *, last: bool) -> None:
        report = reports.create_report(actor=self.li, round=row, title=f"{row.title}报告")
        if last:  # the newest one still waits for its approval
            at = self.timeline.end - timedelta(days=1)
            self.timeline.plan(at, partial(reports.advance, report=report, name="submit", actor=self.li))
            return
        self._later(1, partial(reports.advance, report=report, name="submit", actor=self.li))
        self._later(2, partial(reports.advance, report=report, name="approve", actor=self.zhao))
        self._later(3, partial(reports.advance, report=report, name="publish", actor=self.zheng))
