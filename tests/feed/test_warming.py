"""A post of somebody whom everybody pulls is in Redis and in every process before anybody asks; others' are not brought there."""

import pytest
from django_redis import get_redis_connection

from accounts.selectors import CARDS
from config.cache import forget_local
from config.dynamodb.metering import assert_dynamodb_calls
from feed import consumers, pulls
from feed.first_pages import PAGES
from feed.news import LOG, WARM
from posts.cache import BODIES, COUNTS
from posts.reposting import repost_create
from posts.selectors import posts_by_ids
from tests.feed.factory import a_person, posted
from tests.feed.test_consumers import created
from tests.graph.factory import id_of
from tests.stack import eventually

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager", "empty_cache")]


def test_a_celebrity_s_post_is_loaded_by_each_process_that_hears_of_it() -> None:
    star, ana = a_person("star"), a_person("ana")
    pulls.author_register(id_of(star))
    pushed = posted(by=ana)
    consumers.deliver(created(pushed, ana))
    post = posted(by=star)
    repost = repost_create(user_id=id_of(star), post_id=pushed).id
    for one in (post, repost):
        consumers.deliver(created(one, star))
    with assert_dynamodb_calls(0):
        assert set(posts_by_ids([post, repost, pushed])) == {post, repost, pushed}
    forget_local()  # as any process but the consumer
    entries = get_redis_connection("default").xrange(LOG.key, b"(" + LOG.copied_to, "+")
    rows = [(position, (b"t", fields[b"t"])) for position, fields in entries]
    LOG.take(rows)  # as with the next page that it compares
    eventually(lambda: CARDS.local.get(id_of(star)) and CARDS.local.get(id_of(ana)), every_seconds=0.005)
    assert all(tiered.local.get(one) for tiered in (BODIES, COUNTS) for one in (post, repost, pushed))
    told = [fields[1].decode() for _position, fields in rows]
    assert [text for text in told if text.startswith(WARM)][-2:] == [f"{WARM}{post}", f"{WARM}{repost}"]
    assert f"{WARM}{pushed}" not in told
    assert not PAGES.concerns({"followees": frozenset()}, told)
