"""A network in Roost: what the streams and the workers would have made of it, written in bulk.

Written is what the chosen readers' pages can ask for: their records, follows and inboxes with what PerEdge pushes, all
that they may have in front of them, its authors, and the hints of the last day. Of everybody else only the numbers count.
"""

import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from django.conf import settings
from rest_framework.renderers import JSONRenderer

from accounts.models import Profile, User
from benchmarks.homes.network import Network, text_of
from config import cache
from config.drf import written
from config.dynamodb import Item, Table, batch_write
from config.entities import Page, PostId, UserId
from config.ids import first_id_at, id_time_ms
from feed import hints, pulls, readers, repository
from feed.api import PostPage
from feed.entities import EXPIRY_MARGIN_SECONDS, RETENTION_SECONDS
from feed.fingerprints import fingerprint
from feed.policies import AuthorFacts, Edge, PerEdge, ReaderFacts
from feed.policies.lifetimes import base_days
from feed.selectors import home_page
from feed.tables import FEED, INBOX, follows_key, inbox_key, pulls_key, reader_state_key
from feed.watermarks import first_state
from graph import entities as graph_entities
from graph.entities import Heat
from graph.keys import edge_items
from graph.tables import GRAPH
from posts.details import Details
from posts.entities import Audience, Post, PostCard
from posts.repository.items import item_of_post
from posts.tables import POSTS
from posts.text.parse import facets_of

AT_ONCE = 4
_json = JSONRenderer()
Keyed = tuple[Table, Item]


def put_network(network: Network, chosen: list[int]) -> int:
    """Write what those readers' pages may ask for; how many items that were."""
    followed = [network.followees(number) for number in chosen]
    people = np.unique(np.concatenate([*followed, chosen]))
    _put_accounts(network, people.tolist())
    places = network.posts_of(people)
    celebrities = np.flatnonzero(network.graph.followers() >= settings.PULL_THRESHOLD)
    for author in celebrities:
        pulls.author_register(UserId(int(network.people[author])))
    items = [(POSTS, item_of_post(_post(network, place))) for place in places.tolist()]
    version = repository.registry_version()
    for number in chosen:
        items += _of_reader(network, number, frozenset(celebrities.tolist()), version)
    batch_write(items, at_once=AT_ONCE)
    _tell_hints(network, places)
    return len(items)


def _put_accounts(network: Network, numbers: Iterable[int]) -> None:
    users = [
        User(
            id=int(network.people[number]),
            username=network.handle(number),
            email=f"{network.handle(number)}@example.org",
            password="!",
        )
        for number in numbers
    ]
    User.objects.bulk_create(users, batch_size=1_000)
    Profile.objects.bulk_create([Profile(user=user, name=user.username) for user in users], batch_size=1_000)


def _post(network: Network, place: int) -> Post:
    post_id = PostId(int(network.posts[place]))
    author_id, text = UserId(int(network.people[network.authors[place]])), text_of(post_id)
    return Post(
        post_id,
        author_id,
        text,
        (),
        Audience.EVERYONE,
        id_time_ms(post_id),
        facets=facets_of(text),
        details=Details(),
    )


def _of_reader(network: Network, number: int, celebrities: frozenset[int], version: int) -> list[Keyed]:
    reader_id = UserId(int(network.people[number]))
    followees = network.followees(number)
    pulled = set(_pulled(network, number, followees)) | (celebrities & set(followees.tolist()))
    ids = {int(followee): UserId(int(network.people[followee])) for followee in followees}
    items: list[Keyed] = [(FEED, item) for item in _record(network, number, [*ids.values()])]
    pulling = {"version": version}
    if pulled:
        pulling["authors"] = {str(ids[author]) for author in pulled}  # type: ignore[assignment]
    items.append((FEED, {**pulls_key(reader_id), **pulling}))
    since = first_id_at(time.time_ns() // 1_000_000) - len(ids)
    for order, (followee, followee_id) in enumerate(ids.items()):
        edge = graph_entities.Edge(
            reader_id,
            followee_id,
            since + order,
            follower_handle=network.handle(number),
            followee_handle=network.handle(followee),
        )
        items.append((GRAPH, edge_items(edge, Heat())[0]))
    pushing = np.array([author for author in ids if author not in pulled])
    return items + [(INBOX, _pushed(network, reader_id, place)) for place in network.posts_of(pushing)]


def _pulled(network: Network, number: int, followees: Any) -> list[int]:
    """Whom PerEdge pulls of whom somebody follows."""
    activity = network.activity
    edges = Edge(
        ReaderFacts(np.full(len(followees), activity.reads_per_day[number])),
        AuthorFacts(network.graph.followers()[followees], activity.posts_per_day[followees]),
    )
    chosen: list[int] = followees[PerEdge().pulls_of(edges, np.zeros(len(followees), np.int64))].tolist()
    return chosen


def _record(network: Network, number: int, followee_ids: list[UserId]) -> list[Item]:
    reader_id, now_ms = UserId(int(network.people[number])), time.time_ns() // 1_000_000
    rate = round(float(network.activity.reads_per_day[number]), 6)
    days = int(base_days(rate))
    state = replace(first_state(now_ms), reads_per_day=rate, kept_days=days, kept_before_days=days)
    chunks = readers._chunked(followee_ids).items()
    return [
        {**reader_state_key(reader_id), **asdict(state)},
        {**follows_key(reader_id), "asked_at_ms": 1, "built_at_ms": 1, "rebuilt_at_ms": 1},
        *({**follows_key(reader_id, chunk), "f": marks} for chunk, marks in chunks),
    ]


def _pushed(network: Network, reader_id: UserId, place: int) -> Item:
    post_id = PostId(int(network.posts[place]))
    expires = id_time_ms(post_id) // 1000 + RETENTION_SECONDS + EXPIRY_MARGIN_SECONDS
    author_id = int(network.people[network.authors[place]])
    return {**inbox_key(reader_id, post_id), "author_id": author_id, "ttl": expires}


def _tell_hints(network: Network, places: Any) -> None:
    """As the stream told them within the last day."""
    since = first_id_at(time.time_ns() // 1_000_000 - hints.TTL_SECONDS * 1000)
    last = {
        int(network.people[network.authors[place]]): int(network.posts[place])
        for place in places[::-1].tolist()
        if network.posts[place] >= since
    }
    cache.set_many(
        hints.KIND,
        {fingerprint(UserId(author)).hex(): [author, post] for author, post in last.items()},
        hints.TTL_SECONDS,
    )


def page_of(reader_id: UserId) -> Page[PostCard]:
    """A page of home."""
    return home_page(reader_id)


def page_as_json(reader_id: UserId) -> bytes:
    """The same as the API gives it."""
    return _json.render(written(PostPage, home_page(reader_id)))
