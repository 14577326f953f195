"""The only writers of units, staff, roles and settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation import settings as organisation_settings
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, RoleGrant, Setting, Unit
from manyi.organisation.roles import Role

UNIT_CREATED = events.kind("unit.created", "新建部门", "Unit created")
UNIT_CHANGED = events.kind("unit.changed", "修改部门", "Unit changed")
PERSON_CREATED = events.kind("person.created", "新建员工账号", "Staff account created")
PERSON_CHANGED = events.kind("person.changed", "修改员工账号", "Staff account changed")
ROLE_GRANTED = events.kind("role.granted", "授予角色", "Role granted")
ROLE_REVOKED = events.kind("role.revoked", "撤销角色", "Role revoked")
SETTING_CHANGED = events.kind("setting.changed", "修改设置", "Setting changed")

UNIT_KINDS = {
    "group": Label("集团", "Group"),
    "dealership": Label("门店", "Dealership"),
    "department": Label("部门", "Department"),
}

#: Why Django's validators refuse a password, by their codes.
PASSWORD_FAULTS = {
    "password_too_short": Label("太短(至少 8 位)", "too short (at least 8 characters)"),
    "password_too_common": Label("太常见", "too common"),
    "password_too_similar": Label("与用户名或姓名太像", "too much like the user name"),
}
OTHER_FAULT = Label("太容易被猜到", "too easy to guess")


def create_unit(
    *, actor: Person | None, code: str, name: str, name_en: str = "", kind: str, parent: Unit | None
) -> Unit:
    """Add a unit under another one; only the very first unit has no parent.

    Raises Refused when the code is taken or the parent is missing.
    """
    if parent is not None:
        access.require(actor, "units.manage", parent)
    elif actor is not None and Unit.objects.exists():
        raise Refused(Label("请选择上级部门。", "Please choose the unit above."), field="parent")
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refused(
            Label("请填写部门编号和名称。", "Please give the unit a code and a name."), field="name"
        )
    if kind not in UNIT_KINDS:
        raise Refused(Label("请选择部门类型。", "Please choose the kind of unit."), field="kind")
    if Unit.objects.filter(code=code).exists():
        raise Refused(
            Label(f"部门编号“{code}”已被使用,请换一个。", f"The code “{code}” is taken; choose another."),
            field="code",
        )
    with transaction.atomic():
        unit = Unit.objects.create(code=code, name=name, name_en=name_en, kind=kind, parent=parent, path="")
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
        events.append(
            UNIT_CREATED,
            actor=actor,
            subject=unit,
            unit=unit,
            after={"code": code, "name": name, "kind": kind},
        )
    return unit


def change_unit(*, actor: Person, unit: Unit, name: str, name_en: str, active: bool, why: str = "") -> Unit:
    """Rename a unit, or take it out of use; its history stays."""
    access.require(actor, "units.manage", unit)
    if not name.strip():
        raise Refused(Label("请填写名称。", "Please give a name."), field="name")
    before = {"name": unit.name, "name_en": unit.name_en, "active": unit.active}
    with transaction.atomic():
        unit.name, unit.name_en, unit.active = name.strip(), name_en.strip(), active
        unit.save(update_fields=["name", "name_en", "active"])
        after = {"name": unit.name, "name_en": unit.name_en, "active": unit.active}
        events.append(UNIT_CHANGED, actor=actor, subject=unit, unit=unit, before=before, after=after, why=why)
    return unit


def create_person(
    *,
    actor: Person | None,
    unit: Unit,
    username: str,
    display_name: str,
    password: str,
    email: str = "",
) -> Person:
    """Make a staff account at a unit; roles are granted separately.

    Raises Refused for a taken user name or a weak password.
    """
    access.require(actor, "staff.manage", unit)
    username = username.strip()
    if not username or not display_name.strip():
        raise Refused(Label("请填写用户名和姓名。", "Please give a user name and a name."), field="username")
    if Person.objects.filter(username__iexact=username).exists():
        raise Refused(
            Label(f"用户名“{username}”已被使用。", f"The user name “{username}” is taken."), field="username"
        )
    person = Person(username=username, display_name=display_name.strip(), email=email.strip())
    _check_password(password, person)
    person.set_password(password)
    with transaction.atomic():
        person.save()
        events.append(
            PERSON_CREATED,
            actor=actor,
            subject=person,
            label=username,
            unit=unit,
            after={"username": username},
        )
    return person


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        faults = [PASSWORD_FAULTS.get(fault.code or "", OTHER_FAULT) for fault in error.error_list]
        zh, en = "、".join(fault.zh for fault in faults), ", ".join(fault.en for fault in faults)
        raise Refused(
            Label(f"密码不够安全:{zh}。请换一个。", f"The password is {en}; please choose another."),
            field="password",
        ) from error


def set_active(*, actor: Person, person: Person, unit: Unit, active: bool, why: str) -> Person:
    """Close a staff account, or open it again; nobody closes their own."""
    access.require(actor, "staff.manage", unit)
    _require_whole_person(actor, person)
    if actor.pk == person.pk:
        raise Refused(Label("不能停用自己的账号。", "You cannot close your own account."))
    with transaction.atomic():
        before = {"active": person.is_active}
        person.is_active = active
        person.save(update_fields=["is_active"])
        events.append(
            PERSON_CHANGED,
            actor=actor,
            subject=person,
            label=person.username,
            unit=unit,
            before=before,
            after={"active": active},
            why=why,
        )
    return person


def reset_password(*, actor: Person, person: Person, unit: Unit, password: str) -> Person:
    """Give somebody who forgot theirs a new first password; the log notes that, not the password.

    Raises Refused for a weak password.
    """
    access.require(actor, "staff.manage", unit)
    _require_whole_person(actor, person)
    _check_password(password, person)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        events.append(
            PERSON_CHANGED,
            actor=actor,
            subject=person,
            label=person.username,
            unit=unit,
            data={"password": "reset"},
        )
    return person


def _require_whole_person(actor: Person, person: Person) -> None:
    """An administrator of a branch must not lock out somebody who also works elsewhere."""
    for grant in person.grants.select_related("unit"):
        access.require(actor, "staff.manage", grant.unit)


def set_preferences(*, person: Person, language: str, time_zone: str) -> Person:
    """A person's own language and time zone; empty means the browser's and the organisation's.

    Raises Refused for a language that the interface does not speak or an unknown zone.
    """
    if language and language not in dict(django_settings.LANGUAGES):
        raise Refused(Label("请选择中文或英文。", "Please choose Chinese or English."), field="language")
    if time_zone:
        organisation_settings.check("organisation.time_zone", time_zone)
    with transaction.atomic():
        before = {"language": person.language, "time_zone": person.time_zone}
        person.language, person.time_zone = language, time_zone
        person.save(update_fields=["language", "time_zone"])
        events.append(
            PERSON_CHANGED,
            actor=person,
            subject=person,
            label=person.username,
            before=before,
            after={"language": language, "time_zone": time_zone},
        )
    return person


def grant_role(*, actor: Person | None, person: Person, role: Role, unit: Unit) -> RoleGrant:
    """Give a person a role over a subtree; giving it twice changes nothing."""
    access.require(actor, "staff.manage", unit)
    with transaction.atomic():
        grant, made = RoleGrant.objects.get_or_create(
            person=person, role=role.value, unit=unit, defaults={"granted_at": clock.now()}
        )
        if made:
            events.append(
                ROLE_GRANTED,
                actor=actor,
                subject=person,
                label=person.username,
                unit=unit,
                after={"role": role.value},
            )
    access.forget(person)
    return grant


def revoke_role(*, actor: Person, grant: RoleGrant, why: str = "") -> None:
    """Take a role back; the last system administrator keeps theirs."""
    access.require(actor, "staff.manage", grant.unit)
    administrators = RoleGrant.objects.filter(role=Role.SYSTEM_ADMINISTRATOR.value, person__is_active=True)
    if grant.role == Role.SYSTEM_ADMINISTRATOR.value and administrators.count() == 1:
        raise Refused(
            Label(
                "这是最后一位系统管理员,请先指定另一位。",
                "This is the last administrator; name another first.",
            )
        )
    with transaction.atomic():
        events.append(
            ROLE_REVOKED,
            actor=actor,
            subject=grant.person,
            label=grant.person.username,
            unit=grant.unit,
            before={"role": grant.role},
            why=why,
        )
        grant.delete()
    access.forget(grant.person)


def set_setting(*, actor: Person | None, key: str, value: Any) -> Any:
    """Store the organisation's value for a declared setting; raises Refused for a value out of bounds."""
    root = Unit.objects.filter(parent=None).first()
    if root is not None:
        access.require(actor, "settings.manage", root)
    before, after = organisation_settings.shown(key), organisation_settings.check(key, value)
    with transaction.atomic():
        row, _ = Setting.objects.update_or_create(key=key, defaults={"value": after})
        events.append(
            SETTING_CHANGED,
            actor=actor,
            subject=row,
            unit=root,
            before={"value": before},
            after={"value": organisation_settings.shown(key)},
        )
    return after
