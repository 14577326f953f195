"""Files that came from outside, handed to staff: always as a download, never as something a browser runs."""

from __future__ import annotations

from django.http import FileResponse, Http404

from manyi.organisation.attachments import path_of
from manyi.organisation.models import Attachment

#: What even a browser that opens the file may do with it: nothing.
_SHUT = "default-src 'none'; sandbox"


def as_download(row: Attachment) -> FileResponse:
    """The file under its own name; 404 when its content is not there any more."""
    try:
        content = path_of(row.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        content, as_attachment=True, filename=row.name or row.sha256, content_type="application/octet-stream"
    )
    return _shut(answer)


def as_picture(row: Attachment) -> FileResponse:
    """A picture that staff put into a questionnaire, for the page that shows it; 404 as above."""
    try:
        content = path_of(row.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, content_type=row.content_type)
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return _shut(answer)


def _shut(answer: FileResponse) -> FileResponse:
    answer["Content-Security-Policy"] = _SHUT
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
