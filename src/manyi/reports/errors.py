"""What cannot be done with a report now."""

from __future__ import annotations

from manyi.organisation.errors import Refused


class NotNow(Refused):
    """A step that the workflow does not allow now, with the reason."""
