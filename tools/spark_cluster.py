"""Run the law of the engine on Spark: a standalone cluster of two workers on loopback, gone afterwards.

    python -m tools.spark_cluster [words for pytest]

Needs Java 17 or newer; pyspark is installed into the environment from ``requirements/spark.txt``.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tools.bootstrap import ROOT, uv
from tools.system_packages import SetupProblem

LOCK = ROOT / "requirements" / "spark.txt"
LOOPBACK = "127.0.0.1"
WORKERS, PATIENCE = 2, 60.0
OLDEST_JAVA = 17
#: Small, so that the cluster fits beside the rest of a small machine.
_SETTINGS = f"""\
spark.driver.memory 1g
spark.driver.host {LOOPBACK}
spark.executor.memory 512m
spark.executor.cores 1
spark.sql.shuffle.partitions 4
spark.ui.enabled false
"""


def main(words: list[str]) -> int:
    """Pytest's exit code; 1 after one line that says what to install."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an ordered end, so that the cluster ends too
    try:
        require_java()
        ensure_pyspark()
        with cluster() as environment:
            command = [sys.executable, "-m", "pytest", "-q", "-m", "spark", *words]
            return subprocess.run(command, cwd=ROOT, env=environment).returncode
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1


def require_java() -> None:
    """Raises SetupProblem where Java is missing or too old for Spark."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr if java else ""
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise SetupProblem(
            f"Spark 需要 Java {OLDEST_JAVA} 以上,请执行 / Spark needs Java {OLDEST_JAVA} or newer, "
            "please run: "
            "apt-get install openjdk-17-jre-headless"
        )


def ensure_pyspark() -> None:
    """Install what the lock of the extra says, where it is not there already."""
    pinned = next(line for line in LOCK.read_text().splitlines() if line.startswith("pyspark=="))
    try:
        held = version("pyspark")
    except PackageNotFoundError:
        held = ""
    if held != pinned.removeprefix("pyspark==").removesuffix(" \\"):
        uv("pip", "install", "--quiet", "--require-hashes", "-r", LOCK)


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """The environment of whoever uses a fresh cluster; its processes end with the block, however it ends."""
    import pyspark

    home, port = Path(pyspark.__file__).parent, _free_port()
    url = f"spark://{LOOPBACK}:{port}"
    with tempfile.TemporaryDirectory(prefix="manyi-spark-") as folder, ExitStack() as running:
        Path(folder, "spark-defaults.conf").write_text(_SETTINGS)
        named = {"SPARK_HOME": str(home), "SPARK_CONF_DIR": folder, "SPARK_LOCAL_IP": LOOPBACK}
        named |= {"SPARK_WORKER_DIR": folder, "SPARK_LOCAL_DIRS": folder, "SPARK_DAEMON_MEMORY": "256m"}
        environment = {**os.environ, **named}
        start = [str(home / "bin" / "spark-class")]
        common = ["--host", LOOPBACK, "--webui-port", "0"]
        log = Path(folder, "log")
        master = [*start, "org.apache.spark.deploy.master.Master", *common, "--port", str(port)]
        running.enter_context(_process(master, environment, log))
        _wait(log, "I have been elected leader", 1)
        worker = [
            *start,
            "org.apache.spark.deploy.worker.Worker",
            *common,
            "--cores",
            "1",
            "--memory",
            "700m",
        ]
        for _ in range(WORKERS):
            running.enter_context(_process([*worker, url], environment, log))
        _wait(log, "Successfully registered with master", WORKERS)
        yield {**environment, "ANALYTICS_URL": url}


@contextmanager
def _process(words: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """One process in a group of its own: a worker's executors go with it."""
    with log.open("a") as said:
        started = subprocess.Popen(words, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        try:
            started.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def _wait(log: Path, words: str, times: int) -> None:
    """Until the log says something so many times; raises SetupProblem with its end where it does not."""
    until = time.monotonic() + PATIENCE
    while log.read_text().count(words) < times:
        if time.monotonic() > until:
            raise SetupProblem(f"Spark 未能启动 / Spark did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
