"""`manage.py demo`: a living network from one seed."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.errors import AppError
from config.logs import warnings_only
from feed.demo import photos
from feed.demo.build import PASSWORD, build
from feed.demo.credits import credits_text
from feed.demo.crew import Crew
from feed.demo.plan import Plan, plan_of
from feed.demo.stock import RIGHT_TO_LEFT


class Command(BaseCommand):
    """Argument parsing and the words around the build."""

    help = (
        "Fill Roost with a demo network: people in eighteen languages, follows, posts, photos, likes, comments. "
        "The same seed gives the same network; a second run adds only what is missing. For trying out, not for production: "
        "all demo accounts share one password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The network's size and seed, and how hard to work."""
        parser.add_argument("--users", type=int, default=200, help="how many people (default 200)")
        parser.add_argument("--posts", type=int, default=2000, help="how many posts (default 2000)")
        parser.add_argument(
            "--seed", type=int, default=7, help="the same seed gives the same network (default 7)"
        )
        parser.add_argument(
            "--pictures", type=int, help="how many distinct pictures (default: a tenth of the posts)"
        )
        parser.add_argument(
            "--processes", type=int, default=2, help="processes that paint; 0 paints in this one"
        )
        parser.add_argument("--threads", type=int, default=8, help="threads that write; 0 writes in this one")
        parser.add_argument("--no-progress", action="store_true", help="no progress bars")
        parser.add_argument(
            "--credits", action="store_true", help="say whose photos are used, and write nothing"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Plan, build, report."""
        if options["credits"]:
            self.stdout.write(credits_text())
            return
        if options["users"] < 2 or options["posts"] < 0:
            raise CommandError("A network needs at least 2 people, and no fewer than 0 posts.")
        missing = photos.missing_packages()
        if missing:
            self.stderr.write(
                f"No photos from {' and '.join(missing)} here, so all pictures are generated. "
                "To have them: pip install --no-deps -r requirements-demo.txt"
            )
        began = time.monotonic()
        plan = plan_of(
            users=options["users"],
            posts=options["posts"],
            seed=options["seed"],
            pictures=options["pictures"],
            with_photos=not missing,
        )
        crew = Crew(options["threads"], shows_progress=not options["no_progress"])
        try:
            with warnings_only(on=options["verbosity"] < 2):
                written = build(plan, processes=options["processes"], crew=crew)
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. Run the same command again to go on where it stopped.", returncode=130
            ) from None
        except AppError as error:
            raise CommandError(f"{error} Run the same command again to go on.") from error
        self.report(plan, dict(written), time.monotonic() - began)

    def report(self, plan: Plan, written: dict[str, int], seconds: float) -> None:
        """What was done, and whom to sign in as."""
        done = ", ".join(f"{count:,} {kind}" for kind, count in written.items() if count)
        self.stdout.write(
            f"Demo network: {done} in {seconds:.0f} s." if done else "The demo network is there already."
        )
        self.stdout.write("Sign in as (for trying out only):")
        for handle, about in sign_ins(plan):
            self.stdout.write(f"  {handle:<22} {PASSWORD}   {about}")


def sign_ins(plan: Plan) -> list[tuple[str, str]]:
    """A handful of people that show different sides of the product."""
    people = plan.people
    picked = [(people[0], "follows many")]
    picked += [(people[number], "followed by most") for number in plan.celebrities[:1]]
    picked += [(person, "private, with requests") for person in people if person.is_private][:1]
    picked += [
        (person, "writes from right to left") for person in people if person.language in RIGHT_TO_LEFT
    ][:1]
    return [(person.handle, f"{person.name}, {about}") for person, about in picked]
