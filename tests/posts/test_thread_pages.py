"""Threads in the browser's eyes: folded under their comment, by link and form without script, by htmx in place."""

import re

import pytest
from django.test import Client

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls
from posts.selectors import post_by_id, post_counts
from posts.thread_selectors import comments_of_post, replies_of_comment
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_post, a_reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ids_in(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="comment-(\d+)"', html)]


def test_replies_are_folded_and_unfold_by_link_and_by_htmx() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post)
    replies = [a_reply(by=ana, to=root, text=f"Reply {n}") for n in range(12)]
    html = Client().get(f"/p/{post.id}/").content.decode()
    assert "Show 12 replies" in html
    assert ids_in(html) == [root.id]
    address = f"/p/{post.id}/comments/{root.id}/"
    assert f'href="{address}"' in html
    piece = Client().get(address, headers=HTMX).content.decode()
    assert "<html" not in piece
    assert ids_in(piece) == [reply.id for reply in replies[:10]]
    assert piece.count(f"replied to @{bob.username}") == 10
    more = re.search(r'hx-get="([^"]+cursor[^"]+)"', piece)
    assert more
    assert ids_in(Client().get(more[1], headers=HTMX).content.decode()) == [r.id for r in replies[10:]]
    page = Client().get(more[1]).content.decode()
    assert "<html" in page
    assert ids_in(page) == [root.id, *(reply.id for reply in replies[10:])]
    from_the_last = Client().get(f"{address[:-1]}-{replies[-1].id}/").content.decode()
    assert ids_in(from_the_last) == [root.id, replies[-1].id]


def test_replying_without_script_and_with_htmx() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Where?")
    client = signed_in(ana)
    address = f"/p/{post.id}/comments/{root.id}/reply/"
    assert f'href="{address}#reply-form"' in client.get(f"/p/{post.id}/").content.decode()
    page = client.get(address).content.decode()
    assert "Where?" in page
    assert f">\n@{bob.username} </textarea>" in page
    answer = client.post(address, {"text": f"@{bob.username} There."})
    (made,) = replies_of_comment(root).items
    assert answer["Location"] == f"/p/{post.id}/comments/{root.id}-{made.id}/#comment-{made.id}"
    assert [(facet.value, facet.user_id) for facet in made.shown_facets] == [(bob.username, bob.pk)]

    deeper = f"/p/{post.id}/comments/{root.id}-{made.id}/reply/"
    piece = client.get(deeper, headers=HTMX).content.decode()
    assert "<html" not in piece
    assert f'hx-post="{deeper}"' in piece
    assert f"@{ana.username}" not in piece.split("<textarea")[1]
    html = client.post(deeper, {"text": "<b>Exactly</b> there."}, headers=HTMX).content.decode()
    assert f'hx-swap-oob="beforeend:#replies-new-{root.id}"' in html
    assert "&lt;b&gt;Exactly&lt;/b&gt; there." in html
    assert '<span class="count">3</span>' in html
    for headers in ({}, HTMX):
        refused = client.post(address, {"text": " "}, headers=headers)
        assert refused.status_code == 422
        assert "Write something first." in refused.content.decode()
    assert post_counts(post.id).comments == 3


def test_who_may_not_comment_may_not_reply() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, commenting="nobody")
    root = a_comment(by=ana, on=post)
    client = signed_in(bob)
    address = f"/p/{post.id}/comments/{root.id}/reply/"
    words = "The author has turned comments off."
    assert address not in client.get(f"/p/{post.id}/").content.decode()
    for answer in (
        client.get(address),
        client.post(address, {"text": "x"}),
        client.post(address, {"text": "x"}, headers=HTMX),
    ):
        assert words in answer.content.decode()
    assert replies_of_comment(root).items == []


def test_orders_are_tabs() -> None:
    ana = a_user()
    post = a_post(by=ana)
    made = [a_comment(by=ana, on=post, text=f"Number {n}").id for n in range(22)]
    html = signed_in(ana).get(f"/p/{post.id}/").content.decode()
    assert ids_in(html) == made[:20]
    newest = signed_in(ana).get(f"/p/{post.id}/?order=newest").content.decode()
    assert ids_in(newest) == made[:1:-1]
    more = re.search(r'hx-get="([^"]+order=newest[^"]+)"', newest)
    assert more
    assert ids_in(Client().get(more[1].replace("&amp;", "&"), headers=HTMX).content.decode()) == [
        made[1],
        made[0],
    ]
    assert ids_in(Client().get(f"/p/{post.id}/?order=sideways").content.decode()) == made[:20]


def test_hiding_folds_for_two_and_is_nothing_for_others() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Rude words.")
    reply = a_reply(by=eve, to=root)
    address = f"/p/{post.id}/comments/{root.id}/"
    assert f"{address}hide/" in signed_in(ana).get(f"/p/{post.id}/").content.decode()
    assert f"{address}hide/" not in signed_in(bob).get(f"/p/{post.id}/").content.decode()
    piece = signed_in(ana).post(f"{address}hide/", headers=HTMX).content.decode()
    assert "Hidden by the author of the post" in piece
    assert f"{address}unhide/" in piece
    for who, sees in ((ana, True), (bob, True), (eve, False)):
        html = signed_in(who).get(f"/p/{post.id}/").content.decode()
        assert ("Rude words." in html, "Hidden by the author" in html) == (sees, sees)
        for fragment in (address, f"{address[:-1]}-{reply.id}/", f"{address}reply/"):
            for headers in ({}, HTMX):
                assert signed_in(who).get(fragment, headers=headers).status_code == (200 if sees else 404)
    assert signed_in(eve).post(f"{address}unhide/").status_code == 404
    assert signed_in(bob).post(f"{address}unhide/").status_code == 403
    answer = signed_in(ana).post(f"{address}unhide/")
    assert answer["Location"] == f"/p/{post.id}/#comment-{root.id}"
    assert "Rude words." in Client().get(f"/p/{post.id}/").content.decode()


def test_deleting_what_was_answered_leaves_its_place() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Gone soon.")
    reply = a_reply(by=ana, to=root, text="Staying.")
    client = signed_in(bob)
    address = f"/p/{post.id}/comments/{root.id}/delete/"
    assert "Gone soon." in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    html = client.get(f"/p/{post.id}/").content.decode()
    assert "Gone soon." not in html
    assert "This comment is deleted." in html
    assert "Show 1 reply" in html
    page = client.get(f"/p/{post.id}/comments/{root.id}/").content.decode()
    assert "Staying." in page
    assert 'id="reply-form"' not in page
    assert client.get(address).status_code == 404
    assert signed_in(ana).post(f"/p/{post.id}/comments/{reply.ref}/delete/").status_code == 302
    assert comments_of_post(post.id).items == []


def test_a_threads_page_is_a_bounded_number_of_requests() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post)
    for _n in range(5):
        a_reply(by=ana, to=root)
    client = signed_in(bob)
    post_by_id(post.id)
    with assert_dynamodb_calls(
        4
    ):  # may the post be seen; the comment, and may it be; the replies, and who wrote them
        client.get(f"/p/{post.id}/comments/{root.id}/", headers=HTMX)


def test_no_piece_of_a_thread_under_a_post_that_is_not_for_the_viewer() -> None:
    ana, eve = a_user(), a_user("eve")
    post = a_post(by=ana, audience="only_me")
    root = a_comment(by=ana, on=post)
    address = f"/p/{post.id}/comments/{root.id}/"
    client = signed_in(eve)
    asked = [client.get(address), client.get(address, headers=HTMX), client.get(f"{address}reply/")]
    asked += [client.post(f"{address}{verb}/") for verb in ("reply", "hide", "unhide", "delete")]
    assert {answer.status_code for answer in asked} == {404}
    assert Client().get(f"/p/{post.id}/comments/99999999999999999999/").status_code == 404


def test_who_is_signed_out_reads_threads_and_is_asked_to_sign_in() -> None:
    ana = a_user()
    post = a_post(by=ana)
    root = a_comment(by=ana, on=post)
    html = Client().get(f"/p/{post.id}/comments/{root.id}/").content.decode()
    assert "Log in to reply" in html
    assert Client().get(f"/p/{post.id}/comments/{root.id}/reply/").status_code == 302
    assert "/login/" in Client().post(f"/p/{post.id}/comments/{root.id}/hide/")["Location"]
