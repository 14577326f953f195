"""A small dealership with one questionnaire, built through the same actions as in real use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from manyi.customers.models import Customer
from manyi.distribution import actions as distribution
from manyi.distribution.models import Invitation
from manyi.organisation.models import Person, Unit
from manyi.surveys import actions as surveys
from manyi.surveys.codecs.toml import questionnaire_from_toml, read
from manyi.surveys.models import Programme, QuestionnaireVersion, Round, SchemeVersion
from tests import personas
from tests.personas import House

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

QUESTIONNAIRE = """
code = "after_sales"
title = "售后服务满意度调查"
title_en = "After-sales satisfaction"
intro = "感谢您到店,请用两分钟告诉我们您的感受。"
intro_en = "Thank you for your visit; please give us two minutes."
thanks = "谢谢!您的意见会用于改进服务。"
thanks_en = "Thank you! Your answers will improve our service."

[[sections]]
code = "service"
title = "服务过程"
title_en = "The service"

[[sections.questions]]
code = "reception"
type = "matrix"
title = "请为各环节评分"
title_en = "Please rate each step"
required = true
options = [
    { code = "1", title = "很不满意", title_en = "Very dissatisfied" },
    { code = "5", title = "很满意", title_en = "Very satisfied" },
]
rows = [
    { code = "greeting", title = "迎接", title_en = "Greeting" },
    { code = "waiting", title = "等候", title_en = "Waiting" },
    { code = "price", title = "价格透明", title_en = "Clear prices" },
]
[sections.questions.config]
not_applicable = true

[[sections.questions]]
code = "channels"
type = "multiple"
title = "您从哪些渠道了解我们?"
title_en = "Where did you hear of us?"
options = [
    { code = "friend", title = "朋友", title_en = "A friend" },
    { code = "web", title = "网络", title_en = "The web" },
    { code = "none", title = "都不是", title_en = "None of these", exclusive = true },
]

[[sections]]
code = "overall"
title = "总体评价"
title_en = "Overall"

[[sections.questions]]
code = "satisfied"
type = "rating"
title = "总体满意吗?"
title_en = "Overall, are you satisfied?"
role = "overall"
required = true
options = [
    { code = "1", title = "很不满意", title_en = "Very dissatisfied" },
    { code = "5", title = "很满意", title_en = "Very satisfied" },
]

[[sections.questions]]
code = "recommend"
type = "nps"
title = "您会推荐我们吗?"
title_en = "Would you recommend us?"
role = "nps"
required = true

[[sections.questions]]
code = "why"
type = "text_long"
title = "请告诉我们原因"
title_en = "Please tell us why"
role = "reason"
visible_if = "{recommend} <= 6"
required = true
"""

SCHEME = """
[[items]]
question = "reception.greeting"
points = { 1 = 20, 2 = 40, 3 = 60, 4 = 80, 5 = 100 }
satisfied = ["4", "5"]

[[items]]
question = "reception.waiting"
points = { 1 = 20, 2 = 40, 3 = 60, 4 = 80, 5 = 100 }
satisfied = ["4", "5"]

[[items]]
question = "satisfied"
weight = 2
points = { 1 = 20, 2 = 40, 3 = 60, 4 = 80, 5 = 100 }
satisfied = ["4", "5"]

[[bands]]
grade = "A"
label = { zh = "优秀", en = "Excellent" }
at_least = 93
[[bands]]
grade = "B"
label = { zh = "良好", en = "Good" }
at_least = 80
[[bands]]
grade = "D"
label = { zh = "不合格", en = "Failed" }
at_least = 0

[quality]
speed_seconds_per_item = 2
straight_line_min_items = 3
"""

GOOD_ANSWERS: dict[str, Any] = {
    "reception": {"greeting": "5", "waiting": "4", "price": "na"},
    "channels": ["friend", "web"],
    "satisfied": "4",
    "recommend": "9",
}


@dataclass
class World:
    """What the tests of the survey rooms start from: 李敏 runs a round, 郑凯 must see none of it."""

    house: House
    questionnaire: QuestionnaireVersion
    scheme: SchemeVersion
    programme: Programme
    round: Round
    customers: list[Customer]

    @property
    def shop(self) -> Unit:
        """东城店."""
        return self.house.tree.east

    @property
    def manager(self) -> Person:
        """李敏, the survey manager of 东城店."""
        return self.house.li

    @property
    def director(self) -> Person:
        """赵静, the quality director of the group."""
        return self.house.zhao

    @property
    def outsider(self) -> Person:
        """郑凯, the survey manager of 西城店."""
        return self.house.zheng


def build(
    *,
    anonymous: bool = False,
    customers_count: int = 4,
    opens_at: datetime = START,
    definition: str = QUESTIONNAIRE,
) -> World:
    """The dealership with a published questionnaire and scheme and a planned round."""
    house = personas.house()
    li, shop = house.li, house.tree.east
    draft = surveys.create_questionnaire(actor=li, unit=shop, definition=questionnaire_from_toml(definition))
    version = surveys.publish_questionnaire(actor=li, version=draft)
    scheme = surveys.create_scheme(
        actor=li,
        questionnaire=version.questionnaire,
        code="five_grades",
        title="五级百分制",
        definition=read(SCHEME),
    )
    surveys.publish_scheme(actor=li, version=scheme)
    programme = surveys.create_programme(
        actor=li, unit=shop, code="after_sales", title="售后满意度", anonymous=anonymous
    )
    row = surveys.create_round(
        actor=li,
        programme=programme,
        questionnaire=version,
        scheme=scheme,
        title="2026 年一季度",
        title_en="First quarter of 2026",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=30),
    )
    people = [customer(shop, number) for number in range(1, customers_count + 1)]
    return World(house, version, scheme, programme, row, people)


def customer(unit: Unit, number: int, *, consent: bool = True, email: bool = True) -> Customer:
    """A customer with an e-mail address who agreed to be asked."""
    contacts = {"email": f"customer{number}@example.com"} if email else {}
    return personas.customer(unit, f"C{number}", consent=consent, **contacts)


def invite(world: World, *, channel: str = "link") -> list[Invitation]:
    """Open the round, draw everybody and invite them; the invitations in order of customer."""
    surveys.advance_round(actor=world.manager, round=world.round, name="open")
    surveys.draw_sample(actor=world.manager, round=world.round, method="census", filters={})
    distribution.create_invitations(actor=world.manager, round=world.round, channel=channel)
    return list(Invitation.objects.filter(round=world.round).order_by("customer_id"))
