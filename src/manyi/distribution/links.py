"""The addresses that stand in messages and on QR codes."""

from __future__ import annotations

from django.conf import settings


def personal(token: str) -> str:
    """The personal link of an invitation."""
    return f"{settings.BASE_URL}/s/{token}/"


def stop(token: str) -> str:
    """Where the person behind an invitation opts out, and back in."""
    return f"{settings.BASE_URL}/s/{token}/stop/"


def open_to_all(token: str) -> str:
    """The address of an open link."""
    return f"{settings.BASE_URL}/o/{token}/"


def embedded(token: str) -> str:
    """The address of an open link inside a website's frame."""
    return f"{settings.BASE_URL}/e/{token}/"


def kiosk(token: str) -> str:
    """The address that a kiosk tablet opens."""
    return f"{settings.BASE_URL}/k/{token}/"


def suggestion_box(token: str) -> str:
    """The address behind the code on a suggestion box."""
    return f"{settings.BASE_URL}/box/{token}/"


def posts_hook(key: str, *, wecom: bool) -> str:
    """The address at which a source of posts, or WeCom, hands in what was written."""
    return f"{settings.BASE_URL}/hooks/{'wecom' if wecom else 'cases'}/{key}/"
