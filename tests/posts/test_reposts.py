"""Reposts and quotes: by service, in lists, through deletions, and what they count."""

from collections.abc import Callable

import pytest

from accounts.models import User
from config.entities import PostId, UserId
from config.streams import start
from feed.selectors import home_page, new_posts_count, profile_page
from graph.blocks import block_create
from graph.mutes import mute_create
from posts import exports
from posts.editing import post_edit
from posts.entities import Audience, Post
from posts.errors import (
    AudienceTooWide,
    NotShareable,
    PostNotFound,
    RepostFixed,
)
from posts.removal import deleted_sweep, post_restore
from posts.repository.reposts import get_repost_id, query_reposts
from posts.reposting import repost_create, repost_delete, visible_quotes, visible_reposts
from posts.selectors import post_by_id, post_cards, posts_by_ids, recent_post_ids
from posts.services import UNDO_MS, like_create, post_delete
from posts.shelving import post_pin
from posts.visibility import visible_post, visible_posts
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_post
from tests.posts.shelving import archive, delete

pytestmark = pytest.mark.django_db


def reposts(user: User, post: Post) -> Post:
    return repost_create(user_id=id_of(user), post_id=post.id)


def takes_back(user: User, post: Post) -> None:
    repost_delete(user_id=id_of(user), post_id=post.id)


def quotes(user: User, post: Post, text: str = "Look at this.", **fields: str) -> Post:
    return a_post(by=user, text=text, quote_of=post.id, **fields)


def counted(post: Post) -> tuple[int, int]:
    found = post_by_id(post.id)
    return found.repost_count, found.quote_count


def seen_by(viewer: User | None, *posts: Post) -> list[PostId]:
    viewer_id = id_of(viewer) if viewer else None
    return [post.id for post in visible_posts(viewer_id, posts_by_ids([post.id for post in posts]).values())]


def test_one_repost_a_person_and_post() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana, text="Low tide.")
    first = reposts(bob, post)
    assert reposts(bob, post).id == first.id
    assert reposts(bob, first).id == first.id  # the repost's own id means the post
    reposts(eve, post)
    assert counted(post) == (2, 0)
    assert recent_post_ids(id_of(bob), limit=5) == [first.id]
    (card,) = post_cards(id_of(eve), visible_posts(id_of(eve), [post_by_id(first.id)]))
    assert card.repost
    assert (card.post.text, card.author.id, card.repost.by.id) == ("Low tide.", ana.pk, bob.pk)
    assert (card.reposted, card.can_repost, card.place_id) == (True, True, first.id)
    for _twice in range(2):
        takes_back(bob, post)
    assert counted(post) == (1, 0)
    assert recent_post_ids(id_of(bob), limit=5) == []
    assert get_repost_id(id_of(bob), post.id) is None
    again = reposts(bob, post)
    assert again.id != first.id
    post_delete(user_id=id_of(bob), post_id=again.id)  # as any post
    assert counted(post) == (1, 0)
    with pytest.raises(RepostFixed):
        post_restore(user_id=id_of(bob), post_id=again.id)


@pytest.mark.parametrize("audience", ["followers", "close_friends", "only_me"])
def test_others_share_only_what_is_for_everyone(audience: str) -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = a_post(by=ana, audience=audience)
    refusal = NotShareable if audience == "followers" else (NotShareable, PostNotFound)
    with pytest.raises(refusal):
        reposts(fan, post)
    with pytest.raises(refusal):
        quotes(fan, post)
    private = a_user("private", is_private=True)
    follows(fan, private)
    with pytest.raises((NotShareable, PostNotFound)):
        reposts(fan, a_post(by=private))
    assert counted(post) == (0, 0)


def test_ones_own_is_shared_with_whom_it_is_for() -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = a_post(by=ana, audience="followers")
    repost = reposts(ana, post)
    assert post_by_id(repost.id).audience is Audience.FOLLOWERS
    assert (seen_by(fan, repost), seen_by(a_user("eve"), repost)) == ([repost.id], [])
    with pytest.raises(AudienceTooWide):
        quotes(ana, post)
    quote = quotes(ana, post, audience="close_friends")
    with pytest.raises(AudienceTooWide):
        post_edit(user_id=id_of(ana), post_id=quote.id, version=1, audience="everyone")
    with pytest.raises(NotShareable):
        quotes(ana, a_post(by=ana, audience="only_me"), audience="only_me")
    archived = a_post(by=ana)
    archive(archived)
    with pytest.raises(NotShareable):
        reposts(ana, archived)


def test_a_repost_is_seen_by_who_may_see_both() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    repost, quote = reposts(bob, post), quotes(bob, post)
    assert seen_by(eve, repost, quote) == [repost.id, quote.id]
    block_create(blocker_id=id_of(ana), blocked_id=id_of(eve))
    assert seen_by(eve, repost, quote) == [quote.id]
    assert quoted_by(eve, quote) is None
    assert quoted_by(None, quote) == post.id
    with pytest.raises(PostNotFound):
        visible_post(id_of(eve), repost.id)
    assert [one.id for one in visible_reposts(None, post).items] == [repost.id]
    block_create(blocker_id=id_of(eve), blocked_id=id_of(bob))
    assert seen_by(eve, quote) == []
    post_edit(user_id=id_of(ana), post_id=post.id, version=1, audience="followers")
    assert seen_by(None, repost) == []
    assert seen_by(bob, repost, quote) == [quote.id]  # not even by who reposted it
    takes_back(bob, post)  # which tells nothing, and stays open
    assert counted(post) == (0, 1)


def quoted_by(viewer: User | None, quote: Post) -> PostId | None:
    viewer_id = id_of(viewer) if viewer else None
    (card,) = post_cards(viewer_id, visible_posts(viewer_id, [post_by_id(quote.id)]))
    return card.quoted.post.id if card.quoted else None


def test_quotes_are_counted_while_they_are_there() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    quote = quotes(bob, post)
    assert counted(post) == (0, 1)
    assert [one.id for one in visible_quotes(None, post).items] == [quote.id]
    for _twice in range(2):
        delete(quote)
    assert counted(post) == (0, 0)
    assert visible_quotes(None, post).items == []
    for _twice in range(2):
        post_restore(user_id=id_of(bob), post_id=quote.id)
    assert counted(post) == (0, 1)
    assert [one.id for one in visible_quotes(None, post).items] == [quote.id]
    assert quoted_by(ana, quote) == post.id
    once = [a_post(by=bob, text="Once.", quote_of=post.id, idempotency_key="k").id for _twice in range(2)]
    assert (once[0] == once[1], counted(post)) == (True, (0, 2))


def test_a_deleted_target_takes_its_reposts_along_and_leaves_quotes() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    repost, quote = reposts(bob, post), quotes(bob, post)
    delete(post)
    assert seen_by(bob, repost, quote) == [quote.id]
    assert quoted_by(bob, quote) is None
    with pytest.raises(PostNotFound):
        reposts(a_user("eve"), post)
    post_restore(user_id=id_of(ana), post_id=post.id)
    assert seen_by(bob, repost, quote) == [repost.id, quote.id]
    delete(post)
    delete(quote)
    deleted_sweep(now_ms=post.created_at_ms + UNDO_MS + 3_600_000)
    assert query_reposts(post.id, before=None, limit=5) == []
    assert get_repost_id(id_of(bob), post.id) is None
    assert recent_post_ids(id_of(bob), limit=5) == []


def test_a_quote_comes_back_when_what_it_quoted_is_gone_for_good() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    quote = quotes(bob, post)
    delete(post)
    deleted_sweep(now_ms=post.created_at_ms + UNDO_MS + 3_600_000)
    delete(quote)
    assert post_restore(user_id=id_of(bob), post_id=quote.id).text == "Look at this."
    assert quoted_by(bob, quote) is None


def test_a_repost_can_only_be_taken_back() -> None:
    ana, bob = a_user(), a_user("bob")
    repost = reposts(bob, a_post(by=ana))
    with pytest.raises(RepostFixed):
        post_edit(user_id=id_of(bob), post_id=repost.id, version=1, text="Mine.")
    with pytest.raises(RepostFixed):
        post_pin(user_id=id_of(bob), post_id=repost.id)
    with pytest.raises(RepostFixed):
        archive(repost)


def test_an_edit_shows_in_reposts_and_quotes_one_level_deep() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana, text="Before.")
    quote = quotes(bob, post)
    repost, deeper = reposts(eve, quote), quotes(eve, quote, "Deeper.")
    post_edit(user_id=id_of(ana), post_id=post.id, version=1, text="After.")
    cards = post_cards(None, visible_posts(None, posts_by_ids([repost.id, deeper.id]).values()))
    by_repost, by_quote = cards
    assert by_repost.quoted
    assert (by_repost.post.id, by_repost.quoted.post.text) == (quote.id, "After.")
    assert by_quote.quoted
    assert (by_quote.quoted.post.id, by_quote.quoted.post.target) == (quote.id, None)


def test_likes_of_a_repost_are_likes_of_the_post() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    like_create(user_id=id_of(bob), post_id=reposts(bob, post).id)
    assert post_by_id(post.id).like_count == 1


def test_home_and_profile_show_a_post_once_a_page(settle: Callable[[], None]) -> None:
    start()
    ana, bob, eve, fan = a_user(), a_user("bob"), a_user("eve"), a_user("fan")
    for followed in (ana, bob, eve):
        follows(fan, followed)
    settle()
    post = a_post(by=ana)
    first, last = reposts(bob, post), reposts(eve, post)
    reposts(ana, post)
    quote = quotes(bob, post)
    settle()

    def shown() -> list[tuple[PostId, PostId]]:
        settle()
        return [(card.place_id, card.post.id) for card in home_page(UserId(fan.pk)).items]

    own = recent_post_ids(id_of(ana), limit=1)[0]
    assert shown() == [(quote.id, quote.id), (own, post.id)]
    assert new_posts_count(UserId(fan.pk), since=post.id) == 4
    assert [card.place_id for card in profile_page(None, id_of(ana)).items] == [own]
    takes_back(ana, post)
    assert shown() == [(quote.id, quote.id), (last.id, post.id)]
    mute_create(muter_id=id_of(fan), muted_id=id_of(ana))
    assert shown() == [(quote.id, quote.id)]  # a muted author comes by nobody's repost
    assert first.id < last.id


def test_an_export_says_what_was_repeated_and_quoted() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    repost, quote = reposts(bob, post), quotes(bob, post)
    records = {one["id"]: one for one in exports.posts(id_of(bob), None).records}
    assert records[str(repost.id)]["repost_of"] == str(post.id)
    assert records[str(quote.id)]["quote_of"] == str(post.id)
