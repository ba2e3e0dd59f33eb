"""The stream consumer of one process: a keeper of leases, and threads that handle records."""

from threading import Event, Thread

import structlog
from django.db import close_old_connections

from config.errors import AppError
from config.streams.broker_life import BrokerWatch
from config.streams.errors import StreamGone
from config.streams.keeper import Keeper
from config.streams.reader import ShardReader, Timing
from config.streams.registry import Handlers
from config.streams.schedule import Schedule

logger = structlog.get_logger()
GROUP = "main"
FAULT_WAIT_SECONDS = 1.0


class Consumer:
    """Reads the streams of all tables that handlers listen to, sharing shards with other consumers of its group."""

    def __init__(
        self, handlers: Handlers, *, group: str = GROUP, timing: Timing | None = None, threads: int = 8
    ) -> None:
        timing = timing or Timing()
        self._schedule = Schedule()
        self._broker = BrokerWatch()
        self.keeper = Keeper(
            handlers,
            group=group,
            timing=timing,
            broker=self._broker,
            begin=lambda reader: self._schedule.put(reader, 0.0),
        )
        self._tend_seconds = timing.renew_seconds
        self._stopping = Event()
        self._wake = Event()
        self._threads = [Thread(target=self._keep, name="stream-keeper")]
        self._threads += [Thread(target=self._work, name=f"stream-{number}") for number in range(threads)]

    @property
    def is_alive(self) -> bool:
        """Whether every thread still runs."""
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Begin to read, in threads of its own."""
        tables = [table.name for table in self.keeper.handlers.tables]
        logger.info("stream_consumer_started", owner=self.keeper.owner, tables=tables)
        self._broker.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the records in hand, checkpoint, release every lease. Returns when that is done."""
        self._stopping.set()
        self._wake.set()
        self._schedule.stop()
        self._broker.stop()
        for thread in self._threads:
            thread.join()
        self.keeper.release_all()
        logger.info("stream_consumer_stopped", owner=self.keeper.owner)

    def _work(self) -> None:
        while (reader := self._schedule.next()) is not None:
            wait = self._step(reader)
            if reader.is_over:
                self.keeper.relist(reader.table)
                self._wake.set()  # children may begin, or the share has changed
            else:
                self._schedule.put(reader, wait)

    def _step(self, reader: ShardReader) -> float:
        close_old_connections()  # handlers may ask the ORM, and no request ends here that would do this
        facts = {"table": reader.table.name, "shard": reader.lease.shard_id}
        try:
            return reader.step()
        except StreamGone:
            logger.warning("stream_gone", **facts)
            reader.is_leaving = True  # the next step gives it back; the table may have another stream by then
        except AppError as error:
            logger.warning("stream_read_failed", **facts, error=repr(error))
        except Exception:
            # A thread that dies would take its share of all shards with it.
            logger.exception("stream_reader_fault", **facts)
        return FAULT_WAIT_SECONDS

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.keeper.tend()
            except AppError as error:
                logger.warning("stream_keeper_waits", error=repr(error))
            except Exception:
                # Without its keeper a consumer loses every lease: say what is wrong and go on.
                logger.exception("stream_keeper_fault")
            self._stopping.wait(self._tend_seconds / 10)  # woken or not, never in a tight loop
            self._wake.wait(self._tend_seconds)
