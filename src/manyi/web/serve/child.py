"""The way into a child process: ``python -m manyi.web.serve.child PARENT NAME``."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from importlib import import_module

PR_SET_PDEATHSIG = 1
#: The module of each child and the signal it gets when its parent dies. The web process must free the port
#: at once for the next start; the others may finish what they have in hand.
CHILDREN = {
    "web": ("manyi.web.serve.web", signal.SIGKILL),
    "worker": ("manyi.web.serve.worker", signal.SIGTERM),
    "scheduler": ("manyi.web.serve.scheduler", signal.SIGTERM),
}


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Let the kernel send this process a signal when its parent dies, even by kill -9.

    Only Linux has this; elsewhere the loops notice by themselves that they were orphaned. Ends the process
    when the parent died before the request was made.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)


def main(parent: str, name: str) -> None:
    """Bind this process to its parent, then become the child of that name."""
    module, number = CHILDREN[name]
    die_with_parent(number, int(parent))
    import_module(module).main(parent=int(parent))


if __name__ == "__main__":
    main(*sys.argv[1:])
