"""The demo's dealership group: its units, its staff, and made-up customers. Every name is invented."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from manyi.customers import actions as customers
from manyi.customers.actions import CustomerFile
from manyi.customers.models import Customer, Product
from manyi.kernel.labels import Label
from manyi.organisation import actions as organisation
from manyi.organisation import calendar_actions
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role

PASSWORD = "manyi-demo-2026"
DOMAIN = "demo.example"

UNITS = (
    # code, Chinese, English, kind, parent
    ("HX", "华星汽车集团", "Huaxing Motor Group", "group", ""),
    ("HX-E", "东城店", "East City", "dealership", "HX"),
    ("HX-E-AS", "东城店售后部", "East City after-sales", "department", "HX-E"),
    ("HX-W", "西城店", "West City", "dealership", "HX"),
    ("HX-W-AS", "西城店售后部", "West City after-sales", "department", "HX-W"),
    ("HX-S", "南湖店", "South Lake", "dealership", "HX"),
    ("HX-S-AS", "南湖店售后部", "South Lake after-sales", "department", "HX-S"),
)
WORKSHOPS = ("HX-E-AS", "HX-W-AS", "HX-S-AS")

STAFF = (
    # user name, name, role, unit
    ("chenning", "陈宁", Role.SYSTEM_ADMINISTRATOR, "HX"),
    ("zhaojing", "赵静", Role.QUALITY_DIRECTOR, "HX"),
    ("limin", "李敏", Role.SURVEY_MANAGER, "HX"),
    ("wangqiang", "王强", Role.CASE_HANDLER, "HX"),
    ("songjia", "宋佳", Role.CASE_HANDLER, "HX"),
    ("sunyue", "孙悦", Role.CALL_BACK_AGENT, "HX"),
    ("zhengkai", "郑凯", Role.DEPARTMENT_HEAD, "HX"),
    ("zhoutao", "周涛", Role.DEPARTMENT_HEAD, "HX-E"),
    ("wufang", "吴芳", Role.DEPARTMENT_HEAD, "HX-W"),
    ("helei", "何磊", Role.DEPARTMENT_HEAD, "HX-S"),
    ("qianwen", "钱文", Role.AUDITOR, "HX"),
    ("liuyang", "刘洋", Role.EMPLOYEE, "HX-E-AS"),
)
SEGMENTS = (("private", "个人车主", "Private owners"), ("fleet", "单位车队", "Fleets"), ("vip", "VIP", "VIP"))
MODELS = (("X3", "星途 X3", "Xingtu X3"), ("S5", "星途 S5", "Xingtu S5"), ("E1", "星途 E1 纯电", "Xingtu E1"))
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "涛",
    "明",
    "超",
    "秀英",
    "建华",
)


@dataclass(frozen=True)
class Cast:
    """Everybody who plays in the demo year."""

    units: dict[str, Unit]
    staff: dict[str, Person]
    customers: list[Customer]

    @property
    def root(self) -> Unit:
        """The group itself."""
        return self.units["HX"]


def gather(rng: random.Random, today: date, size: int) -> Cast:
    """Make the units, the staff with their roles, the calendar and ``size`` customers with their visits."""
    units: dict[str, Unit] = {}
    for code, name, name_en, kind, parent in UNITS:
        units[code] = organisation.create_unit(
            actor=None, code=code, name=name, name_en=name_en, kind=kind, parent=units.get(parent)
        )
    organisation.set_setting(actor=None, key="organisation.name", value="华星汽车集团")
    staff = {}
    for username, name, role, unit in STAFF:
        person = organisation.create_person(
            actor=None,
            unit=units[unit],
            username=username,
            display_name=name,
            password=PASSWORD,
            email=f"{username}@{DOMAIN}",
        )
        organisation.grant_role(actor=None, person=person, role=role, unit=units[unit])
        staff[username] = person
    calendar = calendar_actions.create_calendar(actor=None, unit=units["HX"], name="集团工作日历")
    for year in range(today.year - 1, today.year + 2):
        calendar_actions.load_china_year(actor=None, calendar=calendar, year=year)
    for code, name, name_en in SEGMENTS:
        customers.save_segment(actor=None, code=code, name=name, name_en=name_en)
    products = [customers.save_product(actor=None, code=c, name=n, name_en=e) for c, n, e in MODELS]
    return Cast(units, staff, [_customer(rng, units, products, number, today) for number in range(size)])


def _customer(
    rng: random.Random, units: dict[str, Unit], products: list[Product], number: int, today: date
) -> Customer:
    unit = units[WORKSHOPS[number % len(WORKSHOPS)]]
    segment = rng.choices(("private", "fleet", "vip"), weights=(70, 20, 10))[0]
    data = CustomerFile(
        code=f"K{number + 1:05d}",
        name=rng.choice(SURNAMES) + rng.choice(GIVEN),
        organisation_name=f"示例物流{rng.randrange(1, 30)}公司" if segment == "fleet" else "",
        contacts={"email": f"k{number + 1:05d}@customers.example", "phone": f"1990000{number:04d}"},
        segments=(segment,),
    )
    customer = customers.save_customer(actor=None, unit=unit, data=data)
    customers.note_consent(actor=None, customer=customer, granted=rng.random() > 0.02, source="服务单签字")
    product = rng.choice(products)
    for _ in range(2):
        customers.add_transaction(
            actor=None,
            customer=customer,
            unit=unit,
            kind="service",
            on=today - timedelta(days=rng.randrange(1, 400)),
            product=product,
        )
    return customer


def logins() -> list[tuple[str, str, Label]]:
    """Name, password and role of the demo's people; empty when the demo is not in this database."""
    there = set(Person.objects.filter(email__endswith=f"@{DOMAIN}").values_list("username", flat=True))
    return [
        (name, PASSWORD, Label(f"{person} · {role.label.zh}", role.label.en))
        for name, person, role, _ in STAFF
        if name in there
    ]
