"""Files kept as they came: stored once by content, tied to their subject, never served as active content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from manyi.organisation import clock
from manyi.organisation.models import Attachment, Person, Unit


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def keep(
    content: IO[bytes] | bytes,
    *,
    name: str,
    content_type: str,
    subject: Model,
    unit: Unit | None,
    actor: Person | None,
) -> Attachment:
    """Store content durably and note what it belongs to; call it inside the action's transaction."""
    sha256, size = store(content)
    return Attachment.objects.create(
        sha256=sha256,
        name=name[:200],
        content_type=content_type[:100],
        size=size,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        unit=unit,
        added_by=actor,
        added_at=clock.now(),
    )


def store(content: IO[bytes] | bytes) -> tuple[str, int]:
    """Write content under its hash (flushed to disk before it is named); returns hash and size in bytes."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as file:
        for block in [content] if isinstance(content, bytes) else iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    target = path_of(digest.hexdigest())
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(file.name).replace(target)
    return digest.hexdigest(), size


def held_by(subject: Model) -> QuerySet[Attachment]:
    """The files that belong to a thing."""
    return Attachment.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def discard(subject: Model, *, except_for: Collection[str] = ()) -> int:
    """Take a thing's files away, but those with the hashes ``except_for``; returns how many.

    The content goes too once nothing else has the same and the transaction is through.
    """
    rows = list(held_by(subject).exclude(sha256__in=except_for))
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for sha256 in {row.sha256 for row in rows}:
        transaction.on_commit(partial(_sweep, sha256))
    return len(rows)


def _sweep(sha256: str) -> None:
    if not Attachment.objects.filter(sha256=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)
