"""The processes that Roost consists of beside its engines, as command lines."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.paths import PYTHON, ROOT
from deploy.local.ports import LOOPBACK

NICENESS = 10
GUNICORN_SETTINGS = "python:deploy.gunicorn_settings"


@dataclass(frozen=True, slots=True)
class Program:
    """One process; `stop_seconds` is how long it may take to end in good order.

    `gives_way`: where processors are few, the others come before it. Niceness counts among the processes of one session
    alone where the kernel groups processes by session (Source: sched(7), the autogroup feature), as supervisord's are;
    who starts it in a session of its own tells the kernel by `processes.give_way` as well.
    """

    name: str
    plain: list[str]
    stop_seconds: int = 15
    gives_way: bool = False

    @property
    def command(self) -> list[str]:
        """The whole of it."""
        return ["nice", "-n", str(NICENESS), *self.plain] if self.gives_way else self.plain


def web(port: int, *, workers: int = 2) -> Program:
    """Pages and API."""
    command = [str(PYTHON), "-m", "gunicorn", "config.wsgi:application", "--config", GUNICORN_SETTINGS]
    command += ["--bind", f"{LOOPBACK}:{port}", "--workers", str(workers)]
    return Program("web", command)


def worker(name: str, queues: str, *, concurrency: int, gives_way: bool = False) -> Program:
    """A Celery worker for some queues. Warm shutdown: it finishes the task at hand or gives it back.

    One that gives way leaves it to pages, and to the consumer, by which a new post is there at once.
    """
    command = [str(PYTHON), "-m", "celery", "--app", "config.celery", "worker", "--queues", queues]
    command += [
        "--concurrency",
        str(concurrency),
        "--hostname",
        f"{name}@%h",
        "--without-mingle",
        "--without-gossip",
    ]
    return Program(name, command, stop_seconds=25, gives_way=gives_way)


def beat(folder: Path) -> Program:
    """The clock of periodic tasks; it remembers in `folder` what ran when."""
    command = [str(PYTHON), "-m", "celery", "--app", "config.celery", "beat", "--pidfile", ""]
    return Program("beat", [*command, "--schedule", str(folder / "beat-schedule")])


def consumer(name: str = "consumer") -> Program:
    """The reader of all tables' streams."""
    return Program(name, [str(PYTHON), str(ROOT / "manage.py"), "consume_streams"])


def all_programs(port: int, folder: Path) -> list[Program]:
    """What `bin/run` keeps running, in the order of the start, sized for two cores. `port`: of the web server."""
    return [
        worker("worker-default", "default", concurrency=1),
        worker("worker-counters", "counters", concurrency=1),
        worker("worker-fanout", "fanout,fanout_rest", concurrency=2, gives_way=True),
        consumer(),
        beat(folder),
        web(port),
    ]
