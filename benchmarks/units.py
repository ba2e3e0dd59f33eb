"""What each operation asks of DynamoDB: requests, sequential rounds, capacity units by AWS's rules. Exact, not timed.

`bin/bench units --json > docs/measured-units.json` keeps the figures that docs/data-model.md shows; a test measures them
again and compares. Keys are "operation / figure".
"""

from collections.abc import Callable
from itertools import count
from typing import Any

from django.core.cache import cache

from accounts.services import account_create
from benchmarks.harness import Options, run
from config.dynamodb.metering import metered, rounds
from config.entities import PostId, UserId
from feed.entities import InboxItem
from feed.popular import popular_candidates
from feed.rebuilding import reader_rebuild
from feed.repository import inbox_put
from feed.selectors import home_page, new_posts_count, profile_page
from feed.suggestion_refresh import suggestions_refresh
from feed.suggestions import suggestions_page
from graph.dismissals import suggestion_dismiss
from graph.selectors import counts, followers_by_handle, followers_page, is_following, relationships
from graph.services import follow_create, follow_delete, follow_update
from posts.selectors import liked_among, posts_by_ids
from posts.services import like_create, like_delete, post_create, post_delete
from posts.thread_selectors import comments_of_post
from posts.threads import comment_create, comment_delete

Figures = dict[str, float]
_numbers = count(1)


def a_person() -> UserId:
    """A new account."""
    handle = f"units_{next(_numbers)}"
    made = account_create(
        handle=handle, email=f"{handle}@example.org", password="wide river stone 7", name=handle
    )
    return UserId(made.pk)


def figures_of(operation: Callable[[], Any]) -> Figures:
    """What one operation costs."""
    with metered() as calls:
        operation()
    return {
        "requests": len(calls),
        "rounds": rounds(calls),
        "read_units": sum(call.read_units for call in calls),
        "write_units": sum(call.write_units for call in calls),
    }


def cold(operation: Callable[[], Any]) -> Figures:
    """What it costs with nothing in the cache."""
    cache.clear()
    return figures_of(operation)


def warm(operation: Callable[[], Any]) -> Figures:
    """What it costs the second time."""
    operation()
    return figures_of(operation)


def of_the_graph(ana: UserId, bob: UserId) -> dict[str, Figures]:
    """Follows and lists; afterwards Bob and 20 others follow Ana."""
    follow = {"follower_id": bob, "followee_id": ana}
    figures = {
        "follow": figures_of(lambda: follow_create(**follow)),
        "follow again": figures_of(lambda: follow_create(**follow)),
        "unfollow": figures_of(lambda: follow_delete(**follow)),
    }
    for follower in [bob, *(a_person() for _ in range(20))]:
        follow_create(follower_id=follower, followee_id=ana)
    return figures | {
        "does A follow B": figures_of(lambda: is_following(bob, ana)),
        "how A and B stand to each other": figures_of(lambda: relationships(bob, [ana])),
        "choose to be notified": figures_of(lambda: follow_update(**follow, notify=True)),
        "followers by handle, a page of 20": warm(lambda: followers_by_handle(ana, limit=20)),
        "followers, a page of 20": warm(lambda: followers_page(ana, limit=20)),
        "followers and following, the counts": figures_of(lambda: counts(ana)),
        "followers and following, exactly": figures_of(lambda: counts(ana, consistent=True)),
    }


def of_posts(ana: UserId, bob: UserId) -> tuple[dict[str, Figures], list[PostId]]:
    """Posts, likes and comments; and 20 posts by Ana that stay."""
    kept = [post_create(author_id=ana, text=f"Number {number}").id for number in range(20)]
    post_id = kept[-1]
    like = {"user_id": bob, "post_id": post_id}
    comments = [comment_create(author_id=bob, post_id=post_id, text=f"Comment {n}") for n in range(21)]
    gone = post_create(author_id=ana, text="Soon gone.").id
    for liked in kept[
        :5
    ]:  # so that a page finds marks, and no process asks any more whether old likes were moved
        like_create(user_id=bob, post_id=liked)
    figures = {
        "post": figures_of(lambda: post_create(author_id=ana, text="A short post.")),
        "post with an idempotency key": figures_of(
            lambda: post_create(author_id=ana, text="A short post.", idempotency_key="units")
        ),
        "delete a post": warm_first(
            lambda: posts_by_ids([gone]), lambda: post_delete(user_id=ana, post_id=gone)
        ),
        "like": warm_first(lambda: posts_by_ids([post_id]), lambda: like_create(**like)),
        "unlike": figures_of(lambda: like_delete(**like)),
        "comment": warm_first(
            lambda: posts_by_ids([post_id]),
            lambda: comment_create(author_id=bob, post_id=post_id, text="Yes!"),
        ),
        "delete a comment": warm_first(
            lambda: posts_by_ids([post_id]),
            lambda: comment_delete(user_id=bob, ref=comments[0].ref),
        ),
        "comments, a page of 20": figures_of(lambda: comments_of_post(post_id, limit=20)),
        "which of 20 posts does A like": figures_of(lambda: liked_among(bob, kept)),
        "20 posts, nothing cached": cold(lambda: posts_by_ids(kept)),
        "20 posts, cached": warm(lambda: posts_by_ids(kept)),
    }
    return figures, kept


def warm_first(warming: Callable[[], Any], operation: Callable[[], Any]) -> Figures:
    """What an operation costs when what it looks at is cached."""
    warming()
    return figures_of(operation)


def of_the_feed(ana: UserId, bob: UserId, post_ids: list[PostId]) -> dict[str, Figures]:
    """Fan-out and pages; Bob's inbox holds the 20 posts."""
    readers = [UserId(number) for number in range(1, 101)]
    inbox_put([bob], [InboxItem(post_id, ana) for post_id in post_ids])
    home_page(bob)
    reader_rebuild(reader_id=bob)  # as the stream would have it done by Bob's next page
    return {
        "push a post to 100 readers": figures_of(lambda: inbox_put(readers, [InboxItem(post_ids[0], ana)])),
        "home, a page of 20, cached": warm(lambda: home_page(bob)),
        "home, a page of 20, nothing cached": cold(lambda: home_page(bob)),
        "is there something new": figures_of(lambda: new_posts_count(bob, since=post_ids[-2])),
        "profile, a page of 20, cached": warm(lambda: profile_page(bob, ana)),
    }


def of_suggestions(ana: UserId, bob: UserId) -> dict[str, Figures]:
    """Bob follows Ana alone, who follows twelve others."""
    others = [a_person() for _ in range(12)]
    for other in others:
        follow_create(follower_id=ana, followee_id=other)
    popular_candidates()  # cached for a minute, for everybody
    return {
        "suggestions, the first look": figures_of(lambda: suggestions_page(bob, limit=5)),
        "suggestions, 5 beside home": figures_of(lambda: suggestions_page(bob, limit=5)),
        "suggestions, a new look": figures_of(lambda: suggestions_refresh(reader_id=bob)),
        "dismiss a suggestion": figures_of(lambda: suggestion_dismiss(reader_id=bob, user_id=others[0])),
    }


def measure() -> dict[str, Figures]:
    """Every operation, by its name in docs/data-model.md."""
    ana, bob = a_person(), a_person()
    figures = of_the_graph(ana, bob)
    posts, post_ids = of_posts(ana, bob)
    return figures | posts | of_the_feed(ana, bob, post_ids) | of_suggestions(ana, bob)


def flattened(figures: dict[str, Figures]) -> dict[str, float]:
    """One level: "follow / requests": 1."""
    return {f"{name} / {key}": value for name, row in figures.items() for key, value in row.items()}


def main(_options: Options) -> dict[str, float]:
    """The same whether quick or not: nothing is repeated, for nothing is timed."""
    return flattened(measure())


if __name__ == "__main__":
    run(main)
