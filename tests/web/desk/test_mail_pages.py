"""The pages of mail: boxes in the settings, and what a person decides about a mail."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from manyi.cases.mail.boxes import save_box
from manyi.cases.mail.intake import take_in
from manyi.cases.models import Case, MailBox, ReceivedMail
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import fresh
from tests.cases.mail.written import written
from tests.personas import House, browser_of

GIVEN = {
    "address": "care@shop.example", "kind": "complaint", "protocol": "imap", "host": "imap.example",
    "port": "993", "encryption": "ssl", "user": "care", "password": "secret", "folder": "INBOX",
}  # fmt: skip


def test_a_box_is_set_up_and_stays_in_use_when_it_is_changed(house: House, monday: datetime) -> None:
    admin = personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group)
    browser, unit = browser_of(admin), str(house.tree.east_service.pk)
    answer = browser.post(reverse("desk:mail_box_new"), {**GIVEN, "unit": unit, "active": "yes"})
    assert answer.status_code == 302
    box = MailBox.objects.get()
    page = browser.get(reverse("desk:mail_box", args=[box.pk])).content.decode()
    assert 'name="active" value="yes" checked' in page
    assert "secret" not in page
    answer = browser.post(
        reverse("desk:mail_box", args=[box.pk]), {**GIVEN, "unit": unit, "password": "", "active": "yes"}
    )
    box.refresh_from_db()
    assert (answer.status_code, box.active, box.password) == (302, True, "secret")
    browser.post(reverse("desk:mail_box", args=[box.pk]), {**GIVEN, "unit": unit, "password": ""})
    box.refresh_from_db()
    assert not box.active


def test_machine_mail_is_registered_by_a_person_and_broken_mail_is_tried_again(
    house: House, monday: datetime
) -> None:
    box = save_box(actor=None, unit=house.tree.east_service, given=GIVEN)
    bulk = take_in(written(Precedence="bulk"), unit=box.unit, box=box)
    broken = take_in(b"no mail", unit=box.unit, box=box)
    browser = browser_of(fresh("zhou"))
    listed = browser.get(reverse("desk:mails")).content.decode()
    assert reverse("desk:mail", args=[broken.pk]) in listed
    browser.post(reverse("desk:mail_again", args=[broken.pk]))
    assert ReceivedMail.objects.get(pk=broken.pk).state == "quarantined"
    given = {"kind": "help", "unit": str(box.unit.pk)}
    answer = browser.post(reverse("desk:mail_register", args=[bulk.pk]), given)
    case = Case.objects.get()
    assert answer["Location"] == reverse("desk:case", args=[case.pk])
    assert (case.kind, case.channel) == ("help", "mail")
    raw = browser.get(reverse("desk:mail_raw", args=[bulk.pk]))
    assert raw["Content-Type"] == "application/octet-stream"
    raw.close()
