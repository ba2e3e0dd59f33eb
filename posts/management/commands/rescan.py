"""`manage.py rescan`: have posts of the last days scanned again, after rules or thresholds were changed."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from config.entities import PostId
from config.ids import first_id_at
from posts.moderation.repository import query_recent
from posts.moderation.tasks import scan_post

PAGE = 200
DAY_MS = 86_400_000


class Command(BaseCommand):
    help = "Scan posts again: the latest ones that were scanned, or those that are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("posts", nargs="*", type=int, help="ids of posts; none: the latest")
        parser.add_argument("--limit", type=int, default=1_000, help="how many at most (default 1000)")
        parser.add_argument("--days", type=int, default=2, help="of how many days (default 2)")

    def handle(self, *_args: Any, **options: Any) -> None:
        chosen = [PostId(post_id) for post_id in options["posts"]] or self._latest(options)
        for post_id in tqdm(chosen, desc="Posts", disable=None):
            scan_post.delay(post_id)
        self.stdout.write(f"{len(chosen)} posts are being scanned by the workers of the queue default.")

    @staticmethod
    def _latest(options: dict[str, Any]) -> list[PostId]:
        found: list[PostId] = []
        oldest = first_id_at(time.time_ns() // 1_000_000 - options["days"] * DAY_MS)
        while len(found) < options["limit"]:
            left = min(PAGE, options["limit"] - len(found))
            page = query_recent(before=found[-1] if found else None, limit=left, days=options["days"])
            found += [post_id for post_id in page if post_id >= oldest]
            if len(page) < left or page[-1] < oldest:
                break
        return found
