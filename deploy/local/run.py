"""`bin/run`: all the set-up that is missing, then everything in the foreground."""

import argparse
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from deploy.local import engines, programs
from deploy.local.edge import edge
from deploy.local.engine_file import engine_file_hasten
from deploy.local.engines import DYNAMODB_ENGINES, LOCAL_KEYS, Engine, environment_of
from deploy.local.fetch import fetch_all, fetch_photos
from deploy.local.home import Home, data_folder, opened
from deploy.local.messages import Problem, main, say, step
from deploy.local.paths import PYTHON, ROOT
from deploy.local.ports import LOOPBACK, choosing, free_or, free_port, require_free
from deploy.local.processes import spawn, stop, tail
from deploy.local.supervise import Part, Supervisor

DEMO_USERS = 80
POSTS_A_PERSON, POSTS_IN_LARGE, LARGE = 5, 2, 500
MOST_PICTURES = 120
PREFERRED_PORTS = {"dynamodb": 47801, "redis-broker": 47802, "redis-cache": 47803}
_READY_SECONDS = 240


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Starts Roost with everything it needs. Ctrl-C stops all of it; data stays. "
        "ROOST_DATA_DIR names another data folder than var/.",
    )
    parser.add_argument("--port", type=int, default=8000, help="of the web server (default 8000)")
    parser.add_argument("--no-demo", action="store_true", help="no demo network on the first start")
    parser.add_argument(
        "--users",
        type=int,
        default=DEMO_USERS,
        help=f"people in the demo network (default {DEMO_USERS}; 2000 take some minutes)",
    )
    parser.add_argument(
        "--edge", action="store_true", help="nginx on the port, before the web server: see docs/operations.md"
    )
    parser.add_argument("--fresh", action="store_true", help="remove all data first")
    parser.add_argument(
        "--engine", choices=DYNAMODB_ENGINES, default=DYNAMODB_ENGINES[0], help="the DynamoDB"
    )
    return parser.parse_args()


def make_engines(home: Home, engine: str) -> list[Engine]:
    """The engines on disk, on the ports of the last start where these are free."""
    ports = {name: free_or(port) for name, port in (PREFERRED_PORTS | home.ports()).items()}
    folders = {name: home.folder / name for name in ports}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return [
        engines.dynamodb(engine, port=ports["dynamodb"], folder=folders["dynamodb"], in_memory=False),
        engines.redis_broker(port=ports["redis-broker"], folder=folders["redis-broker"]),
        engines.redis_cache(port=ports["redis-cache"], folder=folders["redis-cache"]),
    ]


def environment_for(home: Home, running: list[Engine]) -> dict[str, str]:
    """What Roost's processes get: the operator's settings, our engines, and the mark by which we know them."""
    name, _, value = home.marker.partition("=")
    env = {**os.environ, **LOCAL_KEYS, name: value, "ROOST_DATA_DIR": str(home.folder)}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1"}
    for engine in running:
        env |= environment_of(engine)
    return env | {"PROMETHEUS_MULTIPROC_DIR": str(home.metrics)}


def parts_of(home: Home, running: list[Engine], port: int, *, with_edge: bool) -> list[Part]:
    """Engines first, then the programs, in the order of their start. With an edge it has the port. Raises: Problem."""
    parts = [Part(one.name, one.command, "engines", 15, one.folder, one.env) for one in running]
    web_port = free_port() if with_edge else port
    chosen = programs.all_programs(web_port, home.run)
    if with_edge:
        chosen.append(edge(port, web_port, home.run / "edge"))
    parts += [Part(one.name, one.command, "programs", one.stop_seconds) for one in chosen]
    return parts


def until_ready(engine: Engine, supervisor: Supervisor) -> None:
    """Wait for an engine. Raises: Problem when it is given up."""
    deadline = time.monotonic() + _READY_SECONDS
    while not engine.is_ready():
        supervisor.require_alive()
        if time.monotonic() > deadline:
            raise Problem(f"{engine.name} did not answer within {_READY_SECONDS} s.")
        time.sleep(0.05)


def until_healthy(port: int, supervisor: Supervisor) -> None:
    """Wait until the web server says that everything is there. Raises: Problem."""
    deadline = time.monotonic() + _READY_SECONDS
    last = "no answer"
    while time.monotonic() < deadline:
        supervisor.require_alive()
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/readyz", timeout=5) as answer:
                last = answer.read().decode()
            if json.loads(last)["status"] == "ok":
                return
        except urllib.error.HTTPError as error:
            last = error.read().decode()
        except OSError as error:
            last = str(error)
        time.sleep(0.1)
    raise Problem(f"Roost is not healthy after {_READY_SECONDS} s. It says:\n{last}")


@contextmanager
def prepared(home: Home, env: Mapping[str, str]) -> Iterator[None]:
    """Migrations and static files while the body waits for the engines, then tables. Raises: Problem."""
    log = home.logs / "setup.log"
    command = [str(PYTHON), "-m", "deploy.local.prepare"]
    process = spawn(command, log=log, env=env, stdin=subprocess.PIPE)
    try:
        yield
        process.communicate()
        if process.returncode:
            raise Problem(f"The set-up failed. The end of {log}:\n{tail(log)}")
    finally:
        stop(process, timeout_seconds=5)


def try_for_photos() -> None:
    """Without photos the demo network paints all its pictures: no reason to stop."""
    try:
        fetch_photos()
    except Problem as problem:
        say(f"  {problem}\n  The demo network goes without photos.")


def fill_with_demo(home: Home, env: Mapping[str, str], *, users: int, port: int) -> None:
    """The demo network, once. What it prints about signing in is kept, and says that it is complete."""
    say("  Making the demo network (only on the first start; bin/run --no-demo goes without)")
    say(f"  http://localhost:{port}/ answers already, and fills as you look.")
    try_for_photos()
    posts = users * (POSTS_A_PERSON if users < LARGE else POSTS_IN_LARGE)
    command = [str(PYTHON), str(ROOT / "manage.py"), "demo", "--users", str(users), "--posts", str(posts)]
    command += ["--seed", "7", "--pictures", str(min(posts // 10, MOST_PICTURES))]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            printed, _ = process.communicate()
        finally:
            stop(process, number=signal.SIGINT)
    if process.returncode:
        raise Problem(
            "The demo network could not be made: see above. Start again to go on with it, or without: bin/run --no-demo"
        )
    draft = home.demo.with_suffix(".draft")
    draft.write_text(printed)
    draft.rename(home.demo)


def start_all(
    home: Home,
    ours: argparse.Namespace,
    running: list[Engine],
    env: dict[str, str],
    *,
    listening: Callable[[], None],
) -> Supervisor:
    """Start the supervisor and through it everything, in order; `listening` is called once the engines are."""
    parts = parts_of(home, running, ours.port, with_edge=ours.edge)
    supervisor = Supervisor(parts, run=home.run, logs=home.logs, env=env)
    try:
        with step("Engines, migrations, tables, static files"), prepared(home, env):
            supervisor.start(*(engine.name for engine in running))
            for engine in running:
                until_ready(engine, supervisor)
            listening()
        for engine in running:
            engine_file_hasten(engine.folder)  # once the tables are there: until then it has no file
        with step("Starting web server, workers, beat and stream consumer"):
            supervisor.start(
                *(part for part in supervisor.parts if part not in {one.name for one in running})
            )
            until_healthy(ours.port, supervisor)
        if not (ours.no_demo or home.demo.exists()):
            fill_with_demo(home, env, users=ours.users, port=ours.port)
    except BaseException:
        supervisor.stop()
        raise
    return supervisor


def watch(supervisor: Supervisor) -> None:
    """Until it ends: parts that supervisord has given up are started again, with a word about it."""
    while not supervisor.wait(20):
        for name in supervisor.given_up():
            say(f"  {name} keeps crashing: see its log. Starting it again.")
            supervisor.start(name)
    raise Problem("The process supervisor ended by itself. See supervisord.log beside the other logs.")


def welcome(home: Home, port: int, seconds: float) -> str:
    """What the operator wants to know now."""
    lines = [f"\nRoost is up at http://localhost:{port}/ after {seconds:.1f} s.  Ctrl-C stops it.", ""]
    if home.demo.exists():
        lines += [home.demo.read_text().rstrip(), ""]
    lines += [f"  data   {home.folder}", f"  logs   {home.logs}", "  shell  bin/manage shell", ""]
    lines += [
        "  DynamoDB's engine listens on every network interface: keep this machine off networks you share."
    ]
    return "\n".join(lines)


def command() -> int:
    """The whole life of `bin/run`."""
    ours = arguments()
    began = time.monotonic()
    require_free(ours.port)
    say("Setting up Roost.")
    with opened(data_folder(ours.engine), fresh=ours.fresh) as home:
        fetch_all(ours.engine)
        with ExitStack() as ports:
            ports.enter_context(choosing())
            running = make_engines(home, ours.engine)
            env = environment_for(home, running)
            if ours.edge:
                env["ROOST_TRUSTED_PROXIES"] = "1"
            home.remember({engine.name: engine.port for engine in running}, env)
            supervisor = start_all(home, ours, running, env, listening=ports.close)
        try:
            say(welcome(home, ours.port, time.monotonic() - began))
            watch(supervisor)
        except (KeyboardInterrupt, SystemExit):
            say("\nStopping (a few seconds; nothing is lost) ...")
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        finally:
            supervisor.stop()
            say("Stopped.")
    return 0


if __name__ == "__main__":
    main(command)
