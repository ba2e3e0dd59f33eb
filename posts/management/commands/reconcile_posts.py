"""`manage.py reconcile_posts [--user HANDLE | --post ID] [--repair]`: do counts of posts agree with what they count."""

from argparse import ArgumentParser
from typing import Any

from config.entities import PostId, UserId
from graph.reconcile_command import ReconcileCommand
from posts.reconcile import (
    AUTHORS_A_STEP,
    Drift,
    author_reconcile,
    drift_publish,
    post_reconcile,
    posts_reconcile,
)


class Command(ReconcileCommand[Drift]):
    """Counts of posts."""

    help = "Recount likes, comments and reposts, compare with the counts, repair them if asked. Safe while people go on."
    step = AUTHORS_A_STEP

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One post, too."""
        super().add_arguments(parser)
        parser.add_argument("--post", type=int, help="id of one post")

    def chosen(
        self, *, user: str | None, repair: bool, post: int | None = None, **options: Any
    ) -> Drift | None:
        """A post, or an author's."""
        if post is not None:
            return post_reconcile(post_id=PostId(post), repair=repair)
        return super().chosen(user=user, repair=repair, **options)

    def of_account(self, user_id: UserId, *, repair: bool) -> Drift:
        """All of one author."""
        return author_reconcile(author_id=user_id, repair=repair)

    def of_all(self, *, repair: bool, restart: bool, step: int) -> Drift:
        """Author by author."""
        return posts_reconcile(repair=repair, restart=restart, step=step, progress=self._step)

    def tell(self, drift: Drift, done: str) -> str:
        """By number of likes, comments, reposts."""
        drift_publish(drift)
        return (
            f"{drift.posts} posts: drift {done}: {abs(drift.likes)} likes, {abs(drift.comments)} comments, "
            f"{abs(drift.reposts)} reposts; {drift.unsettled} never stood still"
        )

    def _step(self, posts: int, last: UserId) -> None:
        self.stdout.write(f"{posts} posts, up to author {last}")
