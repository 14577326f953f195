"""Files of posts: fetched only from where a source allows it, judged like files of a mail, tried again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from manyi.cases.models import Case, PostFile, PostSource
from manyi.cases.posts import files, sources
from manyi.cases.privacy import forget_contact
from manyi.distribution import outward
from manyi.distribution.outward import Unfetched, fetch, is_listed
from manyi.organisation import attachments, clock
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Event
from tests import personas
from tests.cases.house import fresh
from tests.cases.posts.pushed import a_post, a_source, pushed
from tests.personas import House, browser_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
HERE = "127.0.0.1"
Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def host(answers: dict[str, Answer]) -> Iterator[tuple[str, list[str]]]:
    """A host of files on loopback, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer((HERE, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HERE}:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def allowing(house: House, monday: datetime, monkeypatch: pytest.MonkeyPatch) -> PostSource:
    """A source that may fetch from this machine."""
    monkeypatch.setattr(files, "LOOPBACK", True)
    source = a_source(house)
    PostSource.objects.filter(pk=source.pk).update(file_hosts=[HERE])
    source.refresh_from_db()
    return source


def with_files(*addresses: str, **changes: Any) -> dict[str, Any]:
    return a_post(attachments=[{"url": each} for each in addresses], **changes)


def page_of(case: Case, username: str = "wang") -> str:
    return str(browser_of(fresh(username)).get(f"/cases/{case.pk}/").content.decode())


@pytest.mark.every_database
def test_a_file_is_fetched_and_kept_with_its_case(allowing: PostSource) -> None:
    with host({"/a/%E4%BB%AA%E8%A1%A8.png": (200, {}, PNG)}) as (base, asked):
        pushed(
            allowing,
            with_files(f"{base}/a/%E4%BB%AA%E8%A1%A8.png", "media-id-7", "https://cdn.example/x.png"),
        )
        case, row = Case.objects.get(), PostFile.objects.get()
        assert "正在下载附件" in page_of(case)
        assert files.fetch_waiting() == 1
        assert files.fetch_waiting() == 0
    row.refresh_from_db()
    (kept,) = attachments.held_by(case)
    assert (row.state, row.name, row.sha256, len(asked)) == ("kept", "仪表.png", kept.sha256, 1)
    assert (kept.name, kept.content_type) == ("仪表.png", "image/png")
    assert attachments.path_of(kept.sha256).read_bytes()[:8] == PNG[:8]
    assert f"/cases/{case.pk}/photos/{kept.sha256}/" in page_of(case)
    assert Event.objects.filter(kind="case.photo_taken", subject_id=str(case.pk)).count() == 1


def test_without_a_host_that_is_allowed_files_are_only_noted(house: House, monday: datetime) -> None:
    pushed(a_source(house), with_files("https://cdn.example/x.png"))
    assert not PostFile.objects.exists()
    assert "https://cdn.example/x.png" in Case.objects.get().demand


def test_an_edited_post_fetches_nothing_twice(allowing: PostSource) -> None:
    with host({"/1.png": (200, {}, PNG), "/2.png": (200, {}, PNG + b"2")}) as (base, asked):
        pushed(allowing, with_files(f"{base}/1.png"))
        files.fetch_waiting()
        pushed(allowing, with_files(f"{base}/1.png", f"{base}/2.png", text="又改了一次"))
        files.fetch_waiting()
    assert asked == ["/1.png", "/2.png"]
    assert attachments.held_by(Case.objects.get()).count() == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, {}, b"gone"), "status"),
        ((403, {}, b""), "status"),
        ((200, {}, b""), "size"),
        ((200, {}, b"<html><script>alert(1)</script>"), "type"),
        ((200, {}, b"MZ\x90\x00\x03\x00"), "type"),
        ((200, {"Content-Length": str((20 << 20) + 1)}, b""), "size"),
        ((302, {"Location": "https://elsewhere.example/x.png"}, b""), "redirect"),
        ((302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""), "redirect"),
        ((302, {"Location": "/x"}, b""), "redirect"),
    ],
)
def test_what_is_refused_for_good_is_shown_and_not_tried_again(
    allowing: PostSource, answer: Answer, reason: str
) -> None:
    with host({"/x": answer}) as (base, _asked):
        pushed(allowing, with_files(f"{base}/x"))
        assert files.fetch_waiting() == 0
    row = PostFile.objects.get()
    assert (row.state, row.reason) == ("failed", reason)
    assert not attachments.held_by(Case.objects.get()).exists()
    assert "附件下载失败" in page_of(Case.objects.get())


def test_a_redirect_within_its_host_is_followed(allowing: PostSource) -> None:
    with host({"/x": (302, {"Location": "/y.png"}, b""), "/y.png": (200, {}, PNG)}) as (base, _asked):
        pushed(allowing, with_files(f"{base}/x"))
        assert files.fetch_waiting() == 1


@pytest.mark.every_database
def test_a_host_that_is_down_is_asked_again_with_patience_and_then_by_a_person(allowing: PostSource) -> None:
    with host({"/x.png": (503, {}, b"")}) as (base, asked):
        pushed(allowing, with_files(f"{base}/x.png"))
        now, seen = clock.now(), []
        for minutes in (0, 4, 5, 34, 36, 150, 160, 1000):
            with clock.at(now + timedelta(minutes=minutes)):
                files.fetch_waiting()
                seen.append((len(asked), PostFile.objects.get().state))
    tries = [1, 1, 2, 2, 3, 3, 4, 4]
    assert seen == [(n, "failed" if n == 4 else "waiting") for n in tries]
    row, case = PostFile.objects.get(), Case.objects.get()
    assert (row.reason, row.detail) == ("status", "HTTP 503")
    with pytest.raises(NotPermitted):
        files.try_again(actor=fresh("qian"), case=case, file=row)
    browser_of(fresh("wang")).post(f"/cases/{case.pk}/files/{row.pk}/again/")
    row.refresh_from_db()
    assert (row.state, row.tries, row.reason) == ("waiting", 0, "")
    with pytest.raises(Refused):
        files.try_again(actor=fresh("wang"), case=case, file=row)
    assert browser_of(fresh("zheng")).post(f"/cases/{case.pk}/files/{row.pk}/again/").status_code == 404


def test_one_that_died_while_fetching_is_tried_again_after_its_claim(
    allowing: PostSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: Any, **_named: Any) -> bytes:
        raise KeyboardInterrupt

    with host({"/x.png": (200, {}, PNG)}) as (base, _asked):
        pushed(allowing, with_files(f"{base}/x.png"))
        with monkeypatch.context() as patch:
            patch.setattr(outward, "fetch", dies)
            with pytest.raises(KeyboardInterrupt):
                files.fetch_waiting()
        assert files.fetch_waiting() == 0, "somebody may be at it"
        with clock.at(clock.now() + timedelta(minutes=11)):
            assert files.fetch_waiting() == 1


def test_a_host_that_is_taken_off_the_list_is_not_asked_any_more(allowing: PostSource) -> None:
    with host({"/x.png": (200, {}, PNG)}) as (base, asked):
        pushed(allowing, with_files(f"{base}/x.png"))
        PostSource.objects.update(file_hosts=[])
        files.fetch_waiting()
    assert (asked, PostFile.objects.get().reason) == ([], "host")


def test_what_is_erased_leaves_no_address(allowing: PostSource, house: House) -> None:
    pushed(allowing, with_files(f"http://{HERE}:9/x.png"))
    customer = personas.customer(house.tree.east_service, "K1")
    Case.objects.update(customer=customer)
    forget_contact(customer)
    assert not PostFile.objects.exists()
    assert Case.objects.get().posts.get().files == []


def resolving(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: rows)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://other.example/x", "host"),
        ("https://files.example@other.example/x", "host"),
        ("https://files.example.other.example/x", "host"),
        ("http://files.example/x", "address"),
        ("ftp://files.example/x", "address"),
        ("https://files.example:8443/x", "address"),
        ("https://files.example:port/x", "address"),
        ("//files.example/x", "address"),
        ("media-id", "host"),
        ("http://127.0.0.1/x", "host"),
    ],
)
def test_only_https_to_a_listed_host(url: str, reason: str) -> None:
    with pytest.raises(Unfetched) as refused:
        fetch(url, hosts=["files.example"], most=100)
    assert (refused.value.reason, refused.value.lasting) == (reason, True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fd00::1",
     "::ffff:10.0.0.1"],
)  # fmt: skip
def test_a_listed_name_that_leads_into_the_own_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, "93.184.216.34", address)

    def never(*_args: Any) -> socket.socket:
        raise AssertionError("it was connected to")

    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(Unfetched) as refused:
        fetch("https://files.example/x", hosts=["files.example"], most=100)
    assert (refused.value.reason, refused.value.lasting) == ("address", True)


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34")
    went: list[Any] = []

    def connect(to: Any, *_rest: Any) -> socket.socket:
        went.append(to)
        raise OSError("closed")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unfetched) as refused:
        fetch("https://files.example/x", hosts=["files.example"], most=100)
    assert (went, refused.value.reason, refused.value.lasting) == ([("93.184.216.34", 443)], "reach", False)


def test_loopback_is_closed_outside_of_tests() -> None:
    assert files.LOOPBACK is False
    for url in ("http://127.0.0.1/x", "https://127.0.0.1/x"):
        with pytest.raises(Unfetched):
            fetch(url, hosts=["127.0.0.1"], most=100)


def test_a_body_without_a_length_ends_at_the_limit_and_at_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answer: Answer = (200, {"Content-Length": "", "Connection": "close"}, bytes(5000))
    with host({"/x": answer}) as (base, _asked):
        with pytest.raises(Unfetched, match="size"):
            fetch(f"{base}/x", hosts=[HERE], most=4000, loopback=True)
        monkeypatch.setattr(outward, "PATIENCE", -1)
        with pytest.raises(Unfetched, match="reach"):
            fetch(f"{base}/x", hosts=[HERE], most=9000, loopback=True)


def test_names_of_hosts() -> None:
    hosts = ["files.example.cn", "*.cdn.example"]
    assert is_listed("Files.Example.cn.", hosts)
    assert is_listed("a.b.cdn.example", hosts)
    for other in ("cdn.example", "xcdn.example", "example.cn", "", "files.example.cn.evil.example"):
        assert not is_listed(other, hosts), other


@pytest.mark.parametrize(
    "wrong", ["https://a.example", "10.0.0.8", "localhost", "*", "*.", "a b!.cn", "a.example/x"]
)
def test_what_is_no_host_is_refused_by_name(house: House, monday: datetime, wrong: str) -> None:
    source = a_source(house)
    given = {"name": "x", "file_hosts": wrong, **{f"map_{key}": path for key, path in source.mapping.items()}}
    with pytest.raises(Invalid) as refused:
        sources.change_source(actor=None, source=source, unit=source.unit, given=given, category=None)
    assert [field for field, _why in refused.value.problems] == ["file_hosts"]
    right = {**given, "file_hosts": "Files.example.cn,\n*.cdn.example"}
    sources.change_source(actor=None, source=source, unit=source.unit, given=right, category=None)
    assert PostSource.objects.get().file_hosts == ["files.example.cn", "*.cdn.example"]
