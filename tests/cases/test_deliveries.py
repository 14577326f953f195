"""Words to the complainant that did not arrive: shown in the case, sent again, or told otherwise."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from manyi.cases import delivery_actions
from manyi.cases.actions import add_message
from manyi.cases.deliveries import undelivered
from manyi.cases.models import Case, PostSource
from manyi.distribution.actions import deliver_queued
from manyi.distribution.models import Message
from manyi.distribution.return_actions import book
from manyi.organisation import clock, events
from manyi.organisation.actions import set_setting
from manyi.organisation.errors import NotPermitted, Refused
from manyi.web.desk.case_story import story
from tests.cases.house import Register, fresh, walk
from tests.cases.posts.pushed import a_post, pushed, receiver, replying
from tests.personas import House, browser_of


def failed(case: Case, why: str = "554 no such user") -> Message:
    """The newest letter of a case, as one that did not arrive."""
    rows = Message.objects.filter(key__startswith=f"case-{case.pk}-")
    rows.filter(pk=rows.latest("pk").pk).update(state="failed", error=why, claimed_at=clock.now())
    return rows.latest("pk")


@pytest.fixture
def unread(new_case: Register, house: House, monday: datetime) -> tuple[Case, Message]:
    """A case whose handler wrote a mail that was not taken."""
    case = walk(new_case(contact_email="he@example.com"), house, "start")
    add_message(actor=fresh("wang"), case=case, direction="out", body="请周三到店。")
    events.dispatch_pending()
    return case, failed(case)


def page(browser: Client, case: Case) -> str:
    return str(browser.get(f"/cases/{case.pk}/").content.decode())


def test_a_failed_mail_stands_where_the_message_stands(unread: tuple[Case, Message], house: House) -> None:
    case, letter = unread
    answer = browser_of(fresh("wang")).get(f"/cases/{case.pk}/")
    (item,) = [item for item in answer.context["story"] if item.delivery]
    assert (item.body, item.delivery.letter.pk, item.delivery.open) == ("请周三到店。", letter.pk, True)
    assert (item.delivery.why, item.delivery.at) == ("554 no such user", letter.claimed_at)
    assert "未送达" in answer.content.decode()
    Message.objects.update(state="sent", error="")
    assert "未送达" not in page(browser_of(fresh("wang")), case)


@pytest.mark.every_database
def test_it_waits_on_today_for_the_handler_and_who_dispatches(
    unread: tuple[Case, Message], house: House
) -> None:
    case, letter = unread
    for who in ("wang", "zhou", "zhao"):
        assert undelivered(fresh(who)) == [(case, letter)], who
    for who in ("zheng", "sun", "qian"):
        assert undelivered(fresh(who)) == [], who
    today = browser_of(fresh("wang")).get("/")
    (section,) = [each for each in today.context["sections"] if each.id == "undelivered"]
    assert (section.count, section.lines[0].href) == (1, f"/cases/{case.pk}/#letter-{letter.pk}")
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert undelivered(fresh("wang")) == [], "a closed case asks for nothing"


def test_it_is_sent_again_to_the_address_of_today(unread: tuple[Case, Message], house: House) -> None:
    case, letter = unread
    Case.objects.filter(pk=case.pk).update(contact_email="she@example.com")
    wang = browser_of(fresh("wang"))
    assert wang.post(f"/cases/{case.pk}/letters/{letter.pk}/again/").status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.error, letter.recipient) == ("queued", "", "she@example.com")
    assert undelivered(fresh("wang")) == []
    assert "重新发送给顾客" in page(wang, case)
    again = wang.post(f"/cases/{case.pk}/letters/{letter.pk}/again/", follow=True)
    assert "只有未送达的内容可以这样处理" in again.content.decode()


def test_told_otherwise_ends_the_waiting_and_can_be_taken_back(
    unread: tuple[Case, Message], house: House
) -> None:
    case, letter = unread
    wang = browser_of(fresh("wang"))
    wang.post(f"/cases/{case.pk}/letters/{letter.pk}/settled/")
    assert undelivered(fresh("wang")) == []
    assert "未送达,已用其他方式告知" in page(wang, case)
    assert "554 no such user" in page(wang, case), "why is not forgotten"
    assert deliver_queued() == 0 or Message.objects.get(pk=letter.pk).state == "cancelled"
    delivery_actions.send_again(actor=fresh("wang"), case=case, message=letter)
    assert Message.objects.get(pk=letter.pk).state == "queued"


def test_who_has_no_part_in_the_case_decides_nothing(
    unread: tuple[Case, Message], new_case: Register, house: House
) -> None:
    case, letter = unread
    for act in (delivery_actions.send_again, delivery_actions.settle):
        with pytest.raises(NotPermitted):
            act(actor=fresh("qian"), case=case, message=letter)
    assert browser_of(fresh("zheng")).post(f"/cases/{case.pk}/letters/{letter.pk}/again/").status_code == 404
    other = new_case()
    assert browser_of(fresh("wang")).post(f"/cases/{other.pk}/letters/{letter.pk}/again/").status_code == 404
    assert Message.objects.get(pk=letter.pk).state == "failed"


def test_without_an_address_it_says_what_to_do(unread: tuple[Case, Message], house: House) -> None:
    case, letter = unread
    Case.objects.filter(pk=case.pk).update(contact_email="")
    case.refresh_from_db()
    with pytest.raises(Refused, match="reach the customer otherwise"):
        delivery_actions.send_again(actor=fresh("wang"), case=case, message=letter)


def test_a_bounced_mail_says_when_it_came_back(unread: tuple[Case, Message], house: House) -> None:
    case, letter = unread
    digest = hashlib.sha256(b"x").hexdigest()[:32]
    now = clock.now()
    Message.objects.filter(pk=letter.pk).update(
        state="sent", error="", receipt=f"<{digest}@manyi>", sent_at=now
    )
    with clock.at(now + timedelta(hours=3)):
        book(
            b"From: MAILER-DAEMON@b.cn\nSubject: Undelivered\nContent-Type: multipart/report; boundary=x\n\n"
            b"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.cn\n\n"
            b"Final-Recipient: rfc822; he@example.com\nAction: failed\nStatus: 5.1.1\n\n--x--\n"
        )
        answer = browser_of(fresh("wang")).get(f"/cases/{case.pk}/")
    (item,) = [item for item in answer.context["story"] if item.delivery]
    assert item.delivery.at == now + timedelta(hours=3)
    assert "5.1.1" in item.delivery.why


@pytest.mark.every_database
def test_an_answer_to_a_chat_is_sent_again_signed_anew_to_where_it_goes_now(
    house: House, monday: datetime
) -> None:
    set_setting(actor=None, key="reply.private", value="yes")
    with receiver(status=404) as (url, _got):
        source = replying(house, url)
        pushed(source, a_post())
        case = Case.objects.get()
        add_message(actor=fresh("wang"), case=case, direction="out", body="请周三到店复检。")
        events.dispatch_pending()
        deliver_queued()
    receipt, answer = (letter for _case, letter in undelivered(fresh("zhou")))
    assert "HTTP 404" in answer.error
    assert [item.delivery.letter.pk for item in story(case) if item.delivery] == [receipt.pk, answer.pk]
    with receiver() as (url, got), clock.at(monday + timedelta(days=1)):
        PostSource.objects.update(reply_url=url, secret="renewed")
        delivery_actions.send_again(actor=fresh("wang"), case=case, message=answer)
        deliver_queued()
        headers, raw = got[0]
        time = str(int(clock.now().timestamp()))
    assert json.loads(raw)["text"].startswith("请周三到店复检。")
    signed = hmac.new(b"renewed", f"{time}.".encode() + raw, hashlib.sha256).hexdigest()
    assert headers["X-Manyi-Signature"] == f"sha256={signed}"
    assert [letter for _case, letter in undelivered(fresh("zhou"))] == [receipt]
    PostSource.objects.update(state="removed")
    with pytest.raises(Refused, match="source was removed"):
        delivery_actions.send_again(actor=fresh("wang"), case=case, message=receipt)


def test_one_that_is_tried_again_by_itself_says_when(unread: tuple[Case, Message], house: House) -> None:
    case, letter = unread
    again = clock.now() + timedelta(minutes=5)
    Message.objects.filter(pk=letter.pk).update(state="queued", error="421 later", not_before=again)
    words = page(browser_of(fresh("wang")), case)
    assert "暂未送达,系统会再试" in words
    assert f"letters/{letter.pk}/again" not in words
