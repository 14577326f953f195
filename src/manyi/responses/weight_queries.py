"""What weights are made from: the valid answer sheets of a round, by trait and coded question."""

from __future__ import annotations

from manyi.kernel.labels import Label
from manyi.organisation.models import Unit
from manyi.responses.models import Response
from manyi.responses.weight_rules import TRAITS, Sheet
from manyi.surveys.columns import Column
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import columns_of


def coded_columns(round: Round) -> list[Column]:
    """The questions of a round with one coded answer."""
    return [column for column in columns_of(questionnaire_of(round.questionnaire)) if column.codes]


def variables_of(round: Round) -> dict[str, dict[str, Label]]:
    """What a round can be weighted by: its coded questions and the traits, with the categories of each.

    The categories of traits are those that occur among the answers.
    """
    found = {
        column.name: {str(code): Label(text.text("zh"), text.text("en")) for code, text in column.codes}
        for column in coded_columns(round)
    }
    sheets = sheets_of(round)
    for trait in TRAITS:
        names = sorted({sheet.traits[trait] for sheet in sheets} - {""})
        if names:
            found[trait] = {name: Label(name, name) for name in names}
    return found


def sheets_of(round: Round, *, design: bool = False) -> list[Sheet]:
    """The valid answer sheets in order of id; with ``design`` their design weight, 0 where there is none."""
    columns = coded_columns(round)
    units = dict(Unit.objects.values_list("pk", "code"))
    rows = Response.objects.filter(round=round, state="submitted", valid=True).order_by("pk")
    sheets = []
    for row in rows.select_related("invitation__member"):
        traits = {
            column.name: str(value) if (value := column.read(row.answers)) is not None else ""
            for column in columns
        }
        traits |= {
            "unit": units[row.unit_id],
            "segment": "+".join(row.segments),
            "product": row.product,
        }
        base = (row.invitation.member.weight if row.invitation else 0.0) if design else 1.0
        sheets.append(Sheet(row.pk, base, traits))
    return sheets
