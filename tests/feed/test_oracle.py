"""The Following feed against an oracle that has every post in memory."""

import random
from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.models import User
from config.entities import PostId, UserId
from feed import repository
from feed.edges import inbox_backfill
from feed.reader_decisions import reader_decide
from graph.close_friends import close_friend_add
from graph.mutes import mute_create
from graph.services import follow_create, follow_delete
from posts.entities import Audience
from posts.services import post_delete
from tests.feed.delivering import reads
from tests.feed.factory import a_person, inbox_items, pages_of, posted
from tests.graph.factory import id_of

pytestmark = pytest.mark.django_db
PEOPLE = 9
STEPS = 110


class Oracle:
    """The network as plain sets, and the same steps done to the real one."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.people = [a_person("p") for _ in range(PEOPLE)]
        self.follows: set[tuple[UserId, UserId]] = set()
        self.posts: dict[PostId, tuple[UserId, Audience]] = {}
        self.friends: set[tuple[UserId, UserId]] = set()  # owner of the list, member
        self.mutes: set[tuple[UserId, UserId]] = set()

    def step(self) -> None:
        """One random thing happens."""
        moves = {
            self.post: 5,
            self.follow: 4,
            self.unfollow: 1.5,
            self.delete: 1,
            self.befriend: 0.7,
            self.mute: 0.3,
            self.change_habits: 0.7,
        }
        self.rng.choices(list(moves), list(moves.values()))[0]()

    def post(self) -> None:
        author = self.rng.choice(self.people)
        audience = self.rng.choices(list(Audience), (8, 1, 1, 1))[0]
        self.posts[posted(by=author, audience=audience)] = id_of(author), audience

    def follow(self) -> None:
        # The first people are followed most, so that they cross the threshold.
        follower = self.rng.choice(self.people)
        followee = self.people[min(self.rng.randrange(PEOPLE), self.rng.randrange(PEOPLE))]
        if follower != followee:
            follow_create(follower_id=id_of(follower), followee_id=id_of(followee))
            self.follows.add((id_of(follower), id_of(followee)))

    def unfollow(self) -> None:
        if self.follows:
            edge = self.rng.choice(sorted(self.follows))
            follow_delete(follower_id=edge[0], followee_id=edge[1])
            self.follows.remove(edge)

    def befriend(self) -> None:
        owner, member = (id_of(person) for person in self.rng.sample(self.people, 2))
        close_friend_add(owner_id=owner, member_id=member)
        self.friends.add((owner, member))

    def mute(self) -> None:
        muter, muted = (id_of(person) for person in self.rng.sample(self.people, 2))
        mute_create(muter_id=muter, muted_id=muted)
        self.mutes.add((muter, muted))

    def change_habits(self) -> None:
        # Push or pull is decided anew for all that they follow, whatever the stream has yet to tell.
        reader = self.rng.choice(self.people)
        reads(reader, self.rng.choice([0.001, 5.0, 1000.0]))
        reader_decide(reader_id=id_of(reader), backfill=filled)

    def delete(self) -> None:
        if self.posts:
            post_id = self.rng.choice(sorted(self.posts))
            author_id, _audience = self.posts.pop(post_id)
            post_delete(user_id=author_id, post_id=post_id)

    def feed_of(self, reader: User) -> list[PostId]:
        """What the reader's feed has to be."""
        return sorted(
            (
                post_id
                for post_id, (author_id, audience) in self.posts.items()
                if author_id == reader.pk
                or (
                    (reader.pk, author_id) in self.follows
                    and (reader.pk, author_id) not in self.mutes
                    and audience is not Audience.ONLY_ME
                    and (audience is not Audience.CLOSE_FRIENDS or (author_id, reader.pk) in self.friends)
                )
            ),
            reverse=True,
        )


def filled(reader_id: UserId, author_id: UserId, before: PostId | None) -> None:
    """A backfill, at once."""
    inbox_backfill(reader_id=reader_id, author_id=author_id, before=before, backfill=filled)


def assert_equal(oracle: Oracle, *, limit: int) -> None:
    """Every reader's feed, scrolled to its end, is the oracle's, in full pages."""
    for reader in oracle.people:
        pages = pages_of(reader, limit=limit)
        assert [post for page in pages for post in page] == oracle.feed_of(reader)
        assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("seed", range(3))
def test_every_feed_is_the_oracles(
    seed: int, settle: Callable[[], None], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PULL_THRESHOLD = 3
    monkeypatch.setattr("feed.author_delivery.REGISTERED_AT_LEAST_MS", 0)
    rng = random.Random(seed)
    oracle = Oracle(rng)
    for number in range(1, STEPS + 1):
        oracle.step()
        if rng.random() < 0.1:
            settle()
        if number % 55 == 0:
            settle()
            assert_equal(oracle, limit=rng.randint(1, 9))
    authors = [id_of(person) for person in oracle.people]
    assert repository.pulled_among(authors), "some authors have to be pulled for this to prove anything"
    assert len(repository.pulled_among(authors)) < PEOPLE


def test_every_feed_is_the_oracles_without_any_inbox(settle: Callable[[], None], settings: Settings) -> None:
    settings.PULL_THRESHOLD = 2
    oracle = Oracle(random.Random(99))
    for _ in range(STEPS):
        oracle.step()
    settle()
    for reader in oracle.people:
        items = inbox_items(id_of(reader))
        repository.inbox_delete([id_of(reader)], [item.post_id for item in items])
    assert_equal(oracle, limit=6)
