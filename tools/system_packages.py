"""Programs that the tests take from the operating system, and how to get them on Debian and Ubuntu."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

#: Where a Chromium may be; ``CHROMIUM`` names another one.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: What runs the second opinion on conditions (``tests/oracle``), program and package.
NODE = {"node": "nodejs", "npm": "npm"}


class SetupProblem(Exception):
    """Something that the person must install or change first; the text is one clear line."""


def ensure_test_programs() -> None:
    """Chromium, a Chinese font, poppler and Node are there, or are installed now; raises SetupProblem."""
    missing = missing_packages()
    if not missing:
        return
    install_debian_packages(missing, "浏览器测试 the browser tests")
    still = missing_packages()
    if still:
        raise SetupProblem(
            f"安装后仍缺少:{' '.join(still)}。 Still missing after installing: {' '.join(still)} "
            "(CHROMIUM=/path/to/chrome names a browser of your own)."
        )


def missing_packages() -> list[str]:
    """Debian package names of the programs that cannot be found."""
    missing = []
    if find_chromium() is None:
        missing.append("chromium")
    if not has_chinese_font():
        missing += ["fonts-noto-cjk", "fontconfig"]
    if shutil.which("pdftotext") is None:
        missing.append("poppler-utils")
    missing += [package for name, package in NODE.items() if shutil.which(name) is None]
    return missing


def find_chromium() -> str | None:
    """Path of the browser that the tests drive, or None."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else list(CHROMIUM_NAMES)
    return next((path for path in map(shutil.which, names) if path), None)


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for simplified Chinese."""
    if shutil.which("fc-list") is None:
        return False
    found = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True)
    return bool(found.stdout.strip())


def install_debian_packages(packages: list[str], purpose: str) -> None:
    """Install system packages when we may; raises SetupProblem with the command otherwise."""
    names = " ".join(packages)
    advice = f"{purpose}需要系统软件包,请执行 / need system packages, please run: apt-get install {names}"
    prefix = root_prefix()
    if shutil.which("apt-get") is None or prefix is None:
        raise SetupProblem(advice)
    print(f"安装系统软件包 / Installing system packages: {names} …", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([*prefix, "apt-get", "-qq", *words], env=environment, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise SetupProblem(advice)


def root_prefix() -> list[str] | None:
    """How to become root without being asked: nothing, ``sudo -n``, or None when it is not possible."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n"] if allowed else None
