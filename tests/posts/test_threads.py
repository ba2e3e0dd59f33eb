"""Threads: replies at any depth in one list, counted, hidden and deleted with what hangs on them."""

import pytest
from django.test import TestCase

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls, metered
from graph.blocks import block_create
from posts import selectors
from posts.comment_entities import Comment
from posts.entities import Post
from posts.errors import CommentNotFound, NotYours, PostNotFound
from posts.repository.comments import get_comments
from posts.services import post_delete
from posts.thread_selectors import comment_cards, comments_of_post, replies_of_comment
from posts.threads import comment_create, comment_delete, comment_hide
from posts.visibility import visible_comments, visible_thread
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_post, a_reply

pytestmark = pytest.mark.django_db


def as_stored(comment: Comment) -> Comment | None:
    return get_comments([comment.ref]).get(comment.ref)


def thread_of(root: Comment) -> list[Comment]:
    return replies_of_comment(root, limit=50).items


def seen_by(viewer: User | None, post: Post) -> list[str]:
    """Texts of comments and of their replies, as far as the viewer gets to them."""
    viewer_id = None if viewer is None else id_of(viewer)
    seen = []
    for comment in visible_comments(viewer_id, post, comments_of_post(post.id).items):
        seen += [comment.text]
        seen += [reply.text for reply in visible_comments(viewer_id, post, thread_of(comment))]
    return seen


def test_replies_of_all_depths_are_one_list_and_say_whom_they_answer() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Where is that?")
    first = a_reply(by=ana, to=root, text="By the pier.")
    second = a_reply(by=eve, to=first, text="Which pier?")
    third = a_reply(by=ana, to=second, text="The old one.")
    assert [reply.ref for reply in thread_of(root)] == [first.ref, second.ref, third.ref]
    assert comments_of_post(post.id).items == [as_stored(root)]
    assert (third.root_id, third.parent_id, third.parent_author_id) == (root.id, second.id, eve.pk)
    cards = comment_cards(None, post, thread_of(root))
    assert [card.answers and card.answers.handle for card in cards] == [
        who.username for who in (bob, ana, eve)
    ]
    assert selectors.post_counts(post.id).comments == 4
    counted = [found.replies for comment in (root, first, second, third) if (found := as_stored(comment))]
    assert counted == [3, 1, 1, 0]


def test_a_thread_pages_with_one_query_each() -> None:
    ana = a_user()
    root = a_comment(by=ana, on=a_post(by=ana))
    written = [a_reply(by=ana, to=root, text=f"Reply {n}").id for n in range(5)]
    read, cursor = [], None
    for size in (2, 2, 1):
        with assert_dynamodb_calls(1):
            page = replies_of_comment(root, cursor=cursor, limit=2)
        assert len(page.items) == size
        read, cursor = read + [reply.id for reply in page.items], page.next_cursor
    assert (read, cursor) == (written, None)


def test_what_a_reply_costs() -> None:
    ana = a_user()
    root = a_comment(by=ana, on=a_post(by=ana))
    answer = a_reply(by=ana, to=root)
    for parent, units in ((root, 7), (answer, 9)):
        with metered() as calls:
            a_reply(by=ana, to=parent)
        writes = [(call.operation, call.write_units) for call in calls if call.write_units]
        assert writes == [("transact_write_items", units)]


def test_what_is_answered_keeps_its_place_until_the_last_answer_goes() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Secret.")
    middle = a_reply(by=bob, to=root, text="Secret too.")
    leaf = a_reply(by=ana, to=middle)
    comment_delete(user_id=id_of(bob), ref=root.ref)
    comment_delete(user_id=id_of(bob), ref=middle.ref)
    kept = [as_stored(root), as_stored(middle)]
    assert [(c.gone, c.text, c.author_id, c.facets) for c in kept if c] == [(True, "", 0, None)] * 2
    assert selectors.post_counts(post.id).comments == 1
    assert kept[0]
    assert kept[0].replies == 1
    cards = comment_cards(id_of(bob), post, [c for c in kept if c])
    assert [(card.author, card.can_delete, card.can_hide) for card in cards] == [(None, False, False)] * 2
    for gone in (root, middle):
        with pytest.raises(CommentNotFound):
            a_reply(by=ana, to=gone)
        with pytest.raises(CommentNotFound):
            comment_delete(user_id=id_of(bob), ref=gone.ref)
    comment_delete(user_id=id_of(ana), ref=leaf.ref)
    assert [as_stored(comment) for comment in (root, middle, leaf)] == [None] * 3
    assert selectors.post_counts(post.id).comments == 0


def test_a_comment_that_is_answered_after_it_was_read_stays() -> None:
    ana = a_user()
    post = a_post(by=ana)
    stale = a_comment(by=ana, on=post)
    a_reply(by=ana, to=stale)
    comment_delete(user_id=id_of(ana), ref=stale.ref)
    left = as_stored(stale)
    assert left
    assert left.gone


def test_what_the_author_hides_is_for_two_people_with_its_thread() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Rude.")
    a_reply(by=eve, to=root, text="Hear, hear.")
    everything = ["Rude.", "Hear, hear."]
    for refused in (bob, eve):
        with pytest.raises(NotYours):
            comment_hide(user_id=id_of(refused), ref=root.ref, hidden=True)
    comment_hide(user_id=id_of(ana), ref=root.ref, hidden=True)
    assert [seen_by(who, post) for who in (ana, bob, eve, None)] == [everything, everything, [], []]
    for ref in (root.ref, thread_of(root)[0].ref):
        with pytest.raises(CommentNotFound):
            visible_thread(id_of(eve), post, ref)
    with pytest.raises(CommentNotFound):
        a_reply(by=eve, to=root)
    comment_hide(user_id=id_of(ana), ref=root.ref, hidden=False)
    assert [seen_by(who, post) for who in (ana, bob, eve, None)] == [everything] * 4
    with pytest.raises(NotYours):
        comment_hide(user_id=id_of(ana), ref=a_comment(by=ana, on=post).ref, hidden=True)


def test_a_block_hides_replies_and_whom_they_answer() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    root = a_comment(by=ana, on=post, text="Root.")
    of_bob = a_reply(by=bob, to=root, text="Bob.")
    a_reply(by=ana, to=of_bob, text="To Bob.")
    block_create(blocker_id=id_of(eve), blocked_id=id_of(bob))
    assert seen_by(eve, post) == ["Root.", "To Bob."]
    (shown,) = visible_comments(id_of(eve), post, thread_of(root))
    assert comment_cards(id_of(eve), post, [shown])[0].answers is None
    with pytest.raises(CommentNotFound):
        a_reply(by=eve, to=of_bob)
    of_bob_too = a_comment(by=bob, on=post, text="Bob's.")
    a_reply(by=ana, to=of_bob_too, text="Under Bob's.")
    assert seen_by(eve, post) == ["Root.", "To Bob."]


def test_who_is_switched_off_leaves_the_answers() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    answered, alone = a_comment(by=bob, on=post), a_comment(by=bob, on=post)
    a_reply(by=ana, to=answered)
    bob.is_active = False
    with TestCase.captureOnCommitCallbacks(execute=True):
        bob.save()
    cards = comment_cards(id_of(ana), post, comments_of_post(post.id).items)
    assert [(card.comment.id, card.comment.gone, card.comment.text) for card in cards] == [
        (answered.id, True, "")
    ]
    assert alone.id not in {card.comment.id for card in cards}
    for hidden in (answered, alone):
        with pytest.raises(CommentNotFound):
            a_reply(by=ana, to=hidden)


def test_deleted_posts_and_other_posts_take_no_replies() -> None:
    ana = a_user()
    post, other = a_post(by=ana), a_post(by=ana)
    root = a_comment(by=ana, on=post)
    with pytest.raises(CommentNotFound):
        comment_create(
            author_id=id_of(ana), post_id=other.id, text="Hi", reply_to=root.ref.__class__(other.id, root.id)
        )
    post_delete(user_id=id_of(ana), post_id=post.id)
    with pytest.raises(PostNotFound):
        a_reply(by=ana, to=root)
