"""Chat and social posts: signed, kept before they are read, each once, a conversation in its case."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.cases.actions import add_message, advance
from manyi.cases.models import Case, CaseMessage, PostSource, ReceivedPost
from manyi.cases.posts import intake, mapping, paths, sources
from manyi.cases.posts.mapping import Unreadable, moment
from manyi.cases.posts.samples import SAMPLES
from manyi.cases.posts.signing import SCHEMES
from manyi.distribution.actions import deliver_queued
from manyi.distribution.models import Message
from manyi.organisation import clock, events
from manyi.organisation.actions import set_setting
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Event
from manyi.organisation.roles import Role
from tests import personas
from tests.cases.house import fresh, walk
from tests.cases.posts.pushed import a_post, a_source, pushed, receiver, replying, sent
from tests.personas import House

ZONE, TODAY = ZoneInfo("Asia/Shanghai"), date(2026, 3, 2)


def answer_of(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.content)
    return found


@pytest.mark.every_database
def test_a_post_becomes_a_case_and_the_same_again_changes_nothing(house: House, monday: datetime) -> None:
    source = a_source(house)
    answer = pushed(source, a_post())
    case = Case.objects.get()
    assert (answer.status_code, answer_of(answer)["case"]) == (200, case.number)
    assert (case.channel, case.kind, case.unit, case.contact_name) == (
        "social", "complaint", house.tree.east_service, "东湖小车主",
    )  # fmt: skip
    assert case.received_at == datetime(2026, 3, 2, 9, 10, tzinfo=ZONE)
    assert "原帖:https://social.example/status/1" in case.demand
    assert answer_of(pushed(source, a_post()))["result"] == "message"  # the very same bytes
    assert answer_of(pushed(source, a_post(likes=3)))["result"] == "repeated"  # the same post, counted anew
    assert (Case.objects.count(), CaseMessage.objects.filter(direction="in").count()) == (1, 1)


def test_an_edited_post_is_a_new_word_in_its_case(house: House, monday: datetime) -> None:
    source = a_source(house)
    for text in ("第一版", "第二版", "第二版", "第一版"):
        pushed(source, a_post(text=text, seen=ReceivedPost.objects.count()))
    case = Case.objects.get()
    words = [row.body.split("\n")[:2] for row in case.messages.filter(direction="in")]
    assert words[1:] == [["(原帖已修改)", "第二版"], ["(原帖已修改)", "第一版"]]
    states = list(ReceivedPost.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["message", "message", "repeated", "message"]


def test_a_conversation_goes_on_in_its_case_and_ends_with_the_time_for_reopening(
    house: House, monday: datetime
) -> None:
    source = a_source(house)
    pushed(source, a_post())
    pushed(source, a_post(id="w-2", text="还有,没人回电话。"))
    pushed(source, a_post(id="w-3", thread="t-2", text="另一个人"))
    first, second = Case.objects.order_by("pk")
    assert [case.messages.filter(direction="in").count() for case in (first, second)] == [2, 1]
    walk(first, house, "close")
    pushed(source, a_post(id="w-4", text="又不行了。"))  # in time: staff may reopen it
    assert first.messages.filter(body__startswith="又不行了").exists()
    with clock.at(monday + timedelta(days=60)):
        pushed(source, a_post(id="w-5", text="新问题。"))
    third = Case.objects.latest("pk")
    assert third.messages.filter(direction="internal", body__contains=first.number).exists()


def test_a_conversation_follows_a_merged_case(house: House, monday: datetime) -> None:
    source = a_source(house)
    pushed(source, a_post())
    pushed(source, a_post(id="w-2", thread="t-2"))
    first, second = Case.objects.order_by("pk")
    advance(case=second, name="merge", actor=fresh("zhou"), facts={"into": first.number})
    pushed(source, a_post(id="w-3", thread="t-2", text="补充一句"))
    assert first.messages.filter(body__startswith="补充一句").exists()


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_push_out_of_its_time_is_refused(house: House, monday: datetime, seconds: int) -> None:
    source = a_source(house)
    assert pushed(source, a_post(), seconds=seconds).status_code == 403
    assert pushed(source, a_post(), seconds=299).status_code == 200
    source.refresh_from_db()
    assert (source.refused, ReceivedPost.objects.count()) == (1, 1)


def test_a_wrong_signature_is_refused_counted_and_keeps_nothing(house: House, monday: datetime) -> None:
    source = a_source(house)
    assert pushed(source, a_post(), secret="another").status_code == 403
    assert sent(source, b"{}", {}).status_code == 403
    source.refresh_from_db()
    assert (source.refused, source.refused_at, ReceivedPost.objects.count()) == (2, monday, 0)


def test_a_source_that_is_paused_puts_off_and_one_that_is_removed_is_not_there(
    house: House, monday: datetime
) -> None:
    source = a_source(house)
    pushed(source, a_post())
    sources.switch_source(actor=None, source=source, state="paused")
    later = pushed(source, a_post(id="w-2"))
    assert (later.status_code, later["Retry-After"]) == (503, "60")
    secret = source.secret
    sources.switch_source(actor=None, source=source, state="removed")
    assert pushed(source, a_post(id="w-2"), secret=secret).status_code == 404
    assert ReceivedPost.objects.count() == 1  # what came stays
    with pytest.raises(Refused):
        sources.renew_secret(actor=None, source=source)


def test_a_source_that_nothing_came_from_goes_altogether(house: House, monday: datetime) -> None:
    sources.switch_source(actor=None, source=a_source(house), state="removed")
    assert not PostSource.objects.exists()


def test_too_large_and_too_many_are_put_off(house: House, monday: datetime) -> None:
    source = a_source(house)
    assert pushed(source, a_post(text="x" * intake.MOST_BYTES)).status_code == 413
    set_setting(actor=None, key="cases.posts_per_minute", value=2)
    answers = [pushed(source, a_post(id=f"w-{n}")).status_code for n in range(3)]
    assert answers == [200, 200, 429]
    with clock.at(monday + timedelta(minutes=2)):
        assert pushed(source, a_post(id="w-9")).status_code == 200


def test_what_the_mapping_does_not_find_is_set_aside_and_tried_again(house: House, monday: datetime) -> None:
    source = a_source(house)
    body = {"post": {"no": 7, "words": "排队两小时"}}
    assert answer_of(pushed(source, body)) == {"result": "quarantined", "reason": "no_id", "case": ""}
    assert answer_of(pushed(source, b"not json"))["reason"] == "no_json"
    assert not Case.objects.exists()
    given = {"name": "采集", "map_id": "post.no", "map_text": "post.words"}
    sources.change_source(actor=None, source=source, unit=source.unit, given=given, category=None)
    admin = personas.staff("admin", "管理员", Role.SYSTEM_ADMINISTRATOR, house.tree.group)
    assert intake.retry_all(actor=admin, source=source) == (2, 1)
    assert Case.objects.get().demand.startswith("排队两小时")
    assert Event.objects.filter(kind="post.sorted", actor=admin).count() == 2


def test_a_death_between_keeping_and_reading_loses_nothing(house: House, monday: datetime) -> None:
    source = a_source(house)
    intake.keep(json.dumps(a_post()).encode(), source=source)
    assert intake.sort_waiting() == 0  # the request that keeps it may still be at work
    with clock.at(monday + timedelta(minutes=3)):
        assert (intake.sort_waiting(), intake.sort_waiting()) == (1, 0)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("scheme", "header"), [("github", "sha256"), ("zammad", "sha1")])
def test_signatures_over_the_body_alone(house: House, monday: datetime, scheme: str, header: str) -> None:
    source = a_source(house)
    PostSource.objects.filter(pk=source.pk).update(signing=scheme)
    raw = json.dumps(a_post()).encode()
    signed = hmac.new(source.secret.encode(), raw, getattr(hashlib, header)).hexdigest()
    assert sent(source, raw, {SCHEMES[scheme].signature: f"{header}={signed}"}).status_code == 200
    assert sent(source, raw + b" ", {SCHEMES[scheme].signature: f"{header}={signed}"}).status_code == 403


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_by_its_mapping(name: str) -> None:
    sample = SAMPLES[name]
    assert mapping.problems(sample.mapping) == []
    post = mapping.read(sample.body, sample.mapping, zone=ZONE, today=TODAY)
    assert post is not None
    assert all([post.id, post.text, post.thread, post.author, post.author_id, post.posted_at])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("chatwoot", {"message_type": "outgoing"}),
        ("chatwoot", {"event": "conversation_updated"}),
        ("chatwoot", {"private": True}),
        ("zammad", {"article": {"id": 1, "sender": "Agent", "body": "x"}}),
    ],
)
def test_what_nobody_wants_makes_no_case(name: str, change: dict[str, Any]) -> None:
    sample = SAMPLES[name]
    body = {**sample.body, **change}
    assert mapping.read(body, sample.mapping, zone=ZONE, today=datetime(2026, 3, 2).date()) is None


def test_paths_lead_into_objects_and_lists() -> None:
    body = {"a": {"b": [{"c": 1}, {"c": 2}, {"d": 3}]}, "中文": ["x"]}
    assert paths.follow(body, "a.b[*].c") == [1, 2]
    assert paths.follow(body, "a.b[1].c") == [2]
    assert paths.follow(body, "中文[0]") == ["x"]
    assert paths.follow(body, "a.b.c") == paths.follow(body, "a[0]") == paths.follow([], "a") == []
    assert all(
        paths.problem(wrong) for wrong in ("", "a..b", "a.[x]", ".a", "a b", "a[-1]", "a[", "x." * 13 + "x")
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-03-02T09:10:00+08:00", "2026-03-02T09:10:00+08:00"),
        ("2026-03-02T01:10:00.000Z", "2026-03-02T09:10:00+08:00"),
        ("2026-03-02 01:10:00 UTC", "2026-03-02T09:10:00+08:00"),
        ("2026-03-02 09:10", "2026-03-02T09:10:00+08:00"),
        (1772413800, "2026-03-02T09:10:00+08:00"),
        (1772413800000, "2026-03-02T09:10:00+08:00"),
    ],
)
def test_times_as_programs_write_them(given: Any, expected: str) -> None:
    assert moment(given, ZONE) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("given", ["", "yesterday", "nan", "inf", 1e300, None, "2026-13-01"])
def test_a_time_that_is_none_is_none(given: Any) -> None:
    assert moment(given, ZONE) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "text", "author", "time", "attachments", "url"]), inner)
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_is_a_post_or_set_aside(body: Any) -> None:
    reason, post = "", None
    try:
        post = mapping.read(body, SAMPLES["generic"].mapping, zone=ZONE, today=TODAY)
    except Unreadable as error:
        reason = error.reason
    assert post is not None if not reason else reason in {"no_id", "no_text"}
    if post is not None:
        assert post.id
        f"{post.text}{post.author}".encode()


def test_html_is_read_as_a_reader_sees_it() -> None:
    body = {"id": 1, "text": "<p>空调<br>不凉</p><script>x()</script>"}
    post = mapping.read(body, {"id": "id", "text": "text"}, zone=ZONE, today=TODAY)
    assert post is not None
    assert post.text == "空调\n不凉"


def test_a_wrong_mapping_names_its_fields(house: House, monday: datetime) -> None:
    given = {"name": "x", "map_id": "a b", "map_only": "{x} =", "reply_url": "ftp://x", "case_kind": "?"}
    source = a_source(house)
    with pytest.raises(Invalid) as refused:
        sources.change_source(actor=None, source=source, unit=source.unit, given=given, category=None)
    assert {field for field, _why in refused.value.problems} == {
        "map_id", "map_text", "map_only", "reply_url", "case_kind",
    }  # fmt: skip


def test_without_a_way_back_that_is_noted_and_nothing_goes_out(house: House, monday: datetime) -> None:
    pushed(a_source(house), a_post())
    events.dispatch_pending()
    assert (
        Case.objects.get().messages.filter(direction="internal", body__startswith="来源没有回复渠道").exists()
    )
    assert not Message.objects.exists()


def test_an_answer_goes_back_signed_where_the_case_came_from(house: House, monday: datetime) -> None:
    set_setting(actor=None, key="reply.private", value="yes")
    with receiver() as (url, got):
        source = replying(house, url)
        pushed(source, a_post())
        case = Case.objects.get()
        add_message(actor=fresh("wang"), case=case, direction="out", body="请周三到店复检。")
        events.dispatch_pending()
        assert deliver_queued() == 2
    receipt, answer = (json.loads(raw) for _headers, raw in got)
    assert case.tracking_code in receipt["text"]
    assert (answer["thread"], answer["author"], answer["kind"]) == ("t-1", "u-88", "answer")
    assert answer["text"].startswith("请周三到店复检。")
    headers, raw = got[1]
    signed = f"{headers['X-Manyi-Timestamp']}.".encode() + raw
    expected = hmac.new(source.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Manyi-Signature"] == f"sha256={expected}"


def test_a_tracking_code_is_never_posted_in_public(house: House, monday: datetime) -> None:
    pushed(replying(house, "https://social.example/replies", kind="social"), a_post())
    events.dispatch_pending()
    assert not Message.objects.exists()
    add_message(actor=fresh("wang"), case=Case.objects.get(), direction="out", body="已私信您。")
    events.dispatch_pending()
    assert Case.objects.get().tracking_code not in Message.objects.get().body


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "http://[::1]/x",
        "http://10.0.0.8/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:169.254.169.254]/x",
        "http://0.0.0.0/x",
        "http://2130706433/",
        "http://localhost:1/",
    ],
)
def test_an_answer_is_never_posted_into_the_own_network(house: House, monday: datetime, url: str) -> None:
    pushed(replying(house, url), a_post())
    events.dispatch_pending()
    deliver_queued()
    message = Message.objects.get()
    assert (message.state, "not allowed" in message.error) == ("failed", True)


def test_a_cloud_gives_out_no_keys_even_where_the_own_network_is_allowed(
    house: House, monday: datetime
) -> None:
    set_setting(actor=None, key="reply.private", value="yes")
    pushed(replying(house, "http://169.254.169.254/latest"), a_post())
    events.dispatch_pending()
    deliver_queued()
    assert Message.objects.get().state == "failed"


def test_an_answer_that_is_not_taken_now_is_tried_again(house: House, monday: datetime) -> None:
    set_setting(actor=None, key="reply.private", value="yes")
    with receiver(status=503) as (url, _got):
        pushed(replying(house, url), a_post())
        events.dispatch_pending()
        deliver_queued()
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("queued", 1)
