"""Commands about regulation packs: list, show, check and install them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyi.kernel.labels import Label
from manyi.web.cli.entry import fail, open_installation, telling
from manyi.web.cli.organisation import UnitCode, unit_of
from manyi.web.terminal import both

packs = typer.Typer(help="制度包 Regulation packs.", no_args_is_help=True)


@packs.command("list")
@telling
def list_packs() -> None:
    """列出自带的制度包 List the packs that come with Manyi."""
    from manyi.regulation import pack

    for code in pack.shipped():
        read = pack.read(pack.shipped_text(code))
        typer.echo(f"{code}  v{read.number}  {read.title}  {read.title_en}")


@packs.command("show")
@telling
def show(code: str) -> None:
    """显示自带制度包的全文 Print the text of a pack that comes with Manyi."""
    from manyi.regulation import pack

    typer.echo(pack.shipped_text(code))


@packs.command("check")
@telling
def check(file: Path) -> None:
    """检查制度包文件 Check a pack file; every problem is listed with its place."""
    from manyi.regulation import pack

    read = pack.read(_text_of(str(file)))
    count = len(read.programmes)
    typer.echo(both(Label(f"没有问题:{count} 个调查项目。", f"No problems: {count} programmes.")))


@packs.command("install")
@telling
def install(
    pack_or_file: Annotated[str, typer.Argument(help="自带包的代码或文件 A shipped code or a file.")],
    by: Annotated[str, typer.Option(help="操作人的用户名 User name of the person who installs it.")],
    unit: UnitCode = "",
) -> None:
    """为部门安装制度包 Install a pack for a unit and everything below it."""
    open_installation()
    from manyi.organisation.models import Person
    from manyi.regulation import actions, pack

    person = Person.objects.filter(username=by).first()
    if person is None:
        fail(Label(f"没有用户“{by}”。", f"There is no user “{by}”."))
    made = actions.install(actor=person, unit=unit_of(unit), pack=pack.read(_text_of(pack_or_file)))
    typer.echo(both(Label(f"已安装:{made.pack.title}", f"Installed: {made.pack.code} v{made.pack.number}")))


def _text_of(pack_or_file: str) -> str:
    from manyi.regulation import pack

    path = Path(pack_or_file)
    if not path.is_file():
        return pack.shipped_text(pack_or_file)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        fail(Label(f"{path.name} 不是 UTF-8 文本。", f"{path.name} is not UTF-8 text."))
