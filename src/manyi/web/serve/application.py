"""What a web worker loads: the WSGI application, in a process that does not outlive its server."""

from __future__ import annotations

import os
import signal

from manyi.web.conf.wsgi import application
from manyi.web.serve.child import die_with_parent

__all__ = ["application"]

die_with_parent(signal.SIGKILL, os.getppid())
