"""What can go wrong with a finding, said so that the person knows what to do."""

from __future__ import annotations

from manyi.organisation.errors import Refused


class NotNow(Refused):
    """The workflow does not allow this step now; the words come from its table."""
