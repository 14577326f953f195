"""Prepare the virtual environment: ``python -m tools.bootstrap run|test``.

Needs only the standard library of Python 3.11. Does nothing, quickly, when the environment already
holds what the locks say. ``test`` holds everything that ``run`` holds, so going back and forth
between ``make test`` and ``make run`` installs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.oracle import ensure_oracle
from tools.system_packages import SetupProblem, ensure_test_programs, install_debian_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / ".uv" / "bin" / "uv"
STAMP = VENV / ".manyi-stamp.json"
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("uv", "run", "test")}


def main(wanted: str) -> int:
    """Bring the environment to ``run`` or ``test``; 0, or 1 after one line that says what to do."""
    try:
        if not is_current(wanted):
            build(wanted)
        if wanted == "test":
            ensure_test_programs()
            ensure_oracle()
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"准备环境失败 / Set-up failed: {' '.join(map(str, failed.cmd))}", file=sys.stderr)
        return 1
    return 0


def is_current(wanted: str) -> bool:
    """Whether the stamp says that the wanted set (or more) is installed from today's locks."""
    stamp = read_stamp()
    if stamp.get("key") != key() or not PYTHON.exists():
        return False
    if os.environ.get("PYTHON") and stamp.get("python") != version_of(sys.executable):
        return False
    return wanted == "run" or stamp.get("set") == "test"


def build(wanted: str) -> None:
    """Make or update the environment; the stamp is removed first, so a broken set-up is seen as one."""
    wanted = "test" if read_stamp().get("set") == "test" else wanted
    say("准备运行环境(只在首次或依赖变化时)… Setting up (first time, or after a change of locks) …")
    STAMP.unlink(missing_ok=True)
    if not venv_is_usable():
        make_venv()
    if not uv_is_current():
        call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade",
             "--require-hashes", "--target", UV.parent.parent, "-r", LOCKS["uv"])  # fmt: skip
    uv("pip", "sync", "--quiet", "--require-hashes", LOCKS[wanted])
    # The build back-end is in the lock, so installing ourselves asks no network and isolates nothing.
    uv("pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "-e", ROOT)
    STAMP.write_text(json.dumps({"set": wanted, "key": key(), "python": version_of(PYTHON)}))


def venv_is_usable() -> bool:
    """Whether .venv runs, has pip, stands where it was made, and is of the Python that was asked for."""
    found = version_of(PYTHON)
    if found is None or not (VENV / "lib" / f"python{found}").is_dir():
        return False
    if os.environ.get("PYTHON") and found != version_of(sys.executable):
        return False
    activate = VENV / "bin" / "activate"
    return activate.exists() and str(VENV) in activate.read_text() and has_module(PYTHON, "pip")


def make_venv() -> None:
    """A fresh .venv; on a Debian without the venv module this installs that package if it may."""
    base = base_python()
    if not has_module(base, "ensurepip"):
        install_debian_packages([f"python{version_of(base)}-venv"], "虚拟环境 the venv module")
    shutil.rmtree(VENV, ignore_errors=True)
    call(base, "-m", "venv", VENV)


def base_python() -> str:
    """The interpreter outside any virtual environment: .venv may be what is running us."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")


def uv_is_current() -> bool:
    """Whether the locked uv is the one installed."""
    pinned = LOCKS["uv"].read_text().split()[0].removeprefix("uv==")
    return UV.exists() and any(UV.parent.parent.glob(f"uv-{pinned}.dist-info"))


def key() -> str:
    """What the environment depends on: locks, our own metadata, and where the checkout stands."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = [path.read_text() for path in LOCKS.values()]
    parts += [json.dumps(project, sort_keys=True), str(ROOT)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_stamp() -> dict[str, str]:
    """What the last complete set-up wrote; empty when there was none."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def version_of(python: str | Path) -> str | None:
    """``3.11`` for an interpreter that runs, otherwise None."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def has_module(python: str | Path, name: str) -> bool:
    """Whether an interpreter can import a module."""
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode == 0


def uv(*words: str | Path) -> None:
    """Run the locked uv on our environment."""
    call(UV, *words, "--python", PYTHON)


def call(*words: str | Path) -> None:
    """Run a command from the root of the checkout; raises CalledProcessError."""
    subprocess.run([str(word) for word in words], cwd=ROOT, check=True)


def say(text: str) -> None:
    """Tell the person what takes time."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["test"]):
        sys.exit("usage: python -m tools.bootstrap run|test")
    sys.exit(main(sys.argv[1]))
