"""A small network is written through the services, once: a second run finds it there, a third mends what is gone."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import account_create
from config.entities import UserId
from config.ids import id_time_ms
from feed.demo.accounts import HandleTaken
from feed.demo.build import PASSWORD, build
from feed.demo.crew import Crew
from feed.demo.plan import Plan, plan_of
from feed.demo.repeats import repeats_of
from graph.selectors import counts
from graph.services import follow_delete
from posts.saves.selectors import saved_page
from posts.selectors import posts_by_ids, recent_post_ids
from posts.services import post_delete
from posts.thread_selectors import comments_of_post, replies_of_comment

pytestmark = pytest.mark.django_db
HERE = Crew(threads=0, shows_progress=False)
"""Everything in this thread: the test's database transaction is its own."""


@pytest.fixture
def plan() -> Plan:
    return plan_of(users=8, posts=16, seed=3, pictures=3, with_photos=False)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def user_id(handle: str) -> UserId:
    return UserId(User.objects.get(username=handle).pk)


def planned_post_ids(plan: Plan) -> list[int]:
    """Those that repeat nothing."""
    posts = posts_by_ids(all_post_ids(plan)).values()
    return [post.id for post in posts if post.repost_of is None and post.quote_of is None]


def all_post_ids(plan: Plan) -> list[int]:
    return [
        post_id for person in plan.people for post_id in recent_post_ids(user_id(person.handle), limit=100)
    ]


def test_the_network_is_what_the_plan_says(plan: Plan) -> None:
    written = build(plan, processes=0, crew=HERE)

    assert written["people"] == 8
    assert written["posts"] == len(planned_post_ids(plan)) == 16
    ana = counts(user_id("ana"), consistent=True)
    assert ana.following == sum(follow.follower == 0 and follow.approved for follow in plan.follows)
    assert ana.followers == sum(follow.followee == 0 for follow in plan.follows)
    posts = posts_by_ids(planned_post_ids(plan))
    assert sum(post.like_count for post in posts.values()) == len(plan.likes)
    assert sum(post.comment_count for post in posts.values()) == len(plan.comments)
    roots = [root for post_id in posts for root in comments_of_post(post_id, limit=100).items]
    said = [*roots, *(reply for root in roots for reply in replies_of_comment(root, limit=100).items)]
    assert len(said) - len(roots) == sum(comment.answers is not None for comment in plan.comments)
    assert sum(comment.likes for comment in said) == sum(len(comment.likers) for comment in plan.comments)
    assert sum(post.photo is not None for post in posts.values()) == sum(
        p.picture is not None for p in plan.posts
    )
    files = [name for post in posts.values() if post.photo for name in post.photo.renditions.values()]
    assert len(set(files)) == len(files)


def test_posts_carry_the_planned_times(plan: Plan) -> None:
    build(plan, processes=0, crew=HERE)

    joined_ms = int(User.objects.get(username="ana").date_joined.timestamp() * 1000)
    times = sorted(id_time_ms(post_id) for post_id in planned_post_ids(plan))
    assert times == sorted(joined_ms - post.ago_ms for post in plan.posts)


def test_a_second_run_writes_nothing(plan: Plan) -> None:
    build(plan, processes=0, crew=HERE)

    assert not any(build(plan, processes=0, crew=HERE).values())


def test_a_later_run_mends_what_is_missing(plan: Plan) -> None:
    build(plan, processes=0, crew=HERE)
    follow = next(follow for follow in plan.follows if follow.approved)
    handles = [person.handle for person in plan.people]
    follow_delete(
        follower_id=user_id(handles[follow.follower]), followee_id=user_id(handles[follow.followee])
    )
    author = user_id(handles[plan.posts[0].author])
    gone = recent_post_ids(author, limit=100)[-1]
    post_delete(user_id=author, post_id=gone)

    written = build(plan, processes=0, crew=HERE)

    assert (written["people"], written["follows"], written["posts"]) == (0, 1, 1)
    again = recent_post_ids(author, limit=100)[-1]
    assert again != gone
    said = comments_of_post(again, limit=100).items
    assert len(said) + sum(comment.replies for comment in said) == sum(
        comment.post == 0 for comment in plan.comments
    )


def test_people_repeat_quote_and_keep() -> None:
    plan = plan_of(users=8, posts=60, seed=3, pictures=2, with_photos=False)
    repeats = repeats_of(plan)
    assert (len(repeats.reposts), len(repeats.quotes), len(repeats.saves)) == (5, 1, 1)
    written = build(plan, processes=0, crew=HERE)
    assert (written["reposts"], written["quotes"], written["saves"]) == (5, 1, 1)
    posts = posts_by_ids(all_post_ids(plan)).values()
    assert sum(post.repost_count for post in posts) == sum(post.repost_of is not None for post in posts) == 5
    assert sum(post.quote_count for post in posts) == sum(post.quote_of is not None for post in posts) == 1
    assert len(saved_page(user_id("ana")).posts) == 1
    assert not any(build(plan, processes=0, crew=HERE).values())


def test_a_demo_sign_in_works(plan: Plan, client: Client) -> None:
    build(plan, processes=0, crew=HERE)

    assert client.login(username="ana", password=PASSWORD)


def test_somebody_elses_handle_is_left_alone(plan: Plan) -> None:
    account_create(handle="ana", email="ana@example.org", password="a-password-of-her-own", name="Ana")

    with pytest.raises(HandleTaken):
        build(plan, processes=0, crew=HERE)
