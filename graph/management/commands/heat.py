"""`manage.py heat list|show|set`: which accounts are spread over many partitions, and how."""

import time
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.selectors import profile_by_handle, profiles_by_ids
from config.entities import UserId
from config.ids import id_time_ms, next_id
from graph import heat_repository
from graph.entities import Heat
from graph.promotion import MOST_PARTS, MOST_SHARDS, follow_rate, heat_store

POWERS = [2**power for power in range(8)]


class Command(BaseCommand):
    """`set` is for tests and operators: shards only grow, and a list is only made wider by it."""

    help = "Show how hot accounts are spread, or spread one now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, with whom."""
        parser.add_argument("action", choices=["list", "show", "set"])
        parser.add_argument("handle", nargs="?", help="of the account to show or set")
        parser.add_argument("--shards", type=int, choices=[p for p in POWERS if p <= MOST_SHARDS])
        parser.add_argument("--width", type=int, choices=[p for p in POWERS if p <= MOST_PARTS])

    def handle(self, *args: Any, action: str, handle: str | None, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        """One line an account."""
        if action == "list":
            for user_id, heat in heat_repository.hot_accounts():
                cards = profiles_by_ids([user_id])
                self._line(cards[user_id].handle if user_id in cards else str(user_id), user_id, heat)
            return
        if not handle:
            raise CommandError("Name an account by its handle.")
        user_id = profile_by_handle(handle).id
        if action == "set":
            self._set(user_id, options["shards"], options["width"])
        self._line(handle, user_id, heat_repository.heat_get(user_id, consistent=True))

    def _set(self, user_id: UserId, shards: int | None, width: int | None) -> None:
        heat = heat_repository.heat_get(user_id, consistent=True)
        now_ms = time.time_ns() // 1_000_000
        if width and width < heat.epochs[-1][1]:
            raise CommandError("A list gets fewer parts by itself, once all writers have heard of it.")
        epochs = (*heat.epochs, (next_id(), width)) if width and width > heat.epochs[-1][1] else heat.epochs
        changed = replace(
            heat,
            shards=max(heat.shards, shards or 1),
            write_shards=shards or heat.write_shards,
            epochs=epochs,
            version=heat.version + 1,
        )
        if not heat_store(user_id, changed, now_ms=now_ms):
            raise CommandError("The account was spread anew just now; look again.")

    def _line(self, handle: str, user_id: UserId, heat: Heat) -> None:
        rate = follow_rate(user_id, now_ms=time.time_ns() // 1_000_000)
        first_id, width = heat.epochs[-1]
        since = (
            time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(id_time_ms(first_id) / 1000)) if first_id else "-"
        )
        self.stdout.write(
            f"@{handle:30} shards {heat.shards:3} (writes into {heat.write_shards:3})  width {width} since {since}  "
            f"{rate:.1f} follows/s  version {heat.version}"
        )
