"""What happens in DynamoDB, heard: handlers of stream records, at least once, in order within a shard.

change.py     a record in our words            registry.py   who listens: @on(TABLE, Event)
shards.py     finding and ordering shards      tail.py       reading one of them
leases.py     who reads which, how far         balance.py    fair shares
netting.py    many changes of an item as one    folding.py   many events told together
broker_life.py what to do when the broker has lost its tasks
delivery.py   retry, wait, or put aside        dead_letters.py   what was put aside
reader.py     one leased shard                 keeper.py, schedule.py, consumer.py   all of them
replay.py     once more, by command
draining.py   in process, for tests            lambda_handler.py  in AWS Lambda
"""

from config.streams.change import Change
from config.streams.consumer import Consumer
from config.streams.draining import drain, start
from config.streams.reader import Timing
from config.streams.registry import handlers, on, on_many
from config.streams.status import shard_statuses, silent_tables

__all__ = [
    "Change",
    "Consumer",
    "Timing",
    "drain",
    "handlers",
    "on",
    "on_many",
    "shard_statuses",
    "silent_tables",
    "start",
]
