"""Cases."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from manyi.cases.choices import KINDS
from manyi.cases.models import Case
from manyi.cases.workflow import MACHINE
from manyi.kernel.labels import Label
from manyi.organisation.access import within
from manyi.reports.blocks import Block, Cell, Paragraph, Table, words
from manyi.reports.sections import SECTIONS, Context


@SECTIONS.register
class Cases:
    """What came in as cases in the time of the round, by kind and state."""

    id = "cases"
    label = Label("诉求情况", "Cases")

    def fill(self, context: Context) -> list[Block]:
        """How many cases, how many from low scores, and a table of kinds by state."""
        rows = received(context)
        total = rows.count()
        if not total:
            return [Paragraph(Label("调查期间没有收到诉求。", "No cases came in during the survey."))]
        low = rows.filter(response__round=context.round).count()
        sentence = Label(
            f"调查期间收到诉求 {total} 件,其中由本轮低分答卷产生 {low} 件。",
            f"{total} cases came in during the survey, {low} of them from low scores of this round.",
        )
        return [Paragraph(sentence), _table(rows)]


def received(context: Context) -> QuerySet[Case]:
    """The cases of the report's units that came in while the round was open, or because of it."""
    round = context.round
    begin, end = round.opened_at or round.opens_at, round.closed_at or round.closes_at
    came = Q(received_at__gte=begin, received_at__lte=min(end, context.now)) | Q(response__round=round)
    return Case.objects.filter(within(context.roots, "unit")).filter(came)


def _table(rows: QuerySet[Case]) -> Table:
    counts = {
        (r["kind"], r["state"]): r["n"]
        for r in rows.values("kind", "state").annotate(n=Count("pk")).order_by()
    }
    kinds = [(kind, label) for kind, label in KINDS if any(kind == known for known, _ in counts)]
    states = [state for state in MACHINE.states if any(state.id == known for _, known in counts)]
    lines = tuple(
        (
            Cell(label),
            *(words(str(counts.get((kind, state.id), 0))) for state in states),
            words(str(sum(n for (known, _), n in counts.items() if known == kind))),
        )
        for kind, label in kinds
    )
    columns = (Label("类别", "Kind"), *(state.label for state in states), Label("合计", "Total"))
    return Table(Label("按类别和办理状态", "By kind and state"), columns, lines)
