"""Django's name for this room."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """The room ``customers``."""

    name = "manyi.customers"
    label = "customers"
