"""Django's name for this audience's pages."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Pages under ``web/insight``."""

    name = "manyi.web.insight"
    label = "web_insight"
