"""CPU and memory of exporting a round's answers, beside the bare limits of the machine.

    python -m benchmarks.export_rate [--rows 100000] [--big 1000000]

CSV is compared with ``csv.writer`` writing rows that are in memory already; ``.sav`` with pyreadstat's writer
given columns that are in memory already. Every export runs in a process of its own, for its memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks._home import throwaway
from benchmarks.respondent import QUESTIONS, definition

PART = 20_000


def filled(rows: int) -> int:
    """A round with so many submitted answer sheets; returns its id."""
    from manyi.organisation import actions as organisation
    from manyi.organisation import clock
    from manyi.responses.models import Response
    from manyi.surveys import actions as surveys
    from manyi.surveys.definition import from_dict

    unit = organisation.create_unit(actor=None, code=f"B{rows}", name="测速", kind="group", parent=None)
    draft = surveys.create_questionnaire(
        actor=None, unit=unit, definition=from_dict({**definition(), "code": f"b{rows}"})
    )
    version = surveys.publish_questionnaire(actor=None, version=draft)
    programme = surveys.create_programme(actor=None, unit=unit, code=f"b{rows}", title="测速")
    now = clock.now()
    row = surveys.create_round(
        actor=None, programme=programme, questionnaire=version, scheme=None, title="测速",
        opens_at=now, closes_at=now + timedelta(days=1),
    )  # fmt: skip
    common = {"round": row, "questionnaire": version, "unit": unit, "channel": "link", "state": "submitted"}
    common |= {"started_at": now, "saved_at": now, "submitted_at": now, "seconds": 60}
    for begin in range(0, rows, PART):
        Response.objects.bulk_create(
            Response(key=f"k{rows}.{n}", receipt=f"r{rows}.{n}", answers=answers(n), **common)
            for n in range(begin, min(begin + PART, rows))
        )
    return row.pk


def answers(number: int) -> dict[str, int]:
    """Twenty ratings."""
    return {f"q{n}": (number + n) % 5 + 1 for n in range(1, QUESTIONS + 1)}


def export(round_id: int, path: str, told: Any) -> None:
    """Export in this process, and tell CPU seconds and the peak of memory in MB."""
    import django

    django.setup()
    from manyi.organisation.jobs import Silent
    from manyi.responses.exports import export_responses
    from manyi.surveys.models import Round

    row = Round.objects.get(pk=round_id)
    begun = time.process_time()
    export_responses(actor=None, round=row, path=Path(path), progress=Silent())
    told.put((time.process_time() - begun, most_memory()))


def most_memory() -> float:
    """The peak of this process's memory in MB; ``getrusage`` would count what its parent held too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measured(round_id: int, path: Path) -> tuple[float, float]:
    """CPU seconds and peak resident memory (MB) of one export in a fresh process."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    child = context.Process(target=export, args=(round_id, str(path), told))
    child.start()
    found: tuple[float, float] = told.get(timeout=600)
    child.join()
    return found


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def bare_csv(rows: int, path: Path) -> None:
    """The limit: rows in memory through the csv module."""
    row = [1, "r1", "2026-01-31 10:00:00", 60, "B", "link", "", "", "", 1, "", *answers(1).values()]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(row for _ in range(rows))


def beside_pyreadstat(rows: int, folder: Path) -> None:
    """Both writers of system files, each from the same records: numbers, with and without a text."""
    import pyreadstat

    from manyi.surveys.codecs import CODECS, Document
    from manyi.surveys.codecs.document import Record
    from manyi.surveys.definition import from_dict

    try:
        import pandas as pd
    except ImportError:
        pd = None
    plain = definition()
    why = {"code": "why", "type": "text_long", "title": "原因"}
    worded = {
        **plain,
        "sections": [{**plain["sections"][0], "questions": [*plain["sections"][0]["questions"], why]}],
    }
    for name, tree in (("20 numbers", plain), ("20 numbers, 1 text", worded)):
        text = {"why": "等候的时间太长,希望改进。"} if tree is worded else {}
        records = [Record({**answers(n), **text}) for n in range(rows)]
        document = Document(from_dict(tree), records=records)
        ours = cpu(lambda given=document: CODECS.get("spss").write(given, folder / "ours.sav"))
        told = f".sav of {rows} records ({name}): {ours:.2f} CPU s"
        if pd is None:
            print(f"{told} (pyreadstat writes only data frames: install pandas to compare)")
            continue

        def theirs(given: list[Record] = records) -> None:
            frame = pd.DataFrame([record.answers for record in given])
            pyreadstat.write_sav(frame, str(folder / "theirs.sav"))

        spent = cpu(theirs)
        print(f"{told}, pandas and pyreadstat {spent:.2f} ({spent / ours:.1f} ×)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--big", type=int, default=1_000_000)
    given = parser.parse_args()
    with throwaway() as home:
        for rows, aim in ((given.rows, "aim 1.2 s"), (given.big, "aim 10 × the small one, 200 MB")):
            round_id = filled(rows)
            spent, memory = measured(round_id, home / "x.csv")
            print(f"csv of {rows} answers: {spent:.2f} CPU s, {memory:.0f} MB in all ({aim})")
            limit = cpu(lambda count=rows: bare_csv(count, home / "bare.csv"))
            parsing = cpu(lambda count=rows: parsed(count))
            print(f"  bare limits: csv.writer {limit:.2f} CPU s, json.loads {parsing:.2f} CPU s")
        beside_pyreadstat(given.rows, home)


def parsed(rows: int) -> None:
    """The limit of reading answers: parsing their JSON."""
    text = json.dumps(answers(1))
    for _ in range(rows):
        json.loads(text)


if __name__ == "__main__":
    main()
