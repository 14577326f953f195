"""A small dealership with one questionnaire, built through the same actions as in real use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from manyi.customers import actions as customers
from manyi.customers.actions import CustomerFile
from manyi.customers.models import Customer
from manyi.organisation import actions as organisation
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys import actions as surveys
from manyi.surveys.codecs.toml import questionnaire_from_toml, read
from manyi.surveys.models import Programme, QuestionnaireVersion, Round, SchemeVersion

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
    """What the tests of the survey rooms start from."""

    group: Unit
    shop: Unit
    manager: Person
    director: Person
    outsider: Person
    questionnaire: QuestionnaireVersion
    scheme: SchemeVersion
    programme: Programme
    round: Round
    customers: list[Customer]


def build(*, anonymous: bool = False, customers_count: int = 4) -> World:
    """The dealership with a published questionnaire and scheme and a planned round."""
    group = organisation.create_unit(actor=None, code="G", name="集团", kind="group", parent=None)
    shop = organisation.create_unit(actor=None, code="S1", name="一店", kind="dealership", parent=group)
    other = organisation.create_unit(actor=None, code="S2", name="二店", kind="dealership", parent=group)
    manager = staff("manager", Role.SURVEY_MANAGER, shop)
    director = staff("director", Role.QUALITY_DIRECTOR, group)
    outsider = staff("outsider", Role.SURVEY_MANAGER, other)
    draft = surveys.create_questionnaire(
        actor=manager, unit=shop, definition=questionnaire_from_toml(QUESTIONNAIRE)
    )
    version = surveys.publish_questionnaire(actor=manager, version=draft)
    scheme = surveys.create_scheme(
        actor=manager,
        questionnaire=version.questionnaire,
        code="five_grades",
        title="五级百分制",
        definition=read(SCHEME),
    )
    surveys.publish_scheme(actor=manager, version=scheme)
    programme = surveys.create_programme(
        actor=manager, unit=shop, code="after_sales", title="售后满意度", anonymous=anonymous
    )
    row = surveys.create_round(
        actor=manager,
        programme=programme,
        questionnaire=version,
        scheme=scheme,
        title="2026 年一季度",
        opens_at=START,
        closes_at=START + timedelta(days=30),
    )
    people = [customer(shop, number) for number in range(1, customers_count + 1)]
    return World(group, shop, manager, director, outsider, version, scheme, programme, row, people)


def staff(name: str, role: Role, unit: Unit) -> Person:
    """A member of staff with one role."""
    person = organisation.create_person(
        actor=None, unit=unit, username=name, display_name=name, password=f"long-{name}-password"
    )
    organisation.grant_role(actor=None, person=person, role=role, unit=unit)
    return person


def customer(unit: Unit, number: int, *, consent: bool = True, email: bool = True) -> Customer:
    """A customer with an e-mail address who agreed to be asked."""
    contacts = {"email": f"customer{number}@example.com"} if email else {}
    details = CustomerFile(code=f"C{number}", name=f"客户{number}", contacts=contacts)
    made = customers.save_customer(actor=None, unit=unit, data=details)
    if consent:
        customers.note_consent(actor=None, customer=made, granted=True, source="购车合同")
    return made
