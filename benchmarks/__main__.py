"""Run every benchmark of this folder, each in a process of its own: ``python -m benchmarks [name …]``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; returns 1 when one of them failed."""
    known = sorted(path.stem for path in HERE.glob("[a-z]*.py"))
    unknown = set(names) - set(known)
    if unknown:
        print(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
        return 1
    failed = 0
    for name in names or known:
        print(f"\n== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
