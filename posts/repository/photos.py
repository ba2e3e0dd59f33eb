"""Photos inside a post's META, changed when a worker has made their renditions."""

from config.dynamodb import ConditionFailed, Update, attr, get_item, trace, update_item
from config.entities import PostId
from posts.entities import Photo
from posts.repository import keys
from posts.repository.items import photo_to_item
from posts.tables import POSTS

# A deleted post that its author may have back is to have its photos then.
KEPT = attr("pk").exists() & (attr("deleted_at_ms").missing() | attr("purge_at_ms").exists())


def put_photo(post_id: PostId, photo: Photo) -> None:
    """Put a photo that is ready, or failed, in its waiting one's place; its description stays the post's.

        worker 1   reads [waiting, waiting] ..................... writes [a, waiting]: refused, reads again
        worker 2          reads [waiting, waiting] ... writes [waiting, b]

    Nothing happens to a post that is deleted for good or has the photo no more.
    Idempotent: by photo. Cost: 2 requests, 1 RU a 4 KB, 1 WU a KB. Consistency: conditional on the photos read.
    """
    while True:
        item = get_item(POSTS, keys.meta(post_id), consistent=True)
        if item is None or ("deleted_at_ms" in item and "purge_at_ms" not in item):
            return
        before = item.get("photos", [])
        after = [
            {**photo_to_item(photo), "alt": kept["alt"]} if kept.get("id") == photo.id else kept
            for kept in before
        ]
        if after == before:
            return
        try:
            changed = Update(set={"photos": after, **trace()})
            update_item(POSTS, keys.meta(post_id), changed, condition=KEPT & (attr("photos") == before))
        except ConditionFailed:
            continue
        return
