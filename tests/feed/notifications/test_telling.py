"""From what people do to what others read, through the streams; and what nobody reads of."""

import time
from collections.abc import Callable

import pytest

from accounts.models import User
from config.ids import next_id
from feed.notifications import repository, services
from feed.notifications.entities import Kind
from feed.notifications.repository import GONE_SECONDS
from feed.notifications.selectors import notices_page, unread_count
from feed.notifications.sentences import address_of, excerpt_of, text_of
from graph.blocks import block_create
from graph.bulk import follows_bring
from graph.mutes import mute_create, mute_delete
from graph.selectors import counts
from graph.services import follow_delete, follow_update, request_approve
from posts.bringing import likes_bring
from posts.editing import post_edit
from posts.entities import Audience
from posts.repository.counts import get_counts
from posts.repository.posts import get_post
from posts.reposting import repost_create, repost_delete
from posts.services import like_create, like_delete, post_create, post_delete
from posts.threads import comment_delete, comment_like, comment_unlike
from tests.feed.factory import a_person
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_post, a_reply

pytestmark = pytest.mark.django_db
Settle = Callable[[], None]


def told(reader: User) -> list[str]:
    return [text_of(notice) for notice in notices_page(id_of(reader)).items]


def test_everything_that_is_told_and_taken_back(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve", is_private=True)
    b, e = bob.username, eve.username
    post = a_post(by=ana, text="Low tide")
    follows(bob, ana)
    follows(bob, eve)  # asks
    like_create(user_id=id_of(bob), post_id=post.id)
    comment = a_comment(by=bob, on=post, text=f"Lovely, says @{e}")
    answer = a_reply(by=ana, to=comment, text="It was.")
    comment_like(user_id=id_of(ana), ref=comment.ref)
    repost_create(user_id=id_of(bob), post_id=post.id)
    quote = post_create(author_id=id_of(bob), text="See this", quote_of=post.id)
    mention = post_create(author_id=id_of(bob), text=f"Where are you, @{ana.username}?")
    like_create(user_id=id_of(ana), post_id=post.id)  # nobody is told of what they do themselves
    settle()
    assert sorted(told(ana)) == sorted(
        [
            f"{b} follows you",
            f"{b} likes your post",
            f"{b} commented on your post",
            f"{b} reposted your post",
            f"{b} quoted your post",
            f"{b} mentioned you",
        ]
    )
    assert sorted(told(bob)) == sorted(
        [f"{ana.username} answered your comment", f"{ana.username} likes your comment"]
    )
    assert sorted(told(eve)) == sorted([f"{b} asks to follow you", f"{b} mentioned you"])
    by_kind = {notice.line.kind: notice for notice in notices_page(id_of(ana)).items}
    assert excerpt_of(by_kind["quote"]) == "See this"
    assert address_of(by_kind["quote"]) == f"/p/{quote.id}/"
    assert address_of(by_kind["comment"]) == f"/p/{post.id}/comments/{comment.id}/"
    assert excerpt_of(by_kind["like"]) == "Low tide"

    request_approve(follower_id=id_of(bob), followee_id=id_of(eve))
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    like_delete(user_id=id_of(bob), post_id=post.id)
    comment_unlike(user_id=id_of(ana), ref=comment.ref)
    comment_delete(user_id=id_of(ana), ref=answer.ref)
    comment_delete(user_id=id_of(bob), ref=comment.ref)
    repost_delete(user_id=id_of(bob), post_id=post.id)
    post_delete(user_id=id_of(bob), post_id=quote.id)
    stored = get_post(mention.id)
    assert stored is not None
    post_edit(user_id=id_of(bob), post_id=mention.id, version=stored.version, text="Where are you all?")
    settle()
    assert told(ana) == []
    assert told(bob) == [f"{e} approved your request to follow"]
    assert told(eve) == []
    assert unread_count(id_of(ana)) == 0


def test_many_are_one_line_and_who_is_hidden_is_not_in_it(settle: Settle) -> None:
    ana, fans = a_person("ana"), [a_person(f"fan{number}") for number in range(5)]
    post = a_post(by=ana)
    for fan in fans:
        like_create(user_id=id_of(fan), post_id=post.id)
    settle()
    last, before = fans[-1].username, fans[-2].username
    assert told(ana) == [f"{last} and 4 others like your post"]
    services.read_up_to(reader_id=id_of(ana), noted_id=next_id() - (60_000 << 22))
    assert unread_count(id_of(ana)) == 1
    newest = notices_page(id_of(ana)).items[0].noted_id
    services.read_up_to(reader_id=id_of(ana), noted_id=newest)
    assert unread_count(id_of(ana)) == 0
    assert not notices_page(id_of(ana)).items[0].is_unread
    mute_create(muter_id=id_of(ana), muted_id=id_of(fans[-1]))
    assert told(ana) == [f"{before} and 3 others like your post"]
    mute_delete(muter_id=id_of(ana), muted_id=id_of(fans[-1]))
    block_create(blocker_id=id_of(fans[-2]), blocked_id=id_of(ana))
    assert told(ana) == [f"{last} and 3 others like your post"]
    for fan in fans[:-2]:
        mute_create(muter_id=id_of(ana), muted_id=id_of(fan))
    assert told(ana) == [f"{last} likes your post"]
    mute_create(muter_id=id_of(ana), muted_id=id_of(fans[-1]))
    assert told(ana) == []


def test_nobody_is_told_of_what_they_may_not_see(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    hers = post_create(author_id=id_of(ana), text="for friends", audience=Audience.CLOSE_FRIENDS)
    post_create(author_id=id_of(ana), text=f"@{bob.username} not for you", audience=Audience.FOLLOWERS)
    seen = post_create(author_id=id_of(ana), text=f"@{bob.username} for you")
    settle()
    assert told(bob) == [f"{ana.username} mentioned you"]
    assert unread_count(id_of(bob)) == 1
    follows(bob, ana)
    assert len(told(bob)) == 2
    # Bob switches notifications of her posts on: then he is told of those that are for him.
    follow_update(follower_id=id_of(bob), followee_id=id_of(ana), notify=True)
    posts = [a_post(by=ana, text=text) for text in ("Tea", "Cake")]
    post_create(author_id=id_of(ana), text="for friends", audience=Audience.CLOSE_FRIENDS)
    settle()
    newest = notices_page(id_of(bob)).items[0]
    assert [text_of(newest), excerpt_of(newest)] == [f"{ana.username} posted", "Cake"]
    assert address_of(newest) == f"/p/{posts[1].id}/"
    for post in posts:
        post_delete(user_id=id_of(ana), post_id=post.id)
    post_delete(user_id=id_of(ana), post_id=seen.id)
    assert len(told(bob)) == 1
    assert hers.id not in {notice.post and notice.post.id for notice in notices_page(id_of(bob)).items}
    a_post(by=ana, text="Toast")
    settle()
    assert f"{ana.username} posted" in told(bob)
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    settle()
    assert repository.subject_clear(id_of(bob), Kind.POST, ana.pk) == 0
    assert told(bob) == []


def test_what_was_brought_in_from_long_ago_is_no_news(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    post, now_ms = a_post(by=ana), time.time_ns() // 1_000_000
    long_ago_ms = now_ms - (GONE_SECONDS + 60) * 1000
    follows_bring(follower_id=id_of(bob), at_ms={id_of(ana): long_ago_ms, id_of(eve): now_ms})
    likes_bring(post_id=post.id, at_ms={id_of(bob): long_ago_ms, id_of(eve): now_ms})
    likes_bring(post_id=post.id, at_ms={id_of(bob): now_ms, id_of(ana): now_ms})  # one of them is there
    settle()
    assert told(ana) == [f"{eve.username} likes your post"]
    assert told(eve) == [f"{bob.username} follows you"]
    assert (counts(id_of(bob)).following, counts(id_of(ana)).followers) == (2, 1)
    assert get_counts(post.id).likes == 3


def test_pages_go_on_where_they_ended(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    posts = [a_post(by=ana) for _ in range(5)]
    for post in posts:
        like_create(user_id=id_of(bob), post_id=post.id)
    settle()
    found, cursor = list[int](), None
    sizes = []
    while True:
        page = notices_page(id_of(ana), cursor=cursor, limit=2)
        sizes.append(len(page.items))
        found += [notice.line.subject for notice in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sizes == [2, 2, 1]
    assert sorted(found) == sorted(post.id for post in posts)
