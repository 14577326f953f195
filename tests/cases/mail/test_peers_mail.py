"""Where other registers went wrong with mail (reference table 3.2); each test has the name of the report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from manyi.cases.actions import add_message, advance
from manyi.cases.mail import decisions, intake
from manyi.cases.models import Case, CaseMessage, MailBox, ReceivedMail
from manyi.cases.queries import with_news
from manyi.distribution.models import Message
from manyi.organisation import clock, events, settings
from manyi.organisation.actions import set_setting
from tests.cases.house import Register, fresh, walk
from tests.cases.mail.written import SENDER, arrived, bounce_of, case_by_mail, sent, written
from tests.personas import House

pytestmark = pytest.mark.usefixtures("monday")


def answered(case: Case, words: str = "我们已订货。") -> Message:
    """A letter of the handler to the complainant, sent."""
    add_message(actor=fresh("wang"), case=case, direction="out", body=words)
    events.dispatch_pending()
    return sent()[-1]


def box(house: House, address: str, unit: str = "east_service") -> MailBox:
    access = {"host": "imap.example", "user": "u", "password": "p"}
    return MailBox.objects.create(unit=getattr(house.tree, unit), address=address, **access)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"subject": "自动回复: 已收到您的诉求"},
        {"subject": "Out of Office"},
        {"body": "此邮件由系统自动回复,我将于周五回来。"},
    ],
)
def test_osticket_1041_odoo_66329_freescout_3670_out_of_office_against_our_acknowledgement(
    house: House, headers: dict[str, Any]
) -> None:
    case = case_by_mail(house)
    receipt = sent()[-1]
    mail = arrived(house, written(**{"In_Reply_To": receipt.receipt, **headers}))
    assert (mail.state, mail.reason, mail.case) == ("machine", "auto_reply", case)
    assert Case.objects.count() == 1
    assert Message.objects.count() == 1, "an automatic reply is never acknowledged"


def test_faveo_150_freescout_4250_frappe_3628_bounce_of_the_acknowledgement_opens_no_case(
    house: House,
) -> None:
    case = case_by_mail(house)
    mail = arrived(house, bounce_of(sent()[-1]))
    assert (mail.state, mail.reason, mail.case) == ("machine", "bounce", case)
    assert Case.objects.count() == 1
    assert case.messages.filter(direction="internal", body__contains="退回").count() == 1
    assert Message.objects.count() == 1


def test_freescout_4143_notification_replies_do_not_loop_overnight(house: House) -> None:
    set_setting(actor=None, key="cases.mails_per_day", value=40)
    outcomes = [
        arrived(house, written(f"通知 {number}", f"第 {number} 封", sender="robot@example.com")).state
        for number in range(45)
    ]
    assert outcomes == ["message"] * 40 + ["machine"] * 5
    assert ReceivedMail.objects.filter(reason="loop").count() == 5
    receipts = Message.objects.filter(kind="acknowledgement").count()
    assert receipts == settings.value("cases.receipts_per_day") == 10
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert arrived(house, written("还是没修好", sender="robot@example.com")).state == "message"


def test_osticket_902_reply_to_the_auto_response_stays_in_its_case(house: House) -> None:
    case = case_by_mail(house)
    mail = arrived(house, written("Re: 已收到您的诉求", "补充照片", In_Reply_To=sent()[-1].receipt))
    assert (mail.state, mail.case) == ("message", case)
    assert Case.objects.count() == 1


def test_chatwoot_10028_3868_10750_reply_to_our_first_letter_opens_no_new_case(
    new_case: Register, house: House
) -> None:
    case = new_case(contact_email=SENDER)  # by telephone: the first letter is ours
    letter = answered(case)
    mail = arrived(house, written(f"回复: {letter.subject}", "好的", In_Reply_To=letter.receipt))
    assert mail.case == case
    assert not mail.new_subject


def test_frappe_helpdesk_3638_our_answers_carry_threading_headers(house: House) -> None:
    case = case_by_mail(house)
    letter = answered(case)
    assert letter.headers["In-Reply-To"] == "<first@example.com>"
    assert letter.headers["References"] == "<first@example.com>"
    assert letter.headers["Auto-Submitted"] == "no"
    assert sent()[0].headers["Auto-Submitted"] == "auto-replied"


def test_chatwoot_15869_changed_subject_offers_a_split_and_is_answered_under_its_own(house: House) -> None:
    case = case_by_mail(house)
    letter = answered(case)
    mail = arrived(house, written("发票开错了", "另外,发票抬头不对。", In_Reply_To=letter.receipt))
    assert mail.case == case
    assert mail.new_subject
    assert answered(case).subject == f"Re: 发票开错了 [{case.number}]"
    made = decisions.split(actor=fresh("zhou"), mail=mail)
    assert made != case
    assert made.messages.get(direction="in").body == "另外,发票抬头不对。"
    assert made.received_at <= made.registered_at
    mail.refresh_from_db()
    assert (mail.case, mail.new_subject) == (made, False)
    assert not case.messages.filter(body__contains="发票抬头").exists()
    decisions.put_back(actor=fresh("zhou"), mail=mail)
    mail.refresh_from_db()
    assert mail.case == case
    made.refresh_from_db()
    assert (made.state, made.merged_into) == ("duplicate", case)


def test_chatwoot_15365_our_address_in_copy_is_enough(house: House) -> None:
    box(house, "care@shop.example")
    mail = arrived(house, written(to="boss@shop.example", Cc="care@shop.example"))
    assert mail.state == "message"
    assert mail.correspondents == [SENDER, "boss@shop.example"]


def test_zammad_5064_quoting_a_number_does_not_open_a_strangers_case(house: House) -> None:
    case = case_by_mail(house)
    mail = arrived(house, written(f"关于 {case.number}", "请告诉我进展", sender="stranger@example.net"))
    assert mail.case not in {case, None}
    assert mail.quoted == case
    assert not case.messages.filter(body__contains="进展").exists()
    assert mail.case is not None
    assert mail.case.messages.filter(direction="internal", body__contains=case.number).exists()
    party = arrived(house, written(f"关于 {case.number}", "我想补充"))
    assert party.case == case


def test_zammad_5064_an_identifier_that_can_be_guessed_does_not_open_it_either(house: House) -> None:
    case = case_by_mail(house)
    raw = written("Re: 空调", "给我看看", sender="stranger@example.net", In_Reply_To="<first@example.com>")
    assert arrived(house, raw).case != case


def test_mailanalyzer_20_thread_index_is_not_believed(house: House) -> None:
    first = arrived(house, written(Thread_Index="AQHZ0000")).case
    other = arrived(
        house, written("地板有划痕", "新房地板", sender="li@example.com", Thread_Index="AQHZ0000")
    )
    assert other.case != first


def test_zammad_377_983_frappe_2539_reply_to_a_merged_case_lands_in_the_target(
    new_case: Register, house: House
) -> None:
    one, two, three = case_by_mail(house), new_case(), new_case()
    letter = answered(one)
    for source, target in ((one, two), (two, three)):
        advance(case=source, name="merge", actor=fresh("zhou"), facts={"into": target.number})
    mail = arrived(house, written("Re: 空调", "有进展吗", In_Reply_To=letter.receipt))
    assert mail.case == three


def test_zammad_1929_3105_after_merging_the_owner_of_the_target_sees_the_reply(
    new_case: Register, house: House
) -> None:
    one, target = case_by_mail(house), walk(new_case(contact_email="chen@example.com"), house, "start")
    letter = answered(one)
    advance(case=one, name="merge", actor=fresh("zhou"), facts={"into": target.number})
    with clock.at(clock.now() + timedelta(hours=1)):
        mail = arrived(house, written("Re: 空调", "周五可以到店", In_Reply_To=letter.receipt))
    assert mail.case == target
    assert list(with_news(fresh("wang"))) == [target]
    written_to = answered(target)
    assert written_to.recipient == "chen@example.com"


def test_glpi_20620_merging_mails_nothing_internal_to_the_customer(new_case: Register, house: House) -> None:
    one, target = case_by_mail(house), new_case(contact_email="chen@example.com")
    add_message(actor=fresh("wang"), case=one, direction="internal", body="供应商质量问题,先别说")
    before = len(sent())
    advance(case=one, name="merge", actor=fresh("zhou"), facts={"into": target.number})
    events.dispatch_pending()
    later = sent()[before:]
    assert not any("供应商" in message.body or "并入" in message.body for message in later)


def test_django_mailbox_212_a_crash_between_keeping_and_sorting_repeats_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    raw = written()
    with monkeypatch.context() as patch:
        patch.setattr(intake, "sort", crash)
        with pytest.raises(KeyboardInterrupt):
            intake.take_in(raw, unit=house.tree.east_service)
    assert ReceivedMail.objects.get().state == "kept"
    assert intake.sort_waiting() == 1
    mail = arrived(house, raw)  # the box still shows it as unseen
    assert (mail.state, Case.objects.count(), CaseMessage.objects.count()) == ("message", 1, 1)


def test_itop_133_without_message_id_the_same_mail_is_known_again(house: House) -> None:
    raw = written()
    assert b"Message-ID" not in raw
    assert arrived(house, raw).state == "message"
    again = arrived(house, b"Received: by another.example; Mon, 02 Mar 2026 09:20:00 +0800\r\n" + raw)
    assert (again.state, Case.objects.count()) == ("repeated", 1)


def test_freescout_4958_last_years_similar_mail_is_not_swallowed(house: House) -> None:
    first = arrived(house, written(Date="Sun, 02 Mar 2025 09:00:00 +0800"))
    later = arrived(house, written(Date="Mon, 02 Mar 2026 09:00:00 +0800"))
    assert (first.state, later.state) == ("message", "message")
    assert later.case != first.case


def test_freescout_5638_a_mail_to_ourselves_makes_no_two_cases(house: House) -> None:
    box(house, "care@shop.example")
    mail = arrived(house, written(sender="care@shop.example", Message_ID="<self@shop.example>"))
    assert (mail.state, mail.reason, Case.objects.count()) == ("machine", "own", 0)


def test_freescout_4748_frappe_2046_one_mail_to_two_boxes_is_one_case_that_both_know(house: House) -> None:
    care, sales = box(house, "care@shop.example"), box(house, "sales@shop.example", "east")
    raw = written(to="care@shop.example, sales@shop.example", Message_ID="<two@example.com>")
    first = intake.take_in(b"Received: a; x\r\n" + raw, unit=care.unit, box=care)
    second = intake.take_in(b"Received: b; y\r\n" + raw, unit=sales.unit, box=sales)
    assert (first.state, second.state, Case.objects.count()) == ("message", "repeated", 1)
    assert second.case == first.case
    assert first.case is not None
    assert first.case.messages.filter(direction="internal", body__contains="sales@shop.example").exists()


@pytest.mark.parametrize(
    ("charset", "said", "text"),
    [
        ("gb18030", "gb2312", "收费不清楚,镕基路店"),
        ("gb18030", "iso-8859-1", "维修收费不清楚,多收了钱"),
        ("utf-8", "gb2312", "维修收费不清楚,多收了钱,请查一查"),
        ("utf-8", "x-no-such-charset", "维修收费不清楚"),
        ("utf-8", "", "维修收费不清楚"),
        ("big5", "big5", "維修收費不清楚"),
        ("iso2022_jp", "iso-2022-jp", "修理が遅い"),
        ("latin-1", "iso-8859-1", "Le café était fermé"),
    ],
)
def test_zammad_795_2176_2722_3115_6141_no_charset_loses_the_mail(
    house: House, charset: str, said: str, text: str
) -> None:
    kind = f"text/plain; charset={said}" if said else "text/plain"
    head = f"From: {SENDER}\r\nSubject: x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    mail = arrived(house, head.encode() + text.encode(charset))
    assert mail.state == "message"
    assert mail.case is not None
    if (charset, said) != ("utf-8", "gb2312"):  # bytes that fit both are read as the sender said
        assert mail.case.demand == text


@pytest.mark.parametrize("kind", ["text/", "plain", "text/plain; charset", ";;;", "multipart/mixed"])
def test_zammad_795_a_bad_content_type_loses_no_mail(house: House, kind: str) -> None:
    raw = f"From: {SENDER}\r\nSubject: 账单\r\nContent-Type: {kind}\r\n\r\n账单不对"
    assert arrived(house, raw.encode()).state == "message"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('filename="=?GB2312?B?t6LGsS5wZGY=?="', "发票.pdf"),
        ("filename*=utf-8''%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        ("filename*=nonsense''%FF%FE.pdf", None),
        ('filename="=?utf-8?B?not base64!?="', None),
        ('filename="../../etc/passwd"', "etc_passwd"),
        ('filename="a\u202efdp.exe"', "a_fdp.exe"),
        ("filename=发票.pdf", "发票.pdf"),
    ],
)
def test_zammad_2227_no_name_of_a_file_loses_the_mail(house: House, header: str, name: str | None) -> None:
    raw = f"""From: {SENDER}
Subject: invoice
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

see the file
--b
Content-Type: application/pdf
Content-Disposition: attachment; {header}

%PDF-1.4
--b--
"""
    mail = arrived(house, raw.encode())
    assert mail.state == "message"
    assert [file["content_type"] for file in mail.files] == ["application/pdf"]
    assert mail.files[0]["name"]
    if name is not None:
        assert mail.files[0]["name"] == name


def test_chatwoot_4526_each_closing_has_a_call_back_of_its_own(
    new_case: Register, house: House, monday: datetime
) -> None:
    case = walk(new_case(), house, "close")
    advance(case=case, name="reopen", actor=fresh("zhou"), facts={"reason": "又不凉了"})
    case.refresh_from_db()
    assert case.call_backs.filter(cycle=case.reopened).count() == 0
    assert case.call_backs.count() == 1
