"""Where posts may come from: made, changed, paused, given a new secret, removed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from manyi.cases.choices import KINDS
from manyi.cases.models import Category, PostSource
from manyi.cases.posts import mapping as reading
from manyi.cases.posts.samples import SAMPLES
from manyi.cases.posts.signing import SCHEMES
from manyi.cases.posts.words import SOURCE_KINDS, SOURCE_STATES
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit

SOURCE_SAVED = events.kind("post_source.saved", "设置接入来源", "Source of posts set up")
SOURCE_SWITCHED = events.kind("post_source.switched", "启用、暂停或删除接入来源", "Source of posts switched")
SECRET_RENEWED = events.kind("post_source.secret", "更换接入密钥", "Secret of a source renewed")

_CHOICES = {"kind": dict(SOURCE_KINDS), "case_kind": dict(KINDS), "signing": SCHEMES}
#: A host by its name; an address in numbers is none.
_HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_SEPARATOR = re.compile(r"[,,、;;]")
MOST_HOSTS = 20
_UNKNOWN = Label("请从列表中选择。", "Please choose from the list.")


def make_source(
    *, actor: Person | None, unit: Unit, name: str, kind: str, case_kind: str, sample: str
) -> PostSource:
    """A new source with its address, a secret, and the mapping of a sample (samples.SAMPLES) to begin with.

    ``kind`` is one of words.SOURCE_KINDS; one of ``wecom`` is signed and read as WeCom does it.
    """
    access.require(actor, "settings.manage", unit)
    if sample not in SAMPLES:
        raise Refused(_UNKNOWN, field="sample")
    begun = SAMPLES[sample]
    row = PostSource(
        unit=unit,
        key=secrets.token_urlsafe(18),
        secret=_secret(),
        signing=begun.signing,
        mapping=dict(begun.mapping),
        created_at=clock.now(),
    )
    return _save(actor, row, {"name": name, "kind": kind, "case_kind": case_kind})


def change_source(
    *,
    actor: Person | None,
    source: PostSource,
    unit: Unit,
    given: Mapping[str, Any],
    category: Category | None,
) -> PostSource:
    """Change what a source is: name, kind, case_kind, signing, reply_url, and the paths of its mapping.

    ``file_hosts``: from where files may be fetched, divided by blanks, commas or lines; none without it.
    Raises Invalid with the fields that are wrong; what was set aside can be tried again afterwards.
    """
    access.require(actor, "settings.manage", source)
    access.require(actor, "settings.manage", unit)
    _require_there(source)
    source.unit, source.category = unit, category
    source.reply_url = str(given.get("reply_url", "")).strip()
    source.file_hosts = _SEPARATOR.sub(" ", str(given.get("file_hosts", ""))).lower().split()
    if source.kind != "wecom":
        source.mapping = _mapping(given)
    return _save(actor, source, given)


def _mapping(given: Mapping[str, Any]) -> dict[str, str]:
    names = [name for name, _label in reading.FIELDS] + ["only"]
    read = {name: str(given.get(f"map_{name}", "")).strip() for name in names}
    return {name: path for name, path in read.items() if path}


def _save(actor: Person | None, row: PostSource, given: Mapping[str, Any]) -> PostSource:
    row.name = str(given.get("name", "")).strip()[:80]
    for name in _CHOICES:
        setattr(row, name, str(given.get(name) or getattr(row, name)))
    found = _problems(row)
    if found:
        raise Invalid(found)
    with transaction.atomic():
        row.save()
        after = {name: getattr(row, name) for name in ("name", "kind", "case_kind", "signing", "mapping")}
        after["files_from"] = row.file_hosts
        after["answers_to"] = urlsplit(row.reply_url).hostname or ""  # its path may hold a key
        events.append(SOURCE_SAVED, actor=actor, subject=row, unit=row.unit, after=after)
    return row


def _problems(row: PostSource) -> list[tuple[str, Label]]:
    found = [(name, _UNKNOWN) for name, known in _CHOICES.items() if getattr(row, name) not in known]
    if not row.name:
        found.append(("name", Label("请填写名称。", "Please give it a name.")))
    if row.kind != "wecom":
        found += [(f"map_{name}", why) for name, why in reading.problems(row.mapping)]
    if row.reply_url and not row.reply_url.startswith(("https://", "http://")):
        words = Label("请填写以 https:// 开头的地址。", "Give an address that begins with https://.")
        found.append(("reply_url", words))
    wrong = next((each for each in row.file_hosts if not _HOST.fullmatch(each)), "")
    if wrong or len(row.file_hosts) > MOST_HOSTS:
        told = f"“{wrong[:60]}”不是网站名,", f"“{wrong[:60]}” is no host name; "
        zh, en = told if wrong else ("", "")
        words = Label(
            f"{zh}请写成 files.example.cn 或 *.example.cn,最多 {MOST_HOSTS} 个。",
            f"{en}write files.example.cn or *.example.cn, {MOST_HOSTS} at most.",
        )
        found.append(("file_hosts", words))
    if len(row.reply_url) > 200:
        found.append(("reply_url", Label("地址最多 200 个字符。", "An address has 200 characters at most.")))
    return found


def renew_secret(*, actor: Person | None, source: PostSource) -> str:
    """A new secret, shown this once; pushes signed with the old one are refused from now on."""
    access.require(actor, "settings.manage", source)
    _require_there(source)
    with transaction.atomic():
        source.secret = _secret()
        source.save(update_fields=["secret"])
        events.append(SECRET_RENEWED, actor=actor, subject=source, unit=source.unit)
    return source.secret


def switch_source(*, actor: Person | None, source: PostSource, state: str) -> PostSource:
    """Pause a source, put it back into use, or remove it. One that nothing came from goes altogether; of
    another the posts stay and its address and secret are void for ever."""
    access.require(actor, "settings.manage", source)
    if state not in dict(SOURCE_STATES):
        raise Refused(_UNKNOWN, field="state")
    _require_there(source)
    with transaction.atomic():
        before, source.state = source.state, state
        if state == "removed":
            source.secret = ""
        source.save(update_fields=["state", "secret"])
        events.append(
            SOURCE_SWITCHED,
            actor=actor,
            subject=source,
            unit=source.unit,
            before={"state": before},
            after={"state": state},
        )
        if state == "removed" and not source.posts.exists():
            source.delete()
    return source


def _require_there(source: PostSource) -> None:
    if source.state == "removed":
        raise Refused(Label("这个来源已删除。", "This source was removed."))


def _secret() -> str:
    return secrets.token_urlsafe(32)
