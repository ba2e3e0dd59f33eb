"""`manage.py simulate_delivery --graph FILE|power-law`: what each delivery policy would cost on a network."""

import json
import math
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feed.entities import MAX_PULLS
from feed.simulation.edge_lists import BadLine
from feed.simulation.plot import FORMATS, can_plot, plot
from feed.simulation.run import Plan, simulate

POWER_LAW = "power-law"
MOST_USERS = 2**31 - 1


def rate(text: str) -> float:
    """A number from 0 on."""
    value = float(text)
    if not 0 <= value < math.inf:
        raise ArgumentTypeError(f"{text} is no rate: a number from 0 on")
    return value


class Command(BaseCommand):
    """Asks the policies that serve about every edge; touches no engine and no data of this Roost."""

    help = "Units and dollars a user and month, pulls a read and inbox sizes of each delivery policy, on a network."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which network, how active, and how to show it."""
        parser.add_argument(
            "--graph",
            default=POWER_LAW,
            metavar=f"FILE|{POWER_LAW}",
            help="'follower followee' a line, by blanks or tabs, '#' comments, gzip or not; or made up (default)",
        )
        parser.add_argument(
            "--users",
            type=int,
            help="of a made-up network (default 100000); of a file, if more than it names",
        )
        parser.add_argument(
            "--follows", type=rate, default=50.0, help="of a made-up network, a user on the mean (default 50)"
        )
        parser.add_argument("--reads-per-day", type=rate, default=5.0, help="a user, on the mean (default 5)")
        parser.add_argument(
            "--posts-per-day", type=rate, default=0.5, help="a user, on the mean (default 0.5)"
        )
        parser.add_argument("--even-rates", action="store_true", help="the same for all, not by a power law")
        parser.add_argument(
            "--cap", type=int, default=MAX_PULLS, help=f"of the pulls of a read (default {MAX_PULLS})"
        )
        parser.add_argument("--seed", type=int, default=1, help="of the network and of the rates (default 1)")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
        parser.add_argument("--plot", type=Path, metavar="FILE", help=f"a picture: {', '.join(FORMATS)}")
        parser.add_argument("--no-progress", action="store_true", help="no progress bar")

    def handle(self, *_args: object, **options: Any) -> None:
        """Refuse early what could only fail after minutes."""
        picture: Path | None = options["plot"]
        if picture is not None:
            _check_picture(picture)
        plan = _plan(options)
        try:
            outcome = simulate(plan)
        except (BadLine, OSError) as error:
            raise CommandError(f"{plan.file}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json()))
        else:
            for line in outcome.table():
                self.stdout.write(line)
        if picture is not None:
            try:
                plot(outcome, picture)
            except OSError as error:
                raise CommandError(f"{picture}: {error}") from error


def _check_picture(picture: Path) -> None:
    if not can_plot:
        raise CommandError("--plot needs matplotlib: pip install -r requirements-dev.txt -c constraints.txt")
    if picture.suffix.lower() not in FORMATS:
        raise CommandError(f"{picture}: name it with one of {', '.join(FORMATS)}.")
    if not picture.parent.is_dir():
        raise CommandError(f"{picture.parent} is no folder.")


def _plan(options: dict[str, Any]) -> Plan:
    made_up = options["graph"] == POWER_LAW
    file = None if made_up else Path(options["graph"])
    if file is not None and not file.is_file():
        raise CommandError(f"There is no file {file}.")
    users = options["users"]
    if users is not None and not 2 <= users <= MOST_USERS:
        raise CommandError("--users: at least 2, and at most two billion.")
    if options["cap"] < 0 or options["seed"] < 0:
        raise CommandError("--cap and --seed: from 0 on.")
    if made_up and options["follows"] <= 0:
        raise CommandError("--follows: more than 0.")
    return Plan(
        file=file,
        users=users or (100_000 if made_up else 0),
        follows=options["follows"],
        reads_per_day=options["reads_per_day"],
        posts_per_day=options["posts_per_day"],
        cap=options["cap"],
        seed=options["seed"],
        even_rates=options["even_rates"],
        quiet=options["no_progress"],
    )
