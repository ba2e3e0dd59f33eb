"""The plan is pure: the same for one seed, and everything in it can be written by the services."""

from collections import Counter

import pytest
from django.contrib.auth.password_validation import validate_password

from accounts.handles import handle_validate
from accounts.models import BIO_MAX_LENGTH, NAME_MAX_LENGTH
from feed.demo.build import PASSWORD
from feed.demo.plan import SPAN_MS, Plan, plan_of
from feed.demo.stock import languages
from posts.text.limits import COMMENT_MAX_CHARACTERS, POST_MAX_BYTES
from posts.text.parse import facets_of, tags_of


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(users=200, posts=2000, seed=7)


def test_one_seed_gives_one_plan_and_another_seed_another(plan: Plan) -> None:
    assert plan.digest() == plan_of(users=200, posts=2000, seed=7).digest()
    assert plan.digest() != plan_of(users=200, posts=2000, seed=8).digest()


def test_a_larger_network_contains_the_people_of_the_smaller(plan: Plan) -> None:
    assert plan_of(users=40, posts=10, seed=7).people == plan.people[:40]


def test_handles_names_and_bios_are_what_accounts_accept(plan: Plan) -> None:
    handles = [person.handle for person in plan.people]
    assert len(set(handles)) == len(handles)
    for person in plan.people:
        handle_validate(person.handle)
        assert 0 < len(person.name) <= NAME_MAX_LENGTH
        assert len(person.bio) <= BIO_MAX_LENGTH
    validate_password(PASSWORD)


def test_the_first_person_is_ana_public_and_follows_many(plan: Plan) -> None:
    ana = plan.people[0]
    assert (ana.handle, ana.is_private) == ("ana", False)
    assert sum(follow.follower == 0 for follow in plan.follows) > 20


def test_follows_are_a_power_law_with_some_celebrities(plan: Plan) -> None:
    followers = Counter(follow.followee for follow in plan.follows)
    assert sum(count > 100 for count in followers.values()) >= 3
    assert sorted(followers.values())[len(followers) // 2] < 20
    assert not any(follow.follower == follow.followee for follow in plan.follows)
    assert not any(plan.people[celebrity].is_private for celebrity in plan.celebrities)
    assert len({(follow.follower, follow.followee) for follow in plan.follows}) == len(plan.follows)


def test_private_people_have_approved_and_waiting_requests(plan: Plan) -> None:
    asked = Counter(follow.approved for follow in plan.follows if plan.people[follow.followee].is_private)
    assert asked[True] > asked[False] > 0
    assert all(follow.approved for follow in plan.follows if not plan.people[follow.followee].is_private)


def test_many_scripts_are_written_and_texts_hardly_repeat(plan: Plan) -> None:
    assert len({person.language for person in plan.people}) >= 16
    texts = Counter(post.text for post in plan.posts if post.text)
    assert max(texts.values()) <= 2
    assert sum(count > 1 for count in texts.values()) < len(plan.posts) / 100
    assert all(len(post.text.encode()) <= POST_MAX_BYTES for post in plan.posts)
    assert all(0 < len(comment.text) <= COMMENT_MAX_CHARACTERS for comment in plan.comments)
    assert not any("{" in post.text or "|" in post.text for post in plan.posts)
    assert all(post.text or post.picture is not None for post in plan.posts)


def test_many_a_text_has_a_hashtag_in_the_script_of_its_author(plan: Plan) -> None:
    found = [(post, tag) for post in plan.posts for tag in tags_of(facets_of(post.text))]
    assert len(plan.posts) / 6 < len(found) < len(plan.posts) / 2
    by_language = {plan.people[post.author].language for post, tag in found if not tag.isascii()}
    assert {"el", "ru", "ar", "hi", "th", "ja", "ko", "zh"} <= by_language
    shared = Counter(tag for _post, tag in found)
    assert shared.most_common(1)[0][1] >= 10, "topics have authors in common"
    assert sum(len(language.tags) for language in languages().values()) > 300


def test_posts_lie_in_the_past_six_weeks_each_at_its_own_time(plan: Plan) -> None:
    times = [post.ago_ms for post in plan.posts]
    assert len(set(times)) == len(times)
    assert min(times) > 0
    assert max(times) <= SPAN_MS + 86_400_000
    assert times == sorted(times, reverse=True)


def test_nearly_half_of_the_posts_have_photos(plan: Plan) -> None:
    share = sum(post.picture is not None for post in plan.posts) / len(plan.posts)
    assert 0.4 < share < 0.5


def test_only_who_can_see_a_post_likes_and_comments_on_it(plan: Plan) -> None:
    follows = {(follow.follower, follow.followee) for follow in plan.follows if follow.approved}
    open_posts = {
        p.number for p in plan.posts if p.audience == "everyone" and not plan.people[p.author].is_private
    }
    for number, person in {*plan.likes, *((comment.post, comment.author) for comment in plan.comments)}:
        author = plan.posts[number].author
        assert number in open_posts or person == author or (person, author) in follows


def test_comments_come_after_their_post(plan: Plan) -> None:
    assert all(0 < comment.ago_ms < plan.posts[comment.post].ago_ms for comment in plan.comments)


def test_every_language_has_all_that_is_drawn_from_it() -> None:
    for language in languages().values():
        assert {"photo", "any", "question", "reply"} <= language.comments.keys(), language.code
        assert language.bios, language.code
        assert language.posts, language.code
        assert all(group.given and group.family for group in language.name_groups), language.code
        latin = "".join(n.latin for g in language.name_groups for n in (*g.given, *g.family))
        assert latin.isascii(), language.code
