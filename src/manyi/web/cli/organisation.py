"""Commands about the organisation: the Event log, the calendar, customers from files, the first account."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, has_database, open_installation, telling
from manyi.web.terminal import TerminalProgress, both

if TYPE_CHECKING:
    from manyi.measures.workcalendar import WorkCalendar
    from manyi.organisation.models import Unit

events = typer.Typer(help="操作日志 The Event log.", no_args_is_help=True)
calendar = typer.Typer(help="工作日历 The working calendar.", no_args_is_help=True)
user = typer.Typer(help="员工账号 Staff accounts.", no_args_is_help=True)

UnitCode = Annotated[str, typer.Option(help="部门编号 Code of the unit; 默认为最上级 the root by default.")]


@events.command("verify")
@telling
def verify() -> None:
    """核对操作日志是否被改动 Check that no row of the Event log was changed, removed or put in."""
    open_installation()
    from manyi.organisation.events import Broken
    from manyi.organisation.events import verify as verify_chain

    found = verify_chain()
    if isinstance(found, Broken):
        reason = found.reason
        fail(Label(f"第 {found.seq} 条记录有问题:{reason.zh}。", f"Row {found.seq}: {reason.en}."))
    typer.echo(both(Label(f"{found} 条记录完整。", f"{found} rows, all whole.")))


@calendar.command("due")
@telling
def due(
    start: Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"], help="起始日 The start day.")],
    working_days: Annotated[
        int,
        typer.Option(min=0, max=2000, help="工作日数 Number of working days; 起始日不计 start not counted."),
    ],
) -> None:
    """计算到期日 The day on which so many working days are over."""
    from manyi.measures.workcalendar import CalendarError, add_working_days

    found = _calendar(start.date())
    try:
        day = add_working_days(found, start.date(), working_days)
    except CalendarError as error:
        fail(error.message)
    typer.echo(day.isoformat())
    unofficial, _ = found.unofficial_years(start.date(), day)
    if unofficial:
        warning = Label(
            "期间有年份没有官方放假数据,结果是暂定的。", "Some year lacks official data: provisional."
        )
        typer.echo(both(warning), err=True)


def _calendar(start: dt.date) -> WorkCalendar:
    """The calendar of the organisation, or China's when there is no installation."""
    if has_database():
        open_installation()
        from manyi.organisation.calendars import calendar_for
        from manyi.organisation.models import Unit

        root = Unit.objects.filter(parent=None).first()
        if root is not None:
            return calendar_for(root)
    from manyi.organisation.china import office_calendar

    return office_calendar(range(start.year, start.year + 10))


@calendar.command("load-year")
@telling
def load_year(
    year: Annotated[int, typer.Argument(min=2004, max=2100, help="年份 The year.")], unit: UnitCode = ""
) -> None:
    """载入一年的法定节假日和调休 Take over China's holidays and working weekends of a year."""
    open_installation()
    from manyi.organisation import calendar_actions
    from manyi.organisation.models import WorkCalendar

    owner = unit_of(unit)
    found = WorkCalendar.objects.filter(unit=owner).first()
    stored = found or calendar_actions.create_calendar(actor=None, unit=owner, name=owner.name)
    row = calendar_actions.load_china_year(actor=None, calendar=stored, year=year)
    if row.status == "official":
        count = stored.days.filter(date__year=year).count()
        typer.echo(both(Label(f"{year} 年:{count} 个特殊日期。", f"{year}: {count} special dates.")))
    else:
        fail(
            Label(
                f"还没有 {year} 年的官方放假安排,已标为暂定。",
                f"No official data for {year}; it is marked provisional.",
            )
        )


@telling
def import_customers(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件 A CSV or XLSX file.")],
    unit: UnitCode = "",
    mapping: Annotated[
        Path | None, typer.Option(help="列对应关系 TOML file: our field = column of the file.")
    ] = None,
) -> None:
    """导入客户档案 Take in customer files; 有问题的行会列出 bad rows are listed with the reason."""
    open_installation(create=True)
    from manyi.customers import imports
    from manyi.organisation.errors import Refused

    try:
        content = file.read_bytes()
        given = tomllib.loads(mapping.read_text(encoding="utf-8")) if mapping else {}
    except (OSError, ValueError) as error:
        reason = Label(f"无法读取文件({error})。", f"Cannot read the file ({error}).")
        raise Refused(reason, field="file") from error
    row = imports.upload(actor=None, unit=unit_of(unit), name=file.name, content=content)
    progress = TerminalProgress(Label("导入客户", "Importing customers"))
    counts = imports.run(row=row, mapping=given or row.mapping, progress=progress)
    for problem in row.errors:
        line, place = problem["row"], problem["field"]
        typer.echo(
            both(Label(f"第 {line} 行 {place}:{problem['zh']}", f"row {line} {place}: {problem['en']}")),
            err=True,
        )
    made, changed, refused = counts["created"], counts["updated"], counts["rejected"]
    typer.echo(
        both(
            Label(
                f"新增 {made},更新 {changed},未收 {refused}。",
                f"{made} new, {changed} changed, {refused} refused.",
            )
        )
    )


@user.command("create-admin")
@telling
def create_admin(
    username: Annotated[str, typer.Option(prompt="用户名 User name", help="用户名 User name.")],
    name: Annotated[str, typer.Option(prompt="姓名 Name", help="姓名 Name.")],
    password: Annotated[
        str,
        typer.Option(
            prompt="密码 Password",
            hide_input=True,
            confirmation_prompt=True,
            envvar="MANYI_ADMIN_PASSWORD",
            help="初始密码 The first password.",
        ),
    ],
    organisation: Annotated[
        str, typer.Option(help="单位名称 Name of the organisation, for an empty database.")
    ] = "总部",
) -> None:
    """建立系统管理员 Make a system administrator of the whole organisation."""
    open_installation(create=True)
    from django.db import transaction

    from manyi.organisation import actions
    from manyi.organisation.models import Unit
    from manyi.organisation.roles import Role

    with transaction.atomic():
        root = Unit.objects.filter(parent=None).first() or actions.create_unit(
            actor=None, code="ROOT", name=organisation, kind="group", parent=None
        )
        person = actions.create_person(
            actor=None, unit=root, username=username, display_name=name, password=password
        )
        actions.grant_role(actor=None, person=person, role=Role.SYSTEM_ADMINISTRATOR, unit=root)
    typer.echo(both(Label(f"已建立管理员 {username}。", f"Administrator {username} is made.")))


def unit_of(code: str) -> Unit:
    """The unit with this code, or the root for an empty one; raises Refused when there is none.

    In an organisation without any unit the root is made, named as in the settings.
    """
    from manyi.organisation import actions
    from manyi.organisation.errors import Refused
    from manyi.organisation.models import Unit
    from manyi.organisation.settings import value

    if not code and not Unit.objects.exists():
        name = value("organisation.name")
        return actions.create_unit(actor=None, code="ROOT", name=name, kind="group", parent=None)
    found = (Unit.objects.filter(code=code) if code else Unit.objects.filter(parent=None)).first()
    if found is None:
        raise Refused(
            Label(f"没有编号为“{code}”的部门。", f"There is no unit with the code “{code}”."), field="unit"
        )
    return found
