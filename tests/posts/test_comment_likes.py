"""Likes of comments: exact, one mark a person, the ground of the order by likes; and silence about a post."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config.dynamodb import Item, query
from config.dynamodb.metering import assert_dynamodb_calls, metered
from config.entities import PostId, UserId
from config.ids import next_id
from config.streams import Change
from posts.comment_entities import Comment
from posts.comment_events import CommentCreated, CommentDeleted, CommentLiked, CommentLikesCounted
from posts.entities import CommentId
from posts.errors import CommentNotFound, PostNotFound
from posts.index_keys import missing_comment_rank
from posts.muting import muted_by_among, post_mute, post_unmute, posts_muted_among
from posts.repository import keys
from posts.repository.comment_items import item_of_comment
from posts.repository.comment_likes import get_liked_comments
from posts.repository.comments import get_comments
from posts.tables import POSTS
from posts.thread_selectors import Order, comment_cards, comments_of_post
from posts.threads import comment_delete, comment_hide, comment_like, comment_likes_clear, comment_unlike
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.factory import a_comment, a_post, a_reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def liked(comment: Comment, *, times: int) -> list[UserId]:
    likers = [UserId(next_id()) for _like in range(times)]
    for liker in likers:
        comment_like(user_id=liker, ref=comment.ref)
    return likers


def likes_of(comment: Comment) -> int:
    return get_comments([comment.ref])[comment.ref].likes


def marks_on(comment: Comment) -> int:
    return len(query(POSTS, keys.comment_likers(comment.id), index="by_author", limit=50).items)


def texts_by_likes(post_id: PostId, limit: int = 20) -> list[str]:
    return [comment.text for comment in comments_of_post(post_id, order=Order.TOP, limit=limit).items]


def test_a_like_counts_once_and_is_taken_back_once() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=ana, on=post)
    reply = a_reply(by=ana, to=root)
    for comment in (root, reply):
        for _again in range(2):
            comment_like(user_id=id_of(bob), ref=comment.ref)
        stored = get_comments([comment.ref])[comment.ref]
        assert stored.likes == 1
        assert [card.liked for card in comment_cards(id_of(bob), post, [stored])] == [True]
        assert [card.liked for card in comment_cards(id_of(ana), post, [stored])] == [False]
        for _again in range(2):
            comment_unlike(user_id=id_of(bob), ref=comment.ref)
        assert (likes_of(comment), marks_on(comment)) == (0, 0)


def test_likes_at_once_are_all_counted() -> None:
    ana = a_user()
    comment = a_comment(by=ana, on=a_post(by=ana))
    likers = [UserId(next_id()) for _like in range(24)]
    with Hands(6) as pool:
        list(pool.map(lambda liker: comment_like(user_id=liker, ref=comment.ref), likers))
    assert (likes_of(comment), marks_on(comment)) == (24, 24)


def test_what_a_like_costs_and_what_a_page_asks() -> None:
    ana = a_user()
    post = a_post(by=ana)
    made = [a_comment(by=ana, on=post) for _n in range(3)]
    with assert_dynamodb_calls(0):
        comment_cards(id_of(ana), post, made)
    with metered() as calls:
        comment_like(user_id=id_of(ana), ref=made[1].ref)
    assert [(call.operation, call.write_units) for call in calls if call.write_units] == [
        ("transact_write_items", 5)
    ]
    shown = comments_of_post(post.id).items
    with assert_dynamodb_calls(1):
        cards = comment_cards(id_of(ana), post, shown)
    assert [card.liked for card in cards] == [False, True, False]


def test_likes_are_found_however_far_apart_and_however_many_lie_between() -> None:
    ana = a_user()
    post = a_post(by=ana)
    made = [a_comment(by=ana, on=post) for _n in range(104)]
    for comment in made[:102]:
        comment_like(user_id=id_of(ana), ref=comment.ref)
    asked = [comment.id for comment in made]
    assert get_liked_comments(id_of(ana), asked) == set(asked[:102])
    assert get_liked_comments(id_of(ana), [CommentId(1), *asked[:2], asked[-1]]) == set(asked[:2])
    assert get_liked_comments(id_of(ana), [asked[0], asked[101], asked[103]]) == {asked[0], asked[101]}


def test_the_stream_orders_comments_by_likes(settle: Callable[[], None]) -> None:
    ana = a_user()
    post = a_post(by=ana)
    made = {text: a_comment(by=ana, on=post, text=text) for text in ("first", "second", "third", "fourth")}
    liked(made["second"], times=3)
    likers = liked(made["first"], times=2)
    settle()
    assert texts_by_likes(post.id) == ["second", "first", "fourth", "third"]
    for liker in likers:
        comment_unlike(user_id=liker, ref=made["first"].ref)
    settle()
    assert texts_by_likes(post.id) == ["second", "fourth", "third", "first"]
    with assert_dynamodb_calls(2):
        page = comments_of_post(post.id, order=Order.TOP, limit=3)
    rest = comments_of_post(post.id, order=Order.TOP, limit=3, cursor=page.next_cursor)
    assert [comment.text for comment in rest.items] == ["first"]
    assert rest.next_cursor is None
    html = Client().get(f"/p/{post.id}/?order=top").content.decode()
    assert [html.index(f">{text}<") for text in ("second", "fourth", "third", "first")] == sorted(
        html.index(f">{text}<") for text in made
    )
    answer = APIClient().get(f"/api/v1/posts/{post.id}/comments/", {"order": "top"}).json()
    assert [item["like_count"] for item in answer["items"]] == [3, 0, 0, 0]


def test_comments_of_before_are_ordered_too() -> None:
    ana = a_user()
    comment = a_comment(by=ana, on=a_post(by=ana))
    item = item_of_comment(comment)
    assert missing_comment_rank(item) is None
    del item["rpk"], item["rank"]
    change = missing_comment_rank(item)
    assert change
    assert change.update.set == {"rpk": keys.top_of_post(comment.post_id), "rank": comment.id}
    assert missing_comment_rank({**keys.comment_mark(id_of(ana), comment.id)}) is None


def test_likes_go_with_their_comment(settle: Callable[[], None]) -> None:
    ana = a_user()
    post = a_post(by=ana)
    alone, answered = a_comment(by=ana, on=post), a_comment(by=ana, on=post)
    a_reply(by=ana, to=answered)
    likers = liked(alone, times=2) + liked(answered, times=2)
    for comment in (alone, answered):
        comment_delete(user_id=id_of(ana), ref=comment.ref)
        with pytest.raises(CommentNotFound):
            comment_like(user_id=id_of(ana), ref=comment.ref)
    settle()
    assert (marks_on(alone), marks_on(answered), likes_of(answered)) == (0, 0, 0)
    comment_likes_clear(comment_id=alone.id)
    for liker in likers:
        comment_unlike(user_id=liker, ref=alone.ref)
        comment_unlike(user_id=liker, ref=answered.ref)


def test_liking_by_form_by_htmx_and_by_the_api() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post)
    reply = a_reply(by=bob, to=root)
    client = Client()
    client.force_login(ana)
    address = f"/p/{post.id}/comments/{root.id}"
    assert client.post(f"{address}/like/")["Location"] == f"/p/{post.id}/#comment-{root.id}"
    of_reply = f"/p/{post.id}/comments/{reply.ref}/"
    assert client.post(f"{of_reply}like/")["Location"] == f"{of_reply}#comment-{reply.id}"
    html = client.post(f"{of_reply}unlike/", headers=HTMX).content.decode()
    assert f'hx-post="{of_reply}like/"' in html
    assert 'aria-pressed="false"' in html
    page = client.get(f"/p/{post.id}/").content.decode()
    assert f'action="{address}/unlike/"' in page
    api = APIClient()
    api.force_authenticate(eve)
    like = f"/api/v1/comments/{post.id}/{root.id}/like/"
    assert api.put(like).json() == api.put(like).json() == {"liked": True, "like_count": 2}
    assert api.get(f"/api/v1/comments/{post.id}/{root.id}/").json()["liked"] is True
    assert api.delete(like).json() == {"liked": False, "like_count": 1}
    comment_hide(user_id=id_of(ana), ref=root.ref, hidden=True)
    assert api.put(like).status_code == 404
    assert api.put(f"/api/v1/comments/{post.id}/{reply.ref}/like/").status_code == 404
    assert likes_of(root) == 1


def of_stream(kind: str, old: Item | None, new: Item | None) -> Change:
    item = new or old
    assert item
    return Change("e1", POSTS, kind, POSTS.key_of(item), old, new, "1", 0)  # type: ignore[arg-type]


def test_what_the_stream_tells() -> None:
    ana = a_user()
    root = a_comment(by=ana, on=a_post(by=ana))
    reply = a_reply(by=ana, to=root)
    item, replied = item_of_comment(root), item_of_comment(reply)
    made = CommentCreated.from_change(of_stream("INSERT", None, replied))
    assert made == CommentCreated("e1", root.post_id, reply.id, id_of(ana), root.id, root.id, id_of(ana))
    one = {**item, "likes": 1}
    assert CommentLikesCounted.from_change(of_stream("MODIFY", item, one)) == CommentLikesCounted(
        "e1", root.ref
    )
    assert CommentLikesCounted.from_change(of_stream("MODIFY", one, {**one, "replies": 3})) is None
    high = {**item, "likes": 17, "rank": 14 * 10**19 + root.id}
    assert CommentLikesCounted.from_change(of_stream("MODIFY", high, {**high, "likes": 18})) is None
    assert CommentLikesCounted.from_change(of_stream("MODIFY", replied, {**replied, "likes": 1})) is None
    kept = {**item, "gone": True}
    for old, new, heard in ((one, None, True), (item, kept, True), (kept, None, False), (item, one, False)):
        event = CommentDeleted.from_change(of_stream("MODIFY" if new else "REMOVE", old, new))
        assert (event is not None) is heard
    mark = {
        **keys.comment_mark(UserId(7), reply.id),
        "post_id": root.post_id,
        "comment_id": reply.id,
        "root_id": root.id,
        "user_id": 7,
        "author_id": ana.pk,
        "mark_id": 5,
    }
    assert CommentLiked.from_change(of_stream("INSERT", None, mark)) == CommentLiked(
        "e1", root.post_id, reply.id, root.id, UserId(7), id_of(ana), 5
    )
    for change in (of_stream("INSERT", None, mark), of_stream("REMOVE", mark, None)):
        assert CommentCreated.from_change(change) is None
        assert CommentDeleted.from_change(change) is None


def muted(who: User, post_id: PostId) -> bool:
    return post_id in posts_muted_among(id_of(who), [post_id])


def test_notifications_of_a_post_are_turned_off_and_on() -> None:
    ana, bob = a_user(), a_user("bob")
    post, secret = a_post(by=ana), a_post(by=ana, audience="only_me")
    with pytest.raises(PostNotFound):
        post_mute(user_id=id_of(bob), post_id=secret.id)
    post_mute(user_id=id_of(bob), post_id=post.id)
    post_mute(user_id=id_of(bob), post_id=post.id)
    assert (muted(bob, post.id), muted(ana, post.id)) == (True, False)
    assert muted_by_among(post.id, [id_of(ana), id_of(bob)]) == {id_of(bob)}
    post_unmute(user_id=id_of(bob), post_id=post.id)
    assert not muted(bob, post.id)


def test_muting_by_form_and_by_the_api() -> None:
    ana, bob = a_user(), a_user("bob")
    post, secret = a_post(by=ana), a_post(by=ana, audience="only_me")
    client, api = Client(), APIClient()
    client.force_login(bob)
    api.force_authenticate(bob)
    assert "Turn off notifications for this post" in client.get(f"/p/{post.id}/").content.decode()
    said = client.post(f"/p/{post.id}/mute/", {"next": f"/p/{post.id}/"}, follow=True).content.decode()
    assert f'action="/p/{post.id}/unmute/"' in said
    assert "Notifications for this post are off." in said
    assert "Turn on notifications for this post" in said
    client.post(f"/p/{post.id}/unmute/")
    assert not muted(bob, post.id)
    address = f"/api/v1/posts/{post.id}/mute/"
    assert api.put(address).json() == {"muted": True}
    assert muted(bob, post.id)
    assert api.delete(address).json() == {"muted": False}
    assert api.put(f"/api/v1/posts/{secret.id}/mute/").status_code == 404
    assert client.post(f"/p/{secret.id}/mute/").status_code == 404
    assert "notifications for this post" not in Client().get(f"/p/{post.id}/").content.decode()
