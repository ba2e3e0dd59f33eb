"""The processes that Roost consists of beside its engines, as command lines."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.paths import PYTHON, ROOT
from deploy.local.ports import LOOPBACK

GUNICORN_SETTINGS = "python:deploy.gunicorn_settings"


@dataclass(frozen=True, slots=True)
class Program:
    """One process; `stop_seconds` is how long it may take to end in good order."""

    name: str
    command: list[str]
    stop_seconds: int = 15


def web(port: int, *, workers: int = 2, threads: int = 4) -> Program:
    """Pages and API."""
    command = [str(PYTHON), "-m", "gunicorn", "config.wsgi:application", "--config", GUNICORN_SETTINGS]
    command += ["--bind", f"{LOOPBACK}:{port}", "--workers", str(workers), "--threads", str(threads)]
    return Program("web", command)


def worker(name: str, queues: str, *, concurrency: int) -> Program:
    """A Celery worker for some queues. Warm shutdown: it finishes the task at hand or gives it back."""
    command = [str(PYTHON), "-m", "celery", "--app", "config.celery", "worker", "--queues", queues]
    command += [
        "--concurrency",
        str(concurrency),
        "--hostname",
        f"{name}@%h",
        "--without-mingle",
        "--without-gossip",
    ]
    return Program(name, command, stop_seconds=25)


def beat(folder: Path) -> Program:
    """The clock of periodic tasks; it remembers in `folder` what ran when."""
    command = [str(PYTHON), "-m", "celery", "--app", "config.celery", "beat", "--pidfile", ""]
    return Program("beat", [*command, "--schedule", str(folder / "beat-schedule")])


def consumer(name: str = "consumer") -> Program:
    """The reader of all tables' streams."""
    return Program(name, [str(PYTHON), str(ROOT / "manage.py"), "consume_streams"])


def all_programs(port: int, folder: Path) -> list[Program]:
    """What `bin/run` keeps running, in the order of the start, sized for two cores."""
    return [
        worker("worker-default", "default", concurrency=1),
        worker("worker-counters", "counters", concurrency=1),
        worker("worker-fanout", "fanout", concurrency=2),
        consumer(),
        beat(folder),
        web(port),
    ]
