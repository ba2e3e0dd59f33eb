"""Posts, likes and comments while DynamoDB throttles, fails and loses answers."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from config.dynamodb import DatabaseUnavailable
from config.dynamodb.retry import budget
from config.entities import UserId
from posts import selectors
from posts.editing import post_edit
from posts.entities import Audience, Post
from posts.media.names import rendition_names
from posts.repository import likes
from posts.services import like_create, post_delete
from posts.shelving import post_archive
from posts.thread_selectors import comments_of_post
from posts.threads import comment_create
from tests.accounts.factory import a_user
from tests.faults.proxy import Fault, faulty_dynamodb, mix, script
from tests.posts.factory import a_comment, a_photo, a_post, with_renditions

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
FAULTS = [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CONFLICT, Fault.DROP_BEFORE, Fault.DROP_AFTER]


@pytest.fixture(autouse=True)
def full_budget(settings: Any, tmp_path: Path) -> None:
    budget.tokens = budget.capacity
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("key", [None, "a-key"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_post_is_written_once(fault: Fault, key: str | None) -> None:
    ana = a_user()
    with faulty_dynamodb(script(fault, fault)):
        post = a_post(by=ana, idempotency_key=key)
    assert selectors.recent_post_ids(UserId(ana.pk), limit=9) == [post.id]
    assert selectors.post_by_id(post.id) == post


@pytest.mark.parametrize("fault", FAULTS)
def test_likes_comments_and_deletes_are_done_once(fault: Fault) -> None:
    ana = a_user()
    ana_id, post = UserId(ana.pk), a_post(by=ana)
    selectors.post_by_id(post.id)
    with faulty_dynamodb(script(fault, operation="TransactWriteItems")):
        assert likes.put_like(post.id, ana_id, author_id=ana_id)
    with faulty_dynamodb(script(fault, operation="TransactWriteItems")):
        a_comment(by=ana, on=post)
    counts = selectors.post_counts(post.id)
    assert (counts.likes, counts.comments) == (1, 1)
    assert len(comments_of_post(post.id).items) == 1
    with faulty_dynamodb(script(fault, operation="TransactWriteItems")):
        assert likes.delete_like(post.id, ana_id)
    assert selectors.post_counts(post.id).likes == 0
    with faulty_dynamodb(script(fault, operation="TransactWriteItems")):
        post_delete(user_id=ana_id, post_id=post.id)
    assert selectors.posts_by_ids([post.id]) == {}


ACTS: dict[str, tuple[str, Callable[[UserId, Post], object], Callable[[Post | None], bool]]] = {
    "edit": (
        "TransactWriteItems",
        lambda ana, post: post_edit(user_id=ana, post_id=post.id, version=1, audience="only_me"),
        lambda found: found is not None and found.audience is Audience.ONLY_ME,
    ),
    "archive": (
        "UpdateItem",
        lambda ana, post: post_archive(user_id=ana, post_id=post.id, archived=True),
        lambda found: found is not None and found.archived_at_ms is not None,
    ),
    "delete": (
        "TransactWriteItems",
        lambda ana, post: post_delete(user_id=ana, post_id=post.id),
        lambda found: found is None,
    ),
    "like": (
        "TransactWriteItems",
        lambda ana, post: like_create(user_id=ana, post_id=post.id),
        lambda found: found is not None and found.like_count == 1,
    ),
    "comment": (
        "TransactWriteItems",
        lambda ana, post: comment_create(author_id=ana, post_id=post.id, text="Hi."),
        lambda found: found is not None and found.comment_count == 1,
    ),
}


@pytest.mark.parametrize("is_sent_again", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_though_nobody_heard_so_is_what_everybody_reads(
    act: str, is_sent_again: bool, empty_cache: None
) -> None:
    operation, do, is_done = ACTS[act]
    ana = a_user()
    post = a_post(by=ana)
    selectors.post_by_id(post.id)  # in the cache as it was
    budget.tokens = budget.capacity if is_sent_again else 0.0
    ends = nullcontext() if is_sent_again else pytest.raises(DatabaseUnavailable)
    with faulty_dynamodb(script(Fault.DROP_AFTER, operation=operation)), ends:
        do(UserId(ana.pk), post)
    assert is_done(selectors.posts_by_ids([post.id]).get(post.id))


def test_a_photo_whose_post_may_have_been_written_is_kept_and_the_key_finds_it(tmp_path: Path) -> None:
    ana = a_user()
    sent = {"text": "Fog.", "idempotency_key": "k"}
    with faulty_dynamodb(mix(1, drop_after=1.0)), pytest.raises(DatabaseUnavailable):
        a_post(by=ana, photo=a_photo(), **sent)
    found = a_post(by=ana, photo=a_photo(), **sent)
    assert selectors.recent_post_ids(UserId(ana.pk), limit=9) == [found.id]
    assert found.photo
    found = with_renditions(found)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    assert set(rendition_names(found.photos[0])) <= files


def test_a_storm_leaves_exact_counts() -> None:
    post, people = a_post(by=a_user()), [UserId(n) for n in range(1, 13)]
    with faulty_dynamodb(
        mix(7, throttle=0.15, server_error=0.03, conflict=0.1, drop_before=0.02, drop_after=0.05)
    ):
        for turn in range(3):
            for person in people:
                if (person + turn) % 3:
                    likes.put_like(post.id, person, author_id=post.author_id)
                else:
                    likes.delete_like(post.id, person)
    liked = sum(bool(selectors.liked_among(person, [post.id])) for person in people)
    assert selectors.post_counts(post.id).likes == liked
