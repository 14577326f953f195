"""How the demo's staff handle a case: the ordinary way, with its delays, set-backs and second tries."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from manyi.cases import actions
from manyi.cases.models import Case, Category
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from manyi.web.demo.cast import Cast
from manyi.web.demo.timeline import Timeline
from manyi.web.demo.voices import FILTER_SMELL

HEADS = {"HX-E": "zhoutao", "HX-W": "wufang", "HX-S": "helei"}
REMEDIES = (("repair", "安排优先返工,由技师长复检。", 0), ("apology", "店长致电道歉并说明原因。", 0))
#: The maker of the filters has not answered yet, and time runs out.
WAITS_FOR_THE_MAKER = FILTER_SMELL[0][0]
#: Whoever has the case.
OWNER = "owner"
HANDLERS = {"HX-S": "songjia"}
REFUND = ("refund", "退还多收的工时费。", 260)


class Desk:
    """Plans the steps of each case onto the timeline when the case appears."""

    def __init__(self, cast: Cast, timeline: Timeline, rng: random.Random) -> None:
        self.cast, self.timeline, self.rng = cast, timeline, rng
        self.known: set[int] = set()
        self.calendar = calendar_for(cast.root)

    def look(self) -> None:
        """Notice cases that appeared since the last look, and begin with them."""
        for case in Case.objects.exclude(pk__in=self.known):
            self.known.add(case.pk)
            self._then(self.rng.uniform(1, 7), partial(self._accept, case.pk))

    def _then(self, hours: float, act: Callable[[], object]) -> None:
        """Let an act happen after some working hours: staff neither work at night nor on holidays."""
        from manyi.measures.worktime import Target, due

        at = due(self.calendar, clock.now(), Target(max(1, round(hours * 60)), "minutes")).at
        if at is not None:
            self.timeline.plan(at, act)

    def _step(self, pk: int, name: str, who: str, **facts: Any) -> Case:
        case = Case.objects.select_related("unit", "owner").get(pk=pk)
        actor = self.cast.staff[who] if who != OWNER else case.owner
        return actions.advance(case=case, name=name, actor=actor, facts=facts)

    def _handler(self, case: Case) -> str:
        return HANDLERS.get(case.unit.code[:4], "wangqiang")

    def _head(self, case: Case) -> str:
        return HEADS.get(case.unit.code[:4], "zhengkai")

    def _accept(self, pk: int) -> None:
        case = self._step(pk, "acknowledge", "wangqiang")
        if case.kind == "praise":
            self._then(2, partial(self._step, pk, "thank", "wangqiang", message="谢谢您的表扬,已转告本人。"))
            return
        self._then(self.rng.uniform(0.5, 4), partial(self._assign, pk))

    def _assign(self, pk: int) -> None:
        case = Case.objects.get(pk=pk)
        category = case.category or Category.objects.get(
            code=self.rng.choice(("service.quality", "service.price"))
        )
        self._step(
            pk,
            "assign",
            "wangqiang",
            owner=self.cast.staff[self._handler(case)].pk,
            category=category.pk,
            severity=case.severity,
        )
        self._then(self.rng.uniform(1, 6), partial(self._investigate, pk))

    def _investigate(self, pk: int) -> None:
        case = self._step(pk, "start", OWNER, note="已电话联系客户,核对了服务单和维修记录。")
        if case.subject == WAITS_FOR_THE_MAKER:
            return
        if case.kind in {"enquiry", "suggestion"}:
            self._then(self.rng.uniform(2, 10), partial(self._answer_directly, pk))
        elif self.rng.random() < 0.18:
            self._then(2, partial(self._wait, pk))
        else:
            self._then(self.rng.uniform(4, 20), partial(self._propose, pk))

    def _wait(self, pk: int) -> None:
        until = clock.today("Asia/Shanghai") + timedelta(days=self.rng.randrange(2, 6))
        self._step(pk, "pause", OWNER, waiting_for="customer", expected=until)
        self._then(self.rng.uniform(8, 24), partial(self._resume, pk))

    def _resume(self, pk: int) -> None:
        self._step(pk, "resume", OWNER)
        self._then(self.rng.uniform(2, 8), partial(self._propose, pk))

    def _propose(self, pk: int) -> None:
        case = Case.objects.select_related("category").get(pk=pk)
        about_price = case.category is not None and case.category.code.endswith("price")
        remedy, text, cost = REFUND if about_price else self.rng.choice(REMEDIES)
        self._step(
            pk,
            "propose",
            OWNER,
            founded=self.rng.choices(("founded", "partly", "unfounded"), (60, 25, 15))[0],
            facts="调取了工单、交接记录和接待录像,与客户所述一致。",
            cause="车间高峰时段排班不足,没有向客户说明进度。",
            remedy=remedy,
            solution=text,
            cost=Decimal(cost),
        )
        self._then(self.rng.uniform(1, 9), partial(self._decide, pk))

    def _decide(self, pk: int) -> None:
        case = Case.objects.select_related("unit").get(pk=pk)
        if self.rng.random() < 0.12:
            self._step(pk, "send_back", self._head(case), reason="请补充与客户约定的时间。")
            self._then(self.rng.uniform(2, 6), partial(self._propose, pk))
            return
        self._step(pk, "approve", self._head(case))
        self._then(self.rng.uniform(1, 5), partial(self._execute, pk))

    def _execute(self, pk: int) -> None:
        self._step(pk, "execute", OWNER)
        self._then(self.rng.uniform(4, 30), partial(self._finish, pk))

    def _finish(self, pk: int) -> None:
        self._step(pk, "finish", OWNER, evidence="返工单已由客户签字。")
        self._then(self.rng.uniform(0.5, 4), partial(self._answer, pk))

    def _answer(self, pk: int) -> None:
        self._step(pk, "answer", OWNER, message="您反映的问题已处理完毕,如对结果不满意,可凭编号申请复核。")
        self._hand_over(pk)

    def _answer_directly(self, pk: int) -> None:
        case = self._step(pk, "answer_directly", OWNER, message="感谢您的来信,答复如上,欢迎随时联系我们。")
        if case.kind in {"enquiry", "suggestion"}:
            self._then(1, partial(self._step, pk, "close_short", OWNER))
        else:
            self._hand_over(pk)

    def _hand_over(self, pk: int) -> None:
        self._then(1, partial(self._pass_on, pk))

    def _pass_on(self, pk: int) -> None:
        if Case.objects.get(pk=pk).state == "answered":
            self._step(pk, "hand_over", OWNER)
        self._then(self.rng.uniform(3, 12), partial(self._call, pk))

    def _call(self, pk: int) -> None:
        if self.rng.random() < 0.2:
            self._step(pk, "call", "sunyue", outcome="no_answer")
            self._then(self.rng.uniform(6, 12), partial(self._call, pk))
            return
        content = self.rng.random() < 0.86
        self._step(pk, "call", "sunyue", outcome="reached", resolved=True, satisfied=content)
        if content:
            self._then(0.2, partial(self._close, pk))
        else:
            self._then(0.2, partial(self._reopen, pk))

    def _close(self, pk: int) -> None:
        """What is grave or repeated refers to the improvement of the shop."""
        waiver = "同类问题已列入门店季度改进计划。"
        self._step(pk, "close", "sunyue", finding_waiver=waiver)

    def _reopen(self, pk: int) -> None:
        self._step(pk, "reopen", "sunyue", reason="客户认为说明不够,希望再检测一次。")
        self._then(self.rng.uniform(4, 12), partial(self._propose, pk))
