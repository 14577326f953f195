"""The command line ``manyi``."""

from __future__ import annotations

import typer

from manyi.web.serve import commands as serve_commands

app = typer.Typer(
    name="manyi",
    help="满意 Manyi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
serve_commands.add_to(app)


def main() -> None:
    """Entry of the console script."""
    app()
