"""`bin/bench NAME`: engines of its own, then `benchmarks/NAME.py`, whose last line of output is the result."""

import argparse
import subprocess

from deploy.local.leash import tie_to_parent
from deploy.local.messages import Problem, main
from deploy.local.paths import PYTHON, ROOT
from deploy.local.rig import rig

BENCHMARKS = ROOT / "benchmarks"
# What stands beside the benchmarks and is none.
TOOLS = {
    "__init__",
    "cache_crowd",
    "cache_replay",
    "cache_trace",
    "crowd",
    "fanout",
    "harness",
    "load",
    "post_operations",
}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in BENCHMARKS.glob("*.py") if path.stem not in TOOLS)


def command() -> int:
    """Run one benchmark."""
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measures. Progress goes to standard error; the last line of standard output is one JSON object.",
    )
    parser.add_argument("name", help=", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="less than 50 s on 2 cores, feed three minutes")
    parser.add_argument("--json", action="store_true", help="only the JSON object, no table")
    ours = parser.parse_args()
    if ours.name not in names():
        raise Problem(f"There is no benchmark {ours.name}. There are: {', '.join(names())}")
    flags = [flag for flag, given in (("--quick", ours.quick), ("--json", ours.json)) if given]
    with rig("dynamodb-local") as this:
        done = subprocess.run(
            [str(PYTHON), "-m", f"benchmarks.{ours.name}", *flags],
            cwd=ROOT,
            env=this.env,
            check=False,
            preexec_fn=tie_to_parent,  # one system call
        )
    return done.returncode


if __name__ == "__main__":
    main(command)
