"""The product's settings with a throw-away home, so that a test never meets the data of ``make run``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["MANYI_HOME"] = tempfile.mkdtemp(prefix="manyi-test-")

from manyi.web.conf.settings import *  # noqa: F403
from manyi.web.conf.settings import DATABASES, HOME

assert Path(os.environ["MANYI_HOME"]).resolve() == HOME, "settings read before the home was set"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the browser's server threads share it exactly as web and worker do in use.
    # Durability is paid for in use and pointless here.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
