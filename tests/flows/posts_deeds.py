"""What people do with posts in the model of `test_posts_machine`.

A method does what a service does and answers as it does: with None or what was made, or with the error that it raises.
"""

from config.errors import AppError
from posts.entities import Audience
from posts.errors import (
    AudienceTooWide,
    CommentNotFound,
    CommentsClosed,
    NotShareable,
    NotYours,
    PostArchived,
    PostChanged,
    PostNotFound,
    RepostFixed,
    TooManyPins,
)
from tests.flows.posts_model import Posted, Posts, Said

Refusal = type[AppError]
WIDTH = (Audience.ONLY_ME, Audience.CLOSE_FRIENDS, Audience.FOLLOWERS, Audience.EVERYONE)


class Deeds(Posts):
    """All posts, and what becomes of them."""

    def post(self, made: Posted) -> Refusal | None:
        if made.quotes is not None:
            if refusal := self._may_share(made.author, made.quotes):
                return refusal
            if self._is_wider(made.audience, made.quotes.shown.audience):
                return AudienceTooWide
            made.quotes = made.quotes.shown
        self.posts.append(made)
        return None

    def repost(self, person: int, target: Posted) -> Posted | Refusal:
        if refusal := self._may_share(person, target):
            return refusal
        target = target.shown
        if there := self.repost_by(person, target):
            return there
        audience = target.audience if target.author == person else Audience.EVERYONE
        made = Posted(person, audience, repeats=target)
        self.posts.append(made)
        return made

    def unrepost(self, person: int, target: Posted) -> None:
        if there := self.repost_by(person, target):
            there.deleted = True

    def _may_share(self, person: int, target: Posted) -> Refusal | None:
        if not self.sees(person, target):
            return PostNotFound
        target = target.shown
        if target.archived or target.audience is Audience.ONLY_ME:
            return NotShareable
        is_open = target.audience is Audience.EVERYONE and target.author not in self.people.private
        return None if target.author == person or is_open else NotShareable

    @staticmethod
    def _is_wider(audience: Audience, quoted: Audience) -> bool:
        return WIDTH.index(audience) > WIDTH.index(quoted)

    def _owned(
        self, person: int, post: Posted, *, deleted_too: bool = False, repost_too: bool = False
    ) -> Refusal | None:
        if person != post.author:
            return NotYours if self.sees(person, post) else PostNotFound
        if post.deleted and not deleted_too:
            return PostNotFound
        return RepostFixed if post.repeats and not repost_too else None

    def edit(
        self, person: int, post: Posted, version: int, *, text: str, tag: str, audience: Audience
    ) -> Refusal | None:
        if refusal := self._owned(person, post):
            return refusal
        if (post.text, post.audience) == (text, audience):
            return None
        if (
            audience is not post.audience
            and post.quotes
            and not post.quotes.deleted
            and post.quotes.author == person
            and self._is_wider(audience, post.quotes.audience)
        ):
            return AudienceTooWide
        if version != post.version:
            return PostChanged
        post.text, post.tag, post.audience, post.version = text, tag, audience, version + 1
        return None

    def delete(self, person: int, post: Posted) -> Refusal | None:
        if refusal := self._owned(person, post, deleted_too=True, repost_too=True):
            return refusal
        post.deleted = True
        return None

    def restore(self, person: int, post: Posted) -> Refusal | None:
        if refusal := self._owned(person, post, deleted_too=True):
            return refusal
        post.deleted = False
        return None

    def archive(self, person: int, post: Posted, *, archived: bool) -> Refusal | None:
        if refusal := self._owned(person, post):
            return refusal
        post.archived = archived
        return None

    def pin(self, person: int, post: Posted) -> Refusal | None:
        if refusal := self._owned(person, post):
            return refusal
        if post.archived:
            return PostArchived
        before = self.pins.get(person, [])
        if post in before:
            return None
        kept = [other for other in before if other.is_listed]
        if len(kept) == 3:
            return TooManyPins
        self.pins[person] = [post, *kept]
        return None

    def unpin(self, person: int, post: Posted) -> None:
        self.pins[person] = [other for other in self.pins.get(person, []) if other is not post]

    def like(self, person: int, post: Posted) -> Refusal | None:
        if not self.sees(person, post):
            return PostNotFound
        if person not in post.shown.likes:
            post.shown.likes.append(person)
        return None

    def unlike(self, person: int, post: Posted) -> None:
        if person in post.likes:
            post.likes.remove(person)

    def share(self, person: int, post: Posted) -> Refusal | None:
        if not self.sees(person, post):
            return PostNotFound
        post.shown.shares.add(person)
        return None

    def save(self, person: int, post: Posted) -> Refusal | None:
        if not self.sees(person, post):
            return PostNotFound
        kept = self.saves.setdefault(person, [])
        if post.shown not in kept:
            kept.insert(0, post.shown)
        return None

    def unsave(self, person: int, post: Posted) -> None:
        self.saves[person] = [kept for kept in self.saves.get(person, []) if kept is not post]

    def comment(self, said: Said, post: Posted) -> Refusal | None:
        if not self.sees(said.author, post):
            return PostNotFound
        post = post.shown
        answered = said.answers
        if answered is not None and not self._finds(said.author, post, answered):
            return CommentNotFound
        if (
            post.for_followers
            and said.author != post.author
            and (said.author, post.author) not in self.people.edges
        ):
            return CommentsClosed
        post.comments.append(said)
        return None

    def _finds(self, person: int, post: Posted, said: Said) -> bool:
        """Whether the person is shown what the comment says, and what its thread begins with."""
        says = said in post.comments and not said.gone and said.author not in self.people.gone
        return says and all(self.sees_comment(person, post, each) for each in (said, said.begin))

    def uncomment(self, person: int, post: Posted, said: Said) -> Refusal | None:
        if not self.sees(person, post):
            return PostNotFound
        if not self._finds(person, post, said):
            return CommentNotFound
        if person not in {said.author, post.author}:
            return NotYours
        if self._is_answered(post, said):
            said.gone = True
            return None
        post.comments.remove(said)
        while unneeded := [kept for kept in post.comments if kept.gone and not self._is_answered(post, kept)]:
            post.comments = [each for each in post.comments if each not in unneeded]
        return None

    def like_comment(self, person: int, post: Posted, said: Said) -> Refusal | None:
        if not self.sees(person, post):
            return PostNotFound
        if not self._finds(person, post, said):
            return CommentNotFound
        said.likes.add(person)
        return None

    def hide(self, person: int, post: Posted, said: Said, *, hidden: bool) -> Refusal | None:
        if not self.sees(person, post):
            return PostNotFound
        if not self._finds(person, post, said):
            return CommentNotFound
        if person != post.author or person == said.author:
            return NotYours
        said.hidden = hidden
        return None
