"""Write docs/reference from the code: ``python -m tools.reference``. A test holds the pages current."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Machine, Transition
from tools import analyses_page, discovery

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written from the code by `make reference`; edit the code, not this page. -->"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """File name and text of every page."""
    return {name: write() for name, write in PAGES.items()}


def page(zh: str, en: str, *parts: str) -> str:
    """A page with its title in both languages."""
    return "\n\n".join([f"# {zh} · {en}", NOTE, *parts]) + "\n"


def grid(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def cell(value: object) -> str:
    """One cell on one line."""
    return " ".join(str(value).split()).replace("|", "\\|")


def events() -> str:
    """Every kind of event."""
    kinds = discovery.table("manyi.organisation.events", "KINDS").values()
    rows = [(f"`{kind.id}`", kind.label.zh, kind.label.en) for kind in kinds]
    return page("操作日志的事件类型", "Kinds of event in the log", grid(("id", "中文", "English"), rows))


def roles() -> str:
    """Every role with its verbs, and every verb."""
    from manyi.organisation.roles import VERBS, Role

    def names(role: Role) -> str:
        return " ".join(f"`{verb}`" for verb in sorted(role.verbs))

    of_roles = [(f"`{role.value}`", role.label.zh, role.label.en, names(role)) for role in Role]
    of_verbs = [(f"`{verb}`", label.zh, label.en) for verb, label in sorted(VERBS.items())]
    return page(
        "角色与权限",
        "Roles and access verbs",
        "角色在其组织单元及下级单元内有效。 A role holds over its unit and everything below.",
        grid(("id", "中文", "English", "verbs"), of_roles),
        grid(("verb", "中文", "English"), of_verbs),
    )


def settings() -> str:
    """Every setting that an organisation can change."""
    table = discovery.table("manyi.organisation.settings", "SETTINGS")
    rows = [(f"`{name}`", s.label.zh, s.label.en, f"`{s.default!r}`") for name, s in table.items()]
    return page("设置", "Settings", grid(("id", "中文", "English", "default"), rows))


def workflows() -> str:
    """Every state machine as a diagram, its states and its transitions."""
    return page("流程", "Workflows", *(machine_section(machine) for machine in discovery.machines()))


def machine_section(machine: Machine) -> str:
    """One machine."""
    states = [(f"`{s.id}`", s.label.zh, s.label.en, "✓" if s.open else "") for s in machine.states]
    head = ("step", "中文", "English", "from", "to", "who", "needs")
    return "\n\n".join(
        [
            f"## {machine.label.zh} · {machine.label.en} (`{machine.name}`)",
            diagram(machine),
            grid(("state", "中文", "English", "open"), states),
            grid(head, [transition_row(t) for t in machine.transitions]),
        ]
    )


def diagram(machine: Machine) -> str:
    """The machine as a Mermaid diagram."""
    arrows = [f"    {source} --> {t.target}: {t.name}" for t in machine.transitions for source in t.sources]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])


def transition_row(step: Transition) -> tuple[str, ...]:
    """One step of a machine."""
    needs = ", ".join(f"{need.label.en}{'' if need.required else ' (optional)'}" for need in step.needs)
    sources = " ".join(f"`{source}`" for source in step.sources)
    who = " ".join(f"`{verb}`" for verb in step.who)
    if step.automatic:
        who = "software"
    return f"`{step.name}`", step.label.zh, step.label.en, sources, f"`{step.target}`", who, needs


def plugins() -> str:
    """Every plug-in of every registry."""
    parts = []
    for registry in discovery.registries():
        rows = [(f"`{p.id}`", p.label.zh, p.label.en, summary(type(p))) for p in registry]
        parts.append(f"## `{registry.kind}`\n\n" + grid(("id", "中文", "English", "what it does"), rows))
    return page("插件", "Plug-ins", *parts)


def summary(thing: Any) -> str:
    """First line of a docstring."""
    return (thing.__doc__ or "").strip().split("\n")[0]


def analyses() -> str:
    """Every method of analysis, with its settings and an example."""
    return page("分析方法", "Methods of analysis", *analyses_page.parts(grid))


def cli() -> str:
    """Every command with its arguments and options."""
    sections = []
    for name, command in discovery.commands().items():
        rows = [parameter_row(parameter) for parameter in command.params]
        text = (command.help or "").strip()
        parts = [f"## `{name}`", text, grid(("parameter", "meaning", "default"), rows) if rows else ""]
        sections.append("\n\n".join(part for part in parts if part))
    return page("命令", "Commands", *sections)


def parameter_row(parameter: Any) -> tuple[str, str, str]:
    """One argument or option of a command."""
    positional = parameter.param_type_name == "argument"
    name = parameter.name.upper() if positional else ", ".join([*parameter.opts, *parameter.secondary_opts])
    default = "" if parameter.required or parameter.default is None else f"`{parameter.default}`"
    return f"`{name}`", text_of(getattr(parameter, "help", "")), default


def text_of(help_text: str | Label | None) -> str:
    """Help as written; empty when there is none."""
    return str(help_text or "")


PAGES: dict[str, Callable[[], str]] = {
    "events.md": events,
    "roles.md": roles,
    "settings.md": settings,
    "workflows.md": workflows,
    "plugins.md": plugins,
    "analyses.md": analyses,
    "cli.md": cli,
}

if __name__ == "__main__":
    main()
