"""Runs the stream consumer in the foreground until it is told to stop."""

import argparse
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.streams import Consumer, Timing, handlers, shard_statuses

STOPPING = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    """`manage.py consume_streams`: as many as you like share the shards."""

    help = (
        "Reads the streams of all tables and calls their handlers. SIGTERM hands over to the other consumers."
    )
    # They import every page of the site: half a second and memory for what a consumer never shows. `migrate` makes them.
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How fast, with how many hands, or only a look."""
        parser.add_argument("--threads", type=int, default=8, help="shards handled at the same time")
        parser.add_argument(
            "--poll-min-ms", type=int, default=40, help="time between reads while records come"
        )
        parser.add_argument(
            "--poll-max-ms", type=int, default=200, help="time between reads when it is quiet"
        )
        parser.add_argument(
            "--lease-seconds", type=float, default=10.0, help="silence after which a consumer is dead"
        )
        parser.add_argument(
            "--status", action="store_true", help="show who reads what and how far behind, and end"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; a second signal does not wait for the record in hand."""
        if options["status"]:
            self._show()
            return
        # Blocked before any thread starts, so that this thread alone gets them, where no lock can be held.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        timing = Timing(
            lease_seconds=options["lease_seconds"],
            renew_seconds=options["lease_seconds"] / 5,
            poll_min_seconds=options["poll_min_ms"] / 1000,
            poll_max_seconds=options["poll_max_ms"] / 1000,
        )
        consumer = Consumer(handlers, timing=timing, threads=options["threads"])
        consumer.start()
        told = None
        while consumer.is_alive and told is None:
            told = signal.sigtimedwait(STOPPING, 1.0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        consumer.stop()
        if told is None:
            raise CommandError("A thread of the consumer has ended; see the log above.")

    def _show(self) -> None:
        for shard in shard_statuses():
            self.stdout.write(
                f"{shard.table:16} {shard.shard_id:40} lag {shard.lag_seconds:8.1f} s  "
                f"silent {shard.silent_seconds:8.1f} s  {shard.owner or '(free)'}"
            )
