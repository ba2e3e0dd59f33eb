"""`manage.py reconcile_posts [--user HANDLE | --post ID] [--repair]`: do counts of posts agree with what they count."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors import profile_by_handle
from config.entities import PostId, UserId
from posts.reconcile import AUTHORS_A_STEP, author_reconcile, drift_publish, post_reconcile, posts_reconcile

DRIFT, UNSETTLED = 1, 2


class Command(BaseCommand):
    """Ends with 0 if all is right (or was put right), 1 if counts are wrong, 2 if some posts never stood still."""

    help = "Recount likes, comments and reposts, compare with the counts, repair them if asked. Safe while people go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which posts, and whether to repair."""
        parser.add_argument("--user", help="handle of one author; without it, all")
        parser.add_argument("--post", type=int, help="id of one post")
        parser.add_argument("--repair", action="store_true", help="put wrong counts right")
        parser.add_argument("--step", type=int, default=AUTHORS_A_STEP, help="authors between two marks")
        parser.add_argument(
            "--restart", action="store_true", help="begin anew although a walk was broken off"
        )

    def handle(
        self,
        *args: Any,  # noqa: ARG002  # Django's signature
        user: str | None,
        post: int | None,
        repair: bool,
        restart: bool,
        step: int,
        **options: Any,  # noqa: ARG002  # Django's signature
    ) -> None:
        """A line for each step, one for the sum."""
        if post is not None:
            drift = post_reconcile(post_id=PostId(post), repair=repair)
        elif user:
            drift = author_reconcile(author_id=profile_by_handle(user).id, repair=repair)
        else:
            drift = posts_reconcile(repair=repair, restart=restart, step=step, progress=self._step)
        drift_publish(drift)
        done = "repaired" if repair else "found"
        self.stdout.write(
            f"{drift.posts} posts: drift {done}: {abs(drift.likes)} likes, {abs(drift.comments)} comments, "
            f"{abs(drift.reposts)} reposts; {drift.unsettled} never stood still"
        )
        if drift.found and not repair:
            sys.exit(DRIFT)
        if drift.unsettled:
            sys.exit(UNSETTLED)

    def _step(self, posts: int, last: UserId) -> None:
        self.stdout.write(f"{posts} posts, up to author {last}")
