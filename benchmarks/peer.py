"""The peer of ``submission_http``: Django with six middlewares and one insert by its ORM for each request.

Served by granian as the product is, on SQLite with the product's own durability. ``PEER_DB`` names its file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

from manyi.web.conf.databases import sqlite

settings.configure(
    SECRET_KEY="peer",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="benchmarks.peer",
    DATABASES={"default": sqlite(Path(os.environ["PEER_DB"]))},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


class Sheet(models.Model):
    """One answer sheet as it came."""

    key = models.CharField(max_length=40, db_index=True)
    answers = models.JSONField()

    class Meta:
        app_label = "peer"

    def __str__(self) -> str:
        return self.key


def prepare() -> None:
    """Make the one table."""
    with connection.schema_editor() as editor:
        editor.create_model(Sheet)


@csrf_exempt
def take(request: HttpRequest) -> JsonResponse:
    """Store one sheet."""
    data = json.loads(request.body)
    row = Sheet.objects.create(key=data["key"], answers=data["answers"])
    return JsonResponse({"receipt": row.pk}, status=201)


urlpatterns = [path("sheets", take)]
application: Callable[..., object] = get_wsgi_application()
