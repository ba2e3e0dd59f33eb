"""What must hold after every step of `test_posts_machine`: what each viewer is shown, and every count, is what the model says.

Lists that follow the stream (home, hashtags, what is liked most, how many posts an author has) are what the model says when
all is settled; before that they show nothing that is not for the viewer.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis.stateful import invariant
from rest_framework.test import APIClient

from accounts.models import User
from config.entities import UserId
from posts.entities import Audience
from posts.selectors import author_post_counts
from tests.flows.machine_people import Society
from tests.flows.posts_deeds import Deeds
from tests.flows.posts_model import Posted, Said, Viewer

PEOPLE = range(4)
TAGS = ("tern", "heron")


class PostsAgreement(Society):
    """The last post touched and the post before are looked at by who acted and by another viewer, in turn."""

    room: Deeds
    number: int
    steps: int
    hot: list[Posted]
    """Whose counts are spread: they are exact when all is settled."""
    client: ClassVar[APIClient]
    stranger: ClassVar[APIClient]

    @invariant()
    def what_is_shown_is_as_it_should_be(self) -> None:
        """To who has acted and to another viewer, in turn: all posts, and one kind of list."""
        self.steps += 1
        viewers = {*list(self.touched)[:1], self.viewer_in_turn()} - self.model.gone
        for nth, viewer in enumerate(viewers):
            self.posts_agree(viewer)
            self.looks()[(self.steps + nth) % 4](viewer)
        if self.settled:
            self.counts_of_authors_agree()

    def looks(self) -> list[Callable[[Viewer], None]]:
        return [self.comments_agree, self.authors_agree, self.lists_agree, self.home_agrees]

    def viewer_in_turn(self) -> Viewer:
        return (None, *PEOPLE)[self.steps % 5]

    def asked(self, viewer: Viewer, path: str, query: Any = None) -> Any:
        """The API's answer; None: it says that nothing is there."""
        client = self.client
        if (
            viewer is None
        ):  # to force nobody on a client deletes its session from the accounts' database, each time
            client = self.stranger
        else:
            client.force_authenticate(User(pk=self.ids[viewer]))
        answer = client.get(f"/api/v1/{path}", query)
        assert answer.status_code in {200, 404}, (path, answer.content)
        return answer.json() if answer.status_code == 200 else None

    def places(self, items: list[Any]) -> list[int]:
        """What the items are in their list by: themselves, or somebody's repost of them."""
        return [int((item.get("repost") or item)["id"]) for item in items]

    def posts_agree(self, viewer: Viewer) -> None:
        """Each post and every count of it, asked for by its id."""
        posts = self.room.posts[-50:]
        if not posts:
            return
        items = self.asked(viewer, "posts/", {"ids": [post.id for post in posts]})
        expected = [post for post in posts if self.room.sees(viewer, post)]
        assert self.places(items) == ids_of(expected)
        for post, item in zip(expected, items, strict=True):
            self.item_agrees(viewer, post.shown, item)
        post = posts[-1 - self.steps % len(posts)]
        assert (self.asked(viewer, f"posts/{post.id}/") is not None) is self.room.sees(viewer, post)

    def item_agrees(self, viewer: Viewer, post: Posted, item: Any) -> None:
        told = {name: item[name] for name in ("text", "version", "archived", "liked", "reposted", "saved")}
        assert (int(item["id"]), int(item["author"]["id"])) == (post.id, self.ids[post.author])
        assert told == {
            "text": post.text,
            "version": post.version,
            "archived": post.archived,
            "liked": viewer in post.likes,
            "saved": viewer is not None and post in self.room.saves.get(viewer, []),
            "reposted": self.room.repost_by(viewer, post) is not None,
        }
        if post.quotes is not None:
            assert item["quoted"]["available"] is self.room.sees(viewer, post.quotes)
        if self.settled or post not in self.hot:
            counts = [item[f"{name}_count"] for name in ("like", "comment", "repost", "quote", "share")]
            room = self.room
            assert counts == [
                len(post.likes),
                post.comment_count,
                room.repost_count(post),
                room.quote_count(post),
                len(post.shares),
            ]

    def comments_agree(self, viewer: Viewer) -> None:
        """What is said under posts, and in threads."""
        for place in [post for post in self.room.posts if post.shown.comments][-2:]:
            order = ("oldest", "newest", "top")[self.steps // 4 % 3]
            query = {"limit": 100, "order": order}
            page, post = self.asked(viewer, f"posts/{place.id}/comments/", query), place.shown
            assert (page is not None) is self.room.sees(viewer, place)
            if page is None:
                continue
            expected = self.room.comments_seen(viewer, post)
            if order == "top":  # those without likes come in the order of time
                items = sorted(page["items"], key=lambda item: int(item["id"]))
                said = [item for item in page["items"] if not item["deleted"]]
                assert said == sorted(said, key=lambda item: item["like_count"], reverse=True)
            else:
                items = page["items"][:: 1 if order == "oldest" else -1]
            self.said_agrees(viewer, items, expected)
            for begin in [said for said in post.comments if said.answers is None][:2]:
                thread = self.asked(viewer, f"comments/{post.id}/{begin.ref}/replies/")
                assert (thread is not None) is self.room.sees_comment(viewer, post, begin)
                if thread is not None:
                    self.said_agrees(viewer, thread["items"], self.room.comments_seen(viewer, post, begin))

    def said_agrees(self, viewer: Viewer, items: list[Any], expected: list[Said | None]) -> None:
        """Each comment with its likes, and where there is one no more."""
        shown = [
            None if item["deleted"] else (item["text"], item["like_count"], item["liked"]) for item in items
        ]
        assert shown == [said and (said.text, len(said.likes), viewer in said.likes) for said in expected]

    def authors_agree(self, viewer: Viewer) -> None:
        """One's list of posts, by time and by likes, and what is on top of the profile."""
        author = self.steps // 4 % len(PEOPLE)
        room, user_id = self.room, self.ids[author]
        listed = self.asked(viewer, f"users/{user_id}/posts/", {"limit": 100})["items"]
        assert self.places(listed) == ids_of(room.of_author(viewer, author))
        pinned = self.asked(viewer, f"users/{user_id}/pinned/")
        assert self.places(pinned) == ids_of(room.pinned(viewer, author))
        if self.settled:
            self.top_agrees(viewer, author)

    def lists_agree(self, viewer: Viewer) -> None:
        """A hashtag, who likes a post, and who repeats one."""
        self.tags_agree(viewer)
        if liked := [post for post in self.room.posts if post.likes]:
            self.likers_agree(viewer, liked[-1 - self.steps % len(liked)])
        repeated = [
            post for post in self.room.posts if self.room.repost_count(post) or self.room.quote_count(post)
        ]
        if repeated:
            self.repeats_agree(viewer, repeated[-1 - self.steps % len(repeated)])

    def repeats_agree(self, viewer: Viewer, target: Posted) -> None:
        for name, expected in (
            ("reposts", self.room.reposts_of(viewer, target)),
            ("quotes", self.room.quotes_of(viewer, target)),
        ):
            page = self.asked(viewer, f"posts/{target.id}/{name}/")
            assert (page is not None) is self.room.sees(viewer, target)
            if page is not None:
                assert [int(item["id"]) for item in page["items"]] == ids_of(expected)

    def likers_agree(self, viewer: Viewer, post: Posted) -> None:
        page = self.asked(viewer, f"posts/{post.id}/likes/")
        assert (page is not None) is self.room.sees(viewer, post)
        if page is not None:
            shown = [self.numbers[UserId(int(item["id"]))] for item in page["items"]]
            assert shown == self.room.likers(viewer, post)

    def tags_agree(self, viewer: Viewer) -> None:
        tag = self.tag(TAGS[self.steps % 2])
        shown = self.places(self.asked(viewer, f"tags/{tag}/posts/", {"limit": 100})["items"])
        if self.settled:
            assert shown == ids_of(self.room.tagged(viewer, tag))
        else:
            assert set(shown) <= set(ids_of(self.room.seen(viewer, self.room.posts)))

    def top_agrees(self, viewer: Viewer, author: int) -> None:
        """What is liked is there, in the order of likes; what was liked by one who took it back may be."""
        items = self.asked(viewer, f"users/{self.ids[author]}/posts/", {"order": "top", "limit": 100})[
            "items"
        ]
        shown = self.places(items)
        may = [post for post in self.room.of_author(viewer, author) if post.audience is not Audience.ONLY_ME]
        may.sort(key=lambda post: (len(post.likes), post.id), reverse=True)
        assert shown == [post_id for post_id in ids_of(may) if post_id in shown]
        assert {post.id for post in may if post.likes} <= set(shown)

    def home_agrees(self, reader: Viewer) -> None:
        if reader is None:
            return
        saved = self.asked(reader, "me/saved/", {"limit": 100})
        kept = self.room.saved(reader)
        assert self.places(saved["items"]) == ids_of(kept)
        assert saved["hidden"] == len(self.room.saves.get(reader, [])) - len(kept)
        shown = self.places(self.asked(reader, "feed/home/", {"limit": 100})["items"])
        if self.settled:
            assert shown == ids_of(self.room.home(reader))
        else:
            assert set(shown) <= set(ids_of(self.room.at_home(reader)))

    def counts_of_authors_agree(self) -> None:
        found = author_post_counts(self.ids)
        assert found == {user_id: self.room.posts_of(person) for user_id, person in self.numbers.items()}

    def tag(self, name: str) -> str:
        """Of this run alone."""
        return f"{name}{self.number}"


def ids_of(posts: list[Posted]) -> list[int]:
    return [post.id for post in posts]
