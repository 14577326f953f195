"""Django's name for this room."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """The room ``organisation``."""

    name = "manyi.organisation"
    label = "organisation"
