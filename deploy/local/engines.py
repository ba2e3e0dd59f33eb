"""How each engine is started, and how one sees that it is ready."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import fetch
from deploy.local.messages import Problem
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import spawn, stop, tail

DYNAMODB_ENGINES = ("dynamodb-local", "ministack")
# A local engine takes any key; real ones must not even be looked for.
LOCAL_KEYS = {
    "AWS_ACCESS_KEY_ID": "roost",
    "AWS_SECRET_ACCESS_KEY": "roost",
    "AWS_EC2_METADATA_DISABLED": "true",
}
CACHE_BYTES = 256 << 20
_READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine as a command; `folder` is where it runs and keeps its files."""

    name: str
    command: list[str]
    port: int
    folder: Path
    question: bytes
    answer: bytes
    env: Mapping[str, str] = field(default_factory=dict)

    def is_ready(self) -> bool:
        """Whether it answers as itself."""
        return answers(self.port, self.question, self.answer)


def dynamodb(engine: str, *, port: int, folder: Path, in_memory: bool) -> Engine:
    """A DynamoDB for this machine."""
    make = _ministack if engine == "ministack" else _dynamodb_local
    return make(port, folder, in_memory=in_memory)


def _dynamodb_local(port: int, folder: Path, *, in_memory: bool) -> Engine:
    home = fetch.dynamodb_local()
    command = [*fetch.java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]
    command += [f"-Djava.library.path={home / 'DynamoDBLocal_lib'}", "-jar", str(home / "DynamoDBLocal.jar")]
    command += ["-sharedDb", "-port", str(port), "-disableTelemetry"]
    command += ["-inMemory"] if in_memory else ["-dbPath", str(folder)]
    return Engine("dynamodb", command, port, folder, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1.1 400")


def _ministack(port: int, folder: Path, *, in_memory: bool) -> Engine:
    env = {
        "GATEWAY_PORT": str(port),
        "SERVICES": "dynamodb,dynamodbstreams",
        "BIND_HOST": LOOPBACK,
        "PERSIST_STATE": "0" if in_memory else "1",
        "STATE_DIR": str(folder),
    }
    command = [str(fetch.ministack()), "-m", "ministack"]
    question = b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return Engine("dynamodb", command, port, folder, question, b"HTTP/1.1 200", env)


def _redis(name: str, port: int, folder: Path, options: list[str]) -> Engine:
    command = [fetch.redis_server(), "--bind", LOOPBACK, "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--daemonize", "no", *options]
    return Engine(name, command, port, folder, b"PING\r\n", b"+PONG")


def redis_broker(*, port: int, folder: Path) -> Engine:
    """Celery's broker: every message is on disk before it is acknowledged, and nothing is ever evicted.

    With the default, `everysec`, writes are answered from memory while a background fsync runs: killed in that moment,
    17 of 20 acknowledged messages were gone. `always` costs about 2 ms a message and lost none.
    """
    durable = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
    return _redis("redis-broker", port, folder, durable)


def redis_cache(*, port: int, folder: Path) -> Engine:
    """The cache: bounded, keeps what is read often, forgets everything when it stops."""
    bounds = ["--maxmemory", str(CACHE_BYTES), "--maxmemory-policy", "allkeys-lfu"]
    return _redis("redis-cache", port, folder, ["--appendonly", "no", *bounds])


def environment_of(engine: Engine) -> dict[str, str]:
    """The setting that points Roost at an engine."""
    variables = {"dynamodb": "DYNAMODB_ENDPOINT", "redis-broker": "BROKER_URL", "redis-cache": "CACHE_URL"}
    port = engine.port
    url = f"http://{LOOPBACK}:{port}" if engine.name == "dynamodb" else f"redis://{LOOPBACK}:{port}/0"
    return {f"ROOST_{variables[engine.name]}": url}


class Running:
    """An engine as our child: it ends when we end."""

    def __init__(self, make: Callable[[], Engine], log: Path, env: Mapping[str, str]) -> None:
        self._log, self._env = log, env
        self.engine = make()
        for attempt in range(3):
            if self._start():
                return
            if attempt < 2:
                self.engine = make()  # somebody took the port between the look and the start
        raise Problem(f"{self.engine.name} does not start. The end of its log:\n{tail(log)}")

    def _start(self) -> bool:
        self.engine.folder.mkdir(parents=True, exist_ok=True)
        self.process = spawn(
            self.engine.command, log=self._log, env={**self._env, **self.engine.env}, cwd=self.engine.folder
        )
        return self._becomes_ready()

    def _becomes_ready(self) -> bool:
        deadline = time.monotonic() + _READY_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.engine.is_ready():
                return True
            time.sleep(0.05)
        stop(self.process, timeout_seconds=1)
        return False

    def kill(self) -> None:
        """As a power cut would end it: SIGKILL."""
        stop(self.process, timeout_seconds=0)

    def restart(self) -> None:
        """Start again on the same port and folder."""
        stop(self.process)
        if not self._start():
            raise Problem(f"{self.engine.name} does not start again. The end of its log:\n{tail(self._log)}")

    def stop(self) -> None:
        """End it in good order."""
        stop(self.process)
