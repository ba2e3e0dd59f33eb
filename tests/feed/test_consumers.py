"""Each handler with its record delivered twice, late, and in the wrong order."""

import random
from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.models import User
from config.dynamodb.metering import metered
from config.entities import PostId, UserId
from config.ids import next_id
from config.streams import Change
from feed import consumers, pulls, repository
from feed.events import PushEdgeKept
from feed.fan_out import Lanes, fan_out_page
from feed.fan_out_readers import FOLLOWERS, KEPT
from feed.readers import reader_record
from feed.rebuilding import reader_rebuild
from feed.tables import FEED, push_edge_key
from feed.tasks import edge_given_up
from graph.events import FollowCreated, FollowDeleted
from graph.services import follow_delete
from posts.entities import Audience
from posts.events import PostCreated, PostDeleted
from posts.services import post_delete
from tests.feed.delivering import reads
from tests.feed.factory import a_person, an_old_post, home_of, inbox_of, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager")]


def created(post_id: PostId, by: User, audience: Audience = Audience.EVERYONE) -> PostCreated:
    return PostCreated(f"event-{post_id}", post_id, id_of(by), audience, 0)


def deleted(post_id: PostId, by: User) -> PostDeleted:
    return PostDeleted(f"event-{post_id}-deleted", post_id, id_of(by), has_photo=False)


def followed(follower: User, followee: User) -> FollowCreated:
    return FollowCreated("event-f", id_of(follower), id_of(followee), next_id(), 0)


def unfollowed(follower: User, followee: User) -> FollowDeleted:
    return FollowDeleted("event-u", id_of(follower), id_of(followee), next_id(), 0)


def test_a_post_delivered_twice_is_in_every_inbox_once() -> None:
    ana, fans = a_person("ana"), [a_person("fan") for _ in range(3)]
    for fan in fans:
        follows(fan, ana)
    post = posted(by=ana)
    for _ in range(2):
        consumers.deliver(created(post, ana))
    assert [inbox_of(fan) for fan in fans] == [[post]] * 3


def test_what_only_its_author_may_see_is_not_pushed() -> None:
    ana, fan = a_person("ana"), a_person("fan")
    follows(fan, ana)
    consumers.deliver(created(posted(by=ana, audience=Audience.ONLY_ME), ana, Audience.ONLY_ME))
    assert inbox_of(fan) == []


def test_a_post_of_before_the_horizon_is_not_pushed() -> None:
    ana, fan = a_person("ana", days=90), a_person("fan")
    follows(fan, ana)
    post = an_old_post(by=ana, days=30)
    consumers.deliver(created(post, ana))
    assert inbox_of(fan) == []
    assert home_of(fan) == [post]


def test_pages_of_a_fan_out_go_on_from_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 3)
    ana, fans = a_person("ana"), [a_person("fan") for _ in range(8)]
    for fan in fans:
        follows(fan, ana)
    post = posted(by=ana)
    consumers.deliver(created(post, ana))
    assert [inbox_of(fan) for fan in fans] == [[post]] * 8
    post_delete(user_id=id_of(ana), post_id=post)
    consumers.take_back(deleted(post, ana))
    assert [inbox_of(fan) for fan in fans] == [[]] * 8


def test_an_author_who_becomes_pulled_amid_a_fan_out_leaves_no_gap(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 2)
    settings.PULL_THRESHOLD = 100
    ana, fans = a_person("ana"), [a_person("fan") for _ in range(5)]
    for fan in fans:
        follows(fan, ana)
    posts = []
    for position in range(4):
        posts.append(posted(by=ana))
        if position == 2:
            pulls.author_register(id_of(ana))
        consumers.deliver(created(posts[-1], ana))
        assert [home_of(fan) for fan in fans] == [posts[::-1]] * 5
    pulls.author_register(id_of(ana))
    assert inbox_of(fans[0]) == posts[1::-1]


def test_a_fan_out_whose_author_becomes_pulled_is_dropped_and_nobody_misses_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 2)
    ana, fans = a_person("ana"), [a_person("fan") for _ in range(5)]
    for fan in fans:
        follows(fan, ana)
    post = posted(by=ana)
    monkeypatch.setattr("feed.fan_out.JUST_NOW_SECONDS", 0)  # each task looks
    waiting: list[tuple[PostId, UserId, str, float]] = [(post, id_of(ana), FOLLOWERS, 0.0)]
    lanes = Lanes(page=lambda *page: waiting.append(page), rest=pytest.fail, later=pytest.fail)
    for post_id, author_id, position, known_at in waiting:
        fan_out_page(post_id=post_id, author_id=author_id, position=position, lanes=lanes, known_at=known_at)
        pulls.author_register(author_id)
    assert waiting[2:] == [(post, id_of(ana), KEPT, 0.0)], "who is kept pushed is pushed to"
    assert sum(inbox_of(fan) == [post] for fan in fans) == 2
    assert [home_of(fan) for fan in fans] == [[post]] * 5


def test_a_backfill_that_is_given_up_is_made_up_for_by_pulling() -> None:
    ana, fan, other = a_person("ana"), a_person("fan"), a_person("other")
    posts = [posted(by=ana) for _ in range(2)]
    follows(fan, ana)
    pushed = posted(by=ana)
    consumers.deliver(created(pushed, ana))
    edge_given_up(id_of(fan), id_of(ana), posts[0])
    edge_given_up(id_of(other), id_of(ana))
    assert home_of(fan) == [pushed, *posts[::-1]]
    assert inbox_of(fan) == [pushed]
    assert [id_of(ana) in pulls.pulled_by(id_of(person)) for person in (fan, other)] == [True, False]


def test_a_deletion_that_comes_twice_or_before_its_post_shows_nothing() -> None:
    ana, fan = a_person("ana"), a_person("fan")
    follows(fan, ana)
    post = posted(by=ana)
    post_delete(user_id=id_of(ana), post_id=post)
    consumers.take_back(deleted(post, ana))
    consumers.deliver(created(post, ana))
    assert home_of(fan) == []
    for _ in range(2):
        consumers.take_back(deleted(post, ana))
    assert inbox_of(fan) == []


@pytest.mark.parametrize("order", ["FU", "UF", "FFU", "UUF", "FUFU", "UFUF"])
@pytest.mark.parametrize("follows_now", [True, False])
def test_follow_and_unfollow_in_any_order_end_as_the_graph_is(order: str, *, follows_now: bool) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    reads(bob, 5)
    post = posted(by=ana)
    follows(bob, ana)
    if not follows_now:
        follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    for letter in order:
        if letter == "F":
            consumers.open_edge([followed(bob, ana)])
        else:
            consumers.close_edge([unfollowed(bob, ana)])
    assert inbox_of(bob) == ([post] if follows_now else [])


def test_follows_heard_of_together_are_brought_as_each_alone() -> None:
    ana, eve, star, bob, cat = (a_person(name) for name in ("ana", "eve", "star", "bob", "cat"))
    for reader in (bob, cat):
        reads(reader, 5)
    pulls.author_register(id_of(star))
    of_ana, of_eve, of_star = (posted(by=author) for author in (ana, eve, star))
    pairs = [(bob, ana), (bob, eve), (bob, star), (cat, ana)]
    for pair in pairs:
        follows(*pair)
    follow_delete(follower_id=id_of(bob), followee_id=id_of(eve))
    consumers.open_edge([followed(*pair) for pair in pairs])
    assert [inbox_of(bob), inbox_of(cat)] == [[of_ana], [of_ana]]
    assert pulls.pulled_by(id_of(bob)) == {id_of(star)}
    assert reader_record(id_of(bob)).followees.marks == frozenset(), "nobody has asked for them yet"
    assert [home_of(bob), home_of(cat)] == [[of_star, of_ana], [of_ana]]
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    follows(bob, eve)
    consumers.close_edge([unfollowed(*pair) for pair in pairs])
    assert [inbox_of(bob), inbox_of(cat)] == [[of_eve], [of_ana]]
    assert home_of(bob) == [of_star, of_eve]
    follows(bob, ana)
    consumers.open_edge([followed(bob, ana), followed(bob, eve)])
    assert len(reader_record(id_of(bob)).followees.marks) == 3, "since the page"


def test_many_follows_of_one_reader_share_what_they_have_in_common() -> None:
    authors, bob = [a_person("author") for _ in range(12)], a_person("bob")
    reads(bob, 5)
    for author in authors:
        posted(by=author)
        follows(bob, author)
    with metered() as calls:
        consumers.open_edge([followed(bob, author) for author in authors])
    assert len(inbox_of(bob)) == len(authors)
    assert len(calls) <= len(authors) + 9


def test_to_who_has_never_come_nothing_is_brought_and_their_first_page_has_it_all() -> None:
    ana, eve, bob = a_person("ana"), a_person("eve"), a_person("bob")
    of_ana, of_eve = posted(by=ana), posted(by=eve)
    follows(bob, ana)
    consumers.open_edge([followed(bob, ana)])
    pushed = posted(by=ana)
    consumers.deliver(created(pushed, ana))
    follows(bob, eve)
    consumers.open_edge([followed(bob, eve)])
    assert inbox_of(bob) == [pushed]
    assert home_of(bob) == [pushed, of_eve, of_ana]
    assert home_of(bob) == [pushed, of_eve, of_ana], "nor are the pages before the inbox has been filled"
    reader_rebuild(reader_id=id_of(bob))
    assert inbox_of(bob) == [pushed, of_eve, of_ana]
    assert home_of(bob) == inbox_of(bob)


@pytest.mark.parametrize("follows_now", [True, False])
def test_the_same_for_a_pulled_author(*, follows_now: bool) -> None:
    star, bob = a_person("star"), a_person("bob")
    pulls.author_register(id_of(star))
    post = posted(by=star)
    follows(bob, star)
    if not follows_now:
        follow_delete(follower_id=id_of(bob), followee_id=id_of(star))
    for handle in (consumers.close_edge, consumers.open_edge, consumers.open_edge, consumers.close_edge):
        handle([followed(bob, star)])  # type: ignore[arg-type]  # both read the same two ids
    assert (id_of(star) in repository.pulls_get(id_of(bob))[0].authors) is follows_now
    assert inbox_of(bob) == []
    assert home_of(bob) == ([post] if follows_now else [])


def test_an_edge_that_is_pushed_again_is_backfilled_before_its_author_leaves_the_pulls() -> None:
    star, bob = a_person("star"), a_person("bob")
    pulls.author_register(id_of(star))
    posts = [posted(by=star) for _ in range(3)]
    follows(bob, star)
    consumers.open_edge([followed(bob, star)])
    repository.push_edge_put(id_of(star), id_of(bob))
    for _ in range(2):
        consumers.backfill(PushEdgeKept("event-p", id_of(bob), id_of(star)))
        assert repository.pulls_get(id_of(bob))[0].authors == frozenset()
        assert home_of(bob) == inbox_of(bob) == posts[::-1]
    posts.append(posted(by=star))
    consumers.deliver(created(posts[-1], star))
    assert inbox_of(bob) == posts[::-1]
    follow_delete(follower_id=id_of(bob), followee_id=id_of(star))
    consumers.backfill(PushEdgeKept("event-p", id_of(bob), id_of(star)))
    consumers.close_edge([unfollowed(bob, star)])
    assert inbox_of(bob) == []
    assert not repository.push_edge_exists(id_of(star), id_of(bob))


def test_registering_is_once_for_all_and_versions_have_no_holes() -> None:
    stars = [id_of(a_person("star")) for _ in range(3)]
    before = repository.registry_version()
    for star in [*stars, *stars]:
        pulls.author_register(star)
    entries = repository.registry_since(before, limit=100)
    assert entries == [(before + 1 + position, star) for position, star in enumerate(stars)]


def test_records_tripled_and_shuffled_end_in_the_same_feeds() -> None:
    rng = random.Random(5)
    ana, eve, bob = a_person("ana"), a_person("eve"), a_person("bob")
    follows(bob, ana)
    follows(bob, eve)
    records: list[tuple[Callable[..., None], object]] = [
        (consumers.open_edge, [followed(bob, ana), followed(bob, eve)]),
        (consumers.open_edge, [followed(bob, eve)]),
    ]
    posts = []
    for _ in range(6):
        author = rng.choice([ana, eve])
        posts.append(posted(by=author))
        records.append((consumers.deliver, created(posts[-1], author)))
    gone = posted(by=eve)
    post_delete(user_id=id_of(eve), post_id=gone)
    records += [(consumers.deliver, created(gone, eve)), (consumers.take_back, deleted(gone, eve))]
    tripled = records * 3
    rng.shuffle(tripled)
    for handle, event in tripled:
        handle(event)
    assert home_of(bob) == posts[::-1]


def test_the_stream_tells_of_new_push_edges_alone() -> None:
    item = {**push_edge_key(id_of(a_person()), id_of(a_person())), "reader_id": 1, "author_id": 2}
    assert PushEdgeKept.from_change(a_change("INSERT", item)) == PushEdgeKept("e", 1, 2)  # type: ignore[arg-type]
    assert PushEdgeKept.from_change(a_change("MODIFY", item)) is None
    assert PushEdgeKept.from_change(a_change("INSERT", {"pk": "READER#1", "sk": "PULLS"})) is None


def a_change(kind: str, item: dict[str, object]) -> Change:
    """A record of the table "feed"."""
    return Change("e", FEED, kind, {}, None, item, "1", 0)  # type: ignore[arg-type]
