"""What is in an export is what was written, all of it, and nothing that is others' to know."""

import time
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.core.files.storage import storages
from PIL import Image

from accounts.export_files import pages_read
from accounts.models import User
from accounts.services import account_switch, profile_update, token_create
from config.ids import next_id
from feed.notifications import happenings
from feed.notifications.entities import Happening, Kind
from feed.notifications.services import note, wanted_kinds_put
from graph.blocks import block_create
from graph.close_friends import close_friend_add
from graph.mutes import mute_create
from posts.entities import Post
from posts.like_events import LikeCreated
from posts.services import like_delete, post_delete
from posts.threads import comment_delete
from tests.accounts.exporting import asked, content_of, id_of, made, packed, records, steps_of
from tests.accounts.factory import a_user
from tests.accounts.pictures import a_picture
from tests.graph.factory import follows
from tests.posts.factory import a_comment, a_photo, a_post, likes, with_renditions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_cache")]


def names(found: list[dict]) -> set[str | None]:
    return {record["person"]["handle"] for record in found}


def liked(post: Post, *, by: User) -> Happening:
    """What its author is told when somebody likes a post."""
    like_id, actor_id = next_id(), id_of(by)
    event = LikeCreated("", post.id, actor_id, post.author_id, like_id)
    (told,) = happenings.of_like(event)
    return told


class Links(HTMLParser):
    """Where a page leads to, and what it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.found += [value for name, value in attrs if name in {"href", "src"} and value]


def test_every_part_is_what_was_written() -> None:
    ana, bob, eve, dan = a_user("ana"), a_user("bob"), a_user("eve"), a_user("dan", is_private=True)
    profile_update(user_id=id_of(ana), bio="Tides <&> piers", avatar=a_picture(), is_private=True)
    token, secret = token_create(user_id=id_of(ana), label="Backup")
    plain = a_post(by=ana, text="شاطئ <b>low</b> tide", audience="only_me")
    shown = with_renditions(a_post(by=ana, text="", photo=a_photo(), alt="A pier", audience="close_friends"))
    gone = a_post(by=ana, text="regretted", photo=a_photo())
    post_delete(user_id=id_of(ana), post_id=gone.id)
    of_bob = a_post(by=bob)
    remark, regretted = (
        a_comment(by=ana, on=of_bob, text="Lovely."),
        a_comment(by=ana, on=of_bob, text="Oops"),
    )
    comment_delete(user_id=id_of(ana), ref=regretted.ref)
    second = a_post(by=bob)
    likes(ana, of_bob)
    likes(ana, second)
    like_delete(user_id=id_of(ana), post_id=second.id)
    follows(ana, bob)
    follows(ana, dan)
    follows(eve, ana)
    mute_create(muter_id=id_of(ana), muted_id=id_of(bob), days=7)
    close_friend_add(owner_id=id_of(ana), member_id=id_of(bob))
    block_create(blocker_id=id_of(ana), blocked_id=id_of(a_user("mal")))
    wanted_kinds_put(reader_id=id_of(ana), kinds=set(Kind) - {Kind.REPOST})
    note(liked(shown, by=eve))

    files = content_of(made(ana))

    (profile,) = records(files, "profile")
    assert (profile["id"], profile["handle"], profile["is_private"]) == (str(ana.pk), ana.username, True)
    assert profile["text"] == "Tides <&> piers"
    assert profile["photo"]["file"] in files
    (address,) = records(files, "email_addresses")
    assert (address["text"], address["primary"], address["verified"]) == (ana.email, True, False)
    (kept,) = records(files, "api_tokens")
    assert (kept["text"], kept["id"]) == ("Backup", str(token.public_id))

    posts = records(files, "posts")
    assert [post["id"] for post in posts] == [str(shown.id), str(plain.id)]
    assert [post["audience"] for post in posts] == ["close_friends", "only_me"]
    assert posts[1]["text"] == "شاطئ <b>low</b> tide"
    assert posts[0]["photo"]["alt"] == "A pier"
    assert posts[0]["created_at"].endswith("Z")
    with Image.open(BytesIO(files[posts[0]["photo"]["file"]])) as picture:
        assert picture.size == (posts[0]["photo"]["width"], posts[0]["photo"]["height"])
        assert max(picture.size) == max(shown.photos[0].renditions)

    (comment,) = records(files, "comments")
    assert (comment["id"], comment["text"], comment["post_by"]) == (str(remark.id), "Lovely.", bob.username)
    (like,) = records(files, "likes")
    assert (like["post_id"], like["post_by"]) == (str(of_bob.id), bob.username)

    assert names(records(files, "following")) == {bob.username}
    assert names(records(files, "requests_sent")) == {dan.username}
    assert names(records(files, "requests_received")) == {eve.username}
    assert records(files, "followers") == []
    (muted,) = records(files, "muted")
    assert muted["person"]["handle"] == bob.username
    assert muted["muted_until"] > time.strftime("%Y-%m-%dT", time.gmtime(time.time() + 6 * 86_400))
    assert names(records(files, "close_friends")) == {bob.username}
    assert len(records(files, "blocked")) == 1
    off = [each["kind"] for each in records(files, "notification_choices") if not each["wanted"]]
    assert off == ["repost"]
    (told,) = records(files, "notifications")
    assert (told["kind"], told["post_id"], told["people"]) == ("like", str(shown.id), [eve.username])
    assert (told["read"], told["comment_id"], told["others"]) == (False, None, 0)

    whole = b"\0".join(files.values())
    assert secret.encode() not in whole
    assert ana.password.encode() not in whole
    assert b"regretted" not in whole
    assert b"Oops" not in whole


def test_pages_lead_to_each_other_and_nowhere_else() -> None:
    ana = a_user("ana", bio="Piers")
    for number in range(3):
        photo = a_photo(400, 300) if number else None
        with_renditions(a_post(by=ana, text=f"<i>{number}</i>", photo=photo, alt='"pier"'))
    files = content_of(made(ana))
    pages = [name for name in files if name.endswith(".html")]
    assert {"index.html", "posts.html", "following.html"} <= set(pages)
    for name in pages:
        html = files[name].decode()
        assert all(link in files for link in Links(html).found), name
    posts = files["posts.html"].decode()
    assert "&lt;i&gt;2&lt;/i&gt;" in posts
    assert posts.count("<img") == 2
    assert b"posts.html" in files["index.html"]
    assert b"data/posts.json" in files["README.txt"]
    assert ana.username.encode() in files["README.txt"]


def test_nothing_that_others_keep_to_themselves() -> None:
    ana, bob, eve, cat, hid = (a_user(name) for name in ("ana", "bob", "eve", "cat", "hid"))
    follows(ana, bob)
    follows(cat, ana)
    close_friend_add(owner_id=id_of(cat), member_id=id_of(ana))
    mute_create(muter_id=id_of(bob), muted_id=id_of(ana))
    # Who blocks ana was muted, befriended, commented on and liked by her before.
    by_eve = a_post(by=eve, text="Eve's own words")
    a_comment(by=ana, on=by_eve, text="My words")
    likes(ana, by_eve)
    mute_create(muter_id=id_of(ana), muted_id=id_of(eve))
    close_friend_add(owner_id=id_of(ana), member_id=id_of(eve))
    block_create(blocker_id=id_of(eve), blocked_id=id_of(ana))
    follows(ana, hid)
    account_switch(user_id=id_of(hid), is_active=False)
    note(liked(a_post(by=ana), by=eve))  # hidden by the block
    # Whose account is private now, and whom ana does not follow.
    dan = a_user("dan")
    by_dan = a_post(by=dan, text="Dan's own words")
    likes(ana, by_dan)
    profile_update(user_id=id_of(dan), is_private=True)

    files = content_of(made(ana))

    whole = b"\0".join(files.values()).decode(errors="replace")
    for other in (bob, eve, cat, hid, dan):
        assert other.email not in whole
    assert eve.username not in whole
    assert str(eve.pk) not in whole
    assert "Eve's own words" not in whole
    assert "Dan's own words" not in whole
    assert dan.username not in whole
    assert hid.username not in whole
    (comment,) = records(files, "comments")
    assert (comment["text"], comment["post_by"]) == ("My words", None)
    assert records(files, "close_friends") == records(files, "muted") == records(files, "blocked") == []
    assert names(records(files, "followers")) == {cat.username}
    assert names(records(files, "following")) == {bob.username, None}
    assert "cat_" not in "".join(files[name].decode() for name in files if "close" in name)


def test_a_request_that_became_a_follow_is_one() -> None:
    ana, dan = a_user("ana"), a_user("dan", is_private=True)
    follows(ana, dan)
    profile_update(user_id=id_of(dan), is_private=False)
    follows(ana, dan)
    files = content_of(made(ana))
    assert records(files, "requests_sent") == []
    assert names(records(files, "following")) == {dan.username}


def test_a_photo_removed_while_it_is_made_is_said_so() -> None:
    ana = a_user("ana")
    with_renditions(a_post(by=ana, text="Kept words", photo=a_photo(400, 300)))
    export = asked(ana)
    steps_of(export)
    for page in pages_read(export.pk, "posts", 1):
        for _name, stored, storage in page["files"]:
            storages[storage].delete(stored)
    files = content_of(packed(export))
    html = files["posts.html"].decode()
    assert "Kept words" in html
    assert "A photo was removed" in html
    assert "<img" not in html
    (post,) = records(files, "posts")
    assert post["photo"]["file"] not in files
