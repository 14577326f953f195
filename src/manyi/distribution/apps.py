"""Django's name for this room."""

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    """The room ``distribution``."""

    name = "manyi.distribution"
    label = "distribution"

    def ready(self) -> None:
        """Make known the recurring work, the settings, and what is kept of a person."""
        from manyi.distribution import actions, contacts, mailbox, privacy  # noqa: F401
        from manyi.distribution.channels import CHANNELS

        CHANNELS.ids()  # each channel declares its settings
