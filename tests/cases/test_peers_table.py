"""Each row of the reference's tables 3.1 to 3.3 is a test of that name, or a line in the docs."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

#: The reports of the three tables; of several in one row, each.
REPORTS = tuple(
    """
    zammad_390 zammad_534 zammad_4353 zammad_3180 zammad_3140 zammad_5177 zammad_2579 zammad_2082
    zammad_904 zammad_4432 zammad_1395 zammad_1396 frappe_2449 frappe_2075 frappe_1554 frappe_1675
    frappe_3639 erpnext_49414 erpnext_52489 erpnext_38745 frappe_2212 chatwoot_14009 osticket_6739
    osticket_6847 glpi_6902 glpi_15605 glpi_687 glpi_22678 chatwoot_13392 chatwoot_10178
    chatwoot_15024 osticket_3034 chinese_calendar_66 chinese_calendar_35 chinese_calendar_75
    osticket_1041 odoo_66329 freescout_3670 faveo_150 freescout_4250 frappe_3628 freescout_4143
    osticket_902 chatwoot_10028 chatwoot_3868 chatwoot_10750 frappe_helpdesk_3638 chatwoot_15869
    chatwoot_15365 zammad_5064 mailanalyzer_20 zammad_377 zammad_983 frappe_2539 zammad_1929
    zammad_3105 glpi_20620 django_mailbox_212 itop_133 freescout_4958 freescout_5638 freescout_4748
    frappe_2046 zammad_795 zammad_2176 zammad_2722 zammad_3115 zammad_6141 zammad_2227 chatwoot_4526
    oca_a_missed_day oca_a_cancelled oca_the_check_of_effect oca_no_duration oca_each_kind
    """.split()  # noqa: SIM905 - a table is read as one
)

FILES = (
    "tests/cases/test_peers_clocks.py",
    "tests/cases/mail/test_peers_mail.py",
    "tests/improvement/test_peers_actions.py",
)


def named() -> list[str]:
    """The names of the tests, with the number of every further report of a row under its own maker's name."""
    found = []
    for file in FILES:
        for name in re.findall(r"^def test_(\w+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE):
            maker = ""
            for word in re.findall(r"[a-z_]+?(?=_\d)|_?\d+|[a-z_]+", name):
                number = word.strip("_")
                if number.isdigit():
                    found.append(f"{maker}_{number}")
                else:
                    maker = number
            found.append(name)
    return found


@pytest.mark.parametrize("report", REPORTS)
def test_each_report_is_a_test_or_a_line(report: str) -> None:
    said = (ROOT / "docs" / "cases-peers.md").read_text(encoding="utf-8")
    assert f"| {report} |" in said or any(name.startswith(report) for name in named())
