"""Posts for tests, as prose: `a_post(by=ana)`, `a_post(by=ana, photo=a_photo())`."""

from io import BytesIO
from typing import Any

from django_redis import get_redis_connection
from PIL import Image

from accounts.models import User
from config.entities import UserId
from posts.cache import BODIES
from posts.comment_entities import Comment
from posts.entities import Post
from posts.media.services import medium_render
from posts.posts_read import PostsRead
from posts.selectors import post_by_id
from posts.services import like_create, post_create
from posts.threads import comment_create


def a_post(*, by: User, text: str = "Low tide at the old pier.", **fields: Any) -> Post:
    """A post, written through the service."""
    return post_create(author_id=UserId(by.pk), text=text, **fields)


def with_renditions(post: Post) -> Post:
    """The same post when a worker has made the renditions of its photos."""
    for photo in post.photos:
        if photo.id is not None:
            medium_render(medium_id=photo.id)
    bury_body(post)
    return post_by_id(post.id)


def bury_body(post: Post) -> None:
    """Have the cache forget a post, as it does by itself after two seconds if photos were waiting."""
    get_redis_connection("default").unlink(BODIES.name(post.id))


def read_before(post: Post) -> PostsRead:
    """A reader who has found nothing in the cache and has asked DynamoDB; what they do next is `keep`."""
    bury_body(post)
    read = PostsRead([post.id])
    for one in read.reads:
        one()
    return read


def a_comment(*, by: User, on: Post, text: str = "Lovely light.") -> Comment:
    """A comment, written through the service."""
    return comment_create(author_id=UserId(by.pk), post_id=on.id, text=text)


def a_reply(*, by: User, to: Comment, text: str = "So it was.") -> Comment:
    """An answer to a comment or to a reply, written through the service."""
    return comment_create(author_id=UserId(by.pk), post_id=to.post_id, text=text, reply_to=to.ref)


def likes(user: User, post: Post) -> None:
    """`user` likes `post`."""
    like_create(user_id=UserId(user.pk), post_id=post.id)


def an_image(width: int = 1600, height: int = 1200) -> Image.Image:
    """A picture with a corner of each colour."""
    image = Image.new("RGB", (width, height), "teal")
    image.paste("orange", (0, 0, width // 2, height // 2))
    image.paste("navy", (width // 2, height // 2, width, height))
    return image


def a_photo(width: int = 1600, height: int = 1200, kind: str = "JPEG", **options: Any) -> BytesIO:
    """An upload."""
    file = BytesIO()
    an_image(width, height).save(file, kind, **options)
    file.seek(0)
    file.name = f"photo.{kind.lower()}"
    return file
