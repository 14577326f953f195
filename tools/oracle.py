"""The second opinion on conditions: survey-core under Node; see ``tests/oracle``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tools.system_packages import SetupProblem

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "oracle"


def ensure_oracle() -> None:
    """Install what the lock names, unless it is there; raises SetupProblem."""
    if installed() == locked():
        return
    words = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    if subprocess.run(words, cwd=FOLDER).returncode:
        raise SetupProblem(
            "无法安装测试用的 survey-core(tests/oracle)。"
            " survey-core for the tests could not be installed (tests/oracle: npm ci)."
        )


def locked() -> str:
    """The version of survey-core that the lock names."""
    packages = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    return str(packages["node_modules/survey-core"]["version"])


def installed() -> str:
    """The version that is installed; empty when none is."""
    try:
        package = (FOLDER / "node_modules" / "survey-core" / "package.json").read_text()
    except OSError:
        return ""
    return str(json.loads(package)["version"])
