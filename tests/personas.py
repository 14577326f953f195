"""The people of the tests: a dealership group and its staff, made through the actions of the product.

One tree, 集团 → 东城店/西城店 → 销售部/售后部, and one person per role. Most work at 东城店; 郑凯 of 西城店
is the outsider who must see nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from manyi.customers.actions import CustomerFile, note_consent, save_customer
from manyi.customers.models import Customer
from manyi.organisation import actions, calendar_actions
from manyi.organisation.models import Person, Unit, WorkCalendar
from manyi.organisation.roles import Role

PASSWORD = "spring-rain-on-tiles-7"


@dataclass(frozen=True)
class Tree:
    """The units of 华诚汽车集团."""

    group: Unit
    east: Unit
    east_sales: Unit
    east_service: Unit
    west: Unit
    west_sales: Unit
    west_service: Unit


@dataclass(frozen=True)
class House:
    """The group and its staff; each name with the role that it stands for."""

    tree: Tree
    chen: Person  # 陈宁, system administrator of the group
    zhao: Person  # 赵静, quality director of the group
    qian: Person  # 钱文, auditor of the group
    li: Person  # 李敏, survey manager of 东城店
    wang: Person  # 王强, case handler of 东城店
    sun: Person  # 孙悦, call-back agent of 东城店
    zhou: Person  # 周涛, head of 东城店售后部
    wu: Person  # 吴磊, employee of 东城店售后部
    zheng: Person  # 郑凯, survey manager and case handler of 西城店: the outsider


def tree() -> Tree:
    """The units only."""

    def unit(code: str, name: str, name_en: str, kind: str, parent: Unit | None) -> Unit:
        return actions.create_unit(
            actor=None, code=code, name=name, name_en=name_en, kind=kind, parent=parent
        )

    group = unit("HC", "华诚汽车集团", "Huacheng Motors", "group", None)
    east = unit("HC-E", "东城店", "East store", "dealership", group)
    west = unit("HC-W", "西城店", "West store", "dealership", group)
    return Tree(
        group=group,
        east=east,
        east_sales=unit("HC-E-S", "东城店销售部", "East sales", "department", east),
        east_service=unit("HC-E-A", "东城店售后部", "East service", "department", east),
        west=west,
        west_sales=unit("HC-W-S", "西城店销售部", "West sales", "department", west),
        west_service=unit("HC-W-A", "西城店售后部", "West service", "department", west),
    )


def house() -> House:
    """The units and everybody who works there."""
    units = tree()
    return House(
        tree=units,
        chen=staff("chen", "陈宁", Role.SYSTEM_ADMINISTRATOR, units.group),
        zhao=staff("zhao", "赵静", Role.QUALITY_DIRECTOR, units.group),
        qian=staff("qian", "钱文", Role.AUDITOR, units.group),
        li=staff("li", "李敏", Role.SURVEY_MANAGER, units.east),
        wang=staff("wang", "王强", Role.CASE_HANDLER, units.east),
        sun=staff("sun", "孙悦", Role.CALL_BACK_AGENT, units.east),
        zhou=staff("zhou", "周涛", Role.DEPARTMENT_HEAD, units.east_service),
        wu=staff("wu", "吴磊", Role.EMPLOYEE, units.east_service),
        zheng=staff("zheng", "郑凯", Role.SURVEY_MANAGER, units.west, Role.CASE_HANDLER),
    )


def staff(username: str, name: str, role: Role, unit: Unit, *more: Role) -> Person:
    """A member of staff with one role (or more) over the subtree of a unit."""
    person = actions.create_person(
        actor=None, unit=unit, username=username, display_name=name, password=PASSWORD
    )
    for each in (role, *more):
        actions.grant_role(actor=None, person=person, role=each, unit=unit)
    return person


def everyone_at(unit: Unit, prefix: str = "at") -> dict[Role, Person]:
    """One person for each of the eight roles, all over the same subtree."""
    return {role: staff(f"{prefix}-{role.value}", role.label.zh, role, unit) for role in Role}


def customer(unit: Unit, code: str, name: str = "", *, consent: bool = True, **contacts: str) -> Customer:
    """A customer file, for example ``customer(east, "K1", "何芳", phone="13800000001")``."""
    made = save_customer(
        actor=None, unit=unit, data=CustomerFile(code=code, name=name or f"客户{code}", contacts=contacts)
    )
    if consent:
        note_consent(actor=None, customer=made, granted=True, source="购车合同")
    return made


def china_calendar(unit: Unit, *years: int) -> WorkCalendar:
    """A working calendar (Monday to Friday, China's holidays of the years) for a unit and all below it."""
    calendar = calendar_actions.create_calendar(actor=None, unit=unit, name="工作日历")
    for year in years:
        calendar_actions.load_china_year(actor=None, calendar=calendar, year=year)
    return calendar


def browser_of(person: Person | None, *, language: str = "") -> Client:
    """A test client in which the person is logged in (None: nobody)."""
    client = Client(headers={"accept-language": language} if language else None)
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
