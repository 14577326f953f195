"""Units, staff, roles and settings: who may change them, what is refused, and that it is written down."""

from __future__ import annotations

import pytest

from manyi.organisation import access, actions, settings
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Event, Person, RoleGrant, Unit
from manyi.organisation.roles import Role
from tests import personas
from tests.personas import PASSWORD, House


def refused_field(**call: object) -> str:
    with pytest.raises(Refused) as refused:
        actions.create_unit(**call)  # type: ignore[arg-type]
    return refused.value.field


def test_a_new_unit_knows_its_way_to_the_root(house: House) -> None:
    tree = house.tree
    unit = actions.create_unit(
        actor=house.chen, code="HC-E-B", name="东城店二手车部", kind="department", parent=tree.east
    )
    assert unit.path == f"{tree.east.path}{unit.pk}/"
    assert tree.group.contains(unit)
    assert unit.depth == 2
    assert Event.objects.latest("seq").after["code"] == "HC-E-B"


def test_a_unit_needs_a_free_code_a_name_and_a_place(house: House) -> None:
    east = house.tree.east
    assert (
        refused_field(actor=house.chen, code="HC-E", name="又一个", kind="department", parent=east) == "code"
    )
    assert refused_field(actor=house.chen, code="X", name=" ", kind="department", parent=east) == "name"
    assert refused_field(actor=house.chen, code="X", name="无上级", kind="group", parent=None) == "parent"
    assert refused_field(actor=house.chen, code="X", name="无此类", kind="planet", parent=east) == "kind"


def test_a_unit_out_of_use_keeps_its_history(house: House) -> None:
    actions.change_unit(
        actor=house.chen,
        unit=house.tree.west_sales,
        name="西城店销售部",
        name_en="",
        active=False,
        why="合并",
    )
    event = Event.objects.latest("seq")
    assert (event.before["active"], event.after["active"], event.why) == (True, False, "合并")
    assert Unit.objects.filter(pk=house.tree.west_sales.pk, active=False).exists()


def test_an_administrator_of_one_store_rules_only_there(house: House) -> None:
    tree = house.tree
    branch = personas.staff("branch", "店管", Role.SYSTEM_ADMINISTRATOR, tree.east)
    actions.create_unit(actor=branch, code="HC-E-C", name="东城店客服部", kind="department", parent=tree.east)
    for act in (
        lambda: actions.create_unit(
            actor=branch, code="N", name="新店", kind="dealership", parent=tree.group
        ),
        lambda: actions.grant_role(actor=branch, person=branch, role=Role.AUDITOR, unit=tree.west),
        lambda: actions.set_setting(actor=branch, key="organisation.name", value="我的"),
        lambda: actions.set_active(
            actor=branch, person=house.zhao, unit=tree.east, active=False, why="她管着整个集团"
        ),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize(
    ("username", "name", "password", "field"),
    [
        ("", "无名", PASSWORD, "username"),
        ("LI", "李敏二", PASSWORD, "username"),
        ("new", " ", PASSWORD, "username"),
        ("new", "新人", "12345678", "password"),
        ("xiaoming", "小明", "xiaoming1", "password"),
    ],
)
def test_an_account_is_refused_with_the_field(
    username: str, name: str, password: str, field: str, house: House
) -> None:
    with pytest.raises(Refused) as refused:
        actions.create_person(
            actor=house.chen, unit=house.tree.east, username=username, display_name=name, password=password
        )
    assert refused.value.field == field


def test_a_weak_password_is_explained_in_both_languages(house: House) -> None:
    with pytest.raises(Refused) as refused:
        actions.create_person(
            actor=house.chen, unit=house.tree.east, username="new", display_name="新人", password="abc"
        )
    assert "太短" in refused.value.message.zh or "至少" in refused.value.message.zh
    assert "too short" in refused.value.message.en


def test_a_password_never_reaches_the_log(house: House) -> None:
    assert not any(PASSWORD in str(event.after) + str(event.data) for event in Event.objects.all())


def test_an_account_is_closed_and_opened(house: House) -> None:
    actions.set_active(actor=house.chen, person=house.li, unit=house.tree.east, active=False, why="休假半年")
    assert not Person.objects.get(username="li").is_active
    actions.set_active(actor=house.chen, person=house.li, unit=house.tree.east, active=True, why="回来了")
    assert Person.objects.get(username="li").is_active
    assert Event.objects.latest("seq").why == "回来了"


def test_a_forgotten_password_is_replaced_and_not_logged(house: House) -> None:
    new = "rain-on-new-tiles-8"
    actions.reset_password(actor=house.chen, person=house.li, unit=house.tree.east, password=new)
    assert Person.objects.get(username="li").check_password(new)
    event = Event.objects.latest("seq")
    assert (event.kind, event.data) == ("person.changed", {"password": "reset"})
    with pytest.raises(Refused, match="too short"):
        actions.reset_password(actor=house.chen, person=house.li, unit=house.tree.east, password="short")
    branch = personas.staff("branch", "店管", Role.SYSTEM_ADMINISTRATOR, house.tree.east)
    with pytest.raises(NotPermitted):
        actions.reset_password(actor=branch, person=house.zhao, unit=house.tree.east, password=new)


def test_nobody_closes_their_own_account(house: House) -> None:
    with pytest.raises(Refused, match="your own account"):
        actions.set_active(
            actor=house.chen, person=house.chen, unit=house.tree.group, active=False, why="试试"
        )


def test_a_role_given_twice_is_one_role_and_one_event(house: House) -> None:
    before = Event.objects.count()
    for _ in range(2):
        actions.grant_role(actor=house.chen, person=house.wu, role=Role.CASE_HANDLER, unit=house.tree.east)
    assert Event.objects.count() == before + 1
    assert access.may(house.wu, "cases.handle", house.tree.east)


def test_a_role_taken_back_is_gone_at_once(house: House) -> None:
    assert access.may(house.li, "surveys.edit")
    grant = RoleGrant.objects.get(person=house.li)
    actions.revoke_role(actor=house.chen, grant=RoleGrant.objects.get(pk=grant.pk), why="转岗")
    access.forget(house.li)
    assert not access.may(house.li, "surveys.edit")
    assert Event.objects.latest("seq").why == "转岗"


def test_the_last_administrator_keeps_the_role(house: House) -> None:
    grant = RoleGrant.objects.get(person=house.chen)
    with pytest.raises(Refused, match="last administrator"):
        actions.revoke_role(actor=house.chen, grant=grant)
    personas.staff("second", "备用管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group)
    actions.revoke_role(actor=house.chen, grant=grant)
    assert not RoleGrant.objects.filter(person=house.chen).exists()


def test_preferences_are_a_persons_own(house: House) -> None:
    actions.set_preferences(person=house.li, language="en", time_zone="Europe/Berlin")
    fresh = Person.objects.get(pk=house.li.pk)
    assert (fresh.language, fresh.time_zone) == ("en", "Europe/Berlin")
    with pytest.raises(Refused, match="No time zone"):
        actions.set_preferences(person=house.li, language="en", time_zone="Mars/Olympus")
    with pytest.raises(Refused) as refused:
        actions.set_preferences(person=house.li, language="xx", time_zone="")
    assert refused.value.field == "language"


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("organisation.name", "  华诚汽车 ", "华诚汽车"),
        ("organisation.time_zone", "Asia/Urumqi", "Asia/Urumqi"),
        ("organisation.accent", "#0A7f3c", "#0A7f3c"),
        ("privacy.minimum_group", "8", 8),
    ],
)
def test_a_setting_is_kept_in_its_right_type(key: str, given: str, kept: object, house: House) -> None:
    assert actions.set_setting(actor=house.chen, key=key, value=given) == kept
    assert settings.value(key) == kept
    assert Event.objects.latest("seq").after == {"value": kept}


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("organisation.name", "  "),
        ("organisation.time_zone", "Moon/Base"),
        ("organisation.time_zone", "../etc/passwd"),
        ("organisation.accent", "red"),
        ("organisation.accent", "#12345g"),
        ("privacy.minimum_group", "0"),
        ("privacy.minimum_group", "101"),
        ("privacy.minimum_group", "many"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_by_name(key: str, given: str, house: House) -> None:
    with pytest.raises(Refused) as refused:
        actions.set_setting(actor=house.chen, key=key, value=given)
    assert refused.value.field == key
    assert settings.value(key) == settings.SETTINGS[key].default


def test_a_setting_is_declared_once() -> None:
    spec = settings.SETTINGS["organisation.name"]
    with pytest.raises(ValueError, match=r"organisation\.name"):
        settings.declare(spec.key, spec.label, spec.explanation, spec.kind, spec.default)
