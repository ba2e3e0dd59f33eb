"""`manage.py rank_posts [--user HANDLE] [--after ID]`: posts of before there were hashtags or ranks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors import profile_by_handle
from config.dynamodb.applying import Pace
from config.entities import UserId
from posts.catching_up import POSTS_A_SECOND, author_catch_up, posts_catch_up


class Command(BaseCommand):
    """Harmless at any time, and to be repeated."""

    help = (
        "Enter posts under their hashtags and rank those that are liked: once, for posts of older releases."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose posts, from where on, and how fast."""
        parser.add_argument("--user", help="handle of one author; without it, all")
        parser.add_argument(
            "--after", type=int, default=0, help="go on behind the author with this id, as a run told"
        )
        parser.add_argument("--posts-per-second", type=float, default=POSTS_A_SECOND)

    def handle(
        self,
        *args: Any,  # noqa: ARG002  # Django's signature
        user: str | None,
        after: int,
        posts_per_second: float,
        **options: Any,  # noqa: ARG002  # Django's signature
    ) -> None:
        """A line for each step, one for the sum."""
        if user:
            author_id = profile_by_handle(user).id
            seen = author_catch_up(author_id=author_id, pace=Pace(posts_per_second))
        else:
            seen = posts_catch_up(after=UserId(after), posts_a_second=posts_per_second, progress=self._step)
        self.stdout.write(f"{seen} posts are under their hashtags and ranked")

    def _step(self, posts: int, last: UserId) -> None:
        self.stdout.write(f"{posts} posts, up to author {last}")
