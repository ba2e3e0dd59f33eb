"""The process supervisor: what is stopped at once, and what after what."""

import sys
from pathlib import Path

from deploy.local.rig import base_environment
from deploy.local.supervise import Part, Supervisor
from tests.stack import eventually

# Told to stop, it says so, and stays until the others of its group have said it too: stopped one after the other, the
# first would stay until it was killed, and say no last word.
PROGRAM = """
import pathlib, signal, sys, time
name, *others = sys.argv[1:]
def stop(*_):
    pathlib.Path(name + ".told").touch()
    while not all(pathlib.Path(other + ".told").exists() for other in others):
        time.sleep(0.01)
    with open("ended", "a") as ended:
        print(name, file=ended)
    sys.exit()
signal.signal(signal.SIGTERM, stop)
pathlib.Path(name + ".up").touch()
while True:
    signal.pause()
"""


def test_a_group_is_stopped_at_once_and_the_first_group_last(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    programs = ["web", "worker", "consumer"]

    def part(name: str, group: str, *others: str) -> Part:
        return Part(name, [sys.executable, str(program), name, *others], group, 20, tmp_path)

    parts = [part("engine", "engines", *programs)]
    parts += [part(name, "programs", *(other for other in programs if other != name)) for name in programs]
    supervisor = Supervisor(parts, run=tmp_path, logs=tmp_path, env=base_environment())
    supervisor.start("engine", *programs)
    eventually(lambda: len(list(tmp_path.glob("*.up"))) == len(parts))
    supervisor.stop()
    ended = (tmp_path / "ended").read_text().split()
    assert sorted(ended[:-1]) == sorted(programs)
    assert ended[-1] == "engine"
