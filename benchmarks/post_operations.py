"""What each operation of the posts room asks of DynamoDB: units, rounds and requests, by AWS's rules; not timed."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from accounts.services import account_create
from benchmarks.harness import progress
from config.dynamodb.metering import metered, rounds
from config.entities import PostId, UserId
from config.ids import next_id
from posts import promotion, selectors, services, shelving, top
from posts.cache import forget_counts
from posts.counters import counts_fold
from posts.editing import post_edit, versions_seen
from posts.entities import Post
from posts.likers import likers_page
from posts.ranking import rank_settle
from posts.reconcile import post_reconcile
from posts.removal import post_restore
from posts.reposting import repost_create, repost_delete
from posts.saves.selectors import saved_page
from posts.saves.services import post_save, post_unsave
from posts.tags import tags_enter, visible_posts_of_tag
from posts.thread_selectors import Order, comments_of_post, replies_of_comment
from posts.threads import comment_create, comment_delete
from posts.visibility import visible_post, visible_posts_of_author

Figures = dict[str, float]
TEXT = "Low tide at the old pier, and nobody about but gulls."
_numbers = count(1)


def an_account() -> UserId:
    """Somebody with a profile, who may post and be seen."""
    handle = f"posts_{next(_numbers)}"
    made = account_create(
        handle=handle, email=f"{handle}@example.org", password="wide river stone 7", name=handle
    )
    return UserId(made.pk)


def a_liker() -> UserId:
    """Somebody of whom a like needs no more than the id."""
    return UserId(next_id())


def a_hot_post(author: UserId) -> Post:
    """A post that is spread, as everybody knows."""
    post = services.post_create(author_id=author, text=TEXT)
    promotion.post_spread(post_id=post.id)
    forget_counts(post.id)
    return selectors.post_by_id(post.id)


def cost(name: str, act: Callable[[], Any]) -> Figures:
    """Units, rounds and requests of one operation, under these keys."""
    with metered() as calls:
        act()
    reads = sum(call.read_units for call in calls)
    writes = sum(call.write_units for call in calls)
    return {
        f"{name}_read_units": reads,
        f"{name}_write_units": writes,
        f"{name}_rounds": rounds(calls),
        f"{name}_requests": len(calls),
    }


def of_one_post(author: UserId, fan: UserId) -> Figures:
    """From its creation to its end."""
    create = partial(services.post_create, author_id=author, text=TEXT)
    post = create()
    by = {"user_id": author, "post_id": post.id}
    changed: list[Post] = []
    return (
        cost("create", create)
        | cost("create_once", partial(create, idempotency_key=f"{next_id()}"))
        | cost("edit", lambda: changed.append(post_edit(**by, version=1, text="High tide.")))
        | cost("versions", lambda: versions_seen(fan, changed[0]))
        | cost("archive", partial(shelving.post_archive, **by, archived=True))
        | cost("unarchive", partial(shelving.post_archive, **by, archived=False))
        | cost("pin", partial(shelving.post_pin, **by))
        | cost("unpin", partial(shelving.post_unpin, **by))
        | cost("delete", partial(services.post_delete, **by))
        | cost("restore", partial(post_restore, **by))
    )


def of_likes(prefix: str, post: Post) -> Figures:
    """The same of a quiet post and of a hot one, each with 40 likes; the post is in the cache, as of what is looked at."""
    for _ in range(40):
        services.like_create(user_id=a_liker(), post_id=post.id)
    counts_fold(post_id=post.id)
    fan = a_liker()
    selectors.post_by_id(post.id)
    found = cost(f"{prefix}_like", lambda: services.like_create(user_id=fan, post_id=post.id))
    selectors.post_by_id(post.id)
    return (
        found
        | cost(f"{prefix}_unlike", lambda: services.like_delete(user_id=fan, post_id=post.id))
        | cost(f"{prefix}_likers_page", lambda: likers_page(None, post, limit=20))
        | cost(f"{prefix}_fold", lambda: counts_fold(post_id=post.id))
        | cost(f"{prefix}_reconcile", lambda: post_reconcile(post_id=post.id, repair=True))
    )


def of_comments(prefix: str, post: Post, fan: UserId) -> Figures:
    """Comments of a line each, as they are read: 20 a page."""
    write = partial(comment_create, author_id=fan, post_id=post.id, text=TEXT)
    made = [write() for _ in range(25)]
    selectors.post_by_id(post.id)
    found = cost(f"{prefix}_comment", write)
    selectors.post_by_id(post.id)
    found |= cost(f"{prefix}_answer", partial(write, reply_to=made[0].ref))
    for order in (Order.OLDEST, Order.NEWEST):
        page = partial(comments_of_post, post.id, limit=20, order=order, spread=post.spread)
        found |= cost(f"{prefix}_comments_{order}_page", page)
    found |= cost(f"{prefix}_answers_page", partial(replies_of_comment, made[0], limit=20))
    selectors.post_by_id(post.id)
    return found | cost(f"{prefix}_comment_delete", lambda: comment_delete(user_id=fan, ref=made[-1].ref))


def of_lists(author: UserId, fan: UserId) -> Figures:
    """Twenty posts, what one has put on them, and the lists in which they stand; cards and posts are in the cache."""
    posts = [services.post_create(author_id=author, text=f"{TEXT} #tide{author}") for _ in range(20)]
    ids = [post.id for post in posts]
    for post in posts:
        tags_enter(post_id=post.id)
    for post_id in ids[::2]:
        services.like_create(user_id=fan, post_id=post_id)
        rank_settle(post_id=post_id)
    selectors.posts_by_ids(ids)
    return (
        cost("liked_among_20", lambda: selectors.liked_among(fan, ids))
        | cost("marks_among_20", lambda: selectors.marks_among(fan, ids))
        | cost("posts_by_ids_20", lambda: selectors.posts_by_ids(ids))
        | cost("see", lambda: visible_post(fan, ids[0]))
        | cost("authors_page", lambda: visible_posts_of_author(fan, author, limit=20))
        | cost("authors_top_page", lambda: top.visible_top_posts_of_author(fan, author, limit=20))
        | cost("tag_page", lambda: visible_posts_of_tag(fan, f"tide{author}", limit=20))
        | cost("tag_top_page", lambda: top.visible_top_posts_of_tag(fan, f"tide{author}", limit=20))
        | cost("rank", lambda: rank_settle(post_id=ids[0]))
    )


def of_others(author: UserId, fan: UserId) -> Figures:
    """Saves, reposts, quotes."""
    post_id: PostId = services.post_create(author_id=author, text=TEXT).id
    by = {"user_id": fan, "post_id": post_id}
    return (
        cost("save", partial(post_save, **by))
        | cost("saves_page", lambda: saved_page(fan, limit=20))
        | cost("unsave", partial(post_unsave, **by))
        | cost("repost", partial(repost_create, **by))
        | cost("unrepost", partial(repost_delete, **by))
        | cost("quote", partial(services.post_create, author_id=fan, text=TEXT, quote_of=post_id))
    )


def units() -> Figures:
    """All of them."""
    author, fan = an_account(), an_account()
    figures = of_one_post(author, fan)
    for prefix, post in (
        ("quiet", services.post_create(author_id=author, text=TEXT)),
        ("hot", a_hot_post(author)),
    ):
        figures |= of_likes(prefix, post) | of_comments(prefix, post, fan)
        progress(f"{prefix}: a like writes {figures[f'{prefix}_like_write_units']} units")
    return figures | of_lists(author, fan) | of_others(author, fan)
