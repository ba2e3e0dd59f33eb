"""What becomes of a comment that others have answered: it goes, or what hangs on it keeps its place.

    nothing hangs on it    the item goes
    replies hang on it     it stays without text and author, out of its author's list, `gone`
    the last of them goes  what was kept for them goes after it

Counts say what is there to be read: a post's all comments that are not gone, a thread's the replies that are not.
"""

from config.dynamodb import (
    Change,
    ConditionFailed,
    Delete,
    TransactionCancelled,
    Update,
    attr,
    delete_item,
    trace,
    transact,
    transact_if,
    update_item,
)
from posts.comment_entities import Comment
from posts.repository import keys
from posts.repository.comments import SAID, THERE, get_comments
from posts.spread import QUIET, Spread, counts_change
from posts.tables import POSTS

UNANSWERED = attr("replies").missing() | (attr("replies") <= 0)
ONE_LESS = Update(add={"replies": -1})
STANDING = ("standing", "standing_reason", "ruling", "ruled_version")
KEPT = Update(
    set={"gone": True},
    remove=("author_id", "text", "facets", "gpk", "gsk", "parent_author_id", *STANDING),
)


def delete_comment(comment: Comment, *, spread: Spread = QUIET) -> bool:
    """Remove a comment, or all that it says if replies hang on it; False if it was gone.

    Idempotent: by id. Cost: 1 request, 2 WU a KB + 2 WU + 1 WU index, of a reply 2 WU a KB of the thread's first comment
        and of what it answers; another request if it is answered in the same moment. Consistency: transaction.
    """
    is_answered = comment.replies > 0
    while True:
        try:
            transact(
                [
                    *_removal(comment, is_answered=is_answered),
                    *_counted_down(comment, spread, is_answered=is_answered),
                ]
            )
        except TransactionCancelled as cancelled:
            there, _counts, *thread = cancelled.reasons
            if there.failed and (there.item is None or there.item.get("gone")):
                return False
            if there.failed:  # answered, or the last answer went, since it was read
                is_answered = not is_answered
                continue
            if any(
                reason.failed for reason in thread
            ):  # the post is being taken away, and its thread went first
                delete_item(POSTS, keys.comment(comment.ref, comment.part))
                return True
            raise
        return True


def _removal(comment: Comment, *, is_answered: bool) -> list[Change | Delete]:
    key = keys.comment(comment.ref, comment.part)
    if is_answered:
        kept = Update(set={**KEPT.set, **trace()}, remove=KEPT.remove)
        return [Change(POSTS, key, kept, SAID & (attr("replies") > 0))]
    return [Delete(POSTS, key, SAID & UNANSWERED)]


def _counted_down(comment: Comment, spread: Spread, *, is_answered: bool) -> list[Change | Delete]:
    changes: list[Change | Delete] = [counts_change(comment.post_id, spread, add={"comments": -1})]
    if comment.parent is None:
        return changes
    changes.append(Change(POSTS, keys.comment(comment.ref.root, comment.part), ONE_LESS, THERE))
    if comment.parent.root_id is not None and not is_answered:
        changes.append(Change(POSTS, keys.comment(comment.parent, comment.part), ONE_LESS, THERE))
    return changes


def delete_unneeded(comment: Comment) -> None:
    """After a reply has gone: take away what was kept for it alone, up its thread.

    Idempotent: by the comments. Cost: 2 RU and up a started batch of two comments; 1 WU a KB each that goes, 2 of a
        reply to a reply. Consistency: conditional on that nothing hangs on it.
    """
    parent = comment.parent
    while parent is not None:
        found = get_comments({parent, parent.root})
        above = found.get(parent)
        if above is not None and above.gone and not above.replies and _taken_away(above):
            parent = above.parent
            continue
        begin = found.get(parent.root)
        if begin is not None and begin.gone and not begin.replies:
            _taken_away(begin)
        return


def _taken_away(kept: Comment) -> bool:
    empty = attr("gone").exists() & UNANSWERED
    key = keys.comment(kept.ref, kept.part)
    # False: answered again, or somebody else took it away
    if kept.parent is not None and kept.parent.root_id is not None:
        one_less = Change(POSTS, keys.comment(kept.parent, kept.part), ONE_LESS, THERE)
        return transact_if([Delete(POSTS, key, empty), one_less])
    try:
        delete_item(POSTS, key, condition=empty)
    except ConditionFailed:
        return False
    return True


def set_hidden(comment: Comment, *, hidden: bool) -> bool:
    """Hide a comment or show it again; False if it is gone.

    Idempotent: by the comment. Cost: 1 request, 1 WU a KB. Consistency: conditional update.
    """
    update = Update(set={"hidden": True}) if hidden else Update(remove=("hidden",))
    try:
        update_item(POSTS, keys.comment(comment.ref, comment.part), update, condition=SAID)
    except ConditionFailed:
        return False
    return True
