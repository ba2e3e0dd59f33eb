"""Posts that are liked so and so often, in tests, and who sees which of them on top."""

from accounts.models import User
from config.entities import UserId
from config.ids import next_id
from posts.editing import post_edit
from posts.entities import Post
from posts.ranking import rank_settle
from posts.selectors import post_by_id
from posts.services import like_create, like_delete
from posts.top import visible_top_posts_of_author
from tests.graph.factory import id_of
from tests.posts.factory import a_post


def liked(post: Post, *, times: int) -> list[UserId]:
    """Who likes the post from now on."""
    likers = [UserId(next_id()) for _like in range(times)]
    for liker in likers:
        like_create(user_id=liker, post_id=post.id)
    return likers


def unliked(post: Post, likers: list[UserId]) -> None:
    """They take it back."""
    for liker in likers:
        like_delete(user_id=liker, post_id=post.id)


def a_liked_post(*, by: User, times: int = 1, **fields: str) -> Post:
    """A post that is liked so often, and ranked."""
    post = a_post(by=by, **fields)
    liked(post, times=times)
    rank_settle(post_id=post.id)
    return post


def readdressed(post: Post, audience: str) -> None:
    """Its author changes whom it is for."""
    now = post_by_id(post.id)
    post_edit(user_id=now.author_id, post_id=now.id, version=now.version, audience=audience)


def top_of(author: User, *, viewer: User | None = None) -> list[int]:
    """The author's top posts, on one page."""
    page = visible_top_posts_of_author(id_of(viewer) if viewer else None, id_of(author))
    return [post.id for post in page.items]
