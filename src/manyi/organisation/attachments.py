"""Files kept as they came: stored once by content, tied to their subject, never served as active content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Model

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
