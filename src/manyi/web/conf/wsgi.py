"""The WSGI application that granian (or any other server) serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.web.conf.settings")
application = get_wsgi_application()
