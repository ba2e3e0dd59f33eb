"""The plain Django app of `benchmarks.orm_feed`: its database, a process that answers questions, its web server."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.harness import eventually, progress
from benchmarks.load import load
from deploy.local import programs
from deploy.local.paths import PYTHON, ROOT
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.postgres import postgres
from deploy.local.processes import spawn, stop


class Plain:
    """The app, asked through a pipe."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.orm_feed.settings",
            "ORM_DATABASE_URL": database_url,
        }
        self._process = subprocess.Popen(
            [str(PYTHON), "-m", "benchmarks.orm_feed.asked"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **question: Any) -> dict[str, Any]:
        """One question, one answer. Raises: RuntimeError if the process has died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **question}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            message = "the plain app has died, see above"
            raise RuntimeError(message)
        answer: dict[str, Any] = json.loads(line)
        return answer

    @contextmanager
    def web(self) -> Iterator[str]:
        """Its web server under the settings of ours, 2 workers; the address."""
        port = free_port()
        command = [str(PYTHON), "-m", "gunicorn", "benchmarks.orm_feed.wsgi:application"]
        command += ["--config", programs.GUNICORN_SETTINGS, "--bind", f"{LOOPBACK}:{port}", "--workers", "2"]
        process = spawn(command, log=self.folder / "plain.log", env=self.env)
        try:
            url = f"http://{LOOPBACK}:{port}"
            eventually(lambda: _answers(f"{url}/push/"))
            yield url
        finally:
            stop(process)

    def end(self) -> None:
        """No more questions."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def plain_app() -> Iterator[Plain]:
    """On a PostgreSQL of its own."""
    folder = Path(os.environ["ROOST_RIG"])
    with postgres(folder) as database_url:
        progress("PostgreSQL is up")
        plain = Plain(database_url, folder)
        try:
            yield plain
        finally:
            plain.end()


def _answers(url: str) -> bool:
    try:
        return bool(load(url, seconds=0.1, connections=1).statuses)  # 403: signed out, but there
    except OSError:
        return False
