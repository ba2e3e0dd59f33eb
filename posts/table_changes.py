"""Changes of the `posts` table since it was first in use, oldest first. See `config.dynamodb.changes`."""

from config.dynamodb import TableChange
from posts.index_keys import missing_comment_rank, missing_months_mark, missing_person_key
from posts.old_likes import like_moved
from posts.tables import POSTS

BY_PERSON = TableChange(
    version=1,
    table=POSTS,
    description="Find what a person has liked, commented and deleted by the index of what they posted.",
    backfill=missing_person_key,
)
BY_RANK = TableChange(
    version=2,
    table=POSTS,
    description="List what is liked most: posts of an author and of a hashtag, comments of a post.",
    add_index="by_rank",
)
LIKES_WITH_PERSON = TableChange(
    version=3,
    table=POSTS,
    description="Keep likes with the person who likes, so that those of one post never meet.",
    backfill=like_moved,
)
COMMENTS_BY_RANK = TableChange(
    version=4,
    table=POSTS,
    description="List the comments of before among the most liked of their posts.",
    backfill=missing_comment_rank,
)
MONTHS_IN_INDEX = TableChange(
    version=5,
    table=POSTS,
    description="Say at the top of an author's list that months have lists of their own.",
    backfill=missing_months_mark,
)
