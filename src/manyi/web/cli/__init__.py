"""The command line ``manyi``."""

from __future__ import annotations

import typer

from manyi.web.cli import (
    analyses,
    cases,
    distribution,
    exported,
    intake,
    organisation,
    packs,
    questionnaires,
    surveys,
    texts,
)
from manyi.web.serve import commands as serve_commands

app = typer.Typer(
    name="manyi",
    help="满意 Manyi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
#: Rooms that take in files add their command here.
imports = typer.Typer(help="导入文件 Take in files.", no_args_is_help=True)
exports = typer.Typer(help="导出文件 Write files.", no_args_is_help=True)

serve_commands.add_to(app)
app.add_typer(organisation.events, name="events")
app.add_typer(organisation.calendar, name="calendar")
app.add_typer(organisation.user, name="user")
app.add_typer(cases.cases, name="cases")
app.add_typer(intake.intake, name="intake")
app.add_typer(packs.packs, name="pack")
app.add_typer(questionnaires.questionnaire, name="questionnaire")
app.add_typer(distribution.distribution, name="distribution")
app.add_typer(texts.texts, name="text")
app.add_typer(surveys.survey, name="survey")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")
app.command("convert")(questionnaires.convert)
app.command("analyse")(analyses.analyse)
imports.command("customers")(organisation.import_customers)
imports.command("cases")(cases.import_cases)
imports.command("responses")(surveys.import_responses)
exports.command("responses")(exported.export_responses)


def main() -> None:
    """Entry of the console script."""
    app()
