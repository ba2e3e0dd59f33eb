"""Where posts are shown, and what each place answers to whom: the tables of `test_posts_visibility`."""

from dataclasses import dataclass
from typing import Any

from tests.flows.visibility_scene import NOBODY, PINNED, RANKED, REPEATED, has_at_home, has_saved, lists, sees


@dataclass(frozen=True)
class Surface:
    """One post's. `closed`: for who is signed in. `authors`: for its author alone, refused to others who see the post.

    `public`: whoever asks, it shows what everybody may see.
    """

    path: str
    method: str = "get"
    body: Any = None
    piece: bool = False
    closed: bool = False
    authors: bool = False
    public: bool = False
    done: int = 200

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def expected(self, viewer: str, state: str, kind: str) -> int:
        if self.closed and (viewer in NOBODY or (viewer == "owner" and state == "suspended")):
            return 401 if self.is_api else 200 if self.piece else 302
        if not sees("anonymous" if self.public else viewer, state, kind):
            return 404
        return 403 if self.authors and viewer != "owner" else self.done


READING = (
    Surface("/p/{post}/"),
    Surface("/p/{post}/?cursor={cursor}", piece=True),
    Surface("/p/{post}/photos/", piece=True),
    Surface("/p/{post}/history/"),
    Surface("/p/{post}/likes/"),
    Surface("/p/{post}/reposts/"),
    Surface("/p/{post}/share/", piece=True),
    Surface("/p/{post}/comments/{comment}/"),
    Surface("/p/{post}/embed/", public=True),
    Surface("/oembed/?url={address}", public=True),
    Surface("/api/v1/posts/{post}/"),
    Surface("/api/v1/posts/{post}/likes/"),
    Surface("/api/v1/posts/{post}/quotes/"),
    Surface("/api/v1/posts/{post}/comments/?order=newest"),
    Surface("/api/v1/comments/{post}/{comment}/replies/"),
    Surface("/api/v1/posts/{post}/versions/"),
)
ACTING = (
    Surface("/api/v1/posts/{post}/like/", "put", closed=True),
    Surface("/p/{post}/like/", "post", closed=True, piece=True),
    Surface("/p/{post}/unlike/", "post", closed=True, piece=True),
    Surface("/api/v1/posts/{post}/comments/", "post", {"text": "Hi."}, closed=True, done=201),
    Surface("/p/{post}/comments/", "post", {"text": "Hi."}, closed=True, piece=True),
    Surface("/p/{post}/comments/{comment}/reply/", "post", {"text": "Hi."}, closed=True, done=302),
    Surface("/api/v1/comments/{post}/{comment}/like/", "put", closed=True),
    Surface("/api/v1/posts/{post}/save/", "put", closed=True),
    Surface("/api/v1/posts/{post}/share/", "put", closed=True),
    Surface("/api/v1/posts/{post}/mute/", "put", closed=True),
    Surface("/p/{post}/edit/", closed=True, authors=True),
    Surface("/p/{post}/delete/", closed=True, authors=True),
)
AS_OTHERS = (
    Surface("/p/{post}/report/", closed=True),
    Surface("/p/{post}/edit/", "post", {"text": "Mine."}, closed=True, authors=True),
    Surface("/p/{post}/delete/", "post", closed=True, authors=True),
    Surface("/p/{post}/pin/", "post", closed=True, authors=True),
    Surface("/p/{post}/archive/", "post", closed=True, authors=True),
    Surface("/p/{post}/unarchive/", "post", closed=True, authors=True),
    Surface("/p/{post}/restore/", "post", closed=True, authors=True),
    Surface("/api/v1/posts/{post}/", "patch", {"version": 1, "text": "Mine."}, closed=True, authors=True),
    Surface("/api/v1/posts/{post}/", "delete", closed=True, authors=True),
    Surface("/api/v1/posts/{post}/pin/", "put", closed=True, authors=True),
    Surface("/api/v1/posts/{post}/archive/", "put", closed=True, authors=True),
    Surface("/api/v1/posts/{post}/archive/", "delete", closed=True, authors=True),
    Surface("/api/v1/posts/{post}/restore/", "post", closed=True, authors=True),
)


@dataclass(frozen=True)
class ListSurface:
    """Where many posts are shown. `of`: which of the author's the viewer finds there."""

    path: str
    of: str
    piece: bool = False

    def expected(self, viewer: str, state: str, kind: str) -> bool:
        if ask := {"home": has_at_home, "saved": has_saved, "batch": sees}.get(self.of):
            return ask(viewer, state, kind)
        if self.of == "repeats":
            return kind in REPEATED and sees(viewer, state, kind)
        if self.of in {"archived", "deleted"}:
            return viewer == "owner" and state != "suspended" and kind == self.of
        if self.of == "profile" and state == "private" and viewer == "listed":
            return False  # the page of a private account shows its posts to followers alone
        only = {"pinned": kind in PINNED, "not pinned": kind not in PINNED, "top": kind in RANKED}
        return only.get(self.of, True) and lists(viewer, state, kind)


LISTS = (
    ListSurface("/@{handle}/", "profile"),
    ListSurface("/@{handle}/?tab=photos", "profile"),
    ListSurface("/@{handle}/?cursor={authors}", "not pinned", piece=True),
    ListSurface("/@{handle}/?tab=photos&cursor={authors}", "author", piece=True),
    ListSurface("/api/v1/posts/?{ids}", "batch"),
    ListSurface("/api/v1/users/{id}/posts/", "author"),
    ListSurface("/api/v1/users/{id}/pinned/", "pinned"),
    ListSurface("/tags/{tag}/", "tag"),
    ListSurface("/tags/{tag}/?cursor={tagged}", "tag", piece=True),
    ListSurface("/api/v1/tags/{tag}/posts/", "tag"),
    ListSurface("/api/v1/users/{id}/posts/?order=top", "top"),
    ListSurface("/api/v1/tags/{tag}/posts/?order=top", "top"),
    ListSurface("/", "home"),
    ListSurface("/?cursor={home}", "home", piece=True),
    ListSurface("/api/v1/feed/home/", "home"),
    ListSurface("/tags/{tag}/?order=top", "top"),
    ListSurface("/@{fan}/", "repeats"),
    ListSurface("/api/v1/users/{fan_id}/posts/", "repeats"),
    ListSurface("/api/v1/posts/?{quotes}", "repeats"),
    ListSurface("/api/v1/posts/?{reposts}", "repeats"),
    ListSurface("/saved/", "saved"),
    ListSurface("/api/v1/me/saved/", "saved"),
    ListSurface("/posts/archive/", "archived"),
    ListSurface("/posts/deleted/", "deleted"),
    ListSurface("/api/v1/me/archived-posts/", "archived"),
    ListSurface("/api/v1/me/deleted-posts/", "deleted"),
)
