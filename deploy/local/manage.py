"""`bin/manage`: manage.py with the settings of the Roost that `bin/run` started last on this data."""

import json
import os
import sys

from deploy.local.engines import DYNAMODB_ENGINES
from deploy.local.home import Home, data_folder
from deploy.local.messages import Problem, main
from deploy.local.paths import PYTHON, ROOT


def command() -> int:
    """Become manage.py."""
    home = Home(data_folder(os.environ.get("ROOST_ENGINE", DYNAMODB_ENGINES[0])))
    kept = home.run / "environment.json"
    if not kept.exists():
        raise Problem(
            f"No Roost was started on {home.folder} yet: start it with bin/run, in another terminal."
        )
    env = json.loads(kept.read_text())
    del env[home.marker.partition("=")[0]]  # what the operator starts by hand is not swept as a leftover
    os.execve(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *sys.argv[1:]], {**os.environ, **env})  # noqa: S606


if __name__ == "__main__":
    main(command)
