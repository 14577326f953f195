"""Django's name for this audience's pages."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Pages under ``web/public``."""

    name = "manyi.web.public"
    label = "web_public"
