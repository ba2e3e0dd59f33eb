"""What becomes of the posts, comments and likes of a person who has left for good. See `accounts.departure_steps`.

    drafts     before them, so that none is published any more
    posts      as their author would delete them, so that the stream clears inboxes and counts
    deleted    those and the ones deleted before: what hangs on them, files, then the post itself
    stats      after the person's row is gone, for until then late events still count

An index is a moment behind its table, so what has just been deleted may be missed there: the last steps look again.
"""

from accounts.departure_steps import PAGE, Progress, cleanup_step
from config.dynamodb import is_done
from config.entities import PostId, UserId
from config.errors import Unavailable
from posts import cache, services
from posts.drafts import repository as drafts
from posts.drafts.services import draft_delete
from posts.entities import CommentId
from posts.errors import PostNotFound
from posts.mark_entities import MarkKind
from posts.moderation.models import Case
from posts.repository import keys, likes, marks, media, mutes, posts, shares, shelves, threads, traces
from posts.repository.comment_likes import delete_comment_like, query_comment_likes_of
from posts.repository.comments import get_comments
from posts.reposting import repeats_clear
from posts.saves import repository as saves
from posts.saves.services import post_unsave
from posts.table_changes import BY_PERSON, LIKES_WITH_PERSON
from posts.tags import tags_leave
from posts.timelines import oldest_post_ids

POSTS_A_PAGE = 25
DRAFTS_A_PAGE = 20


@cleanup_step("posts.likes", order=50)
def likes_remove(user_id: UserId, cursor: str | None) -> Progress:
    """Take back what the person likes; each post's count goes down once, with the like.

    Cost: 1 RU for some 20 and 5 WU a like. Idempotent: by like.
    Raises: Unavailable until old likes are moved.
    """
    if not is_done(LIKES_WITH_PERSON):
        raise Unavailable
    found = [post_id for post_id, _at in marks.query_likes_of(user_id, after=_post(cursor), limit=PAGE)]
    removed = 0
    for post_id in found:
        removed += likes.delete_like(post_id, user_id)
        cache.forget_counts(post_id)
    return Progress(str(found[-1]) if len(found) == PAGE else None, removed)


@cleanup_step("posts.comment_likes", order=52)
def comment_likes_remove(user_id: UserId, cursor: str | None) -> Progress:
    """Take back what the person likes of comments; each comment's count goes down once, with the like.

    Cost: 1 RU for some 20; 2 RU, 3 WU and 2 WU a KB a like. Idempotent: by like.
    """
    after = CommentId(int(cursor)) if cursor else None
    given = [ref for ref, _at in query_comment_likes_of(user_id, after=after, limit=PAGE)]
    found = get_comments(given)
    removed = sum(delete_comment_like(ref, user_id, found.get(ref)) for ref in given)
    return Progress(str(given[-1].id) if len(given) == PAGE else None, removed)


@cleanup_step("posts.mutes", order=53)
def mutes_remove(user_id: UserId, cursor: str | None) -> Progress:
    """Forget of which posts the person wanted no notifications.

    Cost: 1 RU for some 20 marks, 1 WU a mute. Idempotent: by mute.
    """
    muted = [post_id for post_id, _at in mutes.query_mutes_of(user_id, after=_post(cursor), limit=PAGE)]
    for post_id in muted:
        mutes.delete_mute(user_id, post_id)
    return Progress(str(muted[-1]) if len(muted) == PAGE else None, len(muted))


@cleanup_step("posts.comments", order=55)
def comments_remove(user_id: UserId, cursor: str | None) -> Progress:
    """Delete the person's comments and replies; each post's count goes down once, with the comment.

    What others have answered keeps its place, without the person's name and words.

    Cost: 0.5 RU a 40, 2 RU and 5 WU a comment of up to 1 KB, a reply as `threads.delete_comment` says. Idempotent: by comment.
    Raises: Unavailable until the index has been filled.
    """
    _require_index()
    after = CommentId(int(cursor)) if cursor else None
    found = traces.query_comments_of(user_id, after=after, limit=PAGE)
    removed = 0
    for comment in get_comments(found).values():
        removed += threads.delete_comment(comment)
        threads.delete_unneeded(comment)
        cache.forget_counts(comment.post_id)
    return Progress(str(found[-1].id) if len(found) == PAGE else None, removed)


@cleanup_step("posts.saves", order=56)
def saves_remove(user_id: UserId, cursor: str | None) -> Progress:
    """Let go of what the person saved, and then of the collections.

    Cost: 1 RU for some 20 and as `post_unsave` each; 1 WU a collection. Idempotent: by save.
    """
    found = saves.query_marks_of(user_id, after=cursor, limit=PAGE)
    for save in found:
        post_unsave(user_id=user_id, post_id=save.post_id)
    if len(found) == PAGE:
        return Progress(str(keys.mark(user_id, found[-1].post_id, MarkKind.SAVED)["sk"]), PAGE)
    mine = saves.query_collections(user_id)
    for collection in mine:
        saves.delete_collection(user_id, collection.id)
    return Progress(None, len(found) + len(mine))


@cleanup_step("posts.shares", order=57)
def shares_remove(user_id: UserId, cursor: str | None) -> Progress:
    """Forget what the person shared; each post's count goes down once, with the share.

    Cost: 1 RU for some 50 and 4 WU a share. Idempotent: by share.
    """
    found = shares.query_shares_of(user_id, after=_post(cursor), limit=PAGE)
    removed = 0
    for post_id in found:
        removed += shares.delete_share(user_id, post_id)
        cache.forget_counts(post_id)
    return Progress(str(found[-1]) if len(found) == PAGE else None, removed)


@cleanup_step("posts.drafts", order=58)
def drafts_remove(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # what is gone is not met again
    """Take away the person's drafts, so that none is published any more; their photos are nobody's then.

    Cost: 1 RU a 4 KB, and `drafts.services.draft_delete` each; 1 WU a KB. Idempotent: by draft.
    """
    found = drafts.query_drafts(user_id, before=None, limit=DRAFTS_A_PAGE)
    for draft in found:
        draft_delete(author_id=user_id, draft_id=draft.id)
    gone = drafts.purge_deleted(user_id)
    for medium_id in {medium_id for draft in found for medium_id in draft.medium_ids}:
        media.delete_unused(medium_id)
    return Progress("" if len(found) == DRAFTS_A_PAGE else None, gone)


@cleanup_step("posts.posts", order=60)
def posts_delete(user_id: UserId, cursor: str | None) -> Progress:
    """Delete the person's posts as their author would.

    Cost: 0.5 RU a 40; 1 RU a 4 KB and 2 WU a KB + 4 WU a post. Idempotent: by post.
    """
    found = oldest_post_ids(user_id, after=_post(cursor), limit=POSTS_A_PAGE)
    deleted = sum(_deleted(user_id, post_id) for post_id in found)
    return Progress(str(found[-1]) if len(found) == POSTS_A_PAGE else None, deleted)


@cleanup_step("posts.archived", order=62)
def archived_delete(user_id: UserId, cursor: str | None) -> Progress:
    """Delete what the person has archived, in the same way.

    Cost, Idempotent: as `posts_delete`.
    """
    found = traces.query_archived_of(user_id, after=_post(cursor), limit=POSTS_A_PAGE)
    deleted = sum(_deleted(user_id, post_id) for post_id in found)
    return Progress(str(found[-1]) if len(found) == POSTS_A_PAGE else None, deleted)


@cleanup_step("posts.deleted", order=65)
def deleted_purge(user_id: UserId, cursor: str | None) -> Progress:
    """Take deleted posts away for good, with others' likes and comments on them and with their files.

    A post is found until all that hangs on it is gone, for its own item goes last.

    Cost: 0.5 RU a 40; 1 RU a 4 KB a post, 2 WU an item of it. Idempotent: by post.
    Raises: Unavailable until the index has been filled.
    """
    _require_index()
    found = traces.query_deleted_of(user_id, after=_post(cursor), limit=POSTS_A_PAGE)
    left = PAGE
    for post_id in found:
        gone = _purged(post_id, limit=left)
        if gone is None:
            return Progress(cursor or "", PAGE)  # its page is full: the same post goes on
        left -= gone
        cursor = str(post_id)
        if left <= 0:
            return Progress(cursor, PAGE - left)
    return Progress(cursor if len(found) == POSTS_A_PAGE else None, PAGE - left)


@cleanup_step("posts.cases", order=67)
def cases_forget(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # one statement: no pages
    """Forget what scans found of the person's posts and comments; what others reported stays for moderators.

    Cost: 1 SQL statement. Idempotent: by the person.
    """
    gone, _kinds = Case.objects.filter(author_id=user_id).delete()
    return Progress(None, gone)


@cleanup_step("posts.deleted_late", order=1010)
def deleted_purge_late(user_id: UserId, cursor: str | None) -> Progress:
    """The same once more, for what the index did not show yet.

    Idempotent, Cost, Raises: as `deleted_purge`.
    """
    return deleted_purge(user_id, cursor)


@cleanup_step("posts.stats", order=1020)
def stats_forget(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # one item: no pages
    """Forget how many posts there were.

    Cost: 1 WU. Idempotent: by the person.
    """
    traces.delete_stats(user_id)
    return Progress(None, 0)


def _require_index() -> None:
    """Comments and deleted posts of before the table change would be missed: wait for it.

    Raises: Unavailable.
    """
    if not is_done(BY_PERSON):
        raise Unavailable


def _post(cursor: str | None) -> PostId | None:
    return PostId(int(cursor)) if cursor else None


def _deleted(user_id: UserId, post_id: PostId) -> bool:
    try:
        services.post_delete(user_id=user_id, post_id=post_id)
    except PostNotFound:  # the index showed what is gone already
        return False
    return True


def _purged(post_id: PostId, *, limit: int) -> int | None:
    """How many items went with the post; None if it has more than the limit, and is still there."""
    post = posts.get_post(post_id)
    if post is None or not post.deleted:
        return 0
    gone = traces.purge_some(post_id, limit=limit)
    if gone >= limit:
        return None
    repeats_clear(post_id)
    services.photos_clear(post)
    tags_leave(post)
    if post.purge_at_ms is not None:
        shelves.delete_due(post_id, post.purge_at_ms)
    traces.purge_meta(post_id)
    return gone + 1
