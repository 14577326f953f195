"""The files of posts: noted by their address, and fetched in the background from hosts that a source allows.

A file is claimed for some minutes before it is fetched, so that two processes do not fetch it at once and one
that dies is followed by another try. What was fetched is judged as a file that came by mail.
"""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.db.models import F

from manyi.cases import enclosures
from manyi.cases.actions import WRITERS
from manyi.cases.enclosures import Checked
from manyi.cases.mail.places import MOST_BYTES_OF_A_FILE
from manyi.cases.models import Case, PostFile, ReceivedPost
from manyi.distribution import outward
from manyi.distribution.outward import Unfetched
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.file_types import content_type_of
from manyi.organisation.models import Person
from manyi.organisation.photos import without_words
from manyi.organisation.schedule import recurring

log = logging.getLogger(__name__)

FILE_AGAIN = events.kind("case.file_again", "重新下载附件", "File of a post fetched again")
#: Waiting time after each failed try; after the last one a person decides.
BACK_OFF = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
CLAIM_LASTS = timedelta(minutes=10)
#: So many are fetched in one turn.
TURN = 20
#: Whether this machine itself may be asked, by plain http: in tests only.
LOOPBACK = False


def note(post: ReceivedPost) -> None:
    """Note which files of a post are to be fetched; those that its case has from an earlier version are not.

    Part of the act that takes the post in.
    """
    hosts = post.source.file_hosts
    known = set(PostFile.objects.filter(post__case=post.case_id).values_list("address", flat=True))
    wanted = [each for each in post.files if each not in known and outward.is_listed(_host(each), hosts)]
    rows = [PostFile(post=post, address=each, not_before=clock.now()) for each in dict.fromkeys(wanted)]
    PostFile.objects.bulk_create(rows)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@recurring("cases.fetch_files", every=timedelta(minutes=1))
def fetch_waiting() -> int:
    """Fetch what is due; returns how many files were kept. One that breaks does not hold up the others."""
    due = PostFile.objects.filter(state="waiting", not_before__lte=clock.now())
    return sum(_fetched(row) for row in due.select_related("post__source").order_by("not_before")[:TURN])


def _fetched(row: PostFile) -> bool:
    now = clock.now()
    mine = PostFile.objects.filter(pk=row.pk, state="waiting", not_before=row.not_before)
    if not mine.update(not_before=now + CLAIM_LASTS, tries=F("tries") + 1, tried_at=now):
        return False  # another process was faster
    row.tries += 1
    try:
        hosts = row.post.source.file_hosts
        content = outward.fetch(row.address, hosts=hosts, most=MOST_BYTES_OF_A_FILE, loopback=LOOPBACK)
        _keep(row, _checked(row, content))
    except Unfetched as error:
        _note_failure(row, error)
        return False
    except Exception:
        log.exception("file %s of a post could not be kept; it is tried again", row.pk)
        _note_failure(row, Unfetched("reach", lasting=False))
        return False
    return True


def _checked(row: PostFile, content: bytes) -> Checked:
    """A file that may be kept, by its bytes. Raises Unfetched."""
    if not content:
        raise Unfetched("size", lasting=True)
    kind = content_type_of(io.BytesIO(content))
    if not kind:
        raise Unfetched("type", lasting=True)
    return Checked(_name(row.address), kind, io.BytesIO(without_words(content, kind)))


def _name(address: str) -> str:
    """The last part of the path, else a short name of its own."""
    last = unquote(urlsplit(address).path).rpartition("/")[2].strip()
    named = "".join(sign for sign in last if sign.isprintable())
    return named[-200:] or f"file-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def _keep(row: PostFile, file: Checked) -> None:
    """Keep a file with the case of its post, once."""
    with transaction.atomic():
        rows = PostFile.objects.select_for_update(of=("self",)).select_related("post__case__unit")
        held = rows.get(pk=row.pk)
        if held.state != "waiting" or held.post.case is None:
            return
        (kept,) = enclosures.keep(held.post.case, [file])
        held.state, held.name, held.sha256, held.reason, held.detail = "kept", file.name, kept.sha256, "", ""
        held.save(update_fields=["state", "name", "sha256", "reason", "detail"])


def _note_failure(row: PostFile, error: Unfetched) -> None:
    again = not error.lasting and row.tries <= len(BACK_OFF)
    log.info("file %s of a post not fetched (try %s): %s", row.pk, row.tries, error)
    PostFile.objects.filter(pk=row.pk, state="waiting").update(
        state="waiting" if again else "failed",
        not_before=clock.now() + (BACK_OFF[row.tries - 1] if again else timedelta(0)),
        reason=error.reason,
        detail=error.detail,
    )


def try_again(*, actor: Person, case: Case, file: PostFile) -> PostFile:
    """Fetch a file anew that could not be fetched; it has all its tries again.

    Raises Refused for one that did not fail, NotPermitted for people without a part in cases there.
    """
    if not any(access.may(actor, verb, case) for verb in WRITERS):
        raise NotPermitted(WRITERS[0])
    if file.post.case_id != case.pk:
        raise ValueError(f"file {file.pk} is none of case {case.pk}")
    with transaction.atomic():
        failed = PostFile.objects.filter(pk=file.pk, state="failed")
        if not failed.update(state="waiting", tries=0, not_before=clock.now(), reason="", detail=""):
            raise Refused(Label("这个附件没有失败。", "This file has not failed."))
        events.append(FILE_AGAIN, actor=actor, subject=case, unit=case.unit, data={"file": file.pk})
    file.refresh_from_db()
    return file
