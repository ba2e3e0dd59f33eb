"""What is taken from the public is gone with the next request through the edge, and what is not is still given out."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.services import account_switch, profile_update
from config.entities import UserId
from posts import threads
from posts.editing import post_edit
from posts.entities import Post
from posts.selectors import photo_card, post_by_id
from posts.services import post_delete
from posts.shelving import post_archive
from tests.accounts.factory import a_user
from tests.edge.conftest import Edge, Visitor
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.factory import a_comment, a_photo, a_post, with_renditions

SAID = "Thirteen herons on the weir"


def kept(visitor: Visitor, path: str) -> None:
    """Asked for until the edge gives it out by itself."""
    for _try in range(4):
        answer = visitor.ask(path)
        assert answer.status == 200, answer
        if answer.was_kept:
            return
    raise AssertionError(f"never kept: {path}: {answer.cache} {answer.headers}")


def addresses(author: User, post: Post) -> list[str]:
    return [
        f"/p/{post.id}/",
        f"/p/{post.id}/?order=newest",
        f"/p/{post.id}/embed/",
        f"/@{author.username}/",
        f"/api/v1/posts/{post.id}/",
        f"/api/v1/users/{author.pk}/posts/",
    ]


def deleted(_author: User, post: Post) -> None:
    post_delete(user_id=post.author_id, post_id=post.id)


def narrowed(_author: User, post: Post) -> None:
    post_edit(user_id=post.author_id, post_id=post.id, version=post.version, audience="followers")


def archived(_author: User, post: Post) -> None:
    post_archive(user_id=post.author_id, post_id=post.id, archived=True)


def gone_private(author: User, _post: Post) -> None:
    profile_update(user_id=id_of(author), is_private=True)


def switched_off(author: User, _post: Post) -> None:
    account_switch(user_id=id_of(author), is_active=False)


@pytest.mark.parametrize("hide", [deleted, narrowed, archived, gone_private, switched_off])
def test_a_hidden_post_is_gone_everywhere(at_edge: Edge, hide: Callable[[User, Post], None]) -> None:
    author, other, visitor = a_user(), a_user("bea"), at_edge.visitor()
    post = a_post(by=author, text=SAID)
    quote = a_post(by=other, text="Look at this", quote_of=post.id)
    shown = [*addresses(author, post), f"/p/{quote.id}/", f"/@{other.username}/"]
    for path in shown:
        kept(visitor, path)
        assert SAID in visitor.ask(path).body
    hide(author, post_by_id(post.id))
    for path in shown:
        answer = visitor.ask(path)
        assert (SAID in answer.body, answer.was_kept) == (False, False), path


def test_a_photo_goes_with_its_post_and_others_stay(at_edge: Edge) -> None:
    author, visitor = a_user(), at_edge.visitor()
    posts = [with_renditions(a_post(by=author, photo=a_photo())) for _ in range(2)]
    urls = [photo_card(post.id, post.photos[0]).files["webp"][0].url for post in posts]
    for url in urls:
        kept(visitor, url)
        assert visitor.ask(url).headers["cache-control"].startswith("private, max-age=")
    narrowed(author, posts[0])
    assert [visitor.ask(url).status for url in urls] == [404, 200]
    kept(visitor, urls[1])
    gone_private(author, posts[1])
    assert [visitor.ask(url).status for url in urls] == [404, 404]


def test_comments_go_alone(at_edge: Edge) -> None:
    author, guest, visitor = a_user(), a_user("gil"), at_edge.visitor()
    post = a_post(by=author)
    said = [a_comment(by=guest, on=post, text=f"word {number} of a guest") for number in range(3)]
    path = f"/p/{post.id}/"

    def left() -> list[int]:
        body = visitor.ask(path).body
        return [number for number in range(3) if f"word {number} of a guest" in body]

    kept(visitor, path)
    assert left() == [0, 1, 2]
    threads.comment_hide(user_id=id_of(author), ref=said[0].ref, hidden=True)
    assert left() == [1, 2]
    kept(visitor, path)
    threads.comment_delete(user_id=id_of(guest), ref=said[1].ref)
    assert left() == [2]
    kept(visitor, path)
    account_switch(user_id=id_of(guest), is_active=False)
    assert left() == []


def test_nobody_who_asks_after_the_switch_sees_what_was_hidden(at_edge: Edge) -> None:
    """Readers ask all the time, while an account turns private and public again."""
    author = a_user()
    post = a_post(by=author, text=SAID)
    path, hidden_since, rounds = f"/p/{post.id}/", [False], 6
    visitors = [at_edge.visitor() for _ in range(3)]

    def read(visitor: Visitor) -> tuple[int, int]:
        seen = wrong = 0
        while rounds_left[0]:
            was_hidden, round_before = hidden_since[0], rounds_left[0]
            answer = visitor.ask(path)
            is_there = SAID in answer.body
            # Only what began and ended within one round is told apart for sure.
            if was_hidden and hidden_since[0] and rounds_left[0] == round_before:
                wrong += is_there
            seen += is_there
        return seen, wrong

    rounds_left = [rounds]
    with Hands(3) as hands:
        reading = [hands.submit(read, visitor) for visitor in visitors]
        asking = at_edge.visitor()
        for _round in range(rounds):
            profile_update(user_id=id_of(author), is_private=True)
            hidden_since[0] = True
            for _ask in range(3):
                assert SAID not in asking.ask(path).body
            hidden_since[0] = False
            profile_update(user_id=id_of(author), is_private=False)
            while SAID not in asking.ask(path).body:
                pass
            rounds_left[0] -= 1
        found = [one.result() for one in reading]
    assert sum(wrong for _seen, wrong in found) == 0
    assert sum(seen for seen, _wrong in found) > 0


def test_what_is_new_comes_by_itself(at_edge: Edge) -> None:
    """The author's own page of somebody signed in is never the edge's, so it is there at once."""
    author, visitor = a_user(), at_edge.visitor()
    path = f"/@{author.username}/"
    kept(visitor, path)
    a_post(by=author, text=SAID)
    assert SAID in at_edge.visitor().signed_in(author).ask(path).body
    profile_update(user_id=UserId(author.pk), bio="Counts herons.")
    assert (
        SAID in visitor.ask(path).body
    )  # of what was hidden nothing is told apart: a new version of all of it
