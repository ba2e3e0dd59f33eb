"""What becomes of delivery in the machine of `test_feed_machine`: who is pulled, what is lost, how time passes, who is killed."""

from random import Random
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django_redis import get_redis_connection
from hypothesis import strategies as st
from hypothesis.stateful import rule

from config.dynamodb import query_all
from config.entities import PostId
from config.ids import id_time_ms
from feed import repository, tasks
from feed.author_delivery import author_choose
from feed.author_repository import post_rate_set, rates_by_ids
from feed.hints import TTL_SECONDS
from feed.policies.rates import Rate
from feed.policies.serving import Delivery
from feed.tables import INBOX
from posts.events import PostCreated
from tests.feed.delivering import is_ended
from tests.flows.feed_agreement import PEOPLE, Following, noted
from tests.flows.machine_broker import Errand
from tests.flows.machine_world import seeds, weathers

THRESHOLDS = (2, 4, 1_000)
"""From so many followers on an author is pulled: nearly all are, some, none."""
RATES = (0.0, 0.3, 50.0)
"""Posts a day: so few that a push is always cheaper, about as dear, so many that a pull is."""
KINDS = (
    "activity",
    "activity_reads",
    "feed_heard",
    "feed_last_post",
    "feed_listed",
    "feed_pulled",
    "follow_ended",
)
DAYS = (0.005, 0.02, 0.1, 0.1, 1, 1, 3, 8)
"""Beyond what the cache keeps of lists, an hour, a day; beyond the lives of items."""
SLEEP = 33
"""Who has not come for so long gets no pushes."""

people = st.sampled_from(PEOPLE)
known = st.tuples(people, people, people).map(min)
"""The first people are met most: they have many followers, and much happens between the same two."""


class Ways(Following):
    """All that must change nothing of what is shown."""

    @rule(
        person=known,
        what=st.sampled_from(["policy", "threshold", "choice", "choice", "rate", "decide", "pressure"]),
        nth=st.integers(0, 11),
        weather=weathers,
    )
    @noted
    def decide_otherwise(self, person: int, what: str, nth: int, weather: Any) -> None:
        """Staff or measured habits: who is pulled, from the next post, or for all that somebody follows."""
        author_id, ways = self.ids[person], [*Delivery, None]
        match what:
            case "policy":
                settings.DELIVERY_POLICY = [*Delivery][nth % len(Delivery)].value
            case "threshold":
                settings.PULL_THRESHOLD = THRESHOLDS[nth % len(THRESHOLDS)]
            case "pressure":
                settings.FANOUT_WAITING = 0 if nth % 2 else 2_000
            case "rate":
                last = rates_by_ids([author_id])[author_id].last_post_id
                counted = Rate(RATES[nth % len(RATES)], self.clock.now_ms())
                post_rate_set(author_id, counted, post_id=PostId(last + 1))
            case "choice":
                chosen, demote = ways[nth % len(ways)], tasks.demote_author_soon
                self.do(weather, lambda: author_choose(author_id=author_id, chosen=chosen, demote=demote))
            case "decide":
                tasks.decide_reader.delay(self.ids[29 - person])
        self.settled = False

    def pass_time(self, days: float) -> None:
        """The stream is read up to now, as it always is within the hour; tasks may wait."""
        self.deliver_all()
        self.clock.move(days)
        self.cache_is_lost()

    @rule(person=people, what=st.sampled_from(["cache", "kind", "expired", "inbox"]), seed=seeds)
    @noted
    def lose(self, person: int, what: str, seed: int) -> None:
        """All of the cache, or what it keeps of one kind; inbox items whose time is up; an inbox."""
        random = Random(seed)
        match what:
            case "cache":
                cache.clear()
                self.cache_is_lost()
            case "kind":
                redis, kind = get_redis_connection("default"), random.choice(KINDS)
                if found := list(redis.scan_iter(f"*{kind}:*", count=1_000)):
                    redis.delete(*found)
                self.cache_is_lost()
            case "expired":
                for reader in random.sample(PEOPLE, 4):
                    self.expire(reader, random)
            case "inbox":
                reader_id = self.ids[person]
                repository.inbox_delete([reader_id], list(self.inbox(person)))
                self.touched = {person}

    def expire(self, reader: int, random: Random) -> None:
        """DynamoDB deletes what has expired, within two days: some of it now."""
        now = self.clock.time()
        over = [post_id for post_id, ttl in self.inbox(reader).items() if ttl < now and random.random() < 0.7]
        repository.inbox_delete([self.ids[reader]], over)
        self.touched = {reader}

    def inbox(self, person: int) -> dict[PostId, int]:
        rows = query_all(INBOX, self.ids[person], attributes=("post_id", "ttl"))
        return {PostId(row["post_id"]): int(row["ttl"]) for row in rows}

    @rule(
        seed=seeds,
        weather=weathers,
        what=st.sampled_from(["some", "some", "killed", "killed", "again", "given up", "beat"]),
    )
    @noted
    def work_on(self, seed: int, weather: Any, what: str) -> None:
        """Workers take some of what waits, in any order; are killed amid it; are given again what was done; give up."""
        random, waiting = Random(seed), self.broker.waiting
        random.shuffle(waiting)
        some = random.randint(0, len(waiting))
        match what:
            case "some":
                now, waiting[:] = waiting[:some], waiting[some:]
                for errand in now:
                    self.run(errand, weather)
            case "killed":
                for errand in waiting[:2]:
                    if is_ended(errand, requests=random.randint(0, 14)):
                        waiting.remove(errand)
            case "again":
                for errand in random.choices(self.broker.done, k=3) if self.broker.done else []:
                    self.run(errand, weather)
            case "given up" if waiting:
                waiting.pop().give_up()
            case "beat":
                self.pass_time(0.005)
                tasks.demotions_resume()

    @rule(seed=seeds, weather=weathers)
    @noted
    def replay(self, seed: int, weather: Any) -> None:
        """A consumer begins anew from an older checkpoint."""
        for change in self.delivered[-Random(seed).randint(1, 12) :]:
            self.deliver(change, weather)

    def work(self) -> bool:
        waiting, self.broker.waiting[:] = list(self.broker.waiting), []
        for errand in waiting:
            self.run(errand, None)
        return bool(waiting)

    def run(self, errand: Errand, weather: Any) -> None:
        self.do(weather, errand)
        self.broker.note_done(errand)

    def hear(self, change: Any) -> None:
        super().hear(change)
        if change.table.name == "posts" and (created := PostCreated.from_change(change)):
            # A stream keeps its records for a day, and so long a hint is looked for.
            if id_time_ms(created.post_id) > self.clock.now_ms() - TTL_SECONDS * 1000:
                self.told.add(created.post_id)
            author = self.numbers[created.author_id]
            self.touched = {reader for reader, followed in self.edges_then if followed == author}
